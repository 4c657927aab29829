"""Did open platforms replace e-mail and shared files since a declared start? The same people before and after it."""

from collections.abc import Mapping
from datetime import date
from statistics import NormalDist
from typing import Final

import polars as pl

from models.analyses.analysis import Analysis, Row, Tables, as_mart
from models.comparison import LARGE_DIFFERENCE, SMALLEST_CHANGE
from models.metrics import channel_shift as words
from models.metrics.entry import MINIMUM_GROUP
from models.statistics.paired import PairedChange, paired_change

READS: Final = (
    "dim_person", "meta", "prep_channel_period", "prep_channel_person", "prep_eligible", "prep_period",
    "prep_platform_day", "prep_unit", "stg_occasion", "stg_trial",
)  # fmt: skip
LEVEL: Final = 0.95
_FOUND: Final = NormalDist().inv_cdf((1 + LEVEL) / 2) + NormalDist().inv_cdf(0.8)
"""Standard errors at which a change is found in four of five cases."""
_CHANNELS: Final = ("open", "email", "files")


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_channel_shift`: each declared day up to the as-of day, for all and for each unit."""
    periods = tables["prep_period"].filter(pl.col("platform") == "all").sort("period_start")
    starts = _starts(tables)
    rows = []
    if not periods.is_empty():
        sizes = _sizes(tables["prep_eligible"], periods)
        weeks = periods.filter(pl.col("period_kind") == "week")
        head: Row = {
            "period_kind": "history",
            "period_start": weeks["period_start"].min(),
            "period_end": tables["meta"]["as_of_on"].item(),
            "platform": "all",
            "is_complete": bool(weeks["is_complete"].all()),
            "n_observed_days": int(weeks["n_observed_days"].sum()),
        }
        for started_on, title in starts.items():
            figures, people = _compared(tables, periods, started_on, [day for day in starts if day != started_on])
            for unit in sorted(tables["prep_unit"]["unit"]):
                of_unit = people if people is None or unit == "all" else people.filter(pl.col("unit") == unit)
                row = head | {"unit": unit, "n_eligible": sizes.get(unit, 0), "started_on": started_on, "title": title}
                rows.append(row | figures | ({} if of_unit is None else _figures(of_unit)))
    return as_mart("mart_channel_shift", rows)


def _starts(tables: Tables) -> dict[date, str]:
    """The declared days up to the as-of day, in order, with what was declared."""
    declared = pl.concat([
        tables["stg_occasion"].select(pl.col("occurred_on").alias("day"), "title"),
        tables["stg_trial"].select(pl.col("started_on").alias("day"), "title"),
    ])  # fmt: skip
    known = declared.join(tables["meta"].select("as_of_on"), how="cross").filter(pl.col("day") <= pl.col("as_of_on"))
    titles = known.unique(["day", "title"]).sort("day", "title").group_by("day", maintain_order=True).agg("title")
    return {day: ", ".join(names) for day, names in titles.iter_rows()}


def _sizes(eligible: pl.DataFrame, periods: pl.DataFrame) -> Mapping[str, int]:
    """People of the last month, by unit."""
    last = periods.filter(pl.col("period_kind") == "month")["period_start"].max()
    people = eligible.filter(
        (pl.col("platform") == "all") & (pl.col("period_kind") == "month") & (pl.col("period_start") == last)
    )
    by_unit = people.filter(pl.col("unit").is_not_null()).group_by("unit").len()
    return {"all": people.height} | dict(by_unit.iter_rows())


def _compared(
    tables: Tables, periods: pl.DataFrame, started_on: date, others: list[date]
) -> tuple[Row, pl.DataFrame | None]:
    """What is compared with what, and the people with their shares; nobody where there is nothing to compare."""
    if tables["dim_person"].is_empty():
        return _cannot_tell(words.NO_ROSTER), None
    known = tables["prep_channel_period"].filter("is_closed_known")
    if known.is_empty():
        return _cannot_tell(words.NO_SOURCE), None
    found = next((chosen for span in (words.WEEKS, words.MONTHS)
                  if (chosen := _windows(periods, known, started_on, span))), None)  # fmt: skip
    if found is None:
        return _cannot_tell(words.TOO_SHORT), None
    before, after = found
    figures: Row = {
        "compared_by": before["period_kind"][0],
        "n_before": before.height,
        "n_after": after.height,
        "before_from_on": before["period_start"][0],
        "after_to_on": after["period_end"][-1],
    }
    figures["n_other_starts"] = sum(figures["before_from_on"] <= day <= figures["after_to_on"] for day in others)
    begins = tables["prep_platform_day"].group_by("platform").agg(pl.col("occurred_on").min())["occurred_on"]
    if any(figures["before_from_on"] < day < started_on for day in begins):
        return figures | _cannot_tell(words.NEW_PLATFORM), None
    compared = pl.concat([before, after])
    sources = known.select("is_email_known", "is_files_known").row(0, named=True)
    return figures, _people(tables, compared, started_on, sources)


def _windows(
    periods: pl.DataFrame, known: pl.DataFrame, started_on: date, span: words.Span
) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """The wholly observed weeks (or months) before and after of which reports tell, if enough."""
    whole = periods.filter(pl.col("period_kind") == span.kind)
    near = (
        whole.filter(pl.col("period_end") < started_on).tail(span.most),
        whole.filter(pl.col("period_start") >= started_on).head(span.most),
    )
    before, after = (
        part.filter("is_complete").join(known, on=["period_kind", "period_start"], how="semi", maintain_order="left")
        for part in near
    )
    return (before, after) if min(before.height, after.height) >= span.least else None


def _people(
    tables: Tables, compared: pl.DataFrame, started_on: date, sources: Mapping[str, bool]
) -> pl.DataFrame:
    """One row per person who was there all the time: unit, and shares of the periods with activity by channel."""
    key = ["period_kind", "period_start"]
    email, files = (pl.col(f"is_{name}").fill_null(value=False) for name in ("email", "files"))
    of_channel = {
        "open": pl.col("n_contributions") > 0,
        "email": email if sources["is_email_known"] else pl.lit(None, pl.Boolean),
        "files": files if sources["is_files_known"] else pl.lit(None, pl.Boolean),
        "closed": email | files,
    }
    is_after = pl.col("period_start") >= started_on
    rows = (
        tables["prep_eligible"]
        .filter(pl.col("platform") == "all")
        .join(compared.select(key), on=key, how="semi")
        .join(tables["prep_channel_person"], on=[*key, "person_id"], how="left")
        .with_columns(expression.alias(name) for name, expression in of_channel.items())
        .sort("person_id", "period_start")
    )
    parts = {"before": ~is_after, "after": is_after}
    shares = [
        pl.col(name).filter(part).mean().alias(f"{name}_{when}") for name in of_channel for when, part in parts.items()
    ]
    people = rows.group_by("person_id", maintain_order=True).agg(pl.len().alias("n"), pl.col("unit").last(), *shares)
    # in an order that ids have no part in, so that sums come out the same to the last digit
    return people.filter(pl.col("n") == compared.height).sort(pl.exclude("person_id"))


def _figures(people: pl.DataFrame) -> Row:
    size: Row = {"n_cohort": people.height}
    if people.height < MINIMUM_GROUP:
        return size | _cannot_tell(words.TOO_FEW)
    known = [name for name in _CHANNELS if people[f"{name}_before"].is_not_null().all()]
    n_closed = len(known) - 1
    changes, figures = {}, size
    for name in known:
        level = LEVEL if name == "open" else 1 - (1 - LEVEL) / n_closed
        before, after = people[f"{name}_before"], people[f"{name}_after"]
        changes[name] = change = paired_change((after - before).to_list(), level=level)
        figures |= {
            f"{name}_before_ratio": before.mean(),
            f"{name}_after_ratio": after.mean(),
            f"{name}_change_pp": 100 * change.change,
            f"{name}_change_pp_low": 100 * change.low,
            f"{name}_change_pp_high": 100 * change.high,
        }
    figures["minimum_pp"] = 100 * changes["open"].error * _FOUND
    only = people.filter((pl.col("closed_before") > 0) & (pl.col("open_before") == 0))
    then = only.filter(pl.col("open_after") > 0)
    return figures | {
        "n_only_closed_before": only.height,
        "n_then_open": then.height,
        "n_then_only_open": then.filter(pl.col("closed_after") == 0).height,
        **_verdict(changes.pop("open"), list(changes.values())),
    }


def _verdict(opened: PairedChange, closed: list[PairedChange]) -> Row:
    if _fell(opened):
        return {"verdict": words.FELL}
    if opened.low > 0 and opened.change >= SMALLEST_CHANGE:
        if any(_fell(one) for one in closed):
            return {"verdict": words.REPLACED}
        is_ruled_out = all(one.low > -opened.change for one in closed)
        return {"verdict": words.ADDED} if is_ruled_out else _cannot_tell(words.TOO_CLOSE)
    is_narrow = opened.low > -LARGE_DIFFERENCE and opened.high < LARGE_DIFFERENCE
    return {"verdict": words.NO_CHANGE} if is_narrow else _cannot_tell(words.TOO_WIDE)


def _fell(one: PairedChange) -> bool:
    return one.high < 0 and one.change <= -SMALLEST_CHANGE


def _cannot_tell(reason: str) -> Row:
    return {"verdict": words.CANNOT_TELL, "reason": reason}


ANALYSIS: Final = Analysis(
    "since a declared start, did open platforms replace e-mail and shared files, or were they added?", READS, estimate
)
