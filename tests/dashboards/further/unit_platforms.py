"""Contributors of the made-up companies by unit and platform, of the last whole month; none without units."""

from datetime import date
from typing import Any

from models.statistics.intervals import wilson_bounds
from tests.dashboards.companies import Company

Row = dict[str, Any]
SIZE = 80


def units_on_platforms(company: Company) -> dict[str, list[Row]]:
    """Units of 80 people of whom 8, 12, 16 ... contribute, and eight fewer, or nobody, on each further platform."""
    end = date(2026, 10, 31)
    rows = []
    for place, platform in enumerate(company.lag):
        for at, unit in enumerate(company.units):
            n = None if company.unknown else max(0, 8 + 4 * at - 8 * place)
            low, high = (None, None) if n is None else wilson_bounds(n, SIZE)
            rows.append({
                "period_kind": "month", "period_start": end.replace(day=1), "period_end": end, "platform": platform,
                "unit": unit, "is_complete": platform != "yammer", "n_observed_days": 31, "n_eligible": SIZE,
                "n_contributors": n, "contributor_ratio": None if n is None else n / SIZE,
                "contributor_ratio_low": low, "contributor_ratio_high": high,
            })  # fmt: skip
    return {"rel_unit_platforms": rows}
