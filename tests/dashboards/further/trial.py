"""Rows about a trial, the number of platforms offered, and what spaces are for, of the made-up companies."""

from datetime import date, timedelta
from typing import Any

from models.metrics.purposes import PURPOSES, UNLABELLED
from models.statistics.intervals import wilson_bounds
from tests.dashboards.companies import Company

Row = dict[str, Any]
_LARGE = 200


def trial_tools_and_purposes(company: Company) -> dict[str, list[Row]]:
    """The three tables; nothing of a small company, no units and no trial without a roster."""
    if company.people < _LARGE:
        return {}
    months = _months(company)
    return {
        "rel_trial": trials(company) if company.units and not company.outnumbered else [],
        "rel_tools": [row for month in months for row in _tools(company, month)] if company.units else [],
        "rel_purposes": [row for month in months for row in _purposes(company, month)],
    }


def trials(company: Company) -> list[Row]:
    """A trial with a verdict of its own in each company, and everybody else."""
    platform = max(company.lag, key=lambda name: (len(name), name))
    head: Row = {
        "period_kind": "history", "period_start": company.first, "period_end": company.as_of, "platform": platform,
        "unit": "all", "is_complete": False, "n_observed_days": 300, "n_eligible": company.people, "trial": 1,
        "title": company.units[0], "started_on": company.first + timedelta(days=61),
        "ended_on": company.first + timedelta(days=241),
    }  # fmt: skip
    has_executives = company.n_executives > 0
    target = 0.30 if company.lead == "estimated" else 0.36
    inside = head | _group(320, (0.5, 0.36, 0.22, 0.2, 0.18)) | {
        "is_in_trial": True, "n_units": 2, "n_departments": 6, "n_executives": 8 if has_executives else None,
        "target_ratio": target, "verdict": "met" if target < 0.31 else "too_close",
    }  # fmt: skip
    outside = head | _group(company.people - 320, (0.2, 0.1, None, None, None)) | {
        "is_in_trial": False, "n_units": 8, "n_departments": 24, "n_executives": 30 if has_executives else None,
        "target_ratio": None, "verdict": None,
    }  # fmt: skip
    if company.unknown:
        end = ("n_at_end", "n_contributors_at_end", "end_ratio", "end_ratio_low", "end_ratio_high")
        inside |= dict.fromkeys(end) | {"verdict": "cannot_tell"}
    return [inside, outside]


def _group(n: int, shares: tuple[float | None, ...]) -> Row:
    row: Row = {"n_people": n, "n_working_days": 120, "n_person_days": 120 * n, "n_active_days": 6 * n,
                "daily_use_ratio": 0.05, "n_starters": n // 5}  # fmt: skip
    names = (("n_people", "n_ever", "ever"), ("n_at_end", "n_contributors_at_end", "end"),
             *((f"n_followed_{week}", f"n_still_{week}", f"still_{week}") for week in ("2w", "4w", "12w")))  # fmt: skip
    for (whole, part, name), share in zip(names, shares, strict=True):
        size = n if name in ("ever", "end") else n // 5
        counts = {whole: size, part: round(share * size)} if share is not None else {whole: row.get(whole), part: None}
        row |= counts | _bounds(f"{name}_ratio", counts[part], size)
    return row


def _bounds(name: str, k: int | None, n: int) -> Row:
    low, high = (None, None) if k is None else wilson_bounds(k, n)
    return {name: None if k is None else k / n, f"{name}_low": low, f"{name}_high": high}


def _tools(company: Company, month: Row) -> list[Row]:
    rows = []
    for n_platforms, people, share in ((1, 180, 0.22), (2, 240, 0.3), (3, 400, 0.52)):
        known = {"n_units": 2 + n_platforms, "n_people": people, "n_contributors": round(people * share)}
        figures = known | _bounds("contributor_ratio", known["n_contributors"], people)
        if month["_unknown"]:
            figures = dict.fromkeys(figures)
        rows.append(month | figures | {"n_platforms_offered": n_platforms})
    return rows


def _purposes(company: Company, month: Row) -> list[Row]:
    rows = []
    n = month["n_eligible"]
    for index, purpose in enumerate((*PURPOSES, UNLABELLED)):
        n_spaces = (4, 2, 5, 1, 0, 30)[index]
        alive = 0 if purpose == "events" else n_spaces
        k = round(n * (0.11, 0.12, 0.3, 0, 0, 0.4)[index])
        figures = {
            "n_spaces": n_spaces, "n_alive": alive,
            **_bounds("alive_ratio", alive if n_spaces else None, n_spaces or 1),
            "n_contributions": 4 * k, "n_contributors": k, **_bounds("contributor_ratio", k, n),
        }  # fmt: skip
        if month["_unknown"]:
            figures = dict.fromkeys(figures)
        rows.append(month | figures | {"purpose": purpose})
    return rows


def _months(company: Company) -> list[Row]:
    """The closed months of all platforms; of some nothing is known."""
    rows: list[Row] = []
    start = (company.first + timedelta(days=31)).replace(day=1)
    while (following := (start + timedelta(days=32)).replace(day=1)) <= company.as_of + timedelta(days=1):
        end = following - timedelta(days=1)
        is_met = company.gap is not None and company.gap[0] <= end and start <= company.gap[1]
        since = company.outnumbered.get("all", date.max)
        rows.append({
            "period_kind": "month", "period_start": start, "period_end": end, "platform": "all", "unit": "all",
            "is_complete": not is_met, "n_observed_days": (end - start).days + 1 - 5 * is_met,
            "n_eligible": company.people,
            "_unknown": end >= since or (company.unknown > 0 and start.month % 3 == 0),
        })  # fmt: skip
        start = following
    return rows
