"""Who goes first, and the layers of management, of the made-up companies: shown, refused, or in part unknown."""

from datetime import date, timedelta
from typing import Any

from models.analyses.direction import MOVE_TOGETHER
from models.metrics.cascade import CANNOT_TELL, DROPS, GOES_ON
from models.metrics.direction import BOTH, PEOPLE_FOLLOW, REFUSED
from models.release import ROSTER_TOO_SMALL
from models.statistics.intervals import wilson_bounds
from tests.dashboards.companies import Company

Row = dict[str, Any]
SHARES = {2: (0.7, 30), 3: (0.43, 110), 4: (0.41, 0)}
"""Layer -> share who contribute, people; the last layer has the rest."""


def leading(company: Company) -> dict[str, list[Row]]:
    """Rows of `rel_direction` and `rel_cascade`; none where no executives or layers are known.

    Also of two executives by name, where there is an agreement.
    """
    if not company.n_executives:
        return {}
    named = _named(company) if company.agreed else []
    return {"rel_direction": _direction(company), "rel_cascade": _cascade(company), "rel_named_executives": named}


def _named(company: Company) -> list[Row]:
    """Of the last whole month but one nothing is told of the first of them."""
    rows = []
    ends = [company.as_of.replace(day=1) - timedelta(days=1)]
    ends.append(ends[0].replace(day=1) - timedelta(days=1))
    for place, (shown, role) in enumerate((("Bo Berg", "COO"), ("ada Lind", "CEO"))):
        for number, end in enumerate(ends):
            told = (3 + place, 2, 2, 1) if number or not place else (None,) * 4
            counts = dict(zip(("n_posts", "n_replies", "n_own_posts", "n_own_replies"), told, strict=True))
            rows.append({
                "period_kind": "month", "period_start": end.replace(day=1), "period_end": end, "platform": "all",
                "is_complete": True, "shown": shown, "role": role, "basis": f"{company.agreed} consent in writing",
                "approved_by": f"{company.agreed} the board", "valid_until": date(2027, 6, 30), **counts,
            })  # fmt: skip
    return rows


def _direction(company: Company) -> list[Row]:
    head: Row = {
        "period_kind": "history", "period_start": company.first, "period_end": company.as_of, "unit": "all",
        "is_complete": False, "n_observed_days": 300, "n_eligible": company.people,
    }  # fmt: skip
    need = {"verdict": REFUSED, "n_needed_leaders": 10, "n_needed_weeks": 26, "n_needed_people": 5}
    few = {"reason": "too few executives with enough people of their own in every week"}
    rows = [head | need | few | {"platform": platform} for platform in sorted(company.lag)]
    if "all" in company.outnumbered:
        return [*rows, head | {"platform": "all", "verdict": REFUSED, "reason": ROSTER_TOO_SMALL}]
    if company.lead != "estimated":
        return [*rows, head | need | few | {"platform": "all"}]
    told = {"verdict": BOTH, "reason": MOVE_TOGETHER} if company.unknown else {"verdict": PEOPLE_FOLLOW, "reason": None}
    return [*rows, head | told | {
        "platform": "all", "n_leaders": 27, "n_changing_leaders": None if company.unknown else 21, "n_weeks": 52,
        "lean": 0.05, "lean_p": 0.002,
        **_following("people_follow", 5.5, 2.9, 8.1, 0.001), **_following("leaders_follow", 2.2, -3.1, 7.5, 0.31),
    }]  # fmt: skip


def _following(name: str, value: float, low: float, high: float, p: float) -> Row:
    ends = {"": value, "_low": low, "_high": high}
    return (
        {f"{name}_pp{end}": bound for end, bound in ends.items()}
        | {f"{name}_strength{end}": bound / 27 for end, bound in ends.items()}
        | {f"{name}_minimum_pp": 3.7, f"{name}_p": p}
    )


def _cascade(company: Company) -> list[Row]:
    """Two closed months; the later one is not wholly observed on the platforms that lag behind."""
    if "all" in company.outnumbered or company.people < 200:
        return []
    last = company.as_of.replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    return [row for end in (before, last) for row in _layers(company, end)]


def _layers(company: Company, end: date) -> list[Row]:
    rows: list[Row] = []
    for layer, (share, size) in SHARES.items():
        n = size or company.people - 152
        k = round(n * share)
        low, high = wilson_bounds(k, n)
        rows.append({
            "period_kind": "month", "period_start": end.replace(day=1), "period_end": end, "platform": "all",
            "unit": "all", "is_complete": True, "n_observed_days": 28, "n_eligible": n, "layer": layer,
            "n_contributors": k, "contributor_ratio": k / n, "contributor_ratio_low": low,
            "contributor_ratio_high": high, "n_without_layer": 0, "stops_at": 2, "verdict": CANNOT_TELL,
        })  # fmt: skip
    rows[0] |= {"verdict": DROPS, "drop_pp": 27.3, "drop_pp_low": 8.2, "drop_pp_high": 42.6}
    rows[1] |= {"drop_pp": 1.9, "drop_pp_low": -7.3, "drop_pp_high": 11.7, "reason": "not shown"}
    rows[2] |= {"reason": "nobody is in the next layer"}
    if not company.unknown:
        rows[1] |= {
            "verdict": GOES_ON, "reason": None, "association_pp": 9.4, "association_pp_low": 3.1,
            "association_pp_high": 15.2, "association_p": 0.004, "association_minimum_pp": 8.8, "n_managers": 104,
            "n_active_managers": None, "n_reports": 990,
        }  # fmt: skip
    return rows
