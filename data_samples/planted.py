"""The planted truths with the figures that were really written.

The parts were given out in `cast`; here they are counted.
"""

from datetime import date
from typing import Any

from data_samples.accounts import Accounts
from data_samples.cast import NEVER, UPLIFT, Cast
from data_samples.company import ORG, Company, Person
from data_samples.figures import eligible, month_span, week_span
from data_samples.period import SLACK, WIKI
from data_samples.truth import CONTRIBUTIONS, EVERYWHERE, Recorder

LARGE = 15  # members, executives apart, from which a department counts in the mean rise


def count_planted(recorder: Recorder, company: Company, cast: Cast, accounts: Accounts) -> dict[str, Any]:
    """Everything that the README lists."""
    return {
        "units": _units(recorder, company),
        "aurora": _aurora(recorder),
        "heads": _heads(recorder, company, cast),
        "broadcasters": _broadcasters(recorder, cast),
        "champions": _champions(recorder, cast),
        "react_only": _react_only(recorder, cast),
        "two_accounts": _two_accounts(recorder, company, cast, accounts),
        "nightly": _nightly(recorder),
    }


def _done(recorder: Recorder, person: Person) -> dict[str, int]:
    done = dict.fromkeys(CONTRIBUTIONS, 0)
    for of_month in recorder.by_person.get(person.id, {}).values():
        for name, count in of_month.items():
            done[name.partition(":")[2]] += count
    return done


def _units(recorder: Recorder, company: Company) -> dict[str, Any]:
    members, active = dict.fromkeys(ORG, 0), dict.fromkeys(ORG, 0)
    for start in company.period.months():
        people = recorder.people[EVERYWHERE, "month", start.isoformat()]
        for person, last in eligible(company.people, month_span(start)):
            unit = person.on(last).unit
            members[unit] += 1
            active[unit] += person.id in people
    return {unit: {"monthly_ratio": round(active[unit] / max(1, members[unit]), 4)} for unit in ORG}


def _aurora(recorder: Recorder) -> dict[str, Any]:
    days = [day for day, _ in recorder.aurora]
    return {
        "contributions": len(days), "people": len({who for _, who in recorder.aurora}),
        "first_on": min(days, default=""), "last_on": max(days, default=""),
    }  # fmt: skip


def _heads(recorder: Recorder, company: Company, cast: Cast) -> dict[str, Any]:
    """Each head's beginning, and the weekly share of contributors of the other members before and since."""
    weeks = [monday for monday in company.period.mondays() if company.period.start <= monday]
    weeks = [monday for monday in weeks if week_span(monday)[1] <= company.period.end]
    tallies: dict[str, list[tuple[date, int, int]]] = {}
    for monday in weeks:
        people = recorder.people[EVERYWHERE, "week", monday.isoformat()]
        counts: dict[str, list[int]] = {}
        for person, last in eligible(company.people, week_span(monday)):
            now = person.on(last)
            if now.layer > 2:
                tally = counts.setdefault(now.department, [0, 0])
                tally[0] += person.id in people
                tally[1] += 1
        for department, (active, members) in counts.items():
            tallies.setdefault(department, []).append((monday, active, members))
    begun: dict[str, dict[str, Any]] = {}
    for department, begins in cast.begins.items():
        rows = tallies.get(department, [])
        before, since = [r for r in rows if r[0] < begins], [r for r in rows if r[0] >= begins]
        sums = [
            sum(r[1] for r in before),
            sum(r[2] for r in before),
            sum(r[1] for r in since),
            sum(r[2] for r in since),
        ]
        head = company.department_heads[department]
        done = _done(recorder, head)
        begun[department] = {
            "person": head.id, "begins_on": begins.isoformat(), "members": rows[0][2] if rows else 0,
            "contributions": sum(done.values()), **_shares(sums),
        }  # fmt: skip
    large = [share for share in begun.values() if share["members"] >= LARGE]
    never = {d: sum(_done(recorder, company.department_heads[d]).values()) for d in sorted(NEVER)}
    return {
        "n_begin": len(begun), "n_never": len(never), "planted_rise": UPLIFT, "n_large": len(large),
        "mean_rise": round(sum(share["rise"] for share in large) / max(1, len(large)), 4),
        "departments": begun, "never": never,
    }  # fmt: skip


def _shares(sums: list[int]) -> dict[str, float]:
    before, since = sums[0] / max(1, sums[1]), sums[2] / max(1, sums[3])
    return {
        "share_before": round(before, 4),
        "share_since": round(since, 4),
        "rise": round(since - before, 4),
    }


def _broadcasters(recorder: Recorder, cast: Cast) -> dict[str, Any]:
    each = {person.id: _done(recorder, person) for person in cast.broadcasters}
    return {
        "n_people": len(each), "posts": sum(d["post"] for d in each.values()),
        "replies": sum(d["reply"] for d in each.values()), "each": each,
    }  # fmt: skip


def _champions(recorder: Recorder, cast: Cast) -> dict[str, Any]:
    each = {person.id: sum(_done(recorder, person).values()) for person in cast.champions}
    return {"n_people": len(each), "contributions": sum(each.values()), "each": each}


def _react_only(recorder: Recorder, cast: Cast) -> dict[str, int]:
    people = {account.person.id for account in recorder.reacted.values() if account.person}
    chosen = {person.id for person in cast.react_only}
    return {
        "n_chosen": len(chosen), "n_reacted": len(chosen & people),
        "contributions": sum(sum(_done(recorder, person).values()) for person in cast.react_only),
    }  # fmt: skip


def _two_accounts(
    recorder: Recorder, company: Company, cast: Cast, accounts: Accounts
) -> list[dict[str, Any]]:
    people = [*cast.two_accounts, *([company.married] if company.married else [])]
    return [
        {
            "person": person.id,
            "slack_accounts": [account.id for account in accounts.of[person.id][SLACK]],
            "slack_accounts_that_contribute": sum(
                f"{SLACK}:{account.id}" in recorder.contributed[SLACK]
                for account in accounts.of[person.id][SLACK]
            ),
            "units": list(dict.fromkeys(a.unit for a in person.assignments)),
            "contributions": sum(_done(recorder, person).values()),
        }
        for person in people
    ]


def _nightly(recorder: Recorder) -> dict[str, float]:
    records = recorder.records[WIKI]
    return {
        "revisions": records["service"],
        "share": round(records["service"] / max(1, records["revisions"]), 4),
    }
