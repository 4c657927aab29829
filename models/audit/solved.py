"""The systems of all panels, solved together: what follows about the counts that are to be protected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from models.audit.atoms import Panel
from models.audit.derivable import derivable
from models.audit.figures import Figure, Group
from models.audit.findings import Finding, Limits, Rule
from models.audit.intervals import TOLERANCE, Block, Ranges, ranges, too_narrow
from models.audit.measures import CONTRIBUTORS
from models.audit.protected import Protected, protected
from models.audit.system import System

COARSE: Final = ("unit", "previous_unit", "is_executive", "named")
"""Dimensions by which more than the number of contributors is told."""
_TOGETHER: Final = 16
"""Systems that are handed to the solver in one."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A panel and everything that is published of it."""

    period_kind: str
    panel: Panel
    figures: Sequence[Figure]


class Counts(NamedTuple):
    """How much was looked at: published figures of people, those of them that are equations, counts protected."""

    n_figures: int
    n_equations: int
    n_protected: int


@dataclass(frozen=True, slots=True)
class Solved:
    """What follows and must not, one finding each, of which panels, and how much of each panel was looked at."""

    findings: Sequence[Finding]
    objected: frozenset[str]
    counts: Mapping[str, Counts]


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    period_kind: str
    system: System
    sought: Sequence[Protected]


def follows(told: Mapping[str, Telling], limits: Limits) -> Solved:
    """What follows of the protected counts of every panel."""
    asked: list[_Asked] = []
    counts: dict[str, Counts] = {}
    for name, one in told.items():
        of_panel = list(_systems(name, one, limits))
        asked += of_panel
        n_equations = sum(figure.is_exact for figure in one.figures)
        counts[name] = Counts(len(one.figures), n_equations, sum(len(each.sought) for each in of_panel))
    sought = [each for each in asked if each.sought]
    findings: list[Finding] = []
    objected: set[str] = set()
    for start in range(0, len(sought), _TOGETHER):
        batch = sought[start : start + _TOGETHER]
        blocks = [block_of(one.system, one.sought) for one in batch]
        for each, block, found in zip(batch, blocks, ranges(blocks), strict=True):
            follow = _findings(each, block, found)
            findings += follow
            objected |= {each.name} if follow else set()
    return Solved(findings, frozenset(objected), counts)


def _systems(name: str, one: Telling, limits: Limits) -> Iterator[_Asked]:
    """One system of everything, or, where contributors alone are told by more dimensions, one of them beside it."""
    fine = [figure for figure in one.figures if set(figure.terms) == {CONTRIBUTORS}]
    if {figure.group.dimension for figure in fine} <= {"all", *COARSE}:
        yield _asked(name, one, one.figures, limits)
        return
    yield _asked(name, one, [figure for figure in one.figures if figure.group.dimension in ("all", *COARSE)], limits)
    yield _asked(name, one, fine, limits)


def _asked(name: str, one: Telling, figures: Sequence[Figure], limits: Limits) -> _Asked:
    dimensions = sorted(
        {figure.group.dimension for figure in figures if not figure.group.is_crowd} & set(one.panel.labels)
    )
    panel, groups = one.panel.merged([figure.group.atoms for figure in figures], dimensions)
    moved = [
        replace(figure, group=Group(atoms, figure.group.dimension, figure.group.is_crowd))
        for figure, atoms in zip(figures, groups, strict=True)
    ]
    system = System(panel, moved)
    return _Asked(name, one.period_kind, system, protected(system, dimensions, limits))


def block_of(system: System, wanted: Sequence[Protected]) -> Block:
    """A system with the counts that are sought of it, as the solver takes it."""
    columns = [system.columns(sought.measure, sought.atoms) for sought in wanted]
    starts = np.cumsum([0, *(len(at) for at in columns)])
    joined = np.concatenate(columns) if columns else np.zeros(0, dtype=np.int64)
    asked = sparse.csr_matrix((np.ones(len(joined)), joined, starts), shape=(len(columns), len(system.most)))
    return Block(
        matrix=system.rows.matrix(),
        low=np.array(system.rows.low),
        high=np.array(system.rows.high),
        most=system.most,
        asked=asked,
        reach_down=np.array([sought.reach_down for sought in wanted]),
        reach_up=np.array([sought.reach_up for sought in wanted]),
        width=np.array([sought.width for sought in wanted]),
    )


def _findings(one: _Asked, block: Block, found: Ranges) -> list[Finding]:
    is_narrow = too_narrow(block, found)
    # a sum that two solutions give different values does not follow exactly: that leaves few to look at
    open_to = np.flatnonzero(is_narrow & (found.greatest - found.least < TOLERANCE * 10))
    is_equation = np.array(one.system.rows.high) - np.array(one.system.rows.low) < TOLERANCE
    exactly = np.zeros(len(is_narrow), dtype=np.bool_)
    exactly[open_to] = derivable(block.matrix[is_equation], block.asked[open_to])
    findings = []
    for place in np.flatnonzero(is_narrow).tolist():
        sought = one.sought[place]
        rule: Rule = "tail" if not sought.is_small else "derivable" if exactly[place] else "narrow"
        table = _table(one.system, sought.measure)
        findings.append(Finding(rule, table, sought.dimension, sought.measure, one.period_kind))
    return findings


def _table(system: System, measure: str) -> str:
    """A table that tells the measure of parts."""
    return next(
        (
            figure.table
            for figure in (*(one for one in system.figures if not one.group.is_crowd), *system.figures)
            if measure in figure.terms
        ),
        next(iter(system.figures)).table,
    )
