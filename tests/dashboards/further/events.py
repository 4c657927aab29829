"""Rows of made-up companies: what changed at declared events, and weeks and days on control charts."""

import random
from datetime import date, timedelta
from typing import Any

from tests.dashboards.companies import HOSTILE, Company

Row = dict[str, Any]
LARGE = 200
LINE = "the share would have gone on in a straight line"


def events(company: Company) -> dict[str, list[Row]]:
    """Both tables; nothing of a small company."""
    if company.people < LARGE:
        return {}
    return {"rel_before_after": _before_after(company), "rel_control_chart": [*_weeks(company), *_days(company)]}


def _doubtful(company: Company, platform: str) -> bool:
    return not company.units or platform in company.outnumbered


def _before_after(company: Company) -> list[Row]:
    """One event with a comparison, one without, one that came too late; of some companies none can be told."""
    rows = []
    titles = HOSTILE[:3] if company.units[:1] == HOSTILE[:1] else ("Town hall", "Guide to open work", "Office moves")
    for platform in ("all", *company.lag):
        for number, title in enumerate(titles, 1):
            day = company.as_of - timedelta(days=320 - 120 * number + 30 * (number == 3))
            row: Row = {
                "period_kind": "history", "period_start": company.first, "period_end": company.as_of,
                "platform": platform, "unit": "all", "is_complete": False, "n_observed_days": 400,
                "n_eligible": company.people, "event": number, "title": title, "kind": "policy", "occurred_on": day,
                "last_on": day + timedelta(days=70 * (number == 1)), "is_everywhere": True, "method": "not estimable",
            }  # fmt: skip
            rows.append(row | _effect(number, is_told=not _doubtful(company, platform), unknown=company.unknown))
    return rows


def _effect(number: int, *, is_told: bool, unknown: float) -> Row:
    if not is_told:
        return {"reason": "at times, more people were active than the roster holds"}
    if number == 3 or (unknown and number == 2):
        return {"reason": "too few weeks in a row are observed after it", "n_weeks_before": 40, "n_weeks_after": 7}
    if number == 1:
        return {
            "method": "event study", "has_comparison": True, "wording": "nothing shown", "effect_pp": 1.1,
            "effect_pp_low": -0.9, "effect_pp_high": 3.0, "effect_p": 0.27, "n_units": 24, "n_weeks_before": 8,
            "n_weeks_after": 8, "n_other_events": 1, "minimum_pp": 2.9, "assumption": LINE,
        }  # fmt: skip
    return {
        "method": "interrupted series", "has_comparison": False, "reason": "no comparison group", "wording": "more",
        "effect_pp": 4.23, "effect_pp_low": 1.02, "effect_pp_high": 7.44, "effect_p": 0.012, "n_units": 10,
        "n_weeks_before": 33, "n_weeks_after": 16, "n_other_events": 0, "minimum_pp": 4.6, "assumption": LINE,
        "slope_pp": 0.11, "slope_pp_low": -0.2, "slope_pp_high": 0.42, "slope_p": 0.48, "slope_minimum_pp": 0.44,
        "slope_wording": "nothing shown",
    }  # fmt: skip


def _weeks(company: Company) -> list[Row]:
    chance, rows = random.Random(company.people), []
    start = company.first - timedelta(days=company.first.weekday())
    starts = [start + timedelta(weeks=i) for i in range((company.as_of - start).days // 7 + 1)]
    for platform in ("all", *company.lag):
        for place, week in enumerate(starts):
            gap = company.gap
            is_complete = not (gap and week <= gap[1] and week + timedelta(days=6) >= gap[0]) and place > 0
            row: Row = {
                "period_kind": "week", "period_start": week, "period_end": week + timedelta(days=6),
                "platform": platform, "unit": "all", "is_complete": is_complete, "n_observed_days": 7 * is_complete,
                "n_eligible": company.people,
            }  # fmt: skip
            if not _doubtful(company, platform):
                share = 0.34 + chance.gauss(0, 0.012) + 0.09 * (place % 37 == 20)
                row |= {"centre_ratio": 0.34, "low_ratio": 0.3, "high_ratio": 0.38, "n_baseline": 20}
                if is_complete and chance.random() >= company.unknown:
                    n = round(company.people * share)
                    row |= _judged(n / company.people, 0.3, 0.38, 0.34) | {
                        "contributor_ratio": n / company.people, "n_contributors": n,
                    }  # fmt: skip
            rows.append(row)
    return [row for row in rows if row["period_end"] <= company.as_of]


def _judged(value: float, low: float, high: float, centre: float) -> Row:
    is_signal = not low <= value <= high
    side = ("above" if value > centre else "below") if is_signal else None
    return {"is_signal": is_signal, "rule": "outside" if is_signal else None, "side": side}


def _days(company: Company) -> list[Row]:
    chance, rows = random.Random(company.people + 1), []
    for place in range((company.as_of - company.first).days + 1):
        day: date = company.first + timedelta(days=place)
        is_observed = chance.random() >= company.unknown
        row: Row = {
            "period_kind": "day", "period_start": day, "period_end": day, "platform": "all", "unit": "all",
            "is_complete": is_observed, "n_observed_days": int(is_observed), "n_eligible": company.people,
        }  # fmt: skip
        if is_observed and "all" not in company.outnumbered:
            usual = 20.0 if day.weekday() >= 5 else 90.0
            n = round(chance.gauss(usual, usual / 12))
            row |= {"n_contributors": n, "centre_people": usual, "low_people": usual * 0.75, "n_baseline": 56,
                    "high_people": usual * 1.25} | _judged(n, usual * 0.75, usual * 1.25, usual)  # fmt: skip
        rows.append(row)
    return rows
