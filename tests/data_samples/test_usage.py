"""The usage reports join the exports, agree with them on what was posted, and say who was present."""

import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from . import plain_reader as plain
from . import plain_usage as usage

Sample = tuple[Path, dict[str, Any]]


def services_of(folder: Path) -> set[str]:
    config = (folder / "turnout.toml").read_text(encoding="utf-8")
    return {part.split(":")[1] for part in config.split('"') if part.startswith("slack:")}


# --- Yammer -----------------------------------------------------------------------------------------------------------


def test_each_weekly_report_says_what_was_counted(sample: Sample) -> None:
    folder, truth = sample
    expected = truth["usage"]["yammer"]
    reports, concealed = usage.yammer_reports(folder)
    assert {week: usage.report_totals(rows) for week, rows in reports.items()} == expected["weeks"]
    ((week, rows),) = concealed.items()
    assert {"week": week, **usage.report_totals(rows)} == expected["concealed"]
    assert len(reports) + 1 == expected["reports"]
    weeks = sorted([week, *reports])
    assert [(date.fromisoformat(weeks[0]) + timedelta(7 * n)).isoformat() for n in range(len(weeks))] == weeks
    for name in ("rows", "posted", "read", "liked"):
        assert sum(figures[name] for figures in expected["weeks"].values()) == expected[name]


def test_the_concealed_report_names_nobody(sample: Sample) -> None:
    ((_, rows),) = usage.yammer_reports(sample[0])[1].items()
    names = [row[column] for row in rows for column in ("User Principal Name", "Display Name")]
    assert all(re.fullmatch("[0-9A-F]{32}", name) for name in names)


def test_the_posts_of_a_report_are_those_of_the_network_export(sample: Sample) -> None:
    folder, truth = sample
    people = plain.People(folder)
    messages, users = plain.yammer_rows(folder)
    posts = usage.posts_by_week(messages, people, users)
    unlisted = set()
    for week, rows in usage.yammer_reports(folder)[0].items():
        listed = {people.of("yammer", "", row["User Principal Name"]): row for row in rows}
        staff = {person: row for person, row in listed.items() if person.startswith("E")}
        assert len(staff) == sum("#EXT#" not in row["User Principal Name"] for row in rows)
        for person, row in staff.items():
            assert int(row["Posted Count"]) == len(posts.get((week, person), []))
            assert row["Last Activity Date"] >= max(posts.get((week, person), [""]))
        unlisted |= {p for monday, p in posts if monday == week and p.startswith("E")} - set(staff)
    assert len(unlisted) == truth["usage"]["yammer"]["unlisted"]


def test_the_last_activity_lies_in_the_week_exactly_if_anything_was_done(sample: Sample) -> None:
    known: dict[str, str] = {}
    for week, rows in sorted(usage.yammer_reports(sample[0])[0].items()):
        for row in rows:
            is_active = any(int(row[f"{name} Count"]) for name in ("Posted", "Read", "Liked"))
            assert (week <= row["Last Activity Date"] <= row["Report Refresh Date"]) == is_active
            who = row["Display Name"] + row["User Principal Name"]
            assert is_active or known.get(who, row["Last Activity Date"]) == row["Last Activity Date"]
            known[who] = row["Last Activity Date"]


# --- Slack ------------------------------------------------------------------------------------------------------------


def test_the_members_are_those_of_the_slack_export(sample: Sample) -> None:
    users = plain.slack_messages(sample[0])[1]
    for rows in usage.slack_days(sample[0], "Member").values():
        assert len({row["user_id"] for row in rows}) == len(rows)
        for row in rows:
            user = users[row["user_id"]]
            assert row["email_address"] == user["profile"]["email"].lower()
            assert (row["team_id"], row["is_guest"]) == (user["team_id"], user.get("is_restricted", row["is_guest"]))


def test_each_week_of_members_says_what_was_counted(sample: Sample) -> None:
    folder, truth = sample
    expected = truth["usage"]["slack"]
    days = usage.slack_days(folder, "Member")
    first = date.fromisoformat(min(days))
    assert sorted(days) == [(first + timedelta(n)).isoformat() for n in range(expected["days"])]
    assert first.weekday() == 0
    assert max(days) == truth["company"]["ends_on"]["slack"]
    weeks: dict[str, Counter[str]] = defaultdict(Counter)
    active: dict[str, set[str]] = defaultdict(set)
    for day, rows in days.items():
        week = usage.week_of(day)
        for row in rows:
            n_posted, n_in_channels = row["messages_posted_count"], row["channel_messages_posted_count"]
            weeks[week].update(
                rows=1, active_days=int(row["is_active"]), posted=n_posted, channel_posted=n_in_channels,
                direct=n_posted - n_in_channels, reacted=row["reactions_added_count"],
            )  # fmt: skip
            assert row["is_active"] or n_posted + row["reactions_added_count"] == 0
            active[week] |= {row["user_id"]} if row["is_active"] else set()
    for week, counts in weeks.items():
        if week in expected["weeks"]:
            assert {**counts, "active": len(active[week])} == expected["weeks"][week]
    total = sum(weeks.values(), Counter())
    assert {name: total[name] for name in total} == {name: expected[name] for name in total}


