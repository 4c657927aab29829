"""Open platforms against e-mail and shared files, straight from the definitions of the two marts.

A company has neither usage reports nor declared days; they are given beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from statistics import mean, pvariance

import duckdb
import polars as pl
from scipy.stats import norm

from tests.oracle.company import Account, Company, Coverage, Event, Spell
from tests.oracle.definitions import (
    ALL,
    Period,
    eligible_people,
    people_behind,
    people_in,
    periods_of,
    platform_states,
    platforms_of,
    roster_of,
    units_of,
)
from tests.oracle.marts import Row, contributors_of, head, is_seen
from tests.oracle.presence import Report
from tests.oracle.staged import stage
from tests.oracle.threads import shares

CLOSED = ("email", "sharepoint")
NAMES = {"email": "email", "sharepoint": "files"}
FIGURES = ("before_ratio", "after_ratio", "change_pp", "change_pp_low", "change_pp_high")
START, N_DAYS = date(2023, 10, 2), 240  # a Monday; months of 29, 30 and 31 days


@dataclass(frozen=True, eq=False)
class World:
    """A company with the usage reports about it and the days that it declares, each with its titles."""

    company: Company
    reports: tuple[Report, ...]
    starts: Mapping[date, tuple[str, ...]]


def stage_world(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """Stages everything; of the declared days some as events, some as trials."""
    stage(connection, world.company)
    shape = connection.sql("from stg_usage limit 0").pl().schema
    rows = [
        {"file_id": "usage", "platform": "m365", "workspace": "w0", "used_platform": one.platform,
         "account_id": one.account_id, "period_from": one.first, "period_to": one.last, "reported_on": one.last,
         "report": "detail", "is_active": one.is_active, "is_record": True, "member": "", "line": line}
        for line, one in enumerate(world.reports, 1)
    ]  # fmt: skip
    frame = pl.DataFrame([{name: row.get(name) for name in shape} for row in rows], schema=shape)
    connection.register("given", frame)
    connection.execute("insert into stg_usage by name select * from given")
    connection.unregister("given")
    for number, (day, titles) in enumerate(world.starts.items(), 1):
        for title in titles:
            if number % 2:
                for unit in ("Law", "Ops"):  # an event of two units is still one day
                    connection.execute("insert into stg_occasion by name select ? as occurred_on, 'policy' as kind, "
                                       "? as title, ? as unit", [day, title, unit])  # fmt: skip
            else:
                connection.execute(
                    "insert into stg_trial by name select ? as trial, ? as title, 'alpha' as platform, "
                    "? as started_on, ? as ended_on, 'Ops' as unit", [number, title, day, day],
                )  # fmt: skip


# ---- who used what ---------------------------------------------------------------------------------------------------


def inside(world: World, channel: str, period: Period) -> list[Report]:
    """Reports on the channel whose days all lie in the period and before the end of the data."""
    return [
        one for one in world.reports
        if one.platform == channel and period.start <= one.first and one.last <= period.end
        and one.last <= world.company.as_of
    ]  # fmt: skip


def names_people(report: Report) -> bool:
    """Whether it says of an account whether it was active."""
    return report.account_id is not None and report.is_active is not None


def is_told(world: World, channel: str, period: Period) -> bool:
    """Whether the reports inside the period leave out one day in twenty at most."""
    days = [
        day for day in period.days()
        if any(one.first <= day <= one.last and names_people(one) for one in inside(world, channel, period))
    ]  # fmt: skip
    return bool(roster_of(world.company)) and len(days) / len(period.days()) >= 0.95


def users(world: World, channel: str, period: Period) -> set[str]:
    """People active on the channel by any report inside the period."""
    person_of = people_behind(world.company)
    return {person_of[one.account_id] for one in inside(world, channel, period) if one.is_active and one.account_id}


def sources(world: World) -> list[str]:
    """The closed channels of which any report names people."""
    return [
        channel for channel in CLOSED
        if any(one.platform == channel and names_people(one) and one.last <= world.company.as_of
               for one in world.reports)
    ]  # fmt: skip


def is_closed_told(world: World, period: Period) -> bool:
    """Whether each of them is known."""
    return bool(sources(world)) and all(is_told(world, channel, period) for channel in sources(world))


# ---- the mix ---------------------------------------------------------------------------------------------------------


def channel_mix(world: World) -> list[Row]:
    """The rows of `mart_channel_mix`."""
    rows = []
    company = world.company
    for kind in ("week", "month"):
        for period in periods_of(company, kind, ALL) if platforms_of(company) else []:
            writers = contributors_of(company, ALL, period.start, period.end)
            told = {channel: users(world, channel, period) for channel in CLOSED if is_told(world, channel, period)}
            for unit in units_of(company):
                here = people_in(eligible_people(company, period, ALL), unit)
                n = len(here)
                row = head(company, period, ALL, unit) | {"n_eligible": n}
                row |= _share("open", len(here & writers) if is_seen(company, period, ALL) else None, n)
                for channel, name in NAMES.items():
                    row |= _share(name, len(here & told[channel]) if channel in told else None, n)
                closed = here & set().union(*told.values())
                is_known = is_closed_told(world, period)
                row |= _share("closed", len(closed) if is_known else None, n)
                is_both = is_known and is_seen(company, period, ALL)
                row["n_both"] = len(closed & writers) if is_both else None
                mix = _share("open_share", len(here & writers) if is_both else None, len(here & (closed | writers)))
                rows.append(row | {name: value for name, value in mix.items() if name != "n_open_share"})
    return rows


def _share(name: str, k: int | None, n: int) -> Row:
    if k is None:
        return {f"n_{name}": None, f"{name}_ratio": None, f"{name}_ratio_low": None, f"{name}_ratio_high": None}
    return {f"n_{name}": k, **shares(f"{name}_ratio", k, n)}


# ---- before and after ------------------------------------------------------------------------------------------------


def channel_shift(world: World) -> list[Row]:
    """The rows of `mart_channel_shift`."""
    company, rows = world.company, list[Row]()
    if not platforms_of(company):
        return rows
    weeks = periods_of(company, "week", ALL)
    months = periods_of(company, "month", ALL)
    first_heads = [head(company, week, ALL, ALL) for week in weeks]
    days = sorted(day for day in world.starts if day <= company.as_of)
    for day in days:
        for unit in units_of(company):
            row: Row = {
                "period_kind": "history", "period_start": weeks[0].start, "period_end": company.as_of,
                "platform": ALL, "unit": unit, "is_complete": all(one["is_complete"] for one in first_heads),
                "n_observed_days": sum(one["n_observed_days"] for one in first_heads),  # type: ignore[misc]
                "n_eligible": len(people_in(eligible_people(company, months[-1], ALL), unit)),
                "started_on": day, "title": ", ".join(sorted(set(world.starts[day]))),
            }  # fmt: skip
            rows.append(row | _answer(world, day, days, unit))
    return rows


EMPTY: Row = dict.fromkeys((
    "verdict", "reason", "compared_by", "n_before", "n_after", "before_from_on", "after_to_on", "n_other_starts",
    "n_cohort", "minimum_pp", "n_only_closed_before", "n_then_open", "n_then_only_open",
    *(f"{name}_{figure}" for name in ("open", "email", "files") for figure in FIGURES),
))  # fmt: skip


def _answer(world: World, day: date, days: list[date], unit: str) -> Row:
    company = world.company
    if not roster_of(company):
        return EMPTY | {"verdict": "cannot_tell", "reason": "there is no roster"}
    if not any(is_closed_told(world, one) for kind in ("week", "month") for one in periods_of(company, kind, ALL)):
        return EMPTY | {"verdict": "cannot_tell", "reason": "no export tells who used e-mail or shared files"}
    found = _compared(world, day, "week", 13, 4) or _compared(world, day, "month", 3, 2)
    if found is None:
        reason = "too few whole weeks or months before and after it are covered by reports"
        return EMPTY | {"verdict": "cannot_tell", "reason": reason}
    before, after = found
    since, until = before[0].start, after[-1].end
    row = EMPTY | {
        "compared_by": before[0].kind, "n_before": len(before), "n_after": len(after), "before_from_on": since,
        "after_to_on": until, "n_other_starts": len([one for one in days if one != day and since <= one <= until]),
    }  # fmt: skip
    if any(since < min(platform_states(company, one)) < day for one in platforms_of(company)):
        return row | {"verdict": "cannot_tell", "reason": "the exports of a platform begin shortly before it"}
    cohort = sorted(
        set.intersection(*(set(eligible_people(company, one, ALL)) for one in (*before, *after)))
        & people_in(eligible_people(company, after[-1], ALL), unit)
    )
    row["n_cohort"] = len(cohort)
    if len(cohort) < 10:
        return row | {"verdict": "cannot_tell", "reason": "too few people were there both before and after"}
    return row | _judged(world, cohort, before, after)


def _judged(world: World, cohort: list[str], before: list[Period], after: list[Period]) -> Row:
    channels = ["open", *sources(world)]
    did = {
        (channel, one): contributors_of(world.company, ALL, one.start, one.end)
        if channel == "open" else users(world, channel, one)
        for channel in channels for one in (*before, *after)
    }  # fmt: skip
    row, bounds = Row(), {}
    for channel in channels:
        early = [mean(person in did[channel, one] for one in before) for person in cohort]
        late = [mean(person in did[channel, one] for one in after) for person in cohort]
        changes = [b - a for a, b in zip(early, late, strict=True)]
        alpha = 0.05 if channel == "open" else 0.05 / (len(channels) - 1)
        padded = [*changes, 1, -1]
        half = norm.ppf(1 - alpha / 2) * (pvariance(padded) / len(padded)) ** 0.5
        low, high = max(-1, mean(padded) - half), min(1, mean(padded) + half)
        bounds[channel] = mean(changes), low, high
        if channel == "open":
            row["minimum_pp"] = 100 * float(half / norm.ppf(0.975) * (norm.ppf(0.975) + norm.ppf(0.8)))
        figures = (mean(early), mean(late), 100 * mean(changes), 100 * low, 100 * high)
        name = NAMES.get(channel, channel)
        row |= {f"{name}_{figure}": float(value) for figure, value in zip(FIGURES, figures, strict=True)}
    quiet = [
        person for person in cohort
        if not any(person in did["open", one] for one in before)
        and any(person in did[channel, one] for channel in channels[1:] for one in before)
    ]  # fmt: skip
    came = [person for person in quiet if any(person in did["open", one] for one in after)]
    only = [one for one in came if not any(one in did[channel, then] for channel in channels[1:] for then in after)]
    row |= {"n_only_closed_before": len(quiet), "n_then_open": len(came), "n_then_only_open": len(only)}
    change, low, high = bounds.pop("open")
    others = list(bounds.values())
    if high < 0 and change <= -0.01:
        return row | {"verdict": "fell"}
    if low > 0 and change >= 0.01:
        if [one for one in others if one[2] < 0 and one[0] <= -0.01]:
            return row | {"verdict": "replaced"}
        if min(one[1] for one in others) > -change:
            return row | {"verdict": "added"}
        reason = "too few people to tell whether e-mail or shared files fell as much as the open platforms rose"
        return row | {"verdict": "cannot_tell", "reason": reason}
    if low > -0.1 and high < 0.1:
        return row | {"verdict": "no_change"}
    return row | {"verdict": "cannot_tell", "reason": "too few people to rule out a change of ten points"}


def _compared(
    world: World, day: date, kind: str, most: int, least: int
) -> tuple[list[Period], list[Period]] | None:
    """The whole, known periods among the nearest `most` on either side of the day."""
    periods = periods_of(world.company, kind, ALL)
    before = [one for one in periods if one.end < day][-most:]
    after = [one for one in periods if one.start >= day][:most]
    sides = [[one for one in side if _is_good(world, one)] for side in (before, after)]
    return None if min(len(side) for side in sides) < least else (sides[0], sides[1])


def _is_good(world: World, period: Period) -> bool:
    return bool(head(world.company, period, ALL, ALL)["is_complete"]) and is_closed_told(world, period)


# ---- invention -------------------------------------------------------------------------------------------------------


def invented(seed: int) -> World:
    """Some people over eight months, reports of several lengths that overlap and leave gaps, and two or three days."""
    random = Random(seed)
    people = [f"person-{i}" for i in range(random.choice((14, 60, 100)))]
    spells = [spell for person in people for spell in _spells(random, person)] if seed % 7 else []
    on_roster = {spell.person_id for spell in spells}
    accounts = [Account(f"alpha-{one}", "alpha", "w0", "human", one if one in on_roster else None) for one in people]
    accounts += [Account("alpha-guest", "alpha", "w0", "external"), Account("alpha-bot", "alpha", "w0", "bot")]
    turn = random.randrange(100, 140)
    rates = {"before": random.choice((0.05, 0.2)), "after": random.choice((0.02, 0.05, 0.2, 0.4))}
    events = []
    for account in accounts:
        for week in range(N_DAYS // 7):
            if random.random() < rates["before" if 7 * week < turn else "after"]:
                at = datetime.combine(_day(7 * week + random.randrange(7)), time(9))
                action, counts = random.choice((("post", True), ("edit", True), ("react", False)))
                events.append(Event("alpha", "w0", len(events), at, "own", action,
                                    counts and account.kind != "bot", account.account_id))  # fmt: skip
    gap = random.choice((30, 150, 200))
    coverage = [Coverage("alpha", "w0", _day(0), _day(gap)), Coverage("alpha", "w0", _day(gap + 1), _day(N_DAYS - 1))]
    if random.random() < 0.5:
        coverage[1] = Coverage("alpha", "w0", _day(gap + random.choice((3, 20))), _day(N_DAYS - 1), is_stated=False)
    if random.random() < 0.4:
        coverage.append(Coverage("beta", "w0", _day(random.choice((0, 0, 60, 90))), _day(N_DAYS - 1)))
    company = Company(tuple(accounts), tuple(spells), tuple(events), tuple(coverage),
                      _day(N_DAYS - random.choice((1, 1, 4))))  # fmt: skip
    starts = {_day(turn): ("Guide",), _day(turn + random.choice((1, 20, 40))): ("Trial", "Again", "Again")}
    if random.random() < 0.3:
        starts[_day(random.choice((10, N_DAYS - 9, N_DAYS + 30)))] = ("Too early or too late",)
    return World(company, tuple(_reports(random, accounts, turn)), starts)


def _day(n: int) -> date:
    return START + timedelta(days=n)


def _spells(random: Random, person: str) -> list[Spell]:
    """Most stay; some join midway, leave, or move."""
    long_ago, turn = date(2020, 1, 1), _day(random.randrange(20, N_DAYS))
    career = random.choice((*("stays",) * 17, "joins", "leaves", "moves"))
    unit = random.choice(("Law", "Ops", "Ops", None))
    if career == "moves":
        return [Spell(person, long_ago, turn, unit), Spell(person, turn, None, "Sales")]
    return [Spell(person, turn if career == "joins" else long_ago, turn if career == "leaves" else None, unit)]


def _reports(random: Random, accounts: list[Account], turn: int) -> list[Report]:
    """Per channel one kind of report, or two that overlap: weekly, on another weekday, of 30 or 90 days, monthly."""
    found: dict[tuple[object, ...], Report] = {}
    channels = random.choice((*(CLOSED,) * 5, ("email",), ("sharepoint",), ("email", "teams"), ()))
    grids = random.choice((("weekly",), ("weekly",), ("weekly", "30 days"), ("weekly", "monthly"), ("monthly",),
                           ("monthly", "90 days"), ("other weekday",)))  # fmt: skip
    for channel in channels:
        fall = random.choice((0, 0, 0.4))
        level = random.choice((0.5, 0.9))
        for first, last in [span for grid in grids for span in _spans(random, grid)]:
            if random.random() < (0.04 if grids[0] == "weekly" else 0.01):
                continue
            rate = level - (fall if first >= _day(turn) else 0)
            for account in accounts:
                if random.random() < 0.95:
                    is_active = None if random.random() < 0.01 else random.random() < rate
                    found[account, channel, first, last] = Report(account.account_id, channel, first, last, is_active)
            found[channel, first, last] = Report(None, channel, first, last, None)
    return list(found.values())


def _spans(random: Random, grid: str) -> list[tuple[date, date]]:
    if grid == "monthly":  # up to the last day of each month, of 30 days
        ends = [_day(n) for n in range(20, N_DAYS) if _day(n + 1).day == 1]
        return [(end - timedelta(days=29), end) for end in ends]
    n_days, step, offset = {
        "weekly": (7, 7, 0), "other weekday": (7, 7, 3), "30 days": (30, 30, random.randrange(30)),
        "90 days": (90, 30, 0),
    }[grid]  # fmt: skip
    return [(_day(n), _day(n + n_days - 1)) for n in range(offset, N_DAYS - n_days + 3, step)]
