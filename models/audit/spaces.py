"""Public spaces that a release names, and how many it says contribute: held against those who truly did."""

from collections.abc import Iterator, Mapping, Set
from typing import Final

import polars as pl

from models.audit.columns import ROUNDED_TO
from models.audit.findings import Finding, Limits, Rule

SPACE_SCHEMA: Final[Mapping[str, pl.DataType]] = {
    "period_start": pl.Date(),
    "platform": pl.String(),
    "workspace": pl.String(),
    "kind": pl.String(),
    "label": pl.String(),
    "n_spaces": pl.Int64(),
    "n_people": pl.Int64(),
    "n_contributors": pl.Int64(),
    "n_eligible": pl.Int64(),
}
"""By month, name and kind: how many spaces that are public and no one's own are called so, how many different people
had ever contributed to them by its end, how many who are counted in it did in it, and how many are counted."""
NOTHING: Final = pl.DataFrame(schema=dict(SPACE_SCHEMA))
_KINDS: Final = pl.DataFrame(
    [("channel", "channel"), ("channel", "space"), ("community", "group"), ("wiki_space", "space"),
     ("wiki_space", "namespace"), ("blog", "blog")], schema=["subject", "kind"], orient="row",
)  # fmt: skip
_NAME: Final = ("period_start", "platform", "workspace", "subject", "label")
_TABLE: Final = "rel_spaces"


def of_spaces(
    told: pl.DataFrame, spaces: pl.DataFrame, limits: Limits, kept: Set[tuple[object, ...]] = frozenset()
) -> Iterator[Finding]:
    """Findings about the rows of `rel_spaces`; `spaces` are the true ones (`SPACE_SCHEMA`).

    A name has to be that of one public space to which a group of people ever contributed. A count has to be of a group,
    with `limits.tail` people left who did not, and within rounding. `kept` are panels that are published as they were
    before: their spaces have to be public still, but their people may have changed, or be known no more.
    """
    true = spaces.join(_KINDS, on="kind")
    public = true.filter(pl.col("n_spaces") == 1).select(_NAME[1:]).unique().with_columns(is_one=pl.lit(value=True))
    rows = told.join(true, on=_NAME, how="left", suffix="_true").join(public, on=_NAME[1:], how="left").with_columns(
        pl.col("is_one").fill_null(value=False),
        is_kept=pl.struct("period_kind", "period_start", "platform").map_elements(
            lambda panel: tuple(panel.values()) in kept, return_dtype=pl.Boolean
        )
    )
    n, of = pl.col("n_contributors_true"), pl.col("n_eligible_true")
    is_known = pl.col("is_one") & ~pl.col("is_kept")
    is_told = is_known & pl.col("n_contributors").is_not_null()
    is_off = (pl.col("n_contributors") - n).abs() > ROUNDED_TO // 2
    wrong: tuple[tuple[Rule, str, pl.Expr], ...] = (
        ("not_a_group", "name", ~pl.col("is_one") | (is_known & pl.col("n_spaces").is_null())),
        ("small_group", "name", is_known & (pl.col("n_people") < limits.smallest_group)),
        ("small_group", "n_contributors", is_told & (n < limits.smallest_group)),
        ("tail", "n_contributors", is_told & (of < limits.crowd) & (of - n < limits.tail)),
        ("inconsistent", "n_contributors", is_told & is_off),
    )
    for rule, measure, where in wrong:
        for kind, n_rows in rows.filter(where).group_by("period_kind").len().sort("period_kind").rows():
            yield Finding(rule, _TABLE, "space", measure, kind, n_rows)