def test_the_posts_of_a_day_are_those_of_the_slack_export(sample: Sample) -> None:
    folder, truth = sample
    messages, users = plain.slack_messages(folder)
    days = usage.slack_days(folder, "Member")
    posts: Counter[tuple[str, str]] = Counter()
    for message in messages.values():
        user = users.get(message.get("user", ""))
        if user and not user["is_bot"] and "room" not in message and message.get("subtype") in plain.HUMAN_SUBTYPES:
            at = datetime.fromtimestamp(int(message["ts"].partition(".")[0]), UTC)
            posts[at.date().isoformat(), user["id"]] += 1
    stated = Counter(
        {(day, row["user_id"]): row["channel_messages_posted_count"] for day, rows in days.items() for row in rows}
    )
    exported = Counter({key: n for key, n in posts.items() if key[0] in days})
    assert not exported - stated
    assert (stated - exported).total() == truth["usage"]["slack"]["gone"]


def test_the_channels_of_one_day_are_those_of_the_slack_export(sample: Sample) -> None:
    folder, truth = sample
    ((day, rows),) = usage.slack_days(folder, "Public Channel").items()
    names = {
        "posted": "messages_posted_count", "by_members": "messages_posted_by_members_count",
        "viewers": "members_who_viewed_count", "posters": "members_who_posted_count",
        "reacted": "reactions_added_count",
    }  # fmt: skip
    totals = {short: sum(row[name] for row in rows) for short, name in names.items()}
    assert {"day": day, "rows": len(rows), **totals} == truth["usage"]["slack"]["channel_day"]
    of_members = usage.slack_days(folder, "Member")[day]
    assert totals["by_members"] == sum(row["channel_messages_posted_count"] for row in of_members)
    posts = Counter(
        channel
        for (channel, ts), message in plain.slack_messages(folder)[0].items()
        if datetime.fromtimestamp(int(ts.partition(".")[0]), UTC).date().isoformat() == day
        and (message.get("subtype") in (*plain.HUMAN_SUBTYPES, "bot_message") and "room" not in message)
    )
    assert not posts - Counter({row["channel_id"]: row["messages_posted_count"] for row in rows})


# --- presence ---------------------------------------------------------------------------------------------------------


def test_who_was_present_on_yammer_is_who_read_or_contributed(sample: Sample) -> None:
    folder, truth = sample
    people = plain.People(folder)
    events = plain.yammer_events(folder, people)
    found = {}
    for week, rows in usage.yammer_reports(folder)[0].items():
        active = [row for row in rows if week <= row["Last Activity Date"] <= row["Report Refresh Date"]]
        reported = {people.of("yammer", "", row["User Principal Name"]) for row in active}
        found[week] = usage.presence(people, usage.span(week, 7), reported, events)
    assert found == truth["presence"]["yammer"]["weeks"]


def test_who_was_present_on_slack_is_who_was_active_or_contributed(sample: Sample) -> None:
    folder, truth = sample
    people, days = plain.People(folder), usage.slack_days(folder, "Member")
    events = plain.slack_events(folder, people, services_of(folder))
    active = {
        day: {people.of("slack", row["user_id"], row["email_address"]) for row in rows if row["is_active"]}
        for day, rows in days.items()
    }
    spans = {
        "weeks": {day: usage.span(day, 7) for day in days if usage.week_of(day) == day},
        "months": {
            day: {other for other in usage.span(day, 31) if other[:7] == day[:7]} for day in days if day[-2:] == "01"
        },
    }
    found = {
        kind: {
            first: usage.presence(people, of, set().union(*(active[day] for day in of)), events)
            for first, of in starts.items()
            if of <= set(days)
        }
        for kind, starts in spans.items()
    }
    assert found == truth["presence"]["slack"]


def test_many_are_present_and_few_of_them_contribute(acme: Sample) -> None:
    _, truth = acme
    for platform, n_weeks in (("yammer", 26), ("slack", 9)):
        weeks = truth["presence"][platform]["weeks"]
        assert len(weeks) == n_weeks
        for figures in weeks.values():
            assert 0.6 <= figures["present"] / figures["eligible"] <= 0.76
            assert figures["contributors"] / figures["present"] < 0.2
    yammer = truth["usage"]["yammer"]
    assert yammer["read"] > 20 * yammer["posted"]
    present = truth["presence"]["yammer"]["weeks"].values()
    assert sum(figures["present"] > figures["reported"] for figures in present) > 10
