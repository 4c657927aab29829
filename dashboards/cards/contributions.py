"""The card of how many contributions were made, of any scope."""

from typing import Final

from dashboards import words
from dashboards.cards import Card, describe
from dashboards.cards.groups import SUMS
from dashboards.cards.time import gap_key, is_untold, open_bar_keys, period_column
from dashboards.figures.bars import Part, period_bars
from dashboards.periods import when
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, latest
from dashboards.scope import Scope

ID, METRICS, COLUMN = "contributions", ("contributions",), "n_contributions"
NOT_BY_BOTH: Final = "Contributions are told of units on all platforms together, and of each platform for all units."
WORTH: Final = "Volume says nothing about worth. It is shown to judge shares by."


def contributions_card(released: Released, scope: Scope) -> Card:
    """Bars of the contributions of each period."""
    kind = scope.kind
    by = "" if scope.unit == ALL else f" by {scope.people(released)}"
    subtitle = f"Posts, replies, comments, page creations, page edits, shares and uploads{by}{scope.where}, by {kind}"
    if scope.is_by_both:
        headline = "How many contributions were made is not told of units on one platform"
        return Card(ID, headline, subtitle, METRICS, note=NOT_BY_BOTH)
    periods = scope.series(released)
    if periods.is_empty() or periods[COLUMN].is_null().all():
        is_held_back = is_untold(periods, COLUMN) if periods.height else False
        headline = "How many contributions were made is not told" if is_held_back else "No contributions are known yet"
        note = SUMS if is_held_back else f"No closed {kind} holds an observed day that can be shown."
        return Card(ID, headline, subtitle, METRICS, note=note)
    now = latest(periods, COLUMN)
    relation = Relation(subtitle, (period_column(kind), Column(COLUMN, "Contributions", "count")), periods)
    headline = f"No {kind} is complete yet; the bars are of partly observed {kind}s"
    if now:
        by = "" if scope.unit == ALL else f" by {scope.noun(released)}"
        were = "was" if now[COLUMN] == 1 else "were"
        made = f"{words.count(now[COLUMN], 'contribution')} {were} made{by}{scope.on}"
        headline = f"{made} in {when(kind, now)}"
    return Card(
        ID, headline, subtitle, METRICS, relation,
        period_bars(relation, [Part(COLUMN, "Contributions", "c1")], kind=kind),
        describe("Bars", relation, [COLUMN], period=kind),
        f"{WORTH} {SUMS} {scope.changes_next(released)}".rstrip(),
        open_bar_keys(relation, [COLUMN], "c1", gap=gap_key(periods, COLUMN)),
    )  # fmt: skip
