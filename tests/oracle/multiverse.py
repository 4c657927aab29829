"""The table of definitions of "active", computed straight from what each product publishes, and companies for it.

A definition is read anew for each month, platform and unit; nothing is shared with the SQL.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from tests.oracle.company import Company, companies
from tests.oracle.definitions import (
    ALL,
    Period,
    days_from_to,
    deeds_of,
    eligible_people,
    people_behind,
    people_in,
    period_of,
    periods_of,
    platform_states,
    platforms_of,
    roster_of,
    source_states,
    units_of,
)
from tests.oracle.dense import dense_company
from tests.oracle.marts import Row, contributors_of, head, ratio, wilson

HALF_YEAR, MONTH = "half year", "month"


@dataclass(frozen=True)
class Rule:
    """How long the window is, and what makes somebody active in it."""

    window: int | str
    is_reading: bool = False
    is_reacting: bool = False
    n_days: int = 1


RULES = {
    "turnout_28d": Rule(28),
    "turnout_month": Rule(MONTH),
    "turnout_6_months": Rule(HALF_YEAR),
    "slack_active_8d": Rule(1 + 7, is_reading=True, is_reacting=True),
    "slack_active_29d": Rule(1 + 28, is_reading=True, is_reacting=True),
    "slack_posting_7d": Rule(1 + 6),
    "slack_posting_28d": Rule(1 + 27),
    "viva_engage_30d": Rule(30, is_reading=True, is_reacting=True),
    "swoop_28d": Rule(28, is_reacting=True),
    "swoop_6_months": Rule(HALF_YEAR, is_reacting=True),
    "workplace_28d": Rule(28, is_reading=True, is_reacting=True),
    "workplace_10_of_28d": Rule(28, is_reading=True, is_reacting=True, n_days=10),
    "mattermost_1d": Rule(1, is_reading=True, is_reacting=True),
    "mattermost_31d": Rule(31, is_reading=True, is_reacting=True),
    "zulip_15d": Rule(15, is_reading=True, is_reacting=True),
}


@dataclass(frozen=True)
class Report:
    """A line of a usage report about one account; `is_active` is None where it does not say."""

    platform: str
    account_id: str
    first: date
    last: date
    is_active: bool | None = True

    def lies_in(self, window: Period) -> bool:
        """Whether it is about no other days than those of the window."""
        return window.start <= self.first and self.last <= window.end


@dataclass(frozen=True, eq=False)
class Observed:
    """A company and the usage reports that somebody loaded besides its exports."""

    company: Company
    reports: tuple[Report, ...]


def definitions(world: Observed) -> list[Row]:
    """The rows of `mart_definitions`."""
    company = world.company
    rows: list[Row] = []
    for platform in platforms_of(company):
        for month in periods_of(company, "month", platform):
            for name, rule in RULES.items():
                window = window_of(rule, month)
                people = eligible_people(company, window if rule.window == HALF_YEAR else month, platform)
                missing = what_is_missing(world, rule, window, platform)
                active = active_people(world, rule, window, platform) if missing == "none" else set[str]()
                for unit in units_of(company):
                    here = people_in(people, unit)
                    row = head(company, month, platform, unit) | {"n_eligible": len(here), "definition": name}
                    row |= {
                        "n_window_days": len(window.days()),
                        "counts_reading": rule.is_reading,
                        "counts_reactions": rule.is_reacting,
                        "missing": missing,
                    }
                    figures = figures_of(len(active & here), len(here))
                    rows.append(row | (figures if missing == "none" else dict.fromkeys(figures)))
    return rows


def figures_of(n_active: int, n_eligible: int) -> Row:
    """How many are active, their share and its bounds."""
    low, high = wilson(n_active, n_eligible)
    share = ratio(n_active, n_eligible)
    return {"n_active": n_active, "active_ratio": share, "active_ratio_low": low, "active_ratio_high": high}


def window_of(rule: Rule, month: Period) -> Period:
    """The window that ends on the last day of the month."""
    if rule.window == MONTH:
        return Period("window", month.start, month.end)
    if rule.window == HALF_YEAR:
        first = month.start
        for _ in range(5):
            first = period_of("month", first - timedelta(days=1)).start
        return Period("window", first, month.end)
    assert isinstance(rule.window, int)
    return Period("window", month.end - timedelta(days=rule.window - 1), month.end)


def what_is_missing(world: Observed, rule: Rule, window: Period, platform: str) -> str:
    """The first reason for which the data cannot show who was active."""
    states = platform_states(world.company, platform)
    if any(states.get(day, "missing") == "missing" for day in window.days()):
        return "unobserved days"
    if rule.is_reading:
        return "none" if is_reading_known(world, rule, window, platform) else "reading"
    if rule.is_reacting and not all(are_reactors_named(world.company, day, platform) for day in window.days()):
        return "reactions"
    return "none"


def is_reading_known(world: Observed, rule: Rule, window: Period, platform: str) -> bool:
    """Whether usage reports tell of each day of the window; over all platforms, those of each that is observed."""
    if not roster_of(world.company):
        return False
    if platform == ALL:
        seen = [
            one
            for one in platforms_of(world.company)
            if one != ALL
            and any(platform_states(world.company, one).get(day, "missing") != "missing" for day in window.days())
        ]
        return all(is_reading_known(world, rule, window, one) for one in seen)
    told = {
        day
        for report in reports_in(world, rule, window, platform)
        if report.is_active is not None
        for day in days_from_to(report.first, report.last)
    }
    return told == set(window.days())


def reports_in(world: Observed, rule: Rule, window: Period, platform: str) -> list[Report]:
    """The reports that say something of the window; where days are counted, those of one day."""
    return [
        report
        for report in world.reports
        if platform in (ALL, report.platform)
        and report.lies_in(window)
        and (rule.n_days == 1 or report.first == report.last)
    ]


def are_reactors_named(company: Company, day: date, platform: str) -> bool:
    """Whether every source that observed the day has a file about it that says who reacted."""
    for source, states in source_states(company).items():
        if platform in (ALL, source[0]) and states.get(day, "missing") != "missing":
            own = [file for file in company.coverage if (file.platform, file.workspace) == source]
            if not any(file.has_reactions and file.first <= day <= file.last for file in own):
                return False
    return True


def active_people(world: Observed, rule: Rule, window: Period, platform: str) -> set[str]:
    """Who is active in the window, eligible or not."""
    company = world.company
    person_of = people_behind(company)
    if rule.n_days > 1:
        days = {(deed.person, deed.day) for deed in deeds_of(company, platform) if deed.counts}
        days |= {
            (person_of[report.account_id], report.first)
            for report in reports_in(world, rule, window, platform)
            if report.is_active
        }
        mine = [person for person, day in days if window.start <= day <= window.end]
        return {person for person in mine if mine.count(person) >= rule.n_days}
    active = set(contributors_of(company, platform, window.start, window.end))
    if rule.is_reading:
        reports = reports_in(world, rule, window, platform)
        active |= {person_of[report.account_id] for report in reports if report.is_active}
    elif rule.is_reacting:
        active |= {
            deed.person
            for deed in deeds_of(company, platform)
            if deed.action == "react" and window.start <= deed.day <= window.end
        }
    return active


# ---- invention -------------------------------------------------------------------------------------------------------

TILES = ((1,) * 31, (1,) * 28, (8,), (7, 1), (29,), (30,), (31,), (15,), (1,), (28,), (7, 7, 7, 7), (16, 15), (40,))
"""Lengths of reports, one after the other up to the end of a month."""
HABITS = ((True,), (True,), (True, False, False), (True, False), (False,), (None, True))
"""What they say of one account, again and again: with every third day active it is active on 10 of 28 days."""


@st.composite
def observed_companies(draw: st.DrawFn) -> Observed:
    """Companies that last long enough for six months, with usage reports that often cover a window exactly."""
    company = draw(companies())
    if draw(st.sampled_from((True, True, False))):
        company = stretched(company)
    return Observed(company, draw(usage_reports(company)))


def stretched(company: Company) -> Company:
    """The same company in which everything takes twice as long."""
    origin = min(file.first for file in company.coverage)

    def later(day: date) -> date:
        return origin + 2 * (day - origin)

    def moment(at: datetime | None) -> datetime | None:
        return at and datetime.combine(later(at.date()), at.time())

    day = timedelta(days=1)
    return replace(
        company,
        spells=tuple(
            replace(one, valid_from=later(one.valid_from), valid_to=one.valid_to and later(one.valid_to))
            for one in company.spells
        ),
        events=tuple(replace(one, occurred_at=moment(one.occurred_at)) for one in company.events),
        coverage=tuple(replace(one, first=later(one.first), last=later(one.last) + day) for one in company.coverage),
        as_of=later(company.as_of) + day,
    )


@st.composite
def usage_reports(draw: st.DrawFn, company: Company) -> tuple[Report, ...]:
    """For some platforms and months, reports side by side up to the month's end; now and then one of them is lost."""
    reports: list[Report] = []
    first = min(file.first for file in company.coverage)
    ends = sorted({period_of("month", day).end for day in days_from_to(first, company.as_of)})
    for platform in sorted({account.platform for account in company.accounts}):
        accounts = [account.account_id for account in company.accounts if account.platform == platform]
        for end in ends:
            tiles = draw(st.sampled_from((*TILES, (), TILES[0], TILES[0])))
            lost = draw(st.sampled_from((None, None, None, None, 0, 3, 12, 29)))
            readers = sorted(draw(st.sets(st.sampled_from(accounts), max_size=3)))
            habits = {account: draw(st.sampled_from(HABITS)) for account in readers}
            last = end
            for number, n_days in enumerate(tiles):
                start = last - timedelta(days=n_days - 1)
                if number != lost:
                    reports += [
                        Report(platform, account, start, last, habit[number % len(habit)])
                        for account, habit in habits.items()
                    ]
                last = start - timedelta(days=1)
    return tuple(reports)


def dense_observed(seed: int) -> Observed:
    """A dense company over nine months, mostly with exports that name who reacted, and reports of most days."""
    random = Random(seed)
    company = stretched(dense_company(seed))
    if seed % 4:
        named = tuple(replace(one, has_reactions=True) for one in company.coverage)
        company = replace(company, coverage=named)
    first = min(file.first for file in company.coverage)
    reports = [
        Report(account.platform, account.account_id, day, day, random.random() < 0.3)
        for account in company.accounts
        for day in days_from_to(first, company.as_of)
        if random.random() < 0.6
    ]
    reports += [
        Report(account.platform, account.account_id, day, day + timedelta(days=6), random.random() < 0.2)
        for account in company.accounts
        for day in days_from_to(first, company.as_of)[::10]
    ]
    return Observed(company, tuple(reports))
