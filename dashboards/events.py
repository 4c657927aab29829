"""What the organisation declared to have done, by day: put on every chart over time whose scope it lies in.

An event says what happened when. That figures move at the same time is never said to come from it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card
from dashboards.figures.dated import Mark, dated, is_over_time
from dashboards.relation import Relation
from dashboards.released import ALL, Released

KINDS: Final = ("event", "trial")
NO_CAUSE: Final = "What changes at the same time need not be connected."


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """A declared event or trial of a unit and a platform. `detail` says of what kind it is; both days belong to it."""

    from_on: date
    to_on: date
    title: str
    detail: str
    unit: str = ALL
    platform: str = ALL

    def text(self) -> str:
        """28 February 2026: Guide to working in the open (policy)."""
        days = words.day(self.from_on)
        if self.to_on > self.from_on:
            days = f"{days} to {words.day(self.to_on)}"
        return f"{days}: {words.clean(self.title)} ({words.clean(self.detail)})"


def events(
    released: Released, *, platforms: Collection[str] = (ALL,), units: Collection[str] = (ALL,),
    first: date, last: date,
) -> list[Event]:  # fmt: skip
    """The events of a scope in the days from `first` to `last`, in order of time.

    What was done everywhere belongs to every scope; what was done in a part of the whole, only to that part.
    """
    rows = released.tables["rel_declared"].filter(
        pl.col("kind").is_in(KINDS) & pl.col("platform").is_in({ALL, *platforms}) & pl.col("unit").is_in({ALL, *units})
        & (pl.col("from_on") <= last) & (pl.coalesce("to_on", pl.lit(last)) >= first)
    )  # fmt: skip
    found = {
        Event(row["from_on"], row["to_on"] or last, row["title"], row["detail"] or row["kind"], row["unit"],
              row["platform"])
        for row in rows.to_dicts()
    }
    return sorted(found)


def dated_card(card: Card, released: Released) -> Card:
    """The card with the events of its scope and span in chart, note and alternative text; else the card as it is."""
    if card.figure is None or card.relation is None or not is_over_time(card.figure, card.relation):
        return card
    frame = card.relation.frame
    first, last = frame["period_start"].min(), frame["period_end"].max()
    units = _named(card.relation, "unit")
    found = events(
        released, platforms=card.platforms or _named(card.relation, "platform"), units=units,
        first=first, last=last,  # type: ignore[arg-type]
    )  # fmt: skip
    if not found:
        return card
    panels = card.figure.panels
    if not panels:
        found = sorted({replace(one, unit=ALL, platform=ALL) for one in found})
    marks = [Mark(one.from_on, one.to_on, one.title, _panel(one, panels)) for one in found]
    texts = list(dict.fromkeys(one.text() for one in found))
    said = f"Marked in the chart: {_listed(texts)}. {NO_CAUSE}"
    figure = dated(card.figure, card.relation, marks, is_wide=card.wide)
    return replace(card, figure=figure, alt=f"{card.alt} {said}", events=said, n_events=len(texts))


def _panel(event: Event, panels: str) -> str:
    """The small chart that an event belongs to, if not to all."""
    if panels == "platform_name" and event.platform != ALL:
        return words.platform(event.platform)
    return event.unit if panels == "unit" else ALL


def _named(relation: Relation, column: str) -> list[str]:
    """Of which platforms or units the rows are: of all, where they do not say."""
    frame = relation.frame
    names = frame[column].drop_nulls().unique().to_list() if column in frame.columns else []
    return sorted(names) or [ALL]


def _listed(texts: Sequence[str]) -> str:
    """Each with the number that stands for it in a chart, where there are several."""
    if len(texts) > 1:
        texts = [f"({number}){words.NBSP}{text}" for number, text in enumerate(texts, 1)]
    return "; ".join(texts)
