"""What follows from the figures of all platforms of a month together: the same people are counted on each of them.

Whoever contributes on a platform contributes, and whoever contributes does on some platform. So the contributors of the
same people over all platforms are at least those on each, and at most the sum. Who is not among a platform's figures
may be among its contributors all the same, so every platform on which people are counted takes part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from models.audit.atoms import Panel
from models.audit.figures import Figure, Group
from models.audit.findings import Finding, Limits, Rule
from models.audit.groups import ALL
from models.audit.intervals import Array, Block, Flags, ranges, too_narrow
from models.audit.measures import CONTRIBUTORS
from models.audit.protected import Protected, protected
from models.audit.solved import Telling, block_of
from models.audit.system import System

TABLE: Final = "rel_unit_platforms"
"""The table by unit and platform, which is what ties the platforms of a month together."""
_SHARED: Final = ("unit", "is_executive")
"""By what people are told apart both on a platform and over all."""
_Solved = tuple[Panel, System, Sequence[Protected]]


def follow_together(months: Mapping[str, Mapping[str, Telling]], limits: Limits) -> dict[str, list[Finding]]:
    """What follows, and must not, in each of `months`, which hold what is published of it by platform (`all`, one)."""
    asked = {name: _asked(of_platform, limits) for name, of_platform in months.items() if ALL in of_platform}
    asked = {name: one for name, one in asked.items() if any(sought for _, _, sought in one.values())}
    blocks = [_joined(one) for one in asked.values()]
    found: dict[str, list[Finding]] = {}
    for (name, of_platform), block, known in zip(asked.items(), blocks, ranges(blocks), strict=True):
        sought = [each for _, _, of_one in of_platform.values() for each in of_one]
        kind = months[name][ALL].period_kind
        found[name] = [_finding(sought[place], kind) for place in np.flatnonzero(too_narrow(block, known)).tolist()]
    return found


def _finding(sought: Protected, period_kind: str) -> Finding:
    rule: Rule = "narrow" if sought.is_small else "tail"
    return Finding(rule, TABLE, sought.dimension, sought.measure, period_kind)


def _asked(of_platform: Mapping[str, Telling], limits: Limits) -> dict[str, _Solved]:
    """A system of the contributors of each platform, over all first."""
    platforms = sorted(of_platform, key=lambda platform: (platform != ALL, platform))
    return {platform: _system(of_platform[platform], limits) for platform in platforms}


def _system(one: Telling, limits: Limits) -> _Solved:
    figures = [figure for figure in one.figures if set(figure.terms) == {CONTRIBUTORS}]
    told = {figure.group.dimension for figure in figures if not figure.group.is_crowd}
    dimensions = sorted((told & set(one.panel.labels)) | set(_SHARED))
    panel, groups = one.panel.merged([figure.group.atoms for figure in figures], dimensions)
    moved = [
        replace(figure, group=Group(atoms, figure.group.dimension, figure.group.is_crowd))
        for figure, atoms in zip(figures, groups, strict=True)
    ]
    # contributors are unknowns also where no part of them is told
    system = System(panel, [*moved, _anything(panel)])
    return panel, system, protected(system, dimensions, limits)


def _anything(panel: Panel) -> Figure:
    everybody = Group(np.ones(len(panel.size), dtype=np.bool_), ALL, is_crowd=False)
    return Figure(TABLE, CONTRIBUTORS, everybody, {CONTRIBUTORS: 1.0}, 0.0, float(np.inf))


def _joined(of_platform: Mapping[str, _Solved]) -> Block:
    """All systems of a month as one, with the rows that tie them."""
    blocks = [block_of(system, sought) for _, system, sought in of_platform.values()]
    ties, low = _ties(of_platform)
    return Block(
        matrix=sparse.vstack([sparse.block_diag([block.matrix for block in blocks]), ties], format="csr"),
        low=np.concatenate([*(block.low for block in blocks), low]),
        high=np.concatenate([*(block.high for block in blocks), np.full(len(low), np.inf)]),
        most=np.concatenate([block.most for block in blocks]),
        asked=sparse.block_diag([block.asked for block in blocks], format="csr"),
        reach_down=np.concatenate([block.reach_down for block in blocks]),
        reach_up=np.concatenate([block.reach_up for block in blocks]),
        width=np.concatenate([block.width for block in blocks]),
    )


def _ties(of_platform: Mapping[str, _Solved]) -> tuple[sparse.csr_matrix, Array]:
    """Rows over all unknowns that are at least 0: all less one platform, and the sum of the platforms less all.

    Of people who are told apart on all of them alike. A row that is not true of the people says nothing.
    """
    starts = np.cumsum([0, *(len(system.most) for _, system, _ in of_platform.values())])
    whole, *others = zip(of_platform.values(), starts[:-1].tolist(), strict=True)
    rows: list[Array] = []
    for mask_of in _alike(whole[0][0]):
        tied = [one for one in others if _n_people(one[0][0], mask_of) == _n_people(whole[0][0], mask_of)]
        rows += [_difference([whole], [one], mask_of, int(starts[-1])) for one in tied]
        if len(tied) == len(others):
            rows.append(_difference(others, [whole], mask_of, int(starts[-1])))
    true = np.concatenate([_truth(panel, system) for panel, system, _ in of_platform.values()])
    holding = [row for row in rows if float(row @ true) >= 0]
    matrix = sparse.csr_matrix(np.array(holding).reshape(len(holding), int(starts[-1])))
    return matrix, np.zeros(len(holding))


_Placed = tuple[_Solved, int]
_Labels = tuple[object, ...]


def _alike(panel: Panel) -> list[_Labels]:
    counted = panel.among(("counted",))
    pairs = zip(*(panel.labels[name][counted].tolist() for name in _SHARED), strict=True)
    return list(dict.fromkeys(pairs))


def _mask(panel: Panel, labels: _Labels) -> Flags:
    own = [np.array([one is label or one == label for one in panel.labels[name]], dtype=np.bool_)
           for name, label in zip(_SHARED, labels, strict=True)]  # fmt: skip
    return np.asarray(np.logical_and.reduce([*own, panel.among(("counted",))]), dtype=np.bool_)


def _n_people(panel: Panel, labels: _Labels) -> float:
    return float(panel.size[_mask(panel, labels)].sum())


def _difference(plus: Sequence[_Placed], minus: Sequence[_Placed], labels: _Labels, n: int) -> Array:
    row = np.zeros(n)
    for sign, placed in ((1.0, plus), (-1.0, minus)):
        for (panel, system, _), start in placed:
            row[start + system.columns(CONTRIBUTORS, _mask(panel, labels))] = sign
    return row


def _truth(panel: Panel, system: System) -> Array:
    """The true values of the contributors among the unknowns of a system; ties are of no others."""
    values = np.zeros(len(system.most))
    counted = panel.among(("counted",))
    values[system.columns(CONTRIBUTORS, counted)] = panel.truth[CONTRIBUTORS][counted]
    return values
