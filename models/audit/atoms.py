"""Who is who: the people of a period and platform, in atoms of those whom no dimension tells apart.

Whoever reads a release may know the organisation chart, so the size of every atom is taken for known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from models.audit.intervals import Array, Flags
from models.audit.measures import BASIC, KINDS, MEASURES, Kind

Labels = npt.NDArray[np.object_]

PANEL: Final = ("period_kind", "period_start", "platform")
"""What tells the systems of an audit apart."""
DIMENSIONS: Final = (
    "unit", "previous_unit", "is_executive", "department", "layer", "location", "tenure", "n_platforms_offered",
    "named",
)  # fmt: skip
"""By what people may be told apart; NULL is no value."""
ATOM_SCHEMA: Final[Mapping[str, pl.DataType]] = {
    "period_kind": pl.String(),
    "period_start": pl.Date(),
    "platform": pl.String(),
    "kind": pl.String(),
    "was_counted": pl.Boolean(),
    **dict.fromkeys(DIMENSIONS, pl.String()),
    "n_people": pl.Int64(),
    **dict.fromkeys(BASIC, pl.Int64()),
}
"""Columns of the table of atoms: the panel, of whom (`measures.Kind`), whether they were counted in the period before,
every dimension, how many people, and of each basic measure how many of them truly count (NULL: not known)."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The atoms of one period and platform: sizes, labels by dimension, true counts by basic measure.

    `values` are all labels that anybody has in a dimension.
    """

    of_kind: Mapping[Kind, Flags]
    was_counted: Flags
    size: Array
    labels: Mapping[str, Labels]
    truth: Mapping[str, Array]
    values: Mapping[str, frozenset[str]]

    def where(self, dimension: str, label: str) -> Flags:
        """The atoms that have a label."""
        return np.asarray(self.labels[dimension] == label, dtype=np.bool_)

    def has(self, dimension: str) -> Flags:
        """The atoms that have any label of a dimension."""
        return np.array([label is not None for label in self.labels[dimension]], dtype=np.bool_)

    def among(self, kinds: Sequence[Kind]) -> Flags:
        """The atoms of these kinds."""
        return np.asarray(np.logical_or.reduce([self.of_kind[kind] for kind in kinds]), dtype=np.bool_)

    def true_count(self, measure: str, group: Flags) -> float:
        """How many people of a group truly count; NaN where that is not known."""
        of = MEASURES[measure]
        inside = group & self.among(of.of)
        counted = sum(float(self.truth[part][inside & self.among((BASIC[part],))].sum()) for part in of.parts)
        return float(self.size[inside].sum()) - counted if of.is_rest else counted

    def merged(self, groups: Sequence[Flags], dimensions: Sequence[str]) -> tuple["Panel", list[Flags]]:
        """The same people, with the groups, in fewer atoms: those that no group and no dimension tells apart."""
        keys = list(
            zip(
                *self.of_kind.values(),
                self.was_counted,
                *(self.labels[name] for name in dimensions),
                *groups,
                strict=True,
            )
        )
        places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        of_atom = np.array([places[key] for key in keys], dtype=np.int64)
        _, first = np.unique(of_atom, return_index=True)
        added = {name: _added(values, of_atom, len(places)) for name, values in self.truth.items()}
        blank = np.full(len(places), None, dtype=object)
        labels = {name: self.labels[name][first] if name in dimensions else blank for name in self.labels}
        panel = Panel(
            of_kind={kind: atoms[first] for kind, atoms in self.of_kind.items()},
            was_counted=self.was_counted[first],
            size=_added(self.size, of_atom, len(places)),
            labels=labels,
            truth=added,
            values=self.values,
        )
        return panel, [group[first] for group in groups]


NOBODY: Final = Panel(
    {kind: np.zeros(0, dtype=np.bool_) for kind in KINDS}, np.zeros(0, dtype=np.bool_), np.zeros(0),
    {name: np.zeros(0, dtype=object) for name in DIMENSIONS}, {name: np.zeros(0) for name in BASIC},
    dict.fromkeys(DIMENSIONS, frozenset()),
)  # fmt: skip
"""A panel without people."""


def panels(atoms: pl.DataFrame) -> Iterator[tuple[tuple[object, ...], Panel]]:
    """The panels of a table of atoms (`ATOM_SCHEMA`), with what tells them apart."""
    rows = atoms.sort(*PANEL)
    labels = labels_of(rows)
    of_kind = {kind: (rows["kind"] == kind).to_numpy() for kind in KINDS}
    was_counted = rows["was_counted"].to_numpy().astype(np.bool_)
    size = rows["n_people"].cast(pl.Float64).to_numpy()
    truth = {name: rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in BASIC}
    begin = 0
    for *key, n in rows.group_by(*PANEL, maintain_order=True).len().iter_rows():
        at = slice(begin, begin := begin + n)
        own = {name: of[at] for name, of in labels.items()}
        yield tuple(key), Panel(
            of_kind={kind: of[at] for kind, of in of_kind.items()},
            was_counted=was_counted[at],
            size=size[at],
            labels=own,
            truth={name: of[at] for name, of in truth.items()},
            values={name: frozenset(label for label in of if label is not None) for name, of in own.items()},
        )


def labels_of(rows: pl.DataFrame) -> dict[str, Labels]:
    """The labels of some rows by dimension."""
    return {name: np.array(rows[name].to_list(), dtype=object) for name in DIMENSIONS}


def _added(values: Array, of_atom: npt.NDArray[np.int64], n: int) -> Array:
    return np.bincount(of_atom, weights=values, minlength=n).astype(np.float64)
