"""The card that says what remains of contributions, contributors and ties without executives and communications."""

from typing import Final

from dashboards.cards import Card
from dashboards.cards.bottom_up import why_no_top
from dashboards.cards.time import time_card, within_complete
from dashboards.figures.lines import Series
from dashboards.headlines import bottom as headlines
from dashboards.periods import when
from dashboards.relation import Column
from dashboards.released import Released, latest

TABLE: Final = "rel_organic"
NOTE: Final = (
    "This is arithmetic on what happened and no forecast: without executives and communications others might have "
    "written less, or more. Taken out are what they write, or others write for them, everything in the conversations "
    "and on the pages that they started, and every answer to them. A contributor remains with one contribution that "
    "does; a tie, two people of whom one answered the other, with one answer. Shares of contributions and ties have no "
    "interval: all are counted, and many are by the same people."
)


def organic_card(released: Released) -> Card:
    """The three shares that remain, by month, all platforms."""
    months = within_complete(
        released.series(TABLE, "month"), "contributors_left_ratio_low", "contributors_left_ratio_high"
    )
    row = latest(months, "contributions_left_ratio", "contributors_left_ratio")
    series = [
        Series("ties_left_ratio", "Ties", "c3", 2),
        Series("contributions_left_ratio", "Content", "c1", 2),
        Series(
            "contributors_left_ratio", "Contributors", "c2", 2.5, "contributors_left_ratio_low",
            "contributors_left_ratio_high",
        ),
    ]  # fmt: skip
    known = [one for one in series if not months[one.column].is_null().all()]
    return time_card(
        "organic", headlines.organic(row, period=when("month", row), has_roster=released.has_roster),
        "Share that neither comes from executives and communications nor follows from them, all platforms, by month",
        ("organic_contributions",), months,
        columns=(
            Column("contributions_left_ratio", "Contributions left", "ratio", complete="is_complete"),
            Column("n_contributions", "Of", "count"),
            Column("contributors_left_ratio", "Contributors left", "ratio", complete="is_complete"),
            Column("contributors_left_ratio_low", "95 % from", "ratio", missing="\u2013"),
            Column("contributors_left_ratio_high", "to", "ratio", missing="\u2013"),
            Column("n_contributors", "Of", "count"),
            Column("ties_left_ratio", "Ties left", "ratio", missing="not known", complete="is_complete"),
            Column("n_ties", "Of", "count", missing="not known"),
        ),
        series=known or series, kind="month", axis="ratio", note=NOTE, missing=why_no_top(released), wide=True,
    )  # fmt: skip
