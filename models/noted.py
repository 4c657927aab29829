"""What readers found wrong and kept all the same, as counts that anybody may see: by platform and rule.

Files, members and lines stay behind: a member may lie in a space that is not public. How one file fares is in `note`.
"""

from typing import Final

import polars as pl

LEFT_OUT: Final = "PPL-ERA-004"
"""Records of people who are forgotten or object. It is told without any count: one more or less would name somebody."""
_NUMBER: Final = r"(^| )[0-9][0-9,]* ([a-z])"
"""A count in a message, which differs from file to file; sizes such as 1 MiB stay."""
_CLOSING_NUMBER: Final = r", [a-z ]+ [0-9][0-9,]*$"
"""A last clause that tells one more number."""
_MOST_LINES: Final = 10


def by_platform(notes: pl.DataFrame) -> pl.DataFrame:
    """The rows of `rel_note` from those of `note` with the platform of their export."""
    is_counted = pl.col("rule") != LEFT_OUT
    return (
        notes.with_columns(pl.col("message").str.replace(_CLOSING_NUMBER, "").str.replace_all(_NUMBER, "${1}${2}"))
        .group_by("platform", "rule", "message")
        .agg(pl.col("file_id").n_unique().cast(pl.Int64).alias("n_exports"), pl.col("n_records").sum())
        .with_columns(pl.when(is_counted).then(pl.col("n_exports", "n_records")))
        .sort("platform", "rule", "message")
    )


def lines(noted: pl.DataFrame) -> list[str]:
    """What a run says of `rel_note`: each text once, the most frequent first, and how many more there are."""
    said = (
        noted.group_by("rule", "message")
        .agg(pl.col("platform").sort().str.join(", "), pl.col("n_exports", "n_records").sum())
        .sort("n_records", "rule", "message", descending=[True, False, False])
    )
    shown = [
        f"{row['rule']} {row['platform']}: {row['message']}{_counts(row['rule'], row['n_records'], row['n_exports'])}"
        for row in said.head(_MOST_LINES).iter_rows(named=True)
    ]
    n_more = said.height - len(shown)
    return [*shown, f"and {_count(n_more, 'more note')}, see table rel_note"] if n_more else shown


def _counts(rule: str, n_records: int, n_exports: int) -> str:
    return "" if rule == LEFT_OUT else f" ({_count(n_records, 'record')} in {_count(n_exports, 'export')})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
