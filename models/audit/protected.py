"""Which counts must not follow from what is published, and how much about each must stay open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.audit.findings import Limits
from models.audit.groups import EXECUTIVE, NAMED
from models.audit.intervals import Flags
from models.audit.measures import CONTRIBUTORS, IDENTITIES, PEOPLE
from models.audit.system import System

_EXECUTIVES = (EXECUTIVE, f"{EXECUTIVE} less {NAMED}")
"""Groups from `smallest_executives` people on."""
Bounds = Mapping[str, tuple[float, float, float]]
"""Of each basic measure in a group: at least, at most, and of how many people."""


@dataclass(frozen=True, slots=True)
class Protected:
    """A count of a group of which the ends, or, if it is small, everything must stay open."""

    measure: str
    atoms: Flags
    dimension: str
    is_small: bool
    reach_down: float
    reach_up: float
    width: float


def protected(system: System, dimensions: Sequence[str], limits: Limits) -> list[Protected]:
    """All counts of a system that are to be protected. `dimensions` are those that its atoms are told apart by.

    Of a group too small to be shown, an interval of `limits.width` people must stay possible, or of all people if they
    are fewer; but what is said of people by name is no secret, nor what follows from that alone. Of any other group but
    a crowd, `limits.tail` must stay possible at either end. What the figures of one crowd alone tell of everybody in it
    is not held against any part of it.
    """
    crowds = [(group, _bounds_of_crowd(system, group)) for group in _unique(
        figure.group.atoms for figure in system.figures if figure.group.is_crowd
    )]  # fmt: skip
    candidates = list(_candidates(system, dimensions))
    said = _said_of_named(system)
    found = []
    for measure in system.basic:
        seen = set()
        may_count = system.may_count(measure)
        for dimension, atoms in candidates:
            inside = atoms & (may_count > 0)
            n = float(may_count[inside].sum())
            if not 0 < n < limits.crowd or (key := inside.tobytes()) in seen:
                continue
            seen.add(key)
            if measure in said and not (inside & ~said[measure]).any():
                continue
            least = limits.smallest_executives if dimension in _EXECUTIVES else limits.smallest_group
            told = _told_by_crowds(system, measure, inside, crowds)
            found.append(_protected(measure, inside, dimension, n=n, told=told, is_small=n < least, limits=limits))
    return found


def _protected(
    measure: str, atoms: Flags, dimension: str, *, n: float, told: tuple[float, float], is_small: bool, limits: Limits
) -> Protected:
    floor, ceiling = told
    if not is_small:
        down, up = max(n - limits.tail, floor), min(limits.tail, ceiling)
        return Protected(measure, atoms, dimension, is_small, down, up, 0.0)
    width = min(limits.width, n, ceiling - floor)
    # of fewer people than that nothing at all may follow
    down, up = (floor, ceiling) if n < limits.width else (np.inf, -np.inf)
    return Protected(measure, atoms, dimension, is_small, down, up, width)


def _candidates(system: System, dimensions: Sequence[str]) -> Iterator[tuple[str, Flags]]:
    """Groups that may be told: atoms, true values, published groups, what they share and where they differ."""
    panel = system.panel
    for dimension in dimensions:
        for label in sorted({label for label in panel.labels[dimension] if label is not None}):
            yield dimension, panel.where(dimension, label)
    published: dict[bytes, tuple[str, Flags]] = {}
    for figure in system.figures:
        published.setdefault(figure.group.atoms.tobytes(), (figure.group.dimension, figure.group.atoms))
    yield from published.values()
    named = [atoms for one, atoms in published.values() if one == NAMED]
    if named:
        by_name = np.logical_or.reduce(named)
        yield from ((f"{one} less {NAMED}", atoms & ~by_name) for one, atoms in published.values() if one != NAMED)
    for dimension in sorted({one for one, _ in published.values()}):
        in_parts = np.logical_or.reduce([atoms for one, atoms in published.values() if one == dimension])
        yield f"rest of {dimension}", ~in_parts
    for (one, first), (other, second) in combinations(published.values(), 2):
        yield f"{one} and {other}", first & second
        yield f"{one} less {other}", first & ~second
        yield f"{other} less {one}", second & ~first
    for atom in range(len(panel.size)):
        yield "people alike in all dimensions", np.arange(len(panel.size)) == atom


def _said_of_named(system: System) -> dict[str, Flags]:
    """Of each basic measure the people of whom it is said by name that it counts them or not.

    Who contributes is said with it to have begun once, not to lurk and not to have fallen silent; and what they wrote
    is some or much.
    """
    said: dict[str, Flags] = {}
    for figure in system.figures:
        if figure.group.dimension != NAMED:
            continue
        told = set(figure.terms)
        if CONTRIBUTORS in told:
            told |= {"some", "heavy", "adopted", "lurkers", "lapsed"}
        for name in told & set(system.basic):
            said[name] = said.get(name, np.zeros_like(figure.group.atoms)) | figure.group.atoms
    return said


def _unique(groups: Iterable[Flags]) -> list[Flags]:
    return list({group.tobytes(): group for group in groups}.values())


def _told_by_crowds(
    system: System, measure: str, atoms: Flags, crowds: Sequence[tuple[Flags, Bounds]]
) -> tuple[float, float]:
    """Between what the figures of crowds, each alone, hold a measure in these atoms, by what it is a part or sum of.

    Some parts count nobody of some atoms: who was not counted before is not retained.
    """
    floor, ceiling = _told_alone(system, measure, atoms, crowds)
    for identity in IDENTITIES:
        if identity.one == measure and identity.is_equal and set(identity.parts) <= set(system.basic):
            parts = [_told_alone(system, part, atoms, crowds) for part in identity.parts]
            floor, ceiling = max(floor, sum(low for low, _ in parts)), min(ceiling, sum(high for _, high in parts))
        elif measure in identity.parts and not identity.is_equal and identity.one in system.basic:
            ceiling = min(ceiling, _told_by_crowds(system, identity.one, atoms, crowds)[1])
    return floor, ceiling


def _told_alone(
    system: System, measure: str, atoms: Flags, crowds: Sequence[tuple[Flags, Bounds]]
) -> tuple[float, float]:
    n = float(system.may_count(measure)[atoms].sum())
    floor, ceiling = 0.0, n
    for group, bounds in crowds:
        if not (atoms & ~group).any():
            low, high, n_group = bounds[measure]
            floor = max(floor, low - (n_group - n))
            ceiling = min(ceiling, high)
    return floor, ceiling


def _bounds_of_crowd(system: System, group: Flags) -> Bounds:
    """Between what the figures of one group alone hold each basic measure in it."""
    n_of = {name: float(system.may_count(name)[group].sum()) for name in system.basic}
    bounds = {name: (0.0, n) for name, n in n_of.items()}
    own = [
        figure for figure in system.figures if figure.group.is_crowd and np.array_equal(figure.group.atoms, group)
    ]
    n_people = float(system.panel.size[group & system.panel.among(("counted",))].sum())
    for _ in range(4):
        for figure in own:
            _tighten(bounds, figure.terms, figure.low, figure.high)
        for identity in IDENTITIES:
            if not set(identity.parts) <= set(bounds):
                continue
            parts = dict.fromkeys(identity.parts, 1.0)
            if identity.one == PEOPLE:
                _tighten(bounds, parts, 0, n_people)
            elif identity.one in bounds:
                terms = {identity.one: -1.0, **parts}
                _tighten(bounds, terms, 0 if identity.is_equal else -np.inf, 0)
    return {name: (*bounds[name], n) for name, n in n_of.items()}


def _tighten(bounds: dict[str, tuple[float, float]], terms: Mapping[str, float], low: float, high: float) -> None:
    for name, by in terms.items():
        others = [
            sorted((factor * bounds[one][0], factor * bounds[one][1])) for one, factor in terms.items() if one != name
        ]
        least = (low - sum(most for _, most in others)) / by
        most = (high - sum(few for few, _ in others)) / by
        least, most = min(least, most), max(least, most)
        bounds[name] = max(bounds[name][0], least), min(bounds[name][1], most)
