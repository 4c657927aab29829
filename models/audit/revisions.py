"""What changed of closed periods since an earlier release that still stands: by so few that they can be told."""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from models.audit.columns import RELEASED, Count, Some
from models.audit.findings import Finding, Limits

_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "breakdown": ("dimension", "value"),
    "executive": ("is_executive",),
    "layer": ("layer",),
    "offered": ("n_platforms_offered",),
    "space": ("subject", "workspace", "label"),
}
_CELL: Final = ("period_kind", "period_start", "platform", "unit")


def changed(new: Mapping[str, pl.DataFrame], old: Mapping[str, pl.DataFrame], limits: Limits) -> Iterator[Finding]:
    """Counts of people that stand in both releases and differ by 1 to a group less one.

    A period that the new release says it tells anew (`rel_revision`) is as the people are known now: many have changed.
    """
    told_anew = new["rel_revision"]
    for table, of in RELEASED.items():
        counts = [name for name, column in of.columns.items() if isinstance(column, Count | Some)]
        names = ["n_eligible", *counts] if counts else []
        if not names or table not in old or table not in new:
            continue
        keys = [*_CELL, *_KEYS.get(of.rows, ())]
        both = new[table].join(old[table].select(*keys, *names), on=keys, suffix="_before", nulls_equal=True)
        anew = told_anew.filter(pl.col("metric") == table)
        both = both.join(anew, on=["period_kind", "period_start", "platform"], how="anti")
        for name in names:
            by = (pl.col(name) - pl.col(f"{name}_before")).abs()
            few = both.filter(by.is_between(1, limits.smallest_group - 1))
            for kind, n in few.group_by("period_kind").len().sort("period_kind").rows():
                yield Finding("changed", table, of.rows, name, kind, n)
