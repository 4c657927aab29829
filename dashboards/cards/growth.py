"""The card of where a change comes from, of any scope: who is new, returned, fell silent or left."""

from typing import Final

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card, Key, describe
from dashboards.cards.time import is_untold, open_bar_keys, period_column
from dashboards.figures.bars import Part, period_bars
from dashboards.periods import when
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, latest
from dashboards.scope import Scope
from models.metrics import MINIMUM_DAILY

ID, METRICS = "growth", ("growth",)
PARTS: Final = (
    Part("n_new", "New", "c1"), Part("n_resurrected", "Returning", "c3"), Part("n_unknown", "First seen early", "soft"),
    Part("n_lapsed", "Fell silent", "c2", -1), Part("n_left", "Left", "n", -1),
)  # fmt: skip
FEW_LEFT: Final = " Where too few people left to tell of them, they are among those who fell silent."
OF_LARGE: Final = f"Told only of organisations of {MINIMUM_DAILY} people or more."
OF_NO_UNIT: Final = (
    f"Told only of organisations and platforms of {MINIMUM_DAILY} people or more, and never of a unit: the few who "
    "come or go could be worked out."
)
_UNTOLD: Final = {"n_left": "few, or not known"}


def growth_card(released: Released, scope: Scope) -> Card:
    """Bars above the line for those who joined, below it for those who fell silent or left."""
    kind = scope.kind
    who = "Contributors" if scope.unit == ALL else f"Contributors in {words.clean(scope.unit)}"
    subtitle = f"{who}{scope.where}, by {kind}: those who joined above the line, those who fell silent or left below"
    if scope.unit != ALL:
        return Card(ID, "Who joined and who fell silent is not told of units", subtitle, METRICS, note=OF_NO_UNIT)
    periods = scope.series(released, "rel_active_users")
    if periods.is_empty() or periods["n_retained"].is_null().all():
        headline = headlines.growth(None, None, None, noun="", period="", kind=kind)
        note = f"No closed {kind} holds an observed day that can be shown."
        if periods.height and is_untold(periods, "n_retained"):
            note = OF_LARGE
        return Card(ID, headline, subtitle, METRICS, note=note)
    now = latest(periods, "n_retained")
    relation = Relation(
        subtitle,
        (
            period_column(kind),
            *(Column(part.column, part.label, "count", missing=_UNTOLD.get(part.column, "not known"))
              for part in PARTS),
            Column("n_retained", f"Contributed in both {kind}s", "count", missing="not known"),
        ),
        periods,
    )  # fmt: skip
    names = [part.column for part in PARTS]
    shown = [part for part in PARTS if not periods[part.column].is_null().all() and periods[part.column].sum() > 0]
    headline = headlines.growth(
        now["n_new"] if now else None, now["n_resurrected"] if now else None, now["n_lapsed"] if now else None,
        noun=released.people, on=scope.on, period=when(kind, now), is_with_left=bool(now) and now["n_left"] is None,
        kind=kind,
    )  # fmt: skip
    is_with_left = periods.filter(pl.col("n_lapsed").is_not_null() & pl.col("n_left").is_null()).height > 0
    return Card(
        ID, headline, subtitle, METRICS, relation, period_bars(relation, PARTS, kind=kind),
        describe("Bars above and below zero", relation, names, period=kind),
        "Who is first seen in the first 90 observed days may have been there before, and counts as first seen early."
        + (FEW_LEFT if is_with_left else ""),
        (*(Key(part.token, "box", part.label) for part in shown), *open_bar_keys(relation, names, "c1")),
    )  # fmt: skip
