"""Trials straight from the definition of `mart_trial`, and how to stage what a company declares."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import duckdb

from tests.oracle.company import Company
from tests.oracle.definitions import (
    ALL,
    days_from_to,
    deeds_of,
    platform_states,
    platforms_of,
    remembered,
    roster_of,
    spell_on,
)
from tests.oracle.firm import Firm, stage_firm
from tests.oracle.marts import Row, ratio
from tests.oracle.threads import shares

WEEKS = {"2w": (14, 20), "4w": (28, 34), "12w": (84, 90)}


@dataclass(frozen=True)
class Trial:
    """A declared trial of units or of listed people, and the targets for its platform as (unit, value, by when)."""

    platform: str
    first: date
    last: date
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    targets: tuple[tuple[str, float, date], ...] = ()


def stage_trials(connection: duckdb.DuckDBPyConnection, firm: Firm, trials: list[Trial]) -> None:
    """Stages the firm and its trials, each target of a platform once."""
    stage_firm(connection, firm)
    for number, trial in enumerate(trials, 1):
        title = f"Attempt {number}"
        for unit in trial.units or (None,):
            connection.execute("insert into stg_trial by name select ? as trial, ? as title, ? as platform, "
                               "? as started_on, ? as ended_on, ? as unit",
                               [number, title, trial.platform, trial.first, trial.last, unit])  # fmt: skip
        for person in trial.people:
            connection.execute("insert into stg_trial_person values (?, ?)", [number, person])
    for platform, (unit, value, by) in sorted({(one.platform, goal) for one in trials for goal in one.targets}):
        connection.execute("insert into stg_target by name select 'contributor_ratio' as metric, ? as platform, "
                           "? as unit, ? as value, ? as by_on, 'me' as set_by",
                           [platform, unit, value, by])  # fmt: skip


@remembered
def own_days(firm: Firm, platform: str) -> dict[str, frozenset[date]]:
    """The days on which each person contributes to the platform without a delegate."""
    found: dict[str, set[date]] = {}
    for deed in deeds_of(firm.company, platform):
        if deed.counts and deed.number not in firm.delegated:
            found.setdefault(deed.person, set()).add(deed.day)
    return {person: frozenset(days) for person, days in found.items()}


def trials_of(firm: Firm, trials: list[Trial]) -> list[Row]:
    """The rows of `mart_trial`."""
    world, rows = firm.company, []
    everyday = platform_states(world, ALL)
    goals = [(one.platform, *goal) for one in trials for goal in one.targets]
    for number, trial in enumerate(trials, 1):
        states = platform_states(world, trial.platform) if trial.platform in platforms_of(world) else {}
        employed = {
            spell.person_id: spell for spell in roster_of(world)
            if spell_on(world, spell.person_id, trial.first) == spell and trial.first <= world.as_of
        }  # fmt: skip
        inside = {p for p, spell in employed.items() if spell.unit in trial.units or p in trial.people}
        all_days = days_from_to(min(everyday), world.as_of)
        start: Row = {
            "period_kind": "history",
            "period_start": min(everyday),
            "period_end": world.as_of,
            "platform": trial.platform,
            "unit": ALL,
            "is_complete": all(states.get(day) == "observed" for day in all_days),
            "n_observed_days": sum(states.get(day) == "observed" for day in all_days),
            "n_eligible": len(employed),
            "trial": number,
            "title": f"Attempt {number}",
            "started_on": trial.first,
            "ended_on": trial.last,
        }
        wanted = [
            value for platform, unit, value, by in goals
            if platform == trial.platform and unit in (ALL, *trial.units) and by >= trial.first
        ]  # fmt: skip
        for is_in_trial in (True, False):
            people = inside if is_in_trial else set(employed) - inside
            units = {p: employed[p].unit for p in people}
            figures = {"n_people": len(people), "n_units": len({unit for unit in units.values() if unit}),
                       "n_departments": len({unit for unit in units.values() if unit}),
                       "n_executives": sum(employed[p].is_executive for p in people)}  # fmt: skip
            figures |= use_of(firm, trial, people, states) | staying(firm, trial, people, states)
            if not roster_of(world) or trial.first > world.as_of:
                figures = dict.fromkeys(figures)
            target = max(wanted, default=None) if is_in_trial else None
            verdict = judged(figures, target, trial.last > world.as_of) if is_in_trial else None
            rows.append(start | {"is_in_trial": is_in_trial} | figures | {"target_ratio": target, "verdict": verdict})
    return rows


def judged(figures: Row, target: float | None, is_early: bool) -> str:
    """Whether the target is met."""
    low, high = figures["end_ratio_low"], figures["end_ratio_high"]
    if target is None:
        return "no_target"
    if is_early:
        return "too_early"
    if not isinstance(low, float) or not isinstance(high, float):
        return "cannot_tell"
    return "met" if low >= target else "not_met" if high < target else "too_close"


def use_of(firm: Firm, trial: Trial, people: set[str], states: dict[date, str]) -> Row:
    """Daily use, and who contributes at all."""
    own = own_days(firm, trial.platform)
    span = days_from_to(trial.first, min(trial.last, firm.company.as_of))
    seen = [day for day in span if states.get(day, "missing") != "missing"]
    working = [day for day in seen if day.weekday() < 5]
    pairs = [(p, day) for p in people for day in working if spell_on(firm.company, p, day)]
    n_active = sum(day in own.get(p, ()) for p, day in pairs)
    n_ever = sum(bool(own.get(p, frozenset()) & set(span)) for p in people)
    ever = {"n_ever": n_ever, **shares("ever_ratio", n_ever, len(people))}
    return {
        "n_working_days": len(working),
        "n_person_days": len(pairs),
        "n_active_days": n_active if working else None,
        "daily_use_ratio": ratio(n_active, len(pairs)),
        **(ever if seen else dict.fromkeys(ever)),
    }


def staying(firm: Firm, trial: Trial, people: set[str], states: dict[date, str]) -> Row:
    """Who of the first two weeks still contributes, and who does at the end."""
    own = own_days(firm, trial.platform)

    def those_active(group: set[str], days: list[date]) -> set[str]:
        return {p for p in group if own.get(p, frozenset()) & set(days)}

    def those_here(group: set[str], days: list[date]) -> set[str]:
        return {p for p in group if all(spell_on(firm.company, p, day) for day in days)}

    def is_seen(days: list[date]) -> bool:
        return all(states.get(day, "missing") != "missing" for day in days)

    def days_after(first: int, last: int) -> list[date]:
        return days_from_to(trial.first + timedelta(days=first), trial.first + timedelta(days=last))

    begin = days_after(0, 13)
    starters = those_active(people, begin)
    figures: Row = {"n_starters": len(starters) if is_seen(begin) else None}
    for name, (first, last) in WEEKS.items():
        days = days_after(first, last)
        here = those_here(starters, days)
        n_still = len(those_active(here, days))
        week = {f"n_followed_{name}": len(here), f"n_still_{name}": n_still,
                **shares(f"still_{name}_ratio", n_still, len(here))}  # fmt: skip
        figures |= week if is_seen(begin) and is_seen(days) else dict.fromkeys(week)
    days = days_from_to(max(trial.first, trial.last - timedelta(days=27)), trial.last)
    here = those_here(people, days)
    n_end = len(those_active(here, days))
    end = {"n_at_end": len(here), "n_contributors_at_end": n_end, **shares("end_ratio", n_end, len(here))}
    return figures | (end if is_seen(days) else dict.fromkeys(end))


def declared(company: Company, seed: int) -> list[Trial]:
    """Two or three trials of units or people, at any time, with and without targets; the same for the same seed."""
    random, states = Random(seed), platform_states(company, ALL)
    people = sorted({spell.person_id for spell in company.spells})
    trials = []
    for n in range(random.choice((2, 3))):
        first = min(states) + timedelta(days=random.randrange(-3, max(len(states), 4)))
        last = first + timedelta(days=random.choice((6, 27, 28, 60, 100)))
        goals = [
            (random.choice((ALL, "Law", "Sales")), random.choice((0.0, 0.05, 0.3, 0.9)),
             last + timedelta(days=random.choice((0, -200))))
            for _ in range(random.choice((0, 1, 2)))
        ]  # fmt: skip
        is_listed = bool(people) and n == 1
        trials.append(Trial(
            random.choice(("alpha", "alpha", "beta")), first, last, () if is_listed else ("Law", "Ops")[: n + 1],
            tuple(random.sample(people, len(people) // 2)) if is_listed else (), tuple(dict.fromkeys(goals)),
        ))  # fmt: skip
    return trials
