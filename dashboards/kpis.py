"""The four key figures of the overview, and the same figures for `index.json`."""

from typing import Any, Final

import polars as pl

from dashboards import words
from dashboards.cards import UNOBSERVED, Kpi, delta_text, spark_lines
from dashboards.cards.time import gap_key
from dashboards.facts import cells
from dashboards.numbers import Fact
from dashboards.periods import band, change, is_coarse, share, value_change, when
from dashboards.released import ALL, Released, Row, latest, latest_told, reference
from dashboards.targets import target_of
from models.comparison import PeriodKind

RATES: Final = "rel_contributor_ratios"
RATIOS: Final = {"n_contributors": "contributor_ratio", "n_own_contributors": "own_contributor_ratio"}
"""The shares of which bounds may be told where a value is not."""


def key_figures(released: Released) -> list[Kpi]:
    """Contributors of 28 days (of a month where no daily series is released), weekly share, executives, top share."""
    days = released.days()
    months = released.series("rel_contributor_ratios", "month")
    weeks = released.series("rel_contributor_ratios", "week")
    executives = released.series("rel_executive_participation", "month", is_executive=True)
    if latest(days, "n_contributors_28d"):
        first = _share_kpi(
            "rolling_contributors", "Contributors in 28 days", "rel_active_users", days, "n_contributors_28d",
            kind="day", released=released,
        )  # fmt: skip
    else:
        first = _share_kpi(
            "contributors", "Contributors in a month", RATES, months, "n_contributors", kind="month", released=released
        )
    weekly = ("contributor_ratio", "Contributing in a week")
    if not released.has_roster:
        weekly = ("contributors", "Contributors in a week")
    return [
        first,
        _share_kpi(*weekly, RATES, weeks, "n_contributors", kind="week", released=released),
        _share_kpi(
            "executive_contributor_ratio",
            "Executives contributing",
            "rel_executive_participation",
            executives,
            "n_own_contributors",
            kind="month",
            released=released,
        ),
        _top_kpi(months, released),
    ]


def _share_kpi(
    metric: str, label: str, table: str, series: pl.DataFrame, column: str, *, kind: PeriodKind, released: Released
) -> Kpi:
    ratio = RATIOS.get(column)
    now = latest_told(series, column, ratio) if ratio else latest(series, column)
    part, said = share(now, column), band(now, ratio) if ratio else ""
    executives = metric == "executive_contributor_ratio"
    if now is None or (part is None and not said):
        reason = _no_executives(released) if executives and series.is_empty() else f"no complete {kind} yet"
        return Kpi(metric, label, "\u2013", None, reason, "same", "not known")
    then = reference(series, column, now, kind=kind)
    moved = change(now, then, column)
    delta, direction = delta_text(moved, when(kind, then))
    numbers = cells(table, now, then)
    if moved:
        numbers += (Fact(f"{table}/{column}:n_eligible/difference", moved.difference, "points"),)
    noun = "executives" if executives else "people" if released.has_roster else "accounts seen"
    is_count = kind == "day" or metric == "contributors"
    if is_count and direction != "same":
        delta = f"as a share {delta}"
    if part is None:
        base = f"of about {words.count(now['n_eligible'])} {noun}, {words.period(kind, now['period_start'])}"
        bounds = [now[f"{ratio}_low"], now[f"{ratio}_high"]]
        facts = _facts(now, kind, None, now["n_eligible"], noun) | {"bounds": bounds}
        return Kpi(metric, label, said, None, "", "same", base, spark_lines(_complete(series, column)), facts, numbers)
    if then and not released.has_roster:
        delta, direction = f"{words.count(then[column], is_coarse=is_coarse(then))} in {when(kind, then)}", "same"
    counts = words.of(part.n_part, part.n_whole, is_coarse=part.is_coarse)
    base = f"{counts} {noun}, {words.period(kind, now['period_start'])}"
    target = target_of(released, metric)
    if target and ratio and (judged := target.judged(now[f"{ratio}_low"], now[f"{ratio}_high"], now["period_end"])):
        base = f"{base} \u00b7 {target.label.lower()}: {judged}"
        numbers += (target.fact,)
    return Kpi(
        metric, label,
        words.count(part.n_part, is_coarse=part.is_coarse) if is_count else words.percent(part.ratio),
        part.n_part if is_count else part.ratio, delta, direction, base,
        spark_lines(_complete(series, column)), _facts(now, kind, part.n_part, part.n_whole, noun), numbers,
    )  # fmt: skip


def _top_kpi(series: pl.DataFrame, released: Released) -> Kpi:
    metric, label, column = "top_share", "From the most active 10%", "top_10_share_ratio"
    now = latest(series, column)
    if now is None:
        is_untold = bool(series.height) and gap_key(series, column) != UNOBSERVED
        reason = f"told from {10 * released.min_group} people on" if is_untold else "no complete month yet"
        return Kpi(metric, label, "\u2013", None, reason, "same", "not known")
    then = reference(series, column, now, kind="month")
    moved = value_change(now, then, column)
    before = when("month", then)
    if moved is None:
        delta = "nothing earlier to compare with"
    else:
        delta = (
            f"about the same as in {before}"
            if moved.direction == "same"
            else f"{words.percent(moved.then)} in {before}"
        )
    n = now["n_contributions"]
    of = "all contributions" if n is None else words.count(n, "contribution")
    return Kpi(
        metric, label, words.percent(now[column]), now[column], delta, "same",
        f"of {of} in {words.month(now['period_start'])}",
        spark_lines(_complete(series, column)), _facts(now, "month", None, now["n_contributions"], released.people),
        cells(RATES, now, then),
    )  # fmt: skip


def _no_executives(released: Released) -> str:
    if not released.has_roster:
        return "no roster is loaded"
    return "too few to show" if released.withholds("too_few_executives") else "no executives are known"


def _complete(series: pl.DataFrame, column: str) -> list[float | None]:
    return [v if flag else None for v, flag in zip(series[column], series["is_complete"], strict=True)]


def _facts(now: Row, kind: str, part: int | None, whole: int | None, population: str) -> dict[str, Any]:
    return {
        "numerator": part, "denominator": whole, "population": population, "platform": ALL, "unit": ALL,
        "period_kind": "28 days" if kind == "day" else kind,
        "period_start": None if kind == "day" else now["period_start"].isoformat(),
        "period_end": now["period_end"].isoformat(), "is_in_fives": is_coarse(now), "bounds": None,
    }  # fmt: skip
