"""Turns the recorder's sets into the expected figures.

Only counting; what is planted where is `planted`'s business.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from data_samples.accounts import Account
from data_samples.company import ORG, Company, Person
from data_samples.period import EVERY_PLATFORM, SLACK, day_of, next_month
from data_samples.truth import CONTRIBUTIONS, EVERYWHERE, Recorder, person_key

Span = tuple[date, date]  # first and last day


def month_span(first: date) -> Span:
    """A calendar month."""
    return first, next_month(first) - timedelta(1)


def week_span(first: date) -> Span:
    """An ISO week."""
    return first, first + timedelta(6)


def eligible(people: list[Person], span: Span) -> list[tuple[Person, date]]:
    """Everybody employed on at least half of the days, with the last employed day in the span."""
    first, last = span
    found = []
    for person in people:
        begin, end = max(first, person.hired), min(last, person.left or last)
        if ((end - begin).days + 1) * 2 >= (last - first).days + 1:
            found.append((person, end))
    return found


def count_platforms(recorder: Recorder) -> dict[str, dict[str, Any]]:
    """Records by kind, contributions by action, and who contributed, by platform, month and week."""
    figures: dict[str, dict[str, Any]] = {}
    for platform in (*EVERY_PLATFORM, EVERYWHERE):
        figures[platform] = {
            **({} if platform == EVERYWHERE else _records(recorder, platform)),
            **_who_and_what(recorder, (platform, "ever", "")),
            "months": _by_start(recorder, platform, "month"),
            "weeks": _by_start(recorder, platform, "week"),
        }
    figures[SLACK]["reactors"] = _reactors(recorder)
    return figures


def _records(recorder: Recorder, platform: str) -> dict[str, Any]:
    first, last = recorder.days[platform]
    return {
        "first_on": day_of(first).isoformat(),
        "last_on": day_of(last).isoformat(),
        "records": dict(recorder.records[platform]),
    }


def _who_and_what(recorder: Recorder, where: tuple[str, str, str]) -> dict[str, int]:
    actions = recorder.actions[where]
    return {
        "accounts": len(recorder.accounts[where]),
        "people": len(recorder.people[where]),
        "contributions": sum(actions[action] for action in CONTRIBUTIONS),
        **{action: actions[action] for action in (*CONTRIBUTIONS, "react")},
    }


def _by_start(recorder: Recorder, platform: str, kind: str) -> dict[str, dict[str, int]]:
    starts = sorted(start for p, k, start in list(recorder.actions) if p == platform and k == kind)
    return {start: _who_and_what(recorder, (platform, kind, start)) for start in starts}


def _reactors(recorder: Recorder) -> dict[str, int]:
    ever = recorder.people[EVERYWHERE, "ever", ""]
    reacted = {native: a for native, a in recorder.reacted.items() if a.platform == SLACK}
    people = {person_key(account) for account in reacted.values()}
    return {
        "accounts": len(reacted),
        "accounts_without_contribution": len(set(reacted) - recorder.contributed[SLACK]),
        "people": len(people),
        "people_without_contribution": len(people - ever),
    }


def count_organisation(recorder: Recorder, company: Company) -> dict[str, Any]:
    """Eligible people, contributors among them and contributors who are not, by platform, month and week."""
    months, weeks = company.period.months(), company.period.mondays()
    spans = {"months": ("month", month_span, months), "weeks": ("week", week_span, weeks)}
    figures: dict[str, Any] = {p: {"months": {}, "weeks": {}} for p in (*EVERY_PLATFORM, EVERYWHERE)}
    for name, (kind, span_of, starts) in spans.items():
        for start in starts:
            ids = {person.id for person, _ in eligible(company.people, span_of(start))}
            for platform, of_platform in figures.items():
                people = recorder.people[platform, kind, start.isoformat()]
                of_platform[name][start.isoformat()] = {
                    "eligible": len(ids), "contributors": len(people & ids), "outside": len(people - ids),
                }  # fmt: skip
    return figures


def count_units(recorder: Recorder, company: Company) -> dict[str, Any]:
    """The same by month and unit over all platforms; contributions count in the unit of their day."""
    figures: dict[str, Any] = {}
    for start in company.period.months():
        month = start.isoformat()
        people = recorder.people[EVERYWHERE, "month", month]
        members, active = Counter[str](), Counter[str]()
        for person, last in eligible(company.people, month_span(start)):
            unit = person.on(last).unit
            members[unit] += 1
            active[unit] += person.id in people
        figures[month] = {
            unit: {
                "eligible": members[unit], "contributors": active[unit],
                "contributions": recorder.by_unit[month, unit],
            }
            for unit in ORG
        }  # fmt: skip
    return figures


def count_executives(recorder: Recorder, company: Company) -> dict[str, Any]:
    """Executives (layer 2 and above on their last day), by platform and month."""
    figures: dict[str, Any] = {}
    for platform in (*EVERY_PLATFORM, EVERYWHERE):
        figures[platform] = {
            start.isoformat(): _executives(recorder, company, platform, start)
            for start in company.period.months()
        }
    return figures


def _executives(recorder: Recorder, company: Company, platform: str, start: date) -> dict[str, int]:
    actions: Counter[str] = Counter()
    people = [p for p, last in eligible(company.people, month_span(start)) if p.on(last).layer <= 2]
    active = 0
    for person in people:
        done: Counter[str] = Counter()
        for name, count in recorder.by_person.get(person.id, {}).get(start.isoformat(), Counter()).items():
            where, _, action = name.partition(":")
            if platform in (where, EVERYWHERE):
                done[action] += count
        active += bool(done)
        actions.update(done)
    return {
        "eligible": len(people),
        "contributors": active,
        **{action: actions[action] for action in CONTRIBUTIONS},
    }


def accounts_summary(accounts: dict[str, list[Account]]) -> dict[str, dict[str, int]]:
    """Accounts by platform and kind, and how many match a person."""
    return {
        platform: {**Counter(a.kind for a in listed), "matched": sum(a.person is not None for a in listed)}
        for platform, listed in accounts.items()
    }
