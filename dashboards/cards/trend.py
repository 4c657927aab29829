"""The card of how many contribute over time, of any scope: shares of people with a roster, counts of accounts without.

The first card of the overview is this one, and so is what a reader chooses under "Look closer".
"""

from dashboards import headlines
from dashboards.cards import Card
from dashboards.cards.time import gap_key, time_card, within_complete
from dashboards.figures.lines import Series
from dashboards.periods import band, change, count, is_coarse, share, when
from dashboards.relation import Column
from dashboards.released import Released, latest, latest_told, reference
from dashboards.scope import Scope
from dashboards.targets import target_of

RATIO, LOW, HIGH = "contributor_ratio", "contributor_ratio_low", "contributor_ratio_high"


def trend_card(
    released: Released, scope: Scope, *, card_id: str = "trend", wide: bool = True, height: int = 320
) -> Card:
    """Share of the people of the scope who contribute."""
    kind, series = scope.kind, scope.series(released)
    if not released.has_roster:
        return _counts(released, scope, card_id, wide=wide, height=height)
    now = latest_told(series, "n_contributors", RATIO)
    then = reference(series, "n_contributors", now, kind=kind)
    # a target is set for the share of a week: that of a month is larger by itself
    target = target_of(released, RATIO, platform=scope.platform, unit=scope.unit) if kind == "week" else None
    return time_card(
        card_id,
        headlines.trend(
            share(now), change(now, then), noun=scope.noun(released), on=scope.on, period=when(kind, now),
            before=when(kind, then), kind=kind, band=band(now, RATIO),
        ),
        f"Share of {scope.people(released)} who contribute{scope.where}, by {kind}",
        (RATIO,), within_complete(series, LOW, HIGH) if series.height else series,
        columns=(
            Column("n_contributors", "Contributors", "count"),
            Column("n_eligible", released.people.capitalize(), "count"),
            Column(RATIO, "Share", "ratio", complete="is_complete", bounds=(LOW, HIGH)),
            Column(LOW, "95 % from", "ratio", missing="\u2013"),
            Column(HIGH, "to", "ratio", missing="\u2013"),
        ),
        series=[Series(RATIO, "", low=LOW, high=HIGH)], kind=kind, axis="ratio", note=scope.changes_next(released),
        missing=_missing(kind), wide=wide, height=height, gap=gap_key(series, RATIO, LOW), target=target,
    )  # fmt: skip


def _counts(released: Released, scope: Scope, card_id: str, *, wide: bool, height: int) -> Card:
    kind, series = scope.kind, scope.series(released)
    now = latest(series, "n_contributors")
    then = reference(series, "n_contributors", now, kind=kind)
    return time_card(
        card_id,
        headlines.counts(
            count(now), count(then), nouns=released.nouns, on=scope.on, period=when(kind, now),
            before=when(kind, then), kind=kind, is_coarse=is_coarse(now),
        ),
        f"Accounts that contribute{scope.where}, by {kind}", ("contributors",), series,
        columns=(
            Column("n_contributors", "Contributors", "count", complete="is_complete"),
            Column("n_eligible", "Accounts seen so far", "count"),
        ),
        series=[Series("n_contributors", "")], kind=kind, axis="count", wide=wide, height=height,
        missing=_missing(kind),
    )  # fmt: skip


def _missing(kind: str) -> str:
    return f"No closed {kind} holds an observed day that can be shown."
