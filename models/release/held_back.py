"""How many figures of groups are told as bands or not at all, counted in the released tables themselves."""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from models.release import SMALLEST_COUNT, WITHHELD
from models.release.dominance import PERCENT
from models.release.rows import ALL, PERIOD

SHARES: Final[Mapping[str, str]] = {
    "rel_contributor_ratios": "contributor_ratio",
    "rel_executive_participation": "contributor_ratio",
    "rel_breakdown": "contributor_ratio",
    "rel_critical_mass": "adoption_ratio",
    "rel_unit_platforms": "contributor_ratio",
}
"""The share by which a table of groups is judged."""
_PARTITIONED: Final = ("rel_contributor_ratios", "rel_executive_participation", "rel_breakdown",
                       "rel_unit_platforms")  # fmt: skip
"""Tables whose rows are parts of a total that is told."""
MINIMUM: Final = {
    "ends_as_bands": SMALLEST_COUNT, "follows_from_total": SMALLEST_COUNT, "one_person_dominates": PERCENT,
}  # fmt: skip
"""The threshold behind each reason: people, people, percent."""
_SUMS: Final = "rel_contributor_ratios"


def figures_held_back(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Rows of `rel_withheld` about figures; `tables` holds those of `SHARES`. What is not known counts as no figure."""
    found = [(table, reason, None, n, MINIMUM[reason]) for table, reason, n in _counted(tables) if n]
    return pl.DataFrame(found, schema=WITHHELD, orient="row")


def _counted(tables: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, str, int]]:
    """Table, reason and number of figures."""
    sums = tables[_SUMS]
    known = sums.filter((pl.col("unit") == ALL) & pl.col("contributor_ratio_low").is_not_null()).select(PERIOD)
    for table, share in SHARES.items():
        rows = tables[table].filter(pl.col("n_eligible") > 0).join(known, on=PERIOD, how="semi")
        is_band = pl.col(share).is_null() & pl.col(f"{share}_low").is_not_null()
        yield table, "ends_as_bands", rows.filter(is_band).height
        if table in _PARTITIONED:
            yield table, "follows_from_total", rows.filter(pl.col(f"{share}_low").is_null()).height
    unknown = sums.filter(pl.col("n_contributions").is_null() & (pl.col("n_eligible") > 0))
    yield _SUMS, "one_person_dominates", unknown.join(known, on=PERIOD, how="semi").height
