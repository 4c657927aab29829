"""Layers of management and whether participation goes on below them, straight from the definition.

Exact figures only; of the association's interval and p value, which are drawn, `drawn_again` gives a second draw.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from tests.oracle.definitions import ALL, Period, eligible_people, periods_of, spell_on
from tests.oracle.executive_style import with_bounds
from tests.oracle.firm import Firm
from tests.oracle.layering import last_days, layer_on
from tests.oracle.marts import Row, active_set, head, is_seen


@dataclass(frozen=True)
class Worker:
    """Somebody who is counted in a month, as of the last employed day."""

    person: str
    unit: str | None
    layer: int | None
    manager: str | None
    is_active: bool


@dataclass(frozen=True)
class Boss:
    """A manager and the reports: how many contribute, and how many there are."""

    unit: str | None
    is_active: bool
    k: int
    n: int


def workers(firm: Firm, month: Period) -> list[Worker]:
    """Everybody who is counted in the month."""
    days, active = last_days(firm, month, ALL), active_set(firm.company, month, ALL)
    found = []
    for person, standing in eligible_people(firm.company, month, ALL).items():
        if person not in days:
            found.append(Worker(person, standing.unit, None, None, person in active))
            continue
        spell = spell_on(firm.company, person, days[person])
        manager = firm.managers.get((person, spell.valid_from)) if spell else None
        layer = layer_on(firm, person, days[person])
        found.append(Worker(person, standing.unit, layer, manager, person in active))
    return found


def months_of(firm: Firm) -> list[tuple[Row, list[Worker] | None]]:
    """For each month the first columns of its rows, and who is counted; nobody is known of a month not seen."""
    company = firm.company
    return [
        (head(company, month, ALL, ALL), workers(firm, month) if is_seen(company, month, ALL) else None)
        for month in periods_of(company, "month", ALL)
    ]


def layer_row(people: Sequence[Worker], layer: int) -> Row:
    """What is exact about a layer in a month."""
    here = [one for one in people if one.layer == layer]
    below = [one for one in people if one.layer == layer + 1]
    k, n = sum(one.is_active for one in here), len(here)
    k_below, n_below = sum(one.is_active for one in below), len(below)
    row: Row = {
        "n_eligible": n,
        "n_contributors": k,
        **with_bounds("contributor_ratio", k, n),
        "n_without_layer": sum(one.layer is None for one in people),
        "drop_pp": None,
        "drop_pp_low": None,
        "drop_pp_high": None,
    }
    if n and n_below:
        first, second = with_bounds("p", k, n), with_bounds("p", k_below, n_below)
        a, a_low, a_high = (float(first[name]) for name in ("p", "p_low", "p_high"))  # type: ignore[arg-type]
        b, b_low, b_high = (float(second[name]) for name in ("p", "p_low", "p_high"))  # type: ignore[arg-type]
        row["drop_pp"] = 100 * (a - b)
        row["drop_pp_low"] = 100 * (a - b - sqrt((a - a_low) ** 2 + (b_high - b) ** 2))
        row["drop_pp_high"] = 100 * (a - b + sqrt((a_high - a) ** 2 + (b - b_low) ** 2))
    return row


def bosses(people: Sequence[Worker], layer: int) -> list[Boss]:
    """The managers of a layer who have reports of the month, in units in which some contribute and some do not."""
    found = []
    for one in people:
        if one.layer != layer:
            continue
        reports = [other for other in people if other.manager == one.person and other.person != one.person]
        if reports:
            found.append(Boss(one.unit, one.is_active, sum(other.is_active for other in reports), len(reports)))
    return [one for one in found if {True, False} <= {other.is_active for other in found if other.unit == one.unit}]


def difference(given: Sequence[Boss]) -> Fraction:
    """Mantel and Haenszel's difference over units."""
    top = bottom = Fraction(0)
    for unit in {one.unit for one in given}:
        own = [one for one in given if one.unit == unit]
        n1, n0 = (sum(one.n for one in own if one.is_active is state) for state in (True, False))
        k1, k0 = (sum(one.k for one in own if one.is_active is state) for state in (True, False))
        top += Fraction(k1 * n0 - k0 * n1, n1 + n0)
        bottom += Fraction(n1 * n0, n1 + n0)
    return top / bottom


def is_estimable(given: Sequence[Boss]) -> bool:
    """Whether there are enough managers of either kind, and reports who differ."""
    n_active = sum(one.is_active for one in given)
    k, n = sum(one.k for one in given), sum(one.n for one in given)
    return min(n_active, len(given) - n_active) >= 5 and len(given) >= 20 and 0 < k < n


def drawn_again(given: Sequence[Boss], n_draws: int) -> tuple[float, float, float]:
    """The p value from states shuffled within units, and the interval from managers drawn with replacement."""
    dice, real = random.Random(7), difference(given)
    shuffled = []
    for _ in range(n_draws):
        states = {unit: [one.is_active for one in given if one.unit == unit] for unit in {one.unit for one in given}}
        for own in states.values():
            dice.shuffle(own)
        shuffled.append(difference([Boss(one.unit, states[one.unit].pop(), one.k, one.n) for one in given]))
    tail = min(sum(one >= real for one in shuffled), sum(one <= real for one in shuffled))
    again = []
    while len(again) < n_draws:
        drawn = dice.choices(given, k=len(given))
        kept = [one for one in drawn if {True, False} <= {other.is_active for other in drawn if other.unit == one.unit}]
        if kept:
            again.append(100 * float(difference(kept)))
    again.sort()
    p = min(1.0, 2 * (1 + tail) / (1 + n_draws))
    return p, again[round(0.025 * n_draws)], again[round(0.975 * n_draws) - 1]


def verdict_of(row: Row, people: Sequence[Worker], layer: int, *, is_telling: bool) -> str:
    """What the exact figures and the association in `row` make of the layer."""
    n_below = sum(one.layer == layer + 1 for one in people)
    if layer == 0 or int(row["n_eligible"]) < 10 or n_below < 10:  # type: ignore[arg-type]
        return "cannot tell"
    drop, low = float(row["drop_pp"]), float(row["drop_pp_low"])  # type: ignore[arg-type]
    if low > 0 and (drop >= 10 or drop >= 100 * float(row["contributor_ratio"]) / 2):  # type: ignore[arg-type]
        return "drops"
    if not is_telling:
        return "cannot tell"
    if float(row["association_p"]) <= 0.05 and float(row["association_pp"]) > 0:  # type: ignore[arg-type]
        return "goes on"
    return "unrelated" if float(row["association_pp_high"]) < 10 else "cannot tell"  # type: ignore[arg-type]
