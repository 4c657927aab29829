"""What must not change a figure: the order of loading, loading twice, splits, bots, second accounts, later data."""

import json
import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, FIGURES, MARTS, Run, assert_same_tables, run_models

MONDAY = date(2024, 1, 1)


def day(n: int) -> date:
    """Day n of 2024."""
    return MONDAY + timedelta(days=n - 1)


def test_exports_that_arrive_one_by_one_in_another_order_give_the_same_tables(company, company_models, tmp_path):
    drop, out = tmp_path / "drop", tmp_path / "out"
    drop.mkdir()
    for name in ("turnout.toml", "hr/wiki-accounts.csv"):
        (drop / name).parent.mkdir(exist_ok=True)
        shutil.copy(company / name, drop / name)
    exports = [path for path in sorted(company.rglob("*"), reverse=True) if path.suffix in (".zip", ".gz", ".html")]
    exports.insert(3, company / "hr" / "roster.csv")
    for number, path in enumerate(exports, 1):
        (drop / path.relative_to(company)).parent.mkdir(exist_ok=True)
        shutil.copy(path, drop / path.relative_to(company))
        run = run_models(drop, out, is_built=number == len(exports))
    of_the_clock = {"stg_file", "stg_found", "export_file"}
    assert_same_tables(run, company_models, set(run.tables()) - of_the_clock)


def test_a_second_run_over_the_same_exports_gives_the_same_tables(company, company_models, tmp_path):
    shutil.copytree(company_models.path.parents[1], tmp_path / "out")
    run = run_models(company, tmp_path / "out")
    assert_same_tables(run, company_models, run.tables())


def split_slack(path: Path) -> None:
    """Every other day file into a second export; both carry the lists."""
    members = tiny.members_of(path)
    days = sorted(name for name in members if "/" in name and name.endswith(".json"))
    lists = {name: text for name, text in members.items() if name not in days}
    for part in (0, 1):
        chosen = {name: members[name] for number, name in enumerate(days) if number % 2 == part}
        tiny.zipped(path.with_name(f"part {part} of {path.name}"), lists | chosen)
    path.unlink()


def split_yammer(path: Path) -> None:
    """Every other row of each table into a second export; both keep the request."""
    members = tiny.members_of(path)
    tables = {name: text for name, text in members.items() if name in ("Messages.csv", "Users.csv", "Groups.csv")}
    others = {name: text for name, text in members.items() if name not in (*tables, "log.txt")}
    for part in (0, 1):
        halves = {}
        for name, text in tables.items():
            header, *rows = text.splitlines(keepends=True)
            halves[name] = header + "".join(rows[part::2])
        tiny.zipped(path.with_name(f"part {part} of {path.name}"), others | halves)
    path.unlink()


@pytest.mark.parametrize(
    ("pattern", "split"), [("slack/*.zip", split_slack), ("yammer/*.zip", split_yammer)], ids=["slack", "yammer"]
)
def test_exports_that_are_split_in_two_change_no_figure(
    pattern: str, split: Callable[[Path], None], my_company: Path, company_models: Run, tmp_path: Path
):
    for path in sorted(my_company.glob(pattern)):
        split(path)
    run = run_models(my_company, tmp_path / "out", tables=FIGURES)
    assert run.problems == []
    assert_same_tables(run, company_models, ("fct_person_day", *MARTS[:2]))
    # whom a reply answers is known even if the answered message lies in the other half
    assert_same_tables(run, company_models, FIGURES)


