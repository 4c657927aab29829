"""Rows about open platforms, e-mail and shared files of the made-up companies."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from models.metrics.channel_shift import ADDED, CANNOT_TELL, NO_CHANGE, NO_SOURCE, REPLACED, TOO_SHORT
from models.release import ROSTER_TOO_SMALL
from models.statistics.intervals import wilson_bounds
from tests.dashboards.companies import Company

Row = dict[str, Any]
_LARGE = 200
_FIGURES = ("before_ratio", "after_ratio", "change_pp", "change_pp_low", "change_pp_high")


def channels(company: Company) -> dict[str, list[Row]]:
    """Both tables; nothing of a small company, no e-mail without a roster."""
    if company.people < _LARGE:
        return {}
    return {"rel_channel_mix": list(mix(company)), "rel_channel_shift": [shift(company)] if company.units else []}


def mix(company: Company) -> Iterator[Row]:
    """Weeks in which e-mail is known from the tenth on; shared files in some companies."""
    monday = company.first - timedelta(days=company.first.weekday())
    n, at = company.people, 0
    while monday + timedelta(days=6) <= company.as_of:
        k_open, k_mail, k_files = round(n * (0.2 + 0.001 * at)), round(n * 0.93), round(n * (0.6 - 0.002 * at))
        is_known = at >= 10 and bool(company.units) and not company.outnumbered
        row: Row = {
            "period_kind": "week", "period_start": monday, "period_end": monday + timedelta(days=6), "platform": "all",
            "unit": "all", "is_complete": at % 9 != 5, "n_observed_days": 7 - (at % 9 == 5), "n_eligible": n,
            "n_open": k_open, **_bounds("open_ratio", k_open, n),
        }  # fmt: skip
        if is_known:
            row |= {"n_email": k_mail, "n_closed": k_mail, "n_both": k_open - 3, **_bounds("email_ratio", k_mail, n)}
            row |= _bounds("closed_ratio", k_mail, n) | _bounds("open_share_ratio", k_open, k_mail + 3)
        if is_known and not company.unknown:
            row |= {"n_files": k_files, **_bounds("files_ratio", k_files, n)}
        yield row
        monday, at = monday + timedelta(days=7), at + 1


def shift(company: Company) -> Row:
    """A start with a verdict of its own in each company; none where the roster is too small, or reports are missing."""
    start = date(2026, 3, 2)
    row: Row = {
        "period_kind": "history", "period_start": company.first, "period_end": company.as_of, "platform": "all",
        "unit": "all", "is_complete": False, "n_observed_days": 300, "n_eligible": company.people,
        "started_on": start, "title": company.units[0], "verdict": CANNOT_TELL,
    }  # fmt: skip
    if company.outnumbered:
        return row | {"reason": ROSTER_TOO_SMALL if company.lead == "flagged" else NO_SOURCE}
    if company.unknown:
        return row | {"reason": TOO_SHORT}
    verdict = REPLACED if company.lead == "estimated" and company.n_executives else ADDED
    if len(company.lag) == 2:
        verdict = NO_CHANGE
    opened = (0.2, 0.26, 6.0, 3.5, 8.4) if verdict != NO_CHANGE else (0.2, 0.201, 0.1, -2.2, 2.4)
    files = (0.61, 0.55, -6.0, -9.0, -3.1) if verdict == REPLACED else (0.61, 0.612, 0.2, -2.9, 3.2)
    parts = {"open": opened, "email": (0.93, 0.932, 0.2, -1.1, 1.5), "files": files}
    return row | {
        "verdict": verdict, "compared_by": "week", "n_before": 9, "n_after": 12, "n_cohort": company.people - 80,
        "before_from_on": start - timedelta(weeks=13), "after_to_on": start + timedelta(weeks=13, days=-1),
        "n_other_starts": len(company.lag) - 2, "minimum_pp": 3.6, "n_only_closed_before": 410, "n_then_open": 61,
        "n_then_only_open": 2,
        **{f"{name}_{figure}": value for name, values in parts.items()
           for figure, value in zip(_FIGURES, values, strict=True)},
    }  # fmt: skip


def _bounds(name: str, k: int, n: int) -> Row:
    low, high = wilson_bounds(k, n)
    return {name: k / n, f"{name}_low": low, f"{name}_high": high}
