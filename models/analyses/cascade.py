"""Does participation go on below each layer of management? Shares by layer, and how reports go with their managers.

The association is `models.statistics.association`'s; what a verdict means is in the registry.
"""

from math import sqrt
from typing import Final

import polars as pl

from models.analyses.analysis import Analysis, Row, Tables, as_mart
from models.metrics.cascade import CANNOT_TELL, DROPS, GOES_ON, SMALL_PP, UNRELATED
from models.metrics.entry import MINIMUM_GROUP
from models.statistics.association import Association, Manager, association
from models.statistics.cannot_tell import CannotTell
from models.statistics.intervals import wilson_bounds

READS: Final = ("prep_period", "prep_eligible", "prep_membership", "prep_stay", "dim_person")
POINTS: Final = 100.0
"""Percentage points in a share of 1."""
LEVEL: Final = 0.05
TOP: Final = "the top layer is one person or few"
FEW_PEOPLE: Final = f"fewer than {MINIMUM_GROUP} people in the layer or the next"
LAST: Final = "nobody is in the next layer"
NOT_SEEN: Final = "the month is not observed"
NOT_SHOWN: Final = "no clear drop, and the association is not shown"
NO_UNIT: Final = ""
_KEY: Final = ("period_kind", "period_start")
_HEAD: Final = ("period_kind", "period_start", "period_end", "platform", "is_complete", "n_observed_days")


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_cascade`: every month of all platforms together, every layer that anybody is ever in."""
    is_wanted = (pl.col("period_kind") == "month") & (pl.col("platform") == "all")
    people = _people(tables, is_wanted)
    layers = sorted(people["layer"].drop_nulls().unique())
    rows = []
    for period in tables["prep_period"].filter(is_wanted).sort("period_start").iter_rows(named=True):
        present = people.filter(pl.col("period_start") == period["period_start"])
        head: Row = {name: period[name] for name in _HEAD} | {"unit": "all"}
        for layer in layers:
            own = head | {"layer": layer, "n_eligible": present.filter(pl.col("layer") == layer).height}
            known = _figures(present, layer) if period["n_seen_days"] else {"reason": NOT_SEEN}
            rows.append({"verdict": CANNOT_TELL} | own | known)
    return with_stop(as_mart("mart_cascade", rows))


def with_stop(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `stops_at` as their verdicts give it, for each month the same in all of its layers."""
    stops = pl.when(pl.col("verdict") == DROPS).then(pl.col("layer"))
    return rows.with_columns(stops.min().over("period_kind", "period_start", "platform", "unit").alias("stops_at"))


def _people(tables: Tables, is_wanted: pl.Expr) -> pl.DataFrame:
    """Eligible people with their layer and their manager, as of their last employed day."""
    is_of_all = (pl.col("period_kind") == "month") & (pl.col("platform").is_null() | (pl.col("platform") == "all"))
    members, stays = (tables[name].filter(is_of_all) for name in ("prep_membership", "prep_stay"))
    spells = tables["dim_person"].select("person_id", "valid_from", "valid_to", "manager_person_id")
    managers = stays.join(spells, on="person_id").filter(
        (pl.col("valid_from") <= pl.col("last_on"))
        & (pl.col("valid_to").is_null() | (pl.col("last_on") < pl.col("valid_to")))
        & (pl.col("manager_person_id") != pl.col("person_id"))
    )
    return (
        tables["prep_eligible"]
        .filter(is_wanted)
        .join(members.select(*_KEY, "person_id", "layer"), on=[*_KEY, "person_id"], how="left")
        .join(managers.select(*_KEY, "person_id", "manager_person_id"), on=[*_KEY, "person_id"], how="left")
        .with_columns((pl.col("n_contributions") > 0).alias("is_active"))
        .sort("person_id")
    )


def _figures(people: pl.DataFrame, layer: int) -> Row:
    """What a month tells of one layer."""
    here, below = _counts(people, layer), _counts(people, layer + 1)
    drop = _drop(*here, *below)
    found = association(_managers(people, layer))
    low, high = wilson_bounds(*here)
    verdict, reason = _verdict(layer, here, below, drop, found)
    return {
        "n_contributors": here[0],
        "contributor_ratio": here[0] / here[1] if here[1] else None,
        "contributor_ratio_low": low,
        "contributor_ratio_high": high,
        "n_without_layer": int(people["layer"].null_count()),
        "drop_pp": drop[0] if drop else None,
        "drop_pp_low": drop[1] if drop else None,
        "drop_pp_high": drop[2] if drop else None,
        "verdict": verdict,
        "reason": reason,
        **_association(found),
    }


def _counts(people: pl.DataFrame, layer: int) -> tuple[int, int]:
    """Contributors of the layer, and people."""
    own = people.filter(pl.col("layer") == layer)
    return int(own["is_active"].sum()), own.height


def _drop(k: int, n: int, k_below: int, n_below: int) -> tuple[float, float, float] | None:
    """The layer's share less that of the next in points, with Newcombe's interval (1998, method 10)."""
    low, high = wilson_bounds(k, n)
    low_below, high_below = wilson_bounds(k_below, n_below)
    if low is None or high is None or low_below is None or high_below is None:
        return None
    share, share_below = k / n, k_below / n_below
    value = share - share_below
    down = sqrt((share - low) ** 2 + (high_below - share_below) ** 2)
    up = sqrt((high - share) ** 2 + (share_below - low_below) ** 2)
    return POINTS * value, POINTS * (value - down), POINTS * (value + up)


def _managers(people: pl.DataFrame, layer: int) -> list[Manager]:
    """The managers of a layer with their reports of the month, their unit a stratum."""
    reports = people.group_by(pl.col("manager_person_id").alias("person_id")).agg(
        pl.len().alias("n_reports"), pl.col("is_active").sum().alias("n_active_reports")
    )
    led = people.filter(pl.col("layer") == layer).join(reports, on="person_id").sort("person_id")
    columns = led.select(pl.col("unit").fill_null(NO_UNIT), "is_active", "n_reports", "n_active_reports")
    return [Manager(*row) for row in columns.iter_rows()]


def _verdict(
    layer: int,
    here: tuple[int, int],
    below: tuple[int, int],
    drop: tuple[float, float, float] | None,
    found: Association | CannotTell,
) -> tuple[str, str | None]:
    if layer == 0:
        return CANNOT_TELL, TOP
    if drop is None or min(here[1], below[1]) < MINIMUM_GROUP:
        return CANNOT_TELL, FEW_PEOPLE if below[1] else LAST
    share_pp = POINTS * here[0] / here[1]
    if drop[1] > 0 and drop[0] >= min(SMALL_PP, share_pp / 2):
        return DROPS, None
    if isinstance(found, CannotTell):
        return CANNOT_TELL, found.reason
    if found.p_value <= LEVEL and found.adjusted > 0:
        return GOES_ON, None
    return (UNRELATED, None) if POINTS * found.high < SMALL_PP else (CANNOT_TELL, NOT_SHOWN)


def _association(found: Association | CannotTell) -> Row:
    if isinstance(found, CannotTell):
        return {}
    return {
        "association_pp": POINTS * found.adjusted, "association_pp_low": POINTS * found.low,
        "association_pp_high": POINTS * found.high, "association_p": found.p_value,
        "association_minimum_pp": POINTS * found.detectable,
        "n_managers": found.n_active_managers + found.n_silent_managers, "n_active_managers": found.n_active_managers,
        "n_reports": found.n_reports,
    }  # fmt: skip


ANALYSIS: Final = Analysis("below which layer of management does participation stop?", READS, estimate)
