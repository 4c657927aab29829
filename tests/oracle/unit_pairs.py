"""Which pairs of units never meet, straight from the definition: every shuffle of units is tried, none is drawn.

A p-value is told as the interval in which one that is drawn 1,999 times must lie.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations
from math import sqrt

from tests.oracle.company import Company
from tests.oracle.definitions import ALL, Period, eligible_people, periods_of
from tests.oracle.marts import Row, head, is_seen
from tests.oracle.threads import shows_targets
from tests.oracle.ties import by_chance, ties_of

MOST_SHUFFLES = 40_000
KEY = ("period_start", "one_unit", "other_unit")
Pair = tuple[str, str]


def unit_pairs(world: Company) -> list[Row]:
    """The rows of `mart_unit_pairs` without what is drawn."""
    rows: list[Row] = []
    for month in periods_of(world, "month", ALL):
        people = eligible_people(world, month, ALL)
        units = sorted({one.unit for one in people.values() if one.unit is not None})
        pairs = list(combinations(units, 2))
        met = Counter(tuple(sorted(pair)) for pair in placed(world, month).values())
        ends = by_chance(world, month, ALL)
        is_known = is_seen(world, month, ALL) and shows_targets(world, ALL)
        for one, other in pairs:
            expected = Fraction(met.total() * ends[one, other], ends.total()) if ends else Fraction(0)
            figures: Row = {
                "n_ties": met[one, other],
                "n_ties_by_chance": float(expected),
                "n_pairs": len(pairs),
                "n_pairs_apart": sum(not met[pair] for pair in pairs),
            }
            start = head(world, month, ALL, ALL) | {"n_eligible": len(people), "one_unit": one, "other_unit": other}
            rows.append(start | (figures if is_known else dict.fromkeys(figures)))
    return rows


def placed(world: Company, month: Period) -> dict[Pair, Pair]:
    """Per two people who met, their units, where both are known."""
    people = eligible_people(world, month, ALL)
    units = {
        (one, other): (people[one].unit, people[other].unit)
        for one, other in (sorted(tie) for tie in ties_of(world, month, ALL))
    }
    return {pair: (u, v) for pair, (u, v) in units.items() if u is not None and v is not None}


def chances(world: Company, month: Period) -> dict[Pair, tuple[float, float]] | None:
    """Per pair of units how likely no more ties are, and none; None where there are too many shuffles to try."""
    ties = placed(world, month)
    unit_of = {person: unit for pair, units in ties.items() for person, unit in zip(pair, units, strict=True)}
    n_ties = Counter(person for pair in ties for person in pair)
    alike: dict[int, list[str]] = {}
    for person in sorted(n_ties):
        alike.setdefault(n_ties[person].bit_length(), []).append(person)
    choices = [distinct([unit_of[person] for person in group]) for group in alike.values()]
    n_all = 1
    for choice in choices:
        n_all *= len(choice)
    if n_all > MOST_SHUFFLES or any(not choice for choice in choices):
        return None
    found = Counter(tuple(sorted(units)) for units in ties.values())
    names = sorted({one.unit for one in eligible_people(world, month, ALL).values() if one.unit is not None})
    few, none = Counter[Pair](), Counter[Pair]()
    for units in shuffles(list(alike.values()), choices):
        counts = Counter(tuple(sorted((units[one], units[other]))) for one, other in ties)
        for pair in combinations(names, 2):
            few[pair] += counts[pair] <= found[pair]
            none[pair] += not counts[pair]
    return {pair: (few[pair] / n_all, none[pair] / n_all) for pair in combinations(names, 2)}


def distinct(units: Sequence[str]) -> list[tuple[str, ...]]:
    """Every different order; none where there are too many to find."""
    return sorted(set(permutations(units))) if len(units) <= 8 else []


def shuffles(groups: list[list[str]], choices: list[list[tuple[str, ...]]]) -> Iterator[dict[str, str]]:
    """Every way to give people the units of their like."""
    if not groups:
        yield {}
        return
    for rest in shuffles(groups[1:], choices[1:]):
        for units in choices[0]:
            yield rest | dict(zip(groups[0], units, strict=True))


def is_drawn_from(p: float, drawn: float, n_draws: int = 1999) -> bool:
    """Whether a share of draws is what chance p gives: within five standard errors, and one draw."""
    return abs(p - drawn) <= 5 * sqrt(p * (1 - p) / n_draws) + 1 / n_draws


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg: of the k-th smallest of m, the smallest m p / j over j from k on."""
    order = sorted(p_values)
    m = len(order)
    return [min(1.0, *(m * order[j] / (j + 1) for j in range(order.index(p), m))) for p in p_values]
