"""The card that answers what changed at each dated event, with something to compare it with or without."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.facts import cells
from dashboards.figures.differences import differences
from dashboards.headlines import rooted as headlines
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, Row
from models.metrics.before_after import ALONE, COMPARED, REFUSED
from models.statistics.interrupted import FEWEST_PERIODS

TABLE: Final = "rel_before_after"
SUBTITLE: Final = (
    "Difference in the share of people who contribute in a week, percentage points, from each declared event on, all "
    "platforms"
)
SHOWN: Final = 12
"""The latest events; the others are in the workbook."""
_AGAINST: Final = {COMPARED: "units that begin later", ALONE: "nothing but the weeks before", REFUSED: "cannot be told"}


def before_after_card(released: Released) -> Card:
    """The card of all platforms together."""
    events = released.tables[TABLE].filter(pl.col("platform") == ALL).sort("event").tail(SHOWN)
    told = events.filter(pl.col("effect_pp").is_not_null())
    row: Row | None = (told if told.height else events).tail(1).to_dicts()[0] if events.height else None
    headline, metrics = headlines.before_after(row), ("before_after", "before_after_slope")
    if row is None:
        return Card("before-after", headline, SUBTITLE, metrics, note=_nothing(released), wide=True)
    if told.is_empty():
        return Card("before-after", headline, SUBTITLE, metrics, note=_why(row), wide=True, facts=cells(TABLE, row))
    frame = events.reverse().with_columns(
        pl.col("title").map_elements(words.clean, return_dtype=pl.String),
        pl.col("method").replace_strict(_AGAINST).alias("against"),
    )
    relation = Relation(
        SUBTITLE,
        (
            Column("title", "Event", "text"),
            Column("occurred_on", "From", "day"),
            Column("effect_pp", "Difference, points", "pp", "cannot be told"),
            Column("effect_pp_low", "95 % from", "pp", ""),
            Column("effect_pp_high", "to", "pp", ""),
            Column("against", "Compared with", "text"),
            Column("n_weeks_before", "Weeks before", "count", "not known"),
            Column("n_weeks_after", "Weeks after", "count", "not known"),
            Column("reason", "Remark", "text", ""),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    figure = differences(
        relation, names="title", value="effect_pp", low="effect_pp_low", high="effect_pp_high",
        compared="has_comparison",
    )  # fmt: skip
    methods = set(told["method"])
    keys = (
        Key("c2", "band", "95 % interval"),
        *([Key("c2", "dot", "compared with units that begin later")] if COMPARED in methods else []),
        *([Key("c2", "ring", "no comparison group")] if ALONE in methods else []),
    )
    alt = describe_rows("Dot plot", relation)
    return Card("before-after", headline, SUBTITLE, metrics, relation, figure, alt, _basis(row), keys, wide=True,
                facts=cells(TABLE, row))  # fmt: skip


def _nothing(released: Released) -> str:
    if (released.tables["rel_declared"]["kind"] == "event").any():
        return "Events are declared, but the people whom they concern are too few to show."
    return (
        "No event has been entered in the settings; whoever runs this report can add what the organisation did, and "
        "when."
    )


def _why(row: Row) -> str:
    need = ""
    if row["n_weeks_before"] is not None and min(row["n_weeks_before"], row["n_weeks_after"]) < FEWEST_PERIODS:
        need = (
            f" {FEWEST_PERIODS} wholly observed weeks in a row are needed on either side; there are "
            f"{row['n_weeks_before']} before and {row['n_weeks_after']} after."
        )
    return f"{words.sentence(row['reason'])}.{need}"


def _basis(row: Row) -> str:
    """Of the event in the headline: over whom, what it assumes, what it could have found."""
    name = headlines.quoted(row["title"])
    if row["method"] == COMPARED:
        parts = [
            f"{name}: estimated over {row['n_units'] or 'the'} units, each in its eight weeks before and after, beside "
            "units in which it began at least eight weeks later. It assumes that without it both would have gone the "
            "same way; going together does not prove that one causes the other."
        ]
    else:
        parts = [
            f"{name}: estimated from {row['n_weeks_before']} weeks before and {row['n_weeks_after']} after, with "
            "nothing to compare them with. It assumes that the share would have gone on in a straight line, that "
            "nothing else happened then, and that holidays and seasons do not lie on one side only; on growing "
            "platforms such estimates often find a change where none is."
        ]
    parts.append(
        f"A difference of {words.rounded(row['minimum_pp'], 1)} points would have been found in four of five cases."
    )
    if row["n_other_events"]:
        others = words.count(row["n_other_events"], "other declared event")
        parts.append(f"{others} within these weeks may have a part in it.")
    return " ".join(parts)
