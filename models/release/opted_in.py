"""Champions: people who asked to be named, under the name they gave. No figure of theirs, and none makes a champion."""

import polars as pl


def release_champions(lines: pl.DataFrame) -> pl.DataFrame:
    """Rows of `rel_named_champions` from those of `dim_champion`: whose newest line holds, and who is still there."""
    told = lines.filter("is_newest", "is_in_force", "is_employed")
    since = pl.col("opted_in_on").dt.truncate("1mo").alias("since_month")
    return told.select("shown", "scope", since).sort("shown", "scope", "since_month")