def test_the_messages_of_a_bot_change_no_figure(my_company, company_models, tmp_path):
    for path in sorted((my_company / "slack").glob("*.zip")):
        members = tiny.members_of(path)
        users = json.loads(members["users.json"])
        users.append(
            tiny.slack_user("U0NEWBOT00", "new.bot@acme.example", is_bot=True) | {"team_id": users[0]["team_id"]}
        )
        members["users.json"] = json.dumps(users)
        for name in [name for name in members if name.startswith("general/2")]:
            messages = json.loads(members[name])
            seconds = messages[-1]["ts"].partition(".")[0]
            messages += [
                {"type": "message", "ts": f"{seconds}.999998", "user": "U0NEWBOT00", "text": "-"},
                {"type": "message", "subtype": "bot_message", "ts": f"{seconds}.999999", "bot_id": "B0NEWBOT00",
                 "thread_ts": messages[-1]["ts"], "text": "-"},
            ]  # fmt: skip
            members[name] = json.dumps(messages)
        tiny.zipped(path, members)
    run = run_models(my_company, tmp_path / "out", tables=FIGURES)
    assert run.one("select count(*) from fct_event where actor_kind = 'bot'") > company_models.one(
        "select count(*) from fct_event where actor_kind = 'bot'"
    )
    assert_same_tables(run, company_models, FIGURES)


