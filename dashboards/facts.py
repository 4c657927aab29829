"""The cells of which sentences may speak: those of a card's relation, and those of released rows."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import polars as pl

from dashboards import words
from dashboards.cards import MOST_ROWS, Card
from dashboards.headlines.spaces import LONGEST
from dashboards.numbers import DAY, Fact, Facts
from dashboards.relation import Column, Kind, Relation
from dashboards.released import Released, Row
from models.comparison import Share

KEYS: Final = ("period_kind", "period_start", "period_end", "platform", "unit")
_ENDS: Final = ("_low", "_high")
_DEFINITION: Final = ("title", "numerator", "denominator", "window", "exclusions")


def cells(table: str, *rows: Row | None, only: str = "") -> tuple[Fact, ...]:
    """The numbers of released rows (of column `only`), and the shares of the eligible people that their counts give."""
    found = (_cells(table, {name: row[name] for name in (*KEYS, only) if name in row} if only else row)
             for row in rows if row)  # fmt: skip
    return tuple(fact for facts in found for fact in facts)


def _cells(table: str, row: Row) -> Iterator[Fact]:
    key = "/".join(str(row[name]) for name in ("period_start", "platform", "unit") if row.get(name) is not None)
    about = _period(row.get("period_kind", ""), row.get("period_start")) or words.platform(row.get("platform", ""))
    whole = row.get("n_eligible")
    for name, value in row.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        kind = kind_of(name)
        is_whole = isinstance(value, int) or kind != "count"
        yield Fact(f"{table}/{name}/{key}", value, kind if is_whole else "decimal", about)
        if whole and name.startswith("n_") and name != "n_eligible":
            yield Fact(f"{table}/{name}:n_eligible/{key}", value / whole, "ratio", about)


def of_share(cell: str, share: Share | None) -> tuple[Fact, ...]:
    """The two counts of a share that stands in no column, and the share itself."""
    if share is None:
        return ()
    counts = (Fact(f"{cell}/part", share.n_part, "count"), Fact(f"{cell}/whole", share.n_whole, "count"))
    return (*counts, Fact(cell, share.ratio, "ratio"))


def kind_of(column: str) -> Kind:
    """What a released column holds, by its name."""
    stem = next((column.removesuffix(end) for end in _ENDS if column.endswith(end)), column)
    if stem.endswith("_ratio") or stem == "value":
        return "ratio"
    if stem.startswith("n_") or stem == "absence_factor":
        return "count"
    return "pp" if stem.endswith("_pp") else "decimal"


def card_facts(card: Card, released: Released) -> Facts:
    """What the sentences of a card may say: the cells of its relation first, then its further ones."""
    constants = [released.definitions[metric][name] or "" for metric in card.metrics for name in _DEFINITION]
    names = [one[:end] for one in released.names_with_digits for end in {len(one), min(len(one), LONGEST - 1)}]
    relation = card.relation
    if relation is None:
        return Facts(card.facts, constants=constants, names=names)
    labels = [column.title for column in relation.columns if not DAY.search(column.title)]
    facts = (*_relation_cells(card.id, relation), *card.facts)
    return Facts(facts, constants=constants, names=[*labels, *_names(relation), *names])


def _names(relation: Relation) -> Iterator[str]:
    for column in relation.columns:
        if relation.frame[column.name].dtype == pl.String:
            yield from (words.clean(name) for name in relation.frame[column.name].drop_nulls().unique())


def _relation_cells(card: str, relation: Relation) -> Iterator[Fact]:
    first, *rest = relation.columns
    numeric = [column for column in rest if relation.frame[column.name].dtype.is_numeric()]
    rows = list(zip(relation.keys(), relation.shown(), strict=True))
    is_over_time = any(column.kind in ("week", "month") for column in rest)
    for key, row in reversed(rows) if is_over_time and not relation.newest_first else rows:
        about = _period(first.kind, row[first.name]) or f"{words.clean(str(row[first.name]))}:"
        for column in numeric:
            # bounds are told in place of a value, never beside it
            names = (column.bounds or ()) if row[column.name] is None else (column.name,)
            if all(row[name] is not None for name in names):
                yield from (Fact(f"{card}/{name}/{key}", row[name], column.kind, about) for name in names)
    yield from _counted(card, relation, rest)


def _counted(card: str, relation: Relation, columns: list[Column]) -> Iterator[Fact]:
    """How many rows there are, how many of them say the same, and of how many something is not told."""
    frame = relation.frame
    yield Fact(f"{card}/rows", frame.height, "count")
    yield Fact(f"{card}/rows after the first", frame.height - MOST_ROWS, "count")
    n_open = sum(not flag for flag in relation.flags("is_complete"))
    if n_open:
        yield Fact(f"{card}/is_complete/rows without", n_open, "count")
    n_bands = sum(relation.n_bands(column) for column in columns)
    if n_bands:
        yield Fact(f"{card}/rows/bounds alone", n_bands, "count")
    for column in columns:
        if frame[column.name].dtype == pl.String:
            for value, n in sorted(frame[column.name].drop_nulls().value_counts().iter_rows()):
                yield Fact(f"{card}/{column.name}/rows with {value}", n, "count")
        n_missing = frame[column.name].null_count()
        if n_missing:
            yield Fact(f"{card}/{column.name}/rows without", n_missing, "count")
            yield Fact(f"{card}/{column.name}/rows with", frame.height - n_missing, "count")


def _period(kind: str, value: Any) -> str:
    if not isinstance(value, date):
        return ""
    return words.month(value) if kind == "month" else words.short_day(value)
