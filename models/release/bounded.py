"""Shares of a cut that are worked out again, because its groups are sums of others: with their intervals."""

import polars as pl

from models.statistics.intervals import wilson_bounds


def with_share(rows: pl.DataFrame, name: str, k: str, n: str) -> pl.DataFrame:
    """The share k / n with Wilson's 95 % interval, unknown where a count is or n is 0."""
    pairs = rows.select(k, n).rows()
    bounds = [wilson_bounds(part, whole or 0) for part, whole in pairs]
    ratios = [part / whole if part is not None and whole else None for part, whole in pairs]
    return rows.with_columns(
        pl.Series(name, ratios, pl.Float64),
        pl.Series(f"{name}_low", [low for low, _ in bounds], pl.Float64),
        pl.Series(f"{name}_high", [high for _, high in bounds], pl.Float64),
    )
