"""The same people under everybody's definition of active, as a table: no two of its rows may be compared."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, Row
from models.metrics.definitions import DEFINITIONS

_OWNERS: Final = {
    "turnout": "Turnout", "slack": "Slack", "viva": "Viva Engage", "swoop": "SWOOP", "workplace": "Workplace",
    "mattermost": "Mattermost", "zulip": "Zulip",
}  # fmt: skip
_UNKNOWN: Final = {
    "reading": "reading not known",
    "reactions": "reactions not known",
    "unobserved days": "days missing",
    "none": words.NOT_TOLD,
}


def multiverse(released: Released) -> Relation | None:
    """The newest released month; a column per platform. None if no month is released."""
    rows = released.tables["rel_definitions"]
    rows = rows.filter(pl.col("period_start") == _newest(rows))
    if rows.is_empty():
        return None
    shown = {(row["platform"], row["definition"]): row for row in rows.iter_rows(named=True)}
    platforms = sorted(rows["platform"].unique().to_list(), key=lambda platform: (platform != ALL, platform))
    table = [
        {
            "whose": _OWNERS[one.id.partition("_")[0]], "counts": f"Who {one.counts}", "window": one.window,
            **{name: value for i, platform in enumerate(platforms)
               for name, value in _cells(i, shown.get((platform, one.id))).items()},
        }
        for one in DEFINITIONS
    ]  # fmt: skip
    schema = {name: pl.Float64 for i in range(len(platforms)) for name in _cells(i, None) if name != f"why_{i}"}
    columns = (
        Column("whose", "Definition of", "text"),
        Column("counts", "Counts", "text"),
        Column("window", "In", "text"),
        *(Column(f"on_{i}", words.platform(platform), "ratio", missing="not shown", bounds=(f"low_{i}", f"high_{i}"),
                 reason=f"why_{i}") for i, platform in enumerate(platforms)),
    )
    month = words.month(rows["period_start"][0])
    frame = pl.DataFrame(table, schema_overrides=schema, infer_schema_length=None)
    caption = f"Share of people who are active, windows to the end of {month}"
    return Relation(caption, columns, frame, newest_first=False)


def _cells(place: int, row: Row | None) -> Row:
    """The share of one platform, its bounds, and why there is neither."""
    names = (("on", "active_ratio"), ("low", "active_ratio_low"), ("high", "active_ratio_high"))
    values = {f"{short}_{place}": row[name] if row else None for short, name in names}
    return values | {f"why_{place}": _UNKNOWN.get(row["missing"]) if row else None}


def _newest(rows: pl.DataFrame) -> pl.Expr:
    """The newest month of which something is known, else the newest."""
    known = rows.filter(pl.col("active_ratio").is_not_null() & pl.col("is_complete"))
    return pl.lit((known if known.height else rows)["period_start"].max(), dtype=pl.Date)
