"""Giving, ties and spaces, computed straight from their definitions: the second opinion on the SQL."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations
from statistics import median

from tests.oracle.company import PEOPLE_KINDS, Company
from tests.oracle.definitions import (
    ALL,
    Period,
    eligible_people,
    has_reactions,
    people_in,
    periods_of,
    platform_states,
    platforms_of,
    remembered,
    roster_of,
)
from tests.oracle.marts import Row, head, is_seen, ratio
from tests.oracle.talk import Talk
from tests.oracle.threads import dated, persons, rows_per_unit, shares, shows_targets, shows_threads, threads_of

# ---- giving, receiving and relationships -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """Something done towards others; a post is towards nobody."""

    platform: str
    day: date
    person: str
    target: str | None
    is_reaction: bool
    is_post: bool


@remembered
def acts_of(world: Company, platform: str) -> list[Act]:
    """Posts, and replies, comments and reactions that are not to oneself, where records say to whom."""
    found = []
    for e in dated(world):
        if platform not in (ALL, e.platform) or not shows_targets(world, e.platform) or e.account_id is None:
            continue
        person, kind = persons(world)[e.account_id]
        is_reaction = e.action == "react" and kind in PEOPLE_KINDS and has_reactions(world, e.platform)
        is_message = e.is_contribution and e.action in ("post", "reply", "comment")
        target = None if e.target_account_id is None else persons(world)[e.target_account_id][0]
        if (is_message or is_reaction) and e.occurred_at and (target != person or e.action == "post"):
            found.append(Act(e.platform, e.occurred_at.date(), person, target, is_reaction, e.action == "post"))
    return found


def knows_reactions(world: Company, platform: str) -> bool:
    """Whether reactions count on the platform, or on any."""
    names = [name for name in platforms_of(world) if name != ALL] if platform == ALL else [platform]
    return any(has_reactions(world, name) and shows_targets(world, name) for name in names)


def give_receive(talk: Talk) -> list[Row]:
    """The rows of `mart_give_receive`."""
    world, rows = talk.company, []
    for period, platform, unit, row in rows_per_unit(world):
        acts = [act for act in acts_of(world, platform) if period.start <= act.day <= period.end]
        people = people_in(eligible_people(world, period, platform), unit)
        given = Counter(act.person for act in acts)
        received = Counter(act.target for act in acts if not act.is_post)
        totals = [(given[person], received[person]) for person in people]
        balances = [math.log((1 + g) / (1 + r)) for g, r in totals if g + r >= 4]
        shown = [Fraction(1 + g, 1 + r) for g, r in totals if g + r >= 4]
        reactions = knows_reactions(world, platform)
        figures: Row = {
            "n_silent": totals.count((0, 0)),
            "n_few": sum(1 <= g + r <= 3 for g, r in totals),
            "n_mostly_giving": sum(one > 2 for one in shown),
            "n_balanced": sum(Fraction(1, 2) <= one <= 2 for one in shown),
            "n_mostly_receiving": sum(one < Fraction(1, 2) for one in shown),
            "median_balance": median(balances) if balances else None,
            "n_given_messages": sum(act.person in people and not act.is_reaction for act in acts),
            "n_given_reactions": sum(act.person in people and act.is_reaction for act in acts),
            "n_received_answers": sum(act.target in people and not (act.is_reaction or act.is_post) for act in acts),
            "n_received_reactions": sum(act.target in people and act.is_reaction for act in acts),
        }
        if not reactions:
            figures |= dict.fromkeys(("n_given_reactions", "n_received_reactions"))
        is_known = is_seen(world, period, platform) and shows_targets(world, platform)
        rows.append(row | {"has_reactions": reactions} | (figures if is_known else dict.fromkeys(figures)))
    return rows


@remembered
def ties_of(world: Company, period: Period, platform: str) -> dict[frozenset[str], int]:
    """Per pair of eligible people in how many directions they met."""
    eligible = eligible_people(world, period, platform)
    directed = {
        (act.person, act.target) for act in acts_of(world, platform)
        if not act.is_post and act.target in eligible and act.person in eligible
        and period.start <= act.day <= period.end
    }  # fmt: skip
    return Counter(frozenset(pair) for pair in directed if None not in pair)


@remembered
def by_chance(world: Company, period: Period, platform: str) -> Counter[tuple[str, ...]]:
    """Every pair of ends of ties that belong to two people, counted by the units of the two."""
    eligible = eligible_people(world, period, platform)
    pairs = [sorted(pair) for pair in ties_of(world, period, platform)]
    known = [pair for pair in pairs if all(eligible[person].unit is not None for person in pair)]
    ends = [(person, eligible[person].unit or "") for pair in known for person in pair]
    return Counter(tuple(sorted((u, v))) for (p, u), (q, v) in combinations(ends, 2) if p != q)


def external_less_internal(pairs: Counter[tuple[str, ...]], unit: str) -> tuple[int, int, float | None]:
    """Within, across and the E-I index of pairs of units, in so far as they touch the unit."""
    touching = {pair: n for pair, n in pairs.items() if unit in (ALL, *pair)}
    within = sum(n for (u, v), n in touching.items() if u == v)
    across = sum(n for (u, v), n in touching.items() if u != v)
    return within, across, ratio(across - within, across + within)


def relationships(talk: Talk) -> list[Row]:
    """The rows of `mart_relationships`."""
    world, rows = talk.company, []
    for period, platform, unit, row in rows_per_unit(world):
        eligible = eligible_people(world, period, platform)
        ties = {tuple(sorted(pair)): n for pair, n in ties_of(world, period, platform).items()}
        units = {pair: tuple(eligible[person].unit for person in pair) for pair in ties}
        here = [n for pair, n in ties.items() if unit == ALL or unit in units[pair]]
        figures: Row = {"n_pairs": len(here), "n_two_way": here.count(2)}
        figures["two_way_ratio"] = ratio(here.count(2), len(here))
        known = Counter(tuple(sorted(u for u in pair if u)) for pair in units.values() if None not in pair)
        within, across, index = external_less_internal(known, unit)
        _, _, expected = external_less_internal(by_chance(world, period, platform), unit)
        placed: Row = {
            "n_ties_within": within,
            "n_ties_across": across,
            "ei_index": index,
            "expected_ei_index": expected,
            "ei_difference": None if index is None or expected is None else index - expected,
        }
        if not any(spell.unit for spell in roster_of(world)):
            placed = dict.fromkeys(placed)
        figures |= placed
        is_known = is_seen(world, period, platform) and shows_targets(world, platform)
        reactions = {"has_reactions": knows_reactions(world, platform)}
        rows.append(row | reactions | (figures if is_known else dict.fromkeys(figures)))
    return rows


# ---- spaces ----------------------------------------------------------------------------------------------------------


def community_health(talk: Talk) -> list[Row]:
    """The rows of `mart_community_health`."""
    world, rows = talk.company, []
    for platform in platforms_of(world):
        months = periods_of(world, "month", platform) if platform != ALL else []
        states = platform_states(world, platform)
        full = [all(states.get(day, "missing") != "missing" for day in month.days()) for month in months]
        for space in talk.spaces:
            deeds = [
                (persons(world)[e.account_id or ""][0], e.occurred_at.date())
                for e in dated(world)
                if e.space_id == space.space_id and e.is_contribution and e.occurred_at
            ]
            for i, month in enumerate(months if (space.platform, space.visibility) == (platform, "public") else []):
                window = months[max(0, i - 11) : i + 1]
                people = eligible_people(world, month, platform)
                own = [person for person, day in deeds if person in people and month.start <= day <= month.end]
                year = {p for p, day in deeds if p in people and window[0].start <= day <= month.end}
                started = [o for o in threads_of(world) if o.space_id == space.space_id and o.person in people]
                n_threads = sum(month.start <= one.at.date() <= month.end for one in started)
                seen, n_full = is_seen(world, month, platform), sum(full[max(0, i - 11) : i + 1])
                health = shares("health_ratio", len(set(own)), len(year))
                rows.append(
                    head(world, month, platform, ALL) | {"n_eligible": len(people)} | {
                        "space_id": space.space_id,
                        "n_contributors": len(set(own)) if seen else None,
                        "n_observed_months": n_full,
                        "n_contributors_12m": len(year) if n_full == 12 else None,
                        **(health if n_full == 12 else dict.fromkeys(health)),
                        "n_contributions": len(own) if seen else None,
                        "n_threads": n_threads if seen and shows_threads(world, platform) else None,
                    }
                )  # fmt: skip
    return rows
