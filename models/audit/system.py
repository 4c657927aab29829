"""The linear system of one period and platform: unknown counts of atoms, what is published of them, what must hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse  # type: ignore[import-untyped]

from models.audit.atoms import Panel
from models.audit.figures import Figure
from models.audit.intervals import Array, Flags
from models.audit.measures import BASIC, IDENTITIES, PEOPLE, needed

_ONLY_COUNTED_BEFORE = ("retained", "lapsed")


@dataclass(slots=True)
class Rows:
    """Rows of a sparse matrix with their bounds, as they are collected."""

    n_columns: int
    columns: list[npt.NDArray[np.int64]] = field(default_factory=list)
    values: list[Array] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, columns: Sequence[npt.NDArray[np.int64]], values: Sequence[float], low: float, high: float) -> None:
        """A row: each value at all of its columns."""
        self.columns.append(np.concatenate(columns) if columns else np.zeros(0, dtype=np.int64))
        self.values.append(np.concatenate([np.full(len(at), by) for at, by in zip(columns, values, strict=True)]))
        self.low.append(low)
        self.high.append(high)

    def matrix(self) -> sparse.csr_matrix:
        """All rows; a column that a row names twice counts twice."""
        starts = np.cumsum([0, *(len(one) for one in self.columns)])
        joined = np.concatenate(self.columns) if self.columns else np.zeros(0, dtype=np.int64)
        values = np.concatenate(self.values) if self.values else np.zeros(0)
        matrix = sparse.csr_matrix((values, joined, starts), shape=(len(self.columns), self.n_columns))
        matrix.sum_duplicates()
        return matrix


class System:
    """Unknowns, one for every atom and basic measure that applies to it, and rows of what is known about them."""

    def __init__(self, panel: Panel, figures: Sequence[Figure]) -> None:
        """`figures` are of groups of the panel's atoms. Measures that are told of crowds only are left out."""
        self.panel = panel
        parts = [name for figure in figures if not figure.group.is_crowd for name in figure.terms]
        self.basic = needed(parts, [name for figure in figures for name in figure.terms])
        self.figures = [figure for figure in figures if set(figure.terms) <= set(self.basic)]
        self._at: dict[str, npt.NDArray[np.int64]] = {}
        most, n = [], 0
        for name in self.basic:
            of_kind = np.flatnonzero(panel.among((BASIC[name],)))
            places = np.full(len(panel.size), -1, dtype=np.int64)
            places[of_kind] = n + np.arange(len(of_kind))
            self._at[name] = places
            size = panel.size[of_kind].copy()
            if name in _ONLY_COUNTED_BEFORE:
                size[~panel.was_counted[of_kind]] = 0
            most.append(size)
            n += len(of_kind)
        self.most: Array = np.concatenate(most) if most else np.zeros(0)
        self.rows = Rows(n)
        for figure in self.figures:
            at = [self.columns(name, figure.group.atoms) for name in figure.terms]
            self.rows.add(at, list(figure.terms.values()), figure.low, figure.high)
        self._add_identities()

    def columns(self, name: str, group: Flags) -> npt.NDArray[np.int64]:
        """The unknowns of a basic measure for the atoms of a group to which it applies."""
        places = self._at[name][group]
        return places[places >= 0]

    def may_count(self, name: str) -> Array:
        """How many people of each atom a basic measure may count."""
        places = self._at[name]
        if not self.most.size:  # of a period whose people have expired
            return np.zeros(len(places))
        return np.where(places >= 0, self.most[np.maximum(places, 0)], 0.0)

    def _add_identities(self) -> None:
        for identity in IDENTITIES:
            parts = [name for name in identity.parts if name in self.basic]
            if parts != list(identity.parts) or (identity.one != PEOPLE and identity.one not in self.basic):
                continue
            for atom in np.flatnonzero(self.panel.among(("counted",))):
                at = [self._at[name][[atom]] for name in parts]
                if identity.one == PEOPLE:
                    self.rows.add(at, [1.0] * len(parts), 0, float(self.panel.size[atom]))
                else:
                    one = self._at[identity.one][[atom]]
                    greatest = 0.0 if identity.is_equal else np.inf
                    self.rows.add([one, *at], [1.0, *([-1.0] * len(parts))], 0, greatest)
