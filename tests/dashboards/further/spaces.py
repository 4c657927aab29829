"""Public spaces of the made-up companies by name; unknown states where much is unknown, none without a unit or many."""

from datetime import date, timedelta
from typing import Any

from tests.dashboards.companies import HOSTILE, Company

Row = dict[str, Any]


def named_spaces(company: Company) -> dict[str, list[Row]]:
    """Rows of `rel_spaces` of the last closed month."""
    if company.people < 200:
        return {}
    end = company.as_of if (company.as_of + timedelta(days=1)).day == 1 else company.as_of.replace(day=1) - timedelta(1)
    platform = next(iter(company.lag))
    head = {
        "period_kind": "month", "period_start": end.replace(day=1), "period_end": end, "platform": platform,
        "unit": "all", "is_complete": not company.unknown, "n_observed_days": 28, "n_eligible": company.people,
        "workspace": "hq",
    }  # fmt: skip
    is_hostile = any(name in HOSTILE for name in company.units)
    names = HOSTILE if is_hostile else ("general", "ideas", "board-games")
    states = ("unknown",) * 3 if company.unknown else ("alive", "revived", "forgotten")
    counts, since = (45, 15, None), date(2025, 2, 1)
    rows = [
        head | {"subject": "channel", "label": name, "state": state, "first_month": since, "n_unnamed": 7,
                "n_contributors": None if company.unknown else n}
        for name, state, n in zip(names[:3], states, counts, strict=False)
    ]  # fmt: skip
    return {"rel_spaces": rows}
