"""Which public spaces live: each by its name, as of the last closed month of its platform.

States are those of `lives`; what of this may be told is decided in `models.release.spaces`.
"""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from models.analyses import lives
from models.analyses.analysis import Analysis, Row, Tables, as_mart

READS: Final = ("prep_eligible", "prep_period", "prep_space_people", *lives.READS)
KIND: Final = ("platform", "subject")
NAME: Final = (*KIND, "workspace", "label")
"""What tells the rows of a platform apart."""
_SPACE: Final = (*KIND, "workspace", "space_id")


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_spaces`."""
    return as_mart("mart_spaces", [row for platform in _platforms(tables) for row in _rows(tables, platform)])


def with_names(people: pl.DataFrame) -> pl.DataFrame:
    """The rows of `prep_space_people` whose name no other space of the kind and workspace has."""
    return people.filter(pl.col("label").is_not_null() & pl.struct(NAME).is_unique())


def _platforms(tables: Tables) -> list[str]:
    return tables["prep_space_people"]["platform"].unique().sort().to_list()


def _rows(tables: Tables, platform: str) -> Iterator[Row]:
    people = tables["prep_space_people"].filter(pl.col("platform") == platform)
    start = people["period_start"][0]
    (month,) = tables["prep_period"].filter(
        pl.col("period_kind") == "month", pl.col("platform") == platform, pl.col("period_start") == start
    ).to_dicts()  # fmt: skip
    n_eligible = tables["prep_eligible"].filter(
        pl.col("period_kind") == "month", pl.col("platform") == platform, pl.col("period_start") == start
    ).height  # fmt: skip
    head = {name: month[name] for name in ("period_kind", "period_start", "period_end", "platform", "is_complete",
                                           "n_observed_days")}  # fmt: skip
    # nothing after the month bears on it: so its state stays when the next one begins
    seen = tables["prep_space_day"].filter(
        pl.col("platform") == platform, pl.col("occurred_on") <= month["period_end"]
    )
    states: dict[tuple[Any, ...], lives.Followed] = {
        tuple(getattr(one, name) for name in _SPACE): one
        for one in lives.followed({**tables, "prep_space_day": seen})
        if one.subject != "page"
    }
    n_of_kind = dict(people.group_by("subject").len().rows())
    named = with_names(people)
    n_named = dict(named.group_by("subject").len().rows())
    for row in named.sort(NAME).to_dicts():
        one = states.get(tuple(row[name] for name in _SPACE))
        first_on = one.first_on if one else None
        yield head | {
            "unit": "all", "n_eligible": n_eligible, "subject": row["subject"], "workspace": row["workspace"],
            "label": row["label"], "state": one.state if one else "unknown",
            "first_month": first_on.replace(day=1) if first_on else None,
            "n_unnamed": n_of_kind[row["subject"]] - n_named[row["subject"]], "n_contributors": row["n_contributors"],
        }  # fmt: skip


ANALYSIS: Final = Analysis("which public spaces live, and how many people contribute to each?", READS, estimate)
