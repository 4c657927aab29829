"""Which pairs of units never meet? Ties between every two units of a month, beside what chance alone would give."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

import polars as pl

from models.analyses.analysis import Analysis, Row, Tables, as_mart
from models.metrics.unit_pairs import CANNOT_TELL, MET, NEVER, SELDOM
from models.statistics.mixing import Pair, adjusted, mixing

READS: Final = ("prep_period", "prep_conversation", "prep_eligible", "prep_tie")
TESTABLE: Final = 3.0
"""Ties by chance, from which on none at all says something: e to the power of -3 is 5 %."""
SIGNIFICANT: Final = 0.05
FEW: Final = 0.5
"""Of what chance would give: below, two units meet seldom."""
MOST_UNITS: Final = 200
"""Pairs of more are too many to work out, and for anybody to read."""
_REST: Final = "\uffff"
_HEAD: Final = ("period_kind", "period_start", "period_end", "platform", "is_complete", "n_observed_days")


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_unit_pairs`: every month of all platforms together, every two units with eligible people."""
    is_wanted = (pl.col("period_kind") == "month") & (pl.col("platform") == "all")
    people = tables["prep_eligible"].filter(is_wanted)
    has_targets = tables["prep_conversation"].filter((pl.col("platform") == "all") & pl.col("has_targets")).height > 0
    rows: list[Row] = []
    for period in tables["prep_period"].filter(is_wanted).sort("period_start").iter_rows(named=True):
        present = people.filter(pl.col("period_start") == period["period_start"])
        ties = tables["prep_tie"].filter(pl.col("period_start") == period["period_start"])
        units = _largest(present["unit"].drop_nulls())
        head = {name: period[name] for name in _HEAD} | {"unit": "all", "n_eligible": present.height}
        figures = _figures(ties, units) if period["n_seen_days"] and has_targets else [{}] * len(units) ** 2
        rows += [
            head | {"one_unit": one, "other_unit": other} | row
            for (one, other), row in zip(combinations(units, 2), figures, strict=False)
        ]
    return with_counts(as_mart("mart_unit_pairs", rows))


def with_counts(rows: pl.DataFrame) -> pl.DataFrame:
    """Each month's counts of its pairs in `rows`; unknown where the verdicts are."""
    month, verdict = "period_start", pl.col("verdict")
    is_apart = verdict.is_in([NEVER, CANNOT_TELL])
    counts = {
        "n_pairs": pl.len(),
        "n_pairs_apart": is_apart.sum(),
        "n_pairs_apart_by_chance": pl.col("none_by_chance_ratio").sum(),
        "n_pairs_never": (verdict == NEVER).sum(),
        "n_pairs_seldom": (verdict == SELDOM).sum(),
    }
    known = [
        pl.when(verdict.is_not_null()).then(value.over(month)).cast(rows.schema[name]).alias(name)
        for name, value in counts.items()
    ]
    return rows.with_columns(known)


def verdict_of(pair: Pair, adjusted_p: float | None) -> str:
    """What can be said of two units; `adjusted_p` is None where chance would give too few ties to tell."""
    is_known = adjusted_p is not None and adjusted_p <= SIGNIFICANT
    if not pair.n_ties:
        return NEVER if is_known else CANNOT_TELL
    return SELDOM if is_known and pair.n_ties < FEW * pair.by_chance else MET


def _largest(unit: pl.Series) -> list[str]:
    """The units with most people, in order of the alphabet."""
    sizes = unit.value_counts().sort("count", "unit", descending=[True, False])
    return sorted(sizes["unit"].head(MOST_UNITS))


def _figures(ties: pl.DataFrame, units: Sequence[str]) -> list[Row]:
    unit_of = dict([*ties.select("one_id", "one_unit").rows(), *ties.select("other_id", "other_unit").rows()])
    kept = set(units)
    group_of = {person: unit if unit in kept else _REST for person, unit in unit_of.items()}
    groups = [*units, _REST]
    found = mixing(ties.select("one_id", "other_id").rows(), group_of, groups)
    pairs = [pair for pair, (_, other) in zip(found, combinations(groups, 2), strict=True) if other != _REST]
    tested = [index for index, pair in enumerate(pairs) if pair.by_chance >= TESTABLE]
    p_values: Mapping[int, float] = dict(zip(tested, adjusted([pairs[i].p_value for i in tested]), strict=True))
    return [
        {
            "verdict": verdict_of(pair, p_values.get(index)),
            "n_ties_by_chance": pair.by_chance,
            "n_ties": pair.n_ties,
            "none_by_chance_ratio": pair.none_ratio,
            "so_few_p": pair.p_value,
            "so_few_adjusted_p": p_values.get(index),
        }
        for index, pair in enumerate(pairs)
    ]


ANALYSIS: Final = Analysis(
    "which pairs of units never meet, although chance would bring them together?", READS, estimate
)
