"""Published counts and shares as what they say: that a sum over the people of a group lies between two numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from models.audit.atoms import Panel
from models.audit.columns import COUNTED, FEW_OF_A_CROWD, GRID_OF, RELEASED, ROUNDED_TO, Count, Own, Share, Some
from models.audit.intervals import Flags
from models.audit.measures import MEASURES
from models.statistics.intervals import Z_95, wilson_bounds

Row = Mapping[str, Any]
SLACK: Final = ROUNDED_TO // 2
_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Group:
    """The people of a row: which atoms, by what they are told apart, and whether they are a crowd (or not a part)."""

    atoms: Flags
    dimension: str
    is_crowd: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """`low <= sum of terms over the group <= high`; a term is how often a basic measure counts."""

    table: str
    measure: str
    group: Group
    terms: Mapping[str, float]
    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Whether it is an equation."""
        return self.high - self.low < _SAME

    def holds(self, panel: Panel) -> bool:
        """Whether it is true of the people."""
        value = sum(by * panel.true_count(name, self.group.atoms) for name, by in self.terms.items())
        return bool(self.low - 1e-6 <= value <= self.high + 1e-6)


def figures_of(
    table: str, row: Row, group: Group, panel: Panel, *, rounded: frozenset[str], measures: tuple[str, ...]
) -> Iterator[Figure]:
    """What a row says of its group about these measures. `rounded` names its columns told to the nearest five."""
    for name, column in RELEASED[table].columns.items():
        if not isinstance(column, Count | Some | Share | Own):
            continue
        measure = column.counts(row) if isinstance(column, Count) else column.measure
        if measure not in measures:
            continue
        if isinstance(column, Some):
            if row[name] is not None:
                low = row[name] - (SLACK if name in rounded else 0)
                yield _counted(table, column.measure, group, panel, low=low, high=np.inf)
            continue
        if isinstance(column, Count) and row[name] is not None and not _is_rest(row, name, column, group):
            slack = SLACK if _told_like(name, column, row, group) in rounded else 0
            yield _counted(table, measure, group, panel, low=row[name] - slack, high=row[name] + slack)
        elif isinstance(column, Own) and row[name]:
            yield _counted(table, column.measure, group, panel, low=1, high=1)
        elif isinstance(column, Share) and not group.is_crowd:
            yield from _shared(table, name, column, row, group=group, panel=panel)


def _told_like(name: str, column: Count, row: Row, group: Group) -> str:
    """The column that shows whether a count is told in fives; none of a crowd, unless it may be few even there."""
    if not group.is_crowd:
        return name
    if column.unless and row[column.unless] is not None:
        return column.unless
    return name if column.measure in FEW_OF_A_CROWD else ""


def _is_rest(row: Row, name: str, column: Count, group: Group) -> bool:
    """Whether a count of a group is what is left of another in its row."""
    if column.rest_of is None or group.is_crowd:
        return False
    whole, part = (row[one] for one in column.rest_of)
    return whole is not None and part is not None and row[name] == whole - part


def _counted(table: str, measure: str, group: Group, panel: Panel, *, low: float, high: float) -> Figure:
    of = MEASURES[measure]
    if of.is_rest:
        n = float(panel.size[group.atoms & panel.among(of.of)].sum())
        low, high = n - high, n - low
    return Figure(table, measure, group, dict.fromkeys(of.parts, 1.0), low, high)


def _shared(table: str, name: str, column: Share, row: Row, *, group: Group, panel: Panel) -> Iterator[Figure]:
    """What a share says beyond the counts of its row: nothing, if it follows from them."""
    share, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    counted = row[column.count]
    if share is None:
        if low is not None and high is not None:
            yield from _between(table, column, group, panel, low=low, high=high)
        return
    told = row[RELEASED[table].size] if column.of == COUNTED else row.get(f"n_{column.of}")
    follows = counted is not None and told and abs(share - min(1.0, counted / told)) < _SAME
    step = next(step for least, step in GRID_OF if (told or 0) >= least)
    is_on_grid = abs(share / step - round(share / step)) < 1e-6
    near = counted is not None and told and abs(share - _on_grid(counted / told, step)) < _SAME
    if not follows and not (is_on_grid and near):
        half = step / 2 if is_on_grid else _SAME
        yield from _between(table, column, group, panel, low=share - half, high=share + half)
    if low is not None and high is not None and column.of == COUNTED:
        k = _count_of_bounds(low, high, int(panel.size[group.atoms & panel.among(("counted",))].sum()))
        if k is not None:
            yield _counted(table, column.measure, group, panel, low=k, high=k)


def _on_grid(share: float, step: float) -> float:
    """The nearest step, of those that are neither nobody nor everybody."""
    return min(max(round(share / step), 1), round(1 / step) - 1) * step


def _count_of_bounds(low: float, high: float, n: int) -> int | None:
    """The count out of `n` of which these are the 95 % bounds, if they are those of one: then they tell it exactly."""
    k = round((low + high) / 2 * (n + Z_95 * Z_95) - Z_95 * Z_95 / 2)
    if not 0 <= k <= n or n == 0:
        return None
    of_k = wilson_bounds(k, n)
    is_same = all(one is not None and abs(one - told) < _SAME for one, told in zip(of_k, (low, high), strict=True))
    return k if is_same else None


def _between(table: str, column: Share, group: Group, panel: Panel, *, low: float, high: float) -> Iterator[Figure]:
    if column.of == COUNTED:
        n = float(panel.size[group.atoms & panel.among(("counted",))].sum())
        least, most = np.ceil(low * n - 1e-6), np.floor(high * n + 1e-6)
        if least > most:
            # a share that no whole number of people has is kept as it is, and will not hold
            least, most = low * n, high * n
        yield _counted(table, column.measure, group, panel, low=float(least), high=float(most))
        return
    parts, whole = MEASURES[column.measure].parts, MEASURES[column.of].parts
    for bound, end in ((low, "low"), (high, "high")):
        terms = dict.fromkeys(whole, -bound)
        for name in parts:
            terms[name] = terms.get(name, 0.0) + 1.0
        edges = (0.0, np.inf) if end == "low" else (-np.inf, 0.0)
        yield Figure(table, f"{column.measure} of {column.of}", group, terms, *edges)
