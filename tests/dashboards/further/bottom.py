"""Made-up figures of who starts what, what remains without the top, and critical mass.

Only where executives are a group; of few of them, critical mass without its counts. Nothing without a roster.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from models.release import OTHER_UNITS
from models.statistics.intervals import wilson_bounds
from tests.dashboards.companies import UNITS, Company

Row = dict[str, Any]
Period = tuple[date, date]


def bottom(company: Company) -> Mapping[str, list[Row]]:
    """Rows of the three tables; nothing where there is no roster with units."""
    if not company.units:
        return {}
    with_top = company.n_executives > 0
    return {
        "rel_initiation": list(_initiation(company)) if with_top else [],
        "rel_organic": list(_organic(company)) if with_top else [],
        "rel_critical_mass": [
            row for place, unit in enumerate(("all", *company.units)) if unit != OTHER_UNITS
            for row in _critical_mass(company, place, unit)
        ],
    }  # fmt: skip


def _months(company: Company) -> Iterator[Period]:
    start = company.first.replace(day=1)
    while (following := (start + timedelta(days=32)).replace(day=1)) - timedelta(days=1) <= company.as_of:
        yield start, following - timedelta(days=1)
        start = following


def _weeks(company: Company) -> Iterator[Period]:
    start = company.first + timedelta(days=-company.first.weekday() % 7)
    while start + timedelta(days=6) <= company.as_of:
        yield start, start + timedelta(days=6)
        start += timedelta(days=7)


def _head(company: Company, kind: str, period: Period, unit: str = "all", n: int | None = None) -> Row:
    start, end = period
    gap = company.gap
    is_complete = not (gap and gap[0] <= end and start <= gap[1])
    n_days = (end - start).days + 1
    return {
        "period_kind": kind, "period_start": start, "period_end": end, "platform": "all", "unit": unit,
        "is_complete": is_complete, "n_observed_days": n_days if is_complete else n_days // 2,
        "n_eligible": company.people if n is None else n,
    }  # fmt: skip


def _is_withheld(company: Company, start: date) -> bool:
    return company.outnumbered.get("all", date.max) <= start


def _share(name: str, part: int, whole: int) -> Row:
    low, high = wilson_bounds(part, whole)
    return {name: part / whole if whole else None, f"{name}_low": low, f"{name}_high": high}


def _initiation(company: Company) -> Iterator[Row]:
    months = list(_months(company))
    for place, period in enumerate(months):
        for what, n_started in (("thread", 900), ("page", 40), ("space", 0)):
            row = _head(company, "month", period) | {"what": what}
            if _is_withheld(company, period[0]):
                yield row
                continue
            n_undecided = n_started * 9 // 10 if place == len(months) - 1 else 0
            n_drew = (n_started - n_undecided) // 4
            n_bottom = n_drew * (88 - place % 5) // 100
            ratio = _share("bottom_up_ratio", n_bottom, n_drew)
            expected = 0.953 + 0.001 * (place % 3)
            if company.unknown and place % 4 == 0:
                ratio = dict.fromkeys(ratio)
            index = ratio["bottom_up_ratio"]
            yield row | ratio | {
                "n_drew": n_drew, "n_bottom_drew": n_bottom, "headcount_ratio": expected, "n_started": n_started,
                "bottom_up_index": None if index is None else index / expected, "n_undecided": n_undecided,
                "n_elsewhere_started": 3,
            }  # fmt: skip


def _organic(company: Company) -> Iterator[Row]:
    for place, period in enumerate(_months(company)):
        row = _head(company, "month", period)
        if _is_withheld(company, period[0]):
            yield row
            continue
        n_contributions, n_contributors, n_ties, n_tied = (base + 3 * place for base in (2_000, 480, 850, 440))
        left = 90 - place % 4
        counts: Row = {
            "n_contributions": n_contributions, "n_contributions_without": n_contributions * left // 100,
            "n_contributors": n_contributors, "n_contributors_without": n_contributors * (left + 5) // 100,
            "n_ties": n_ties, "n_ties_without": n_ties * (left - 6) // 100,
            "n_tied": n_tied, "n_tied_without": n_tied * (left + 2) // 100,
        }  # fmt: skip
        if company.unknown:
            counts |= dict.fromkeys(("n_ties", "n_ties_without", "n_tied", "n_tied_without"))
        row |= counts | _share("contributors_left_ratio", counts["n_contributors_without"], n_contributors)
        row["contributions_left_ratio"] = counts["n_contributions_without"] / n_contributions
        if not company.unknown:
            row |= _share("tied_left_ratio", counts["n_tied_without"], n_tied)
            row["ties_left_ratio"] = counts["n_ties_without"] / n_ties
        yield row


def _critical_mass(company: Company, place: int, unit: str) -> Iterator[Row]:
    n_people = company.people if unit == "all" else 34 + 23 * (len(UNITS) - place % len(UNITS))
    in_a_row, judged = 0, []
    for index, period in enumerate(_weeks(company)):
        row = _head(company, "week", period, unit, n_people)
        is_known = index > 12 and not _is_withheld(company, period[0])
        flag = None
        if is_known and row["is_complete"] and not (company.unknown and index % 9 == 0) and place != 3:
            flag = (index + 2 * place) % (11 if place % 2 else 40) != 0
        judged.append(flag is not None)
        in_a_row = in_a_row + 1 if flag else 0
        state = "sustained" if in_a_row >= 6 else "not_yet" if len(judged) > 5 and all(judged[-6:]) else "cannot_tell"
        row |= {"is_self_sustaining_week": flag, "n_weeks_in_a_row": None if flag is None else in_a_row, "state": state}
        if is_known:
            n_adopted = min(n_people, n_people * (20 + 5 * (place % 7) + index // 2) // 100)
            row |= {"n_adopted": n_adopted} | _share("adoption_ratio", n_adopted, n_people)
        if is_known and unit == "all" and company.n_executives:
            row |= {
                "n_unseeded_contributors": 420, "n_returning": 400, "n_reviving": 60 + index,
                "n_lapsing": 90 if flag else 405,
            }  # fmt: skip
        yield row
