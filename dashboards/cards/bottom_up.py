"""The card that says who starts the conversations or pages that others join, beside what headcount would give."""

from typing import Final

import polars as pl

from dashboards.cards import Card
from dashboards.cards.time import time_card, within_complete
from dashboards.figures.lines import Series
from dashboards.headlines import bottom as headlines
from dashboards.periods import when
from dashboards.relation import Column
from dashboards.released import Released, Row, latest
from models.comparison import is_covered

TABLE: Final = "rel_initiation"
THINGS: Final = {"thread": "conversations", "page": "pages", "space": "spaces"}
_RATIO, _LOW, _HIGH = "bottom_up_ratio", "bottom_up_ratio_low", "bottom_up_ratio_high"


def bottom_up_card(released: Released) -> Card:
    """The share that others than executives and communications started, by month, all platforms."""
    rows = released.series(TABLE, "month")
    shown = _shown(rows)
    months = _months(rows, shown)
    row = latest(months, _RATIO, "headcount_ratio")
    things = THINGS[shown]
    more = [what for what in THINGS if what != shown and f"n_drew_{what}" in months.columns]
    return time_card(
        "bottom-up",
        headlines.bottom_up(row, things=things, period=when("month", row), has_roster=released.has_roster),
        f"{things.capitalize()} that at least two others joined within 28 days: share not started by executives or "
        "communications, all platforms, by month of the start",
        ("bottom_up_initiation",), months,
        columns=(
            Column(_RATIO, "Started by others", "ratio", missing="not known", complete="is_complete"),
            Column(_LOW, "95 % from", "ratio", missing="\u2013"),
            Column(_HIGH, "to", "ratio", missing="\u2013"),
            Column("headcount_ratio", "Others by headcount", "ratio", missing="not known", complete="is_complete"),
            Column("n_drew", f"{things.capitalize()} that drew others", "count", missing="not known"),
            Column("n_undecided", "Undecided", "count", missing="not known"),
            *(column for what in more for column in _further(what)),
        ),
        series=[
            Series("headcount_ratio", "By headcount", "n", 2),
            Series(_RATIO, "Started", "c1", 2.5, _LOW, _HIGH),
        ],
        kind="month", axis="ratio", note=_note(row, things), missing=why_no_top(released), wide=True,
    )  # fmt: skip


def why_no_top(released: Released) -> str:
    """Why nothing tells executives and communications from everybody else."""
    if not released.has_roster:
        return "No roster is loaded: who is an executive, or in communications, is not known."
    if released.withholds("too_few_executives"):
        return "Executives and communications are too few: a figure that leaves them out would be about them."
    return (
        "No closed month can be shown: the organisation is too small, executives and communications are too few or not "
        "known, or nothing was observed."
    )


def _shown(rows: pl.DataFrame) -> str:
    """Conversations, or pages where no conversation can be judged."""
    known = rows.filter(pl.col(_RATIO).is_not_null())["what"]
    return "page" if "thread" not in known and "page" in known else "thread"


def _months(rows: pl.DataFrame, shown: str) -> pl.DataFrame:
    """One row per month, of what is shown; of the rest of what is started, the columns with its name as suffix.

    A month is complete once nearly all that was started in it has had its 28 days.
    """
    months = rows.filter((pl.col("what") == shown) | pl.col("what").is_null())
    counts = months.select("n_started", "n_undecided").rows()
    decided = [n is not None and is_covered(n - undecided, n) for n, undecided in counts]
    months = months.with_columns(pl.col("is_complete") & pl.Series(decided, dtype=pl.Boolean))
    for what in THINGS:
        other = rows.filter(pl.col("what") == what).select("period_start", "n_drew", _RATIO)
        if what != shown and other["n_drew"].fill_null(0).sum():
            months = months.join(other, on="period_start", how="left", suffix=f"_{what}", maintain_order="left")
    return within_complete(months, _LOW, _HIGH)


def _further(what: str) -> tuple[Column, Column]:
    things = THINGS[what]
    return (
        Column(f"n_drew_{what}", f"{things.capitalize()} that drew others", "count", missing="not known"),
        Column(f"{_RATIO}_{what}", f"Of these {things}, by others", "ratio", missing="\u2013"),
    )


def _note(row: Row | None, things: str) -> str:
    basis = f"The last complete month rests on {row['n_drew']:,} {things}. " if row else ""
    return (
        f"{basis}Joined means that at least two people who are no executives added something. The share and that by "
        f"headcount are told apart only where the interval does not hold the second; it takes the {things} as "
        "independent of each other, though a few people may have started many. Of 200, beside a headcount of 95%, a "
        "difference of about 5 points would be found in four of five cases. What was started in the last 28 days is "
        "not decided yet. Who was asked to start something is not known, and starting goes together with much else: it "
        "does not say that one causes the other."
    )
