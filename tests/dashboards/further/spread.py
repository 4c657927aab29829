"""Pockets and pairs of units of the made-up companies: large ones with units have figures, some of them unknown."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

import polars as pl

from models.analyses.unit_pairs import with_counts
from models.metrics.unit_pairs import CANNOT_TELL, MET, NEVER, SELDOM
from models.schemas.marts import RELEASED_SCHEMAS
from tests.dashboards.companies import Company

Row = dict[str, Any]
_N_MONTHS = 14


def spread(company: Company) -> dict[str, list[Row]]:
    """Rows of `rel_pockets` and `rel_unit_pairs`; none where units are unknown or the organisation is small."""
    if not company.units or company.people < 200 or "all" in company.outnumbered:
        return {}
    months = [_head(company, index) for index in range(_N_MONTHS)]
    return {
        "rel_pockets": [head | _pockets(index, company) for index, head in enumerate(months)],
        "rel_unit_pairs": [row for index, head in enumerate(months[-3:]) for row in _pairs(head, company, index)],
    }


def _head(company: Company, index: int) -> Row:
    years, month = divmod(company.first.month - 1 + index, 12)
    start = date(company.first.year + years, month + 1, 1)
    following = (start + timedelta(days=32)).replace(day=1)
    return {
        "period_kind": "month", "period_start": start, "period_end": following - timedelta(days=1), "platform": "all",
        "unit": "all", "is_complete": index != 6, "n_observed_days": 28, "n_eligible": company.people,
    }  # fmt: skip


def _pockets(index: int, company: Company) -> Row:
    """A dissimilarity that falls towards chance; the seventh month is not complete, the fourth unknown."""
    if index == 3 or (company.unknown and index % 4 == 1):
        return {}
    few = {} if len(company.units) < 5 else {
        "units_reached_ratio": 0.7, "units_reached_ratio_low": 0.6, "units_reached_ratio_high": 0.8,
        "people_reached_ratio": 0.68 + index / 100, "people_reached_ratio_low": 0.61 + index / 100,
        "people_reached_ratio_high": 0.74 + index / 100, "reached_from_ratio": 0.2,
    }  # fmt: skip
    return few | {
        "dissimilarity_ratio": 0.34 - index / 100, "dissimilarity_by_chance_ratio": 0.04,
        "dissimilarity_by_chance_high_ratio": 0.055, "dissimilarity_largest_ratio": 0.6, "dissimilarity_p": 0.002,
        "n_units": len(company.units), "n_in_units": company.people, "n_contributors": company.people * 2 // 5,
        "theil": 1.2, "theil_between_ratio": 0.2, "theil_by_chance_ratio": 0.012, "theil_p": 0.002,
    }  # fmt: skip


def _pairs(head: Row, company: Company, index: int) -> list[Row]:
    """Every two units that are shown: each verdict occurs."""
    verdicts = (MET, MET, NEVER, MET, SELDOM, MET, CANNOT_TELL)
    units = sorted(unit for unit in company.units if unit != "Other units")
    rows = [
        {"one_unit": one, "other_unit": other, "verdict": verdicts[(place + index) % 7],
         "n_ties_by_chance": float(3 + place % 9), "none_by_chance_ratio": 0.03 * (place % 3)}
        for place, (one, other) in enumerate(combinations(units, 2))
    ]  # fmt: skip
    columns = RELEASED_SCHEMAS["rel_unit_pairs"].to_schema().columns
    types = {name: spec.dtype.type for name, spec in columns.items()}
    full = [{name: (head | row).get(name) for name in types} for row in rows]
    counted = with_counts(pl.DataFrame(full, schema=types))
    return counted.with_columns(pl.lit(None, dtype=pl.Float64).alias("none_by_chance_ratio")).to_dicts()