def test_a_person_with_two_accounts_who_moves_unit_counts_once(tmp_path):
    """ann moves from A to B on 17 January and has an account from before and one from after; bo stays in B."""
    drop = tmp_path / "drop"
    users = [tiny.slack_user("U0ANN00001", "ann@t.example"), tiny.slack_user("U0ANN00002", "ann.new@t.example"),
             tiny.slack_user("U0BO000001", "bo@t.example")]  # fmt: skip
    posts = [(1, "U0BO000001"), (10, "U0ANN00001"), (11, "U0ANN00001"), (16, "U0ANN00002"), (20, "U0ANN00002"),
             (20, "U0ANN00001"), (31, "U0BO000001")]  # fmt: skip
    tiny.slack_zip(drop / "export.zip", users, {"general": [tiny.slack_message(day(n), user) for n, user in posts]})
    tiny.roster_csv(drop / "roster.csv", [
        tiny.roster_row("ann", date(2023, 1, 1), "A"),
        tiny.roster_row("ann", day(17), "B", Email="ann.new@t.example"),
        tiny.roster_row("bo", date(2023, 1, 1), "B"),
        tiny.roster_row("cy", date(2023, 1, 1), "A"),
    ])  # fmt: skip
    (drop / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    run = run_models(drop, tmp_path / "out", tables=FIGURES)
    january = "where period_kind = 'month' and period_start = date '2024-01-01' and platform = 'all' order by unit"
    assert run.rows(f"select unit, n_eligible, n_contributors, n_outside from mart_active_users {january}") == [
        ("A", 1, 0, 0), ("B", 2, 2, 0), ("all", 3, 2, 0),
    ]  # fmt: skip
    # contributions count in the unit of their day, people in that of their last employed day
    assert run.rows(f"select unit, n_contributions, n_none from mart_contributor_ratios {january}") == [
        ("A", 3, 1), ("B", 4, 0), ("all", 7, 1),
    ]  # fmt: skip
    days = "select count(distinct person_id), sum(n_contributions)::int, max(n_contributions) from fct_person_day"
    assert run.rows(days) == [(2, 7, 2)]


# --- platforms that end on different days -----------------------------------------------------------------------------

LAST = day(366)  # the as-of day, a Tuesday
LAGS = {"slack": 5, "yammer": 20, "mediawiki": 200}
FIRST = {"slack": day(1), "yammer": day(1), "mediawiki": day(15)}
CADENCE = 45


def ending_apart(drop: Path) -> Path:
    """One person who writes on every third day on each platform until its export ends."""

    def days(platform: str) -> list[date]:
        last = LAST - timedelta(days=LAGS[platform])
        found = [FIRST[platform] + timedelta(days=n) for n in range(0, (last - FIRST[platform]).days, 3)]
        return [*found, last]

    messages = [tiny.slack_message(on, "U0ANN00001") for on in days("slack")]
    tiny.slack_zip(drop / "export.zip", [tiny.slack_user("U0ANN00001", "ann@t.example")], {"general": messages})
    rows = [tiny.yammer_row(n, on, 5) for n, on in enumerate(days("yammer"), 1)]
    ends = LAST - timedelta(days=LAGS["yammer"] - 1)
    tiny.yammer_zip(drop / "yammer.zip", FIRST["yammer"], ends, [tiny.yammer_user(5, "ann@t.example")], rows)
    revisions = [(n, on, "ann@t.example", f"text {n}") for n, on in enumerate(days("mediawiki"), 1)]
    tiny.wiki_dump(drop / "wiki.xml", [tiny.wiki_page(1, "Page", revisions)])
    tiny.roster_csv(drop / "roster.csv", [tiny.roster_row("ann", date(2023, 1, 1), "A")])
    (drop / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    return drop


def expected_states() -> dict[str, dict[date, str]]:
    """The state of every day by platform, and over all platforms that still deliver."""
    states: dict[str, dict[date, str]] = {}
    for platform, first in FIRST.items():
        last = LAST - timedelta(days=LAGS[platform])
        until = LAST if LAGS[platform] <= CADENCE else last
        is_stated = platform == "yammer"
        of_platform = {}
        for n in range((until - first).days + 1):
            on = first + timedelta(days=n)
            at_an_end = on in (first, last) and not is_stated
            of_platform[on] = "missing" if on > last else "partial" if at_an_end else "observed"
        states[platform] = of_platform
    everywhere = {}
    for n in range((LAST - day(1)).days + 1):
        on = day(1) + timedelta(days=n)
        found = {states[platform][on] for platform in FIRST if on in states[platform]}
        everywhere[on] = found.pop() if len(found) == 1 else "partial"
    return states | {"all": everywhere}


def expected_periods(kind: str) -> dict[tuple[str, date], tuple[date, int, bool, bool]]:
    """(platform, first day) -> last day, observed days, whether complete, whether anything is known."""
    periods = {}
    for platform, states in expected_states().items():
        of_period: dict[date, list[str]] = defaultdict(list)
        starts = sorted(states)
        for on in [starts[0] + timedelta(days=n) for n in range((LAST - starts[0]).days + 1)]:
            start = on.replace(day=1) if kind == "month" else on - timedelta(days=on.weekday())
            of_period[start].append(states.get(on, "missing"))
        for start, found in of_period.items():
            following = (start + timedelta(days=32)).replace(day=1) if kind == "month" else start + timedelta(days=7)
            n_days = (following - start).days
            is_complete = following <= LAST + timedelta(days=1) and found.count("observed") == n_days
            periods[platform, start] = (
                following - timedelta(days=1), found.count("observed"), is_complete, set(found) != {"missing"},
            )  # fmt: skip
    return periods


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("apart")
    return run_models(ending_apart(folder / "drop"), folder / "out", as_of=LAST, tables=(*FIGURES, "rel_source"))


def test_each_day_is_observed_partial_or_missing_as_each_platform_delivers(apart):
    states = {(platform, on): state for platform, on, state in
              apart.rows("select platform, occurred_on, state from coverage_day")}  # fmt: skip
    of_platforms = expected_states()
    del of_platforms["all"]
    assert states == {(name, on): state for name, days in of_platforms.items() for on, state in days.items()}


@pytest.mark.parametrize("kind", ["week", "month"])
@pytest.mark.parametrize("mart", MARTS)
def test_periods_are_complete_only_where_every_platform_still_delivering_was_observed(mart, kind, apart):
    rows = apart.rows(
        f"""
        select distinct platform, period_start, period_end, n_observed_days, is_complete,
            n_contributors is not null as is_known
        from {mart} where period_kind = '{kind}' and unit = 'all'
        """
    )
    assert {(row[0], row[1]): row[2:] for row in rows} == expected_periods(kind)
    assert len(rows) == len(expected_periods(kind))


def test_a_platform_that_is_silent_for_longer_than_its_cadence_leaves_the_figures_over_all(apart):
    delivering = apart.rows(
        "select platform, is_delivering, last_on::varchar from rel_source where first_on is not null order by 1"
    )
    ended = {platform: str(LAST - timedelta(days=lag)) for platform, lag in LAGS.items()}
    assert delivering == [
        ("mediawiki", False, ended["mediawiki"]), ("slack", True, ended["slack"]), ("yammer", True, ended["yammer"]),
    ]  # fmt: skip
    august = apart.rows(
        """
        select platform, is_complete from mart_active_users
        where period_kind = 'month' and unit = 'all' and period_start = date '2024-08-01'
        """
    )
    assert dict(august) == {"all": True, "slack": True, "yammer": True, "mediawiki": False}


def test_rolling_counts_are_unknown_where_the_window_was_not_observed(apart):
    known = apart.rows(
        """
        select period_start, n_contributors_1d is not null, n_contributors_7d is not null,
            n_contributors_28d is not null
        from mart_active_users where period_kind = 'day' and platform = 'slack' and unit = 'all' order by 1
        """
    )
    last = LAST - timedelta(days=LAGS["slack"])
    expected = [
        (on, *(on <= last and (on - day(1)).days + 1 >= window for window in (1, 7, 28)))
        for on in (day(n) for n in range(1, 367))
    ]
    assert known == expected


def test_the_last_observed_day_is_the_as_of_day_where_none_is_given(tmp_path):
    run = run_models(ending_apart(tmp_path / "drop"), tmp_path / "out", tables=FACTS)
    assert run.one("select as_of_on from meta") == LAST - timedelta(days=LAGS["slack"])


# --- a look at an earlier day -----------------------------------------------------------------------------------------

CUT = day(75)
END = {"slack": day(130), "yammer": day(125), "mediawiki": day(60)}
UNITS = ("A", "B", "C")
HIRED = {n: MONDAY + timedelta(days=(-100, -90, 40, 90)[n % 4]) for n in range(1, 23)}  # 23 and 24 are on no roster


def activity() -> dict[str, list[tuple[date, int, str]]]:
    """platform -> (day, person, what), for people who come, move and leave; the same in every call."""
    chance = random.Random(7)
    found: dict[str, list[tuple[date, int, str]]] = {}
    for platform, end in END.items():
        span = (end - MONDAY).days
        acts = sorted(
            (MONDAY + timedelta(days=chance.randint(0, span)), chance.randint(1, 24), chance.choice("pprrx"))
            for _ in range(500)
        )
        found[platform] = [act for act in acts if HIRED.get(act[1], MONDAY) <= act[0]]
    return found


def roster_until(last: date) -> list[dict[str, str]]:
    chance = random.Random(8)
    rows = []
    for person, start in HIRED.items():
        left = str(start + timedelta(days=130 + 9 * person)) if person % 5 == 0 else ""
        for n, unit in enumerate(chance.sample(UNITS, 3)):
            since = start + timedelta(days=50 * n)
            if since <= last:
                rows.append(tiny.roster_row(f"p{person}", since, unit, Layer=str(person % 4), TerminationDate=left))
    return rows


def moving_company(drop: Path, last: date) -> Path:
    """Exports of all that had happened by `last`; each states the days it covers."""
    done = {platform: [one for one in acts if one[0] <= last] for platform, acts in activity().items()}
    users = [tiny.slack_user(f"U0P{n:07}", f"p{n}@t.example") for n in range(1, 25)]
    messages: list[tiny.Json] = []
    for number, (on, person, what) in enumerate(done["slack"]):
        known = messages[max(0, number - 9)] if messages else None
        extra: dict[str, object] = {}
        if what == "r" and known and "thread_ts" not in known:
            extra = {"thread_ts": known["ts"], "parent_user_id": known["user"]}
        elif what == "x":
            extra = {"reactions": [{"name": "tada", "users": [f"U0P{(person + n) % 24 + 1:07}" for n in (1, 2)]}]}
        at = 1_704_067_200 + (on - MONDAY).days * 86_400 + 30_000
        messages.append({"type": "message", "ts": f"{at}.{number:06}", "user": f"U0P{person:07}", "text": "-", **extra})
    tiny.slack_zip(drop / "slack.zip", users, {"general": messages})
    roots: list[int] = []
    rows = []
    for number, (on, person, what) in enumerate(done["yammer"], 1):
        to = roots[len(roots) // 2] if what == "r" and roots else None
        roots += [] if to else [number]
        rows.append(tiny.yammer_row(number, on, person, to=to))
    people = [tiny.yammer_user(n, f"p{n}@t.example") for n in range(1, 25)]
    yammer_end = min(END["yammer"], last) + timedelta(days=1)
    tiny.yammer_zip(drop / "yammer.zip", MONDAY, yammer_end, people, rows)
    pages: dict[int, list[tuple[int, date, str, str]]] = defaultdict(list)
    for number, (on, person, _) in enumerate(done["mediawiki"], 1):
        pages[person % 5 + 1].append((number, on, f"p{person}@t.example", f"text {number}"))
    wiki = [tiny.wiki_page(page, f"Page {page}", made, namespace=page % 2) for page, made in sorted(pages.items())]
    tiny.wiki_dump(drop / "wiki.xml", wiki)
    tiny.roster_csv(drop / "roster.csv", roster_until(last))
    windows: Mapping[str, date] = {"slack.zip": END["slack"], "wiki.xml": END["mediawiki"]}
    stated = "".join(
        f'[source."{name}"]\nwindow_from = "{MONDAY}"\nwindow_to = "{min(end, last)}"\n'
        for name, end in windows.items()
    )
    (drop / "turnout.toml").write_text(tiny.CONFIG + stated, encoding="utf-8")
    return drop


def test_a_look_at_an_earlier_day_equals_a_run_on_the_data_of_that_day(tmp_path):
    whole = moving_company(tmp_path / "whole", day(366))
    cut = moving_company(tmp_path / "cut", CUT)
    back = run_models(whole, tmp_path / "back", as_of=CUT, tables=("coverage_day", *FIGURES))
    then = run_models(cut, tmp_path / "then", as_of=CUT, tables=("coverage_day", *FIGURES))
    assert back.one("select count(*) from fct_event") > then.one("select count(*) from fct_event")
    assert_same_tables(back, then, ("coverage_day", *FIGURES))
    assert back.one("select max(occurred_on) from fct_person_day") <= CUT
    assert back.one("select max(period_start) from mart_active_users") <= CUT


def test_a_roster_row_that_starts_after_the_as_of_day_makes_nobody_known(tmp_path):
    """dot writes on two platforms in January and is hired in March: until then they are two unknown accounts."""
    drop = tmp_path / "drop"
    users = [tiny.slack_user("U0DOT00001", "dot@t.example"), tiny.slack_user("U0ANN00001", "ann@t.example")]
    messages = [tiny.slack_message(day(n), str(user["id"])) for n in (2, 30) for user in users]
    tiny.slack_zip(drop / "slack.zip", users, {"general": messages})
    people = [tiny.yammer_user(5, "dot@t.example")]
    tiny.yammer_zip(drop / "yammer.zip", day(1), day(32), people, [tiny.yammer_row(1, day(9), 5)])
    ann, dot = tiny.roster_row("ann", date(2023, 1, 1), "A"), tiny.roster_row("dot", day(70), "A")
    tiny.roster_csv(drop / "roster.csv", [ann, dot])
    (drop / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    back = run_models(drop, tmp_path / "back", as_of=day(31), tables=FIGURES)
    tiny.roster_csv(drop / "roster.csv", [ann])
    then = run_models(drop, tmp_path / "then", as_of=day(31), tables=FIGURES)
    assert_same_tables(back, then, FIGURES)
