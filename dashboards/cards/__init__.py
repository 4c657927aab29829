"""What a page consists of: cards, key figures, and the sentence that describes a chart to those who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards import words
from dashboards.figures import Figure
from dashboards.numbers import Fact
from dashboards.relation import Column, Relation
from models.comparison import Change

MOST_ROWS: Final = 12
"""So many rows of a chart its alternative text tells; the others stand in the table."""


@dataclass(frozen=True, slots=True)
class Key:
    """A legend entry under the headline: a colour token, a shape of the style sheet, a word."""

    token: str
    shape: str
    text: str


UNOBSERVED = Key("soft", "hatch", "not observed")
UNTOLD = Key("soft", "hatch", words.NOT_TOLD)
UNOBSERVED_OR_UNTOLD = Key("soft", "hatch", f"not observed or {words.NOT_TOLD}")


@dataclass(frozen=True, slots=True)
class Card:
    """One chart with all that belongs to it. Without a figure the card says in `note` why there is none.

    `facts` are the numbers of its sentences that do not stand in its relation.
    """

    id: str
    headline: str
    subtitle: str
    metrics: tuple[str, ...]
    relation: Relation | None = None
    figure: Figure | None = None
    alt: str = ""
    note: str = ""
    keys: tuple[Key, ...] = ()
    wide: bool = False
    facts: tuple[Fact, ...] = ()
    platforms: tuple[str, ...] = ()
    """The platforms that it is about, if not all of them."""
    events: str = ""
    n_events: int = 0
    """What is marked in the chart by day, as a sentence, and how much."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """A key figure. `delta` is a sentence; `direction` colours it only where more is better and the change is real.

    `said` are the numbers of its texts, `facts` is what other tools read of it.
    """

    metric: str
    label: str
    value: str
    number: float | None
    delta: str
    direction: str
    base: str
    spark: Sequence[str] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    said: tuple[Fact, ...] = ()


def spark_lines(values: Sequence[float | None]) -> list[str]:
    """Points of the polylines of a sparkline in a box of 100 x 30; a gap ends a line."""
    known = [value for value in values if value is not None]
    if len(known) < 3:
        return []
    low, high = min(known), max(known)
    lines: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            lines.append([])
            continue
        y = 15.0 if high == low else 27 - 24 * (value - low) / (high - low)
        lines[-1].append(f"{100 * index / (len(values) - 1):.1f},{y:.1f}")
    return [" ".join(line) for line in lines if len(line) > 1]


def delta_text(change: Change | None, before: str) -> tuple[str, str]:
    """Words and direction for the change of a key figure that is a share."""
    if change is None:
        return "nothing earlier to compare with", "same"
    if change.direction == "same":
        return f"about the same as in {before}", "same"
    return f"{words.points(change.difference)} {change.direction} on {before}", change.direction


def describe(kind: str, relation: Relation, columns: Sequence[str], *, period: str) -> str:
    """Alternative text of a chart over time: for each line its first, last, lowest and highest known value."""
    titles = {column.name: column for column in relation.columns}
    starts = relation.values("period_start")
    parts = [f"{kind}."]
    for name in columns:
        column, values = titles[name], relation.values(name)
        flags = relation.flags(column.complete) if column.complete else [True] * len(values)
        known = [(s, v) for s, v, flag in zip(starts, values, flags, strict=True) if v is not None and flag]
        if not known:
            parts.append(f"{column.title}: no complete {period} observed.")
            continue
        (first, a), (last, b) = known[0], known[-1]
        lowest, highest = (_say(column, f(v for _, v in known)) for f in (min, max))
        begin, end = (words.month(day) if period == "month" else words.short_day(day) for day in (first, last))
        parts.append(
            f"{column.title}: {_say(column, a)} in {begin}, {_say(column, b)} in {end}, lowest {lowest}, "
            f"highest {highest}."
        )
    n_bands = sum(relation.n_bands(titles[name]) for name in columns)
    if n_bands:
        parts.append(f"Of {words.count(n_bands, 'value')} only \u201cat most\u201d or \u201cat least\u201d is told.")
    n_open = sum(not flag for flag in relation.flags("is_complete"))
    if n_open and period != "day":
        parts.append(f"{words.count(n_open, period)} partly observed or not observed.")
    return " ".join(parts)


def describe_rows(kind: str, relation: Relation, *, most: int = MOST_ROWS) -> str:
    """Alternative text of a chart by rows."""
    rows = relation.rows()
    heads = [column.title for column in relation.columns]
    said = ["; ".join(f"{h} {c.text}" for h, c in zip(heads[1:], row[1:], strict=True)) for row in rows[:most]]
    text = " ".join(f"{row[0].text}: {words_}." for row, words_ in zip(rows, said, strict=False))
    rest = f" {words.count(len(rows) - most, 'more row')} in the table." if len(rows) > most else ""
    return f"{kind}. {text}{rest}"


def _say(column: Column, value: float) -> str:
    if column.kind == "ratio":
        return words.percent(value)
    return words.decimal(value) if column.kind == "decimal" else words.count(int(value))
