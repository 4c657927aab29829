"""Totals of what people did: whether a total, or what is left of one without another, tells what one person did.

Unsafe by the p%-rule (Handbook on Statistical Disclosure Control): X - x1 - x2 < p * x1, where x1 and x2 are the two
largest parts of the total X: whoever did x2 could estimate x1 to within p. Any total of fewer people than a group, too.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import permutations
from typing import Final

import numpy as np
import polars as pl

from models.audit.atoms import DIMENSIONS, PANEL, Panel, labels_of
from models.audit.columns import RELEASED, Own, Total
from models.audit.figures import Row
from models.audit.findings import Finding, Limits
from models.audit.groups import NAMED, people_of
from models.audit.intervals import Array, Flags

AMOUNT_SCHEMA: Final[Mapping[str, pl.DataType]] = {
    "period_kind": pl.String(),
    "period_start": pl.Date(),
    "platform": pl.String(),
    "amount": pl.String(),
    **dict.fromkeys(DIMENSIONS, pl.String()),
    "person": pl.Int64(),
    "n": pl.Int64(),
}
"""What each counted person did: of which kind (`columns.Total`), where they are counted for it, how much, above 0."""

Key = tuple[object, ...]
BY_NAME: Final = "rel_named_executives"


@dataclass(frozen=True, slots=True)
class _Told:
    """A total: who did something for it, whom it is over, and how many at least have to have done it.

    Of a table that is published as it was before, only what follows together with others is looked at.
    """

    table: str
    dimension: str
    doers: Flags
    people: Flags
    least: int
    is_kept: bool


def of_totals(
    tables: Mapping[str, pl.DataFrame], amounts: pl.DataFrame, of_panel: Mapping[Key, Panel], limits: Limits,
    kept: Set[tuple[Key, str]] = frozenset(),
) -> Iterator[Finding]:  # fmt: skip
    """Findings about all totals of a release, and about what follows of the people that two of them do not share.

    `kept` are tables of panels that are published as they were before, which need not be true of the people any more.
    """
    done = amounts.partition_by("amount", *PANEL, as_dict=True)
    rows = {
        table: tables[table].partition_by(*PANEL, as_dict=True)
        for table, of in RELEASED.items()
        if any(isinstance(column, Total) for column in of.columns.values())
    }
    for key, panel in of_panel.items():
        told: dict[str, list[_Told]] = {}
        for table, by_panel in rows.items():
            if key in by_panel:
                yield from _each_alone(
                    table, by_panel[key].to_dicts(), key=key, panel=panel, done=done, told=told, limits=limits,
                    is_kept=(key, table) in kept,
                )  # fmt: skip
        named = yield from _by_name(tables[BY_NAME], key, panel, done)
        for amount, figures in told.items():
            of_amount = done.get((amount, *key))
            kind = str(key[0])
            yield from _differences(amount, figures, done=of_amount, panel=panel, kind=kind, limits=limits)
            if amount in named:
                yield from _less_named(
                    amount, figures, named[amount], done=of_amount, panel=panel, kind=kind, limits=limits
                )


def _each_alone(
    table: str, rows: Sequence[Row], *, key: Key, panel: Panel, done: Mapping[Key, pl.DataFrame],
    told: dict[str, list[_Told]], limits: Limits, is_kept: bool,
) -> Iterator[Finding]:  # fmt: skip
    """Adds the totals of a table to those `told` by amount; yields what is wrong with each alone."""
    kind = str(key[0])
    for name, column in RELEASED[table].columns.items():
        if not isinstance(column, Total):
            continue
        amounts = done.get((column.amount, *key))
        doers = _as_panel(amounts, panel)
        placed = zip(people_of(table, rows, panel), people_of(table, rows, doers), strict=True)
        for (row, people, dimension), (_, of_doers, _) in placed:
            if row[name] is None or people is None or of_doers is None:
                continue
            if _by_person(amounts, of_doers).sum() != row[name]:
                if not is_kept:
                    yield Finding("inconsistent", table, dimension, name, kind)
                continue
            least = limits.smallest_executives if row.get("is_executive") else limits.smallest_group
            if not is_kept and _is_unsafe(amounts, of_doers, _n_people(panel, people), limits, least):
                yield Finding("dominance", table, dimension, name, kind)
            told.setdefault(column.amount, []).append(_Told(table, dimension, of_doers, people, least, is_kept))
            if column.of_all and people.all():
                everybody = done.get((column.of_all, *key))
                all_doers = np.ones(0 if everybody is None else everybody.height, dtype=np.bool_)
                of_all = _Told(table, dimension, all_doers, people, least, is_kept)
                told.setdefault(column.of_all, []).append(of_all)


def _by_name(
    rows: pl.DataFrame, key: Key, panel: Panel, done: Mapping[Key, pl.DataFrame]
) -> Generator[Finding, None, dict[str, set[str]]]:
    """Who is said by name to have done something, by the amounts that this is a part of.

    Yields what is not true, which is told of nobody else then.
    """
    named: dict[str, set[str]] = {}
    is_here = [pl.col(name).eq(pl.lit(value)) for name, value in zip(PANEL, key, strict=True)]
    of_panel = rows.filter(*is_here)
    for row in of_panel.to_dicts():
        for name, column in RELEASED[BY_NAME].columns.items():
            if not isinstance(column, Own) or row[name] is None:
                continue
            amounts = done.get((column.amount, *key))
            doers = _as_panel(amounts, panel).where(NAMED, row["shown"])
            if _by_person(amounts, doers).sum() != row[name]:
                yield Finding("inconsistent", BY_NAME, NAMED, name, str(key[0]))
            for amount in column.part_of if row[name] else ():
                named.setdefault(amount, set()).add(row["shown"])
    return named


def _less_named(
    amount: str, told: Sequence[_Told], named: Set[str], *, done: pl.DataFrame | None, panel: Panel, kind: str,
    limits: Limits,
) -> Iterator[Finding]:  # fmt: skip
    """What is left of a total, and of a whole without all parts of a dimension, less what the named did for it."""
    doers_by_name, people_by_name = (
        np.logical_or.reduce([of.where(NAMED, name) for name in sorted(named)])
        for of in (_as_panel(done, panel), panel)
    )
    rests = [
        replace(one, dimension=f"{one.dimension} less {other.dimension}", doers=one.doers & ~other.doers,
                people=one.people & ~other.people, least=limits.smallest_group)
        for one, other in _without_parts(told)
    ]  # fmt: skip
    for one in (*told, *rests):
        left = one.people & ~people_by_name
        if not (one.doers & doers_by_name).any() or not left.any():
            continue
        if _is_unsafe(done, one.doers & ~doers_by_name, _n_people(panel, left), limits, one.least):
            yield Finding("dominance", one.table, f"{one.dimension} less {NAMED}", amount, kind)


def _differences(
    amount: str, told: Sequence[_Told], *, done: pl.DataFrame | None, panel: Panel, kind: str, limits: Limits
) -> Iterator[Finding]:
    """What is left of a total without another that lies in it, and of a whole without all parts of a dimension."""
    seen = set()
    for one, other in (*permutations(told, 2), *_without_parts(told)):
        left = one.people & ~other.people
        if one.is_kept and other.is_kept:
            continue
        if (other.people & ~one.people).any() or not left.any() or left.tobytes() in seen:
            continue
        seen.add(left.tobytes())
        if _is_unsafe(done, one.doers & ~other.doers, _n_people(panel, left), limits, limits.smallest_group):
            yield Finding("dominance", one.table, f"{one.dimension} less {other.dimension}", amount, kind)


def _without_parts(told: Sequence[_Told]) -> Iterator[tuple[_Told, _Told]]:
    for whole in told:
        for dimension in sorted({one.dimension for one in told} - {whole.dimension}):
            parts = [one for one in told if one.dimension == dimension and not (one.people & ~whole.people).any()]
            if parts:
                doers = np.logical_or.reduce([one.doers for one in parts])
                people = np.logical_or.reduce([one.people for one in parts])
                is_kept = all(one.is_kept for one in parts)
                yield whole, _Told(whole.table, f"all of {dimension}", doers, people, 0, is_kept)


def _is_unsafe(done: pl.DataFrame | None, doers: Flags, n_people: float, limits: Limits, least: int) -> bool:
    if not n_people:
        return False
    values = _by_person(done, doers)
    largest = np.sort(values)[::-1]
    if len(largest) < least:
        return bool(len(largest)) or n_people < limits.crowd
    return bool(values.sum() - largest[0] - largest[1] < limits.dominance * largest[0])


def _n_people(panel: Panel, people: Flags) -> float:
    return float(panel.size[people & panel.among(("counted",))].sum())


def _by_person(done: pl.DataFrame | None, doers: Flags) -> Array:
    if done is None:
        return np.zeros(0)
    _, places = np.unique(done["person"].to_numpy()[doers], return_inverse=True)
    return np.bincount(places, weights=done["n"].cast(pl.Float64).to_numpy()[doers]).astype(np.float64)


def _as_panel(amounts: pl.DataFrame | None, panel: Panel) -> Panel:
    """The people who did something, as atoms of one."""
    frame = amounts if amounts is not None else pl.DataFrame(schema=dict(AMOUNT_SCHEMA))
    ones = np.ones(frame.height)
    return Panel({"counted": ones.astype(np.bool_)}, ones.astype(np.bool_), ones, labels_of(frame), {}, panel.values)


