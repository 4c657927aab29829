"""How executives take part: the figures of a firm, straight from their definition.

Whether they answer and are answered is in `executive_answers`, rules of who is one and layers in `layering`.
"""

import statistics
from datetime import date, timedelta
from itertools import pairwise

from tests.oracle.definitions import (
    ALL,
    Period,
    eligible_people,
    has_reactions,
    people_in,
    period_of,
    periods_of,
    platforms_of,
    remembered,
    roster_of,
    spell_on,
    unit_on,
    units_of,
)
from tests.oracle.firm import Firm, Said, is_executive_on, said_in
from tests.oracle.marts import (
    Row,
    absence_factor,
    head,
    is_seen,
    ratio,
    wilson,
)

ENOUGH = 5


@remembered
def own_in(firm: Firm, period: Period, platform: str) -> dict[str, list[Said]]:
    """What each person contributed themselves in the period."""
    found: dict[str, list[Said]] = {}
    for said in said_in(firm):
        if said.counts and said.is_own and platform in (ALL, said.platform) and period.start <= said.day <= period.end:
            found.setdefault(said.person, []).append(said)
    return found


def with_bounds(name: str, k: int, n: int) -> Row:
    """The share k of n and its bounds."""
    low, high = wilson(k, n)
    return {name: ratio(k, n), f"{name}_low": low, f"{name}_high": high}


@remembered
def stay(firm: Firm, person: str, period: Period, platform: str) -> tuple[date, date]:
    """The first and the last day of the period on which the person is there."""
    if roster_of(firm.company):
        days = [day for day in period.days() if spell_on(firm.company, person, day)]
        return days[0], days[-1]
    kinds = {account.account_id: account.kind for account in firm.company.accounts}
    seen = min(
        said.day
        for said in said_in(firm)
        if said.person == person and platform in (ALL, said.platform) and kinds[person] == "human"
    )
    return max(seen, period.start), period.end


# ---- mart_executive_style --------------------------------------------------------------------------------------------


def executive_style(firm: Firm) -> list[Row]:
    """The rows of `mart_executive_style`."""
    return [
        style_row(firm, period, platform, unit, is_executive)
        for platform in platforms_of(firm.company)
        for kind in ("week", "month")
        for period in periods_of(firm.company, kind, platform)
        for unit in units_of(firm.company)
        for is_executive in (True, False)
    ]


def style_row(firm: Firm, period: Period, platform: str, unit: str, is_executive: bool) -> Row:
    """The row of the executives of a unit, or of everybody else there."""
    company = firm.company
    eligible = eligible_people(company, period, platform)
    members = {p for p in people_in(eligible, unit) if eligible[p].is_executive == is_executive}
    own = {person: said for person, said in own_in(firm, period, platform).items() if person in members}
    in_period = [s for s in said_in(firm) if platform in (ALL, s.platform) and period.start <= s.day <= period.end]
    silent = members - set(own)
    reacting = silent & {said.person for said in in_period if said.action == "react"}
    starting = {p for p, said in own.items() if any(s.action not in ("reply", "comment") for s in said)}
    frequent = {p: said for p, said in own.items() if len(said) >= 4}
    talking = [p for p, said in frequent.items() if 2 * sum(is_to_staff(firm, s) for s in said) >= len(said)]
    start = head(company, period, platform, unit)
    gaps = [longest_gap(firm, p, period, platform) for p in members]
    bursts = [b for p in members if (b := burstiness(own.get(p, []))) is not None]
    totals = [len(said) for said in own.values()]
    with_reactions = has_reactions(company, platform)
    figures: Row = {
        "n_posting": len(starting),
        "n_replying": len(set(own) - starting),
        "n_only_reacting": len(reacting) if with_reactions else None,
        "n_absent": len(silent - reacting) if with_reactions else None,
        "n_with_4_contributions": len(frequent),
        "n_conversational": len(talking),
        **with_bounds("conversational_ratio", len(talking), len(frequent)),
        "n_on_2_platforms": None,
        "n_wiki_editors": None,
        "active_weeks_ratio": active_weeks(firm, members, period, platform) if period.kind == "month" else None,
        "median_longest_gap_days": median_of(gaps) if start["is_complete"] else None,
        "median_burstiness": median_of(bursts) if start["is_complete"] else None,
        "top_executive_share_ratio": None,
        "absence_factor": absence_factor(totals),
        "n_delegated": sum(
            said.counts and not said.is_own and said.person in eligible
            and eligible[said.person].is_executive == is_executive
            and unit in (ALL, unit_on(company, said.person, said.day))
            for said in in_period
        ),
    }  # fmt: skip
    if platform == ALL:
        figures["n_on_2_platforms"] = sum(len({s.platform for s in said}) > 1 for said in own.values())
    wikis = {event.platform for event in company.events if event.action == "edit"}
    if wikis if platform == ALL else platform in wikis:
        pages = [s for said in own.values() for s in said if s.action in ("create", "edit") and s.platform in wikis]
        figures["n_wiki_editors"] = len({said.person for said in pages})
    if is_executive and len(members) >= ENOUGH and totals:
        figures["top_executive_share_ratio"] = max(totals) / sum(totals)
    if not is_seen(company, period, platform):
        figures = dict.fromkeys(figures)
    return start | {"n_eligible": len(members), "is_executive": is_executive} | figures


def is_to_staff(firm: Firm, said: Said) -> bool:
    """Whether it is a reply to somebody other than its author and who is no executive on that day."""
    if said.action != "reply" or said.target == said.person:
        return False
    return said.target is None or not is_executive_on(firm.company, said.target, said.day)


def active_weeks(firm: Firm, members: set[str], month: Period, platform: str) -> float | None:
    """The mean over people of the share of their weeks with a contribution, of whole observed weeks in the month."""
    mondays = [day for day in month.days() if day.weekday() == 0 and day + timedelta(days=6) <= month.end]
    weeks = [period_of("week", monday) for monday in mondays]
    weeks = [week for week in weeks if head(firm.company, week, platform, ALL)["is_complete"]]
    shares = []
    for person in members:
        counting = [week for week in weeks if person in eligible_people(firm.company, week, platform)]
        if counting:
            shares.append(sum(person in own_in(firm, week, platform) for week in counting) / len(counting))
    return statistics.fmean(shares) if shares else None


def longest_gap(firm: Firm, person: str, period: Period, platform: str) -> int:
    """The longest run of days without an own contribution, from the first to the last day there."""
    first, last = stay(firm, person, period, platform)
    active = {said.day for said in own_in(firm, period, platform).get(person, [])}
    longest = run = 0
    for day in period.days():
        if first <= day <= last:
            run = 0 if day in active else run + 1
            longest = max(longest, run)
    return longest


def burstiness(own: list[Said]) -> float | None:
    """(s - m) / (s + m) of the seconds between contributions; None with fewer than 10 gaps, or if all are 0."""
    moments = sorted(said.at.replace(microsecond=0) for said in own if said.has_own_time)
    gaps = [(b - a).total_seconds() for a, b in pairwise(moments)]
    if len(gaps) < 10:
        return None
    mean, deviation = statistics.fmean(gaps), statistics.pstdev(gaps)
    return ratio(deviation - mean, deviation + mean)


def median_of(values: list[float] | list[int]) -> float | None:
    """The median of enough people."""
    return float(statistics.median(values)) if len(values) >= ENOUGH else None


def every_period(firm: Firm) -> list[tuple[str, Period]]:
    """The weeks and months of each platform."""
    return [
        (platform, period)
        for platform in platforms_of(firm.company)
        for kind in ("week", "month")
        for period in periods_of(firm.company, kind, platform)
    ]
