"""Do people follow executives, or executives their people? One answer per platform, or why there is none.

The design is `models.statistics.lead_lag`'s, with single executives and their own people as its units: the figures are
over all of them together, and none rests on fewer than ten who change.
"""

from typing import Final

import numpy as np
import polars as pl

from models.analyses.analysis import Analysis, Row, Tables, as_mart
from models.analyses.lead_effect import NOBODY, READS, lead_platforms
from models.analyses.lead_panel import lead_panel, leader_places
from models.metrics.direction import BOTH, LEADERS_FOLLOW, NEITHER, PEOPLE_FOLLOW, REFUSED
from models.statistics.intervals import Z_95
from models.statistics.lead_lag import MINIMUM_UNITS, MINIMUM_WEEKS, Following, Precedence, precedence
from models.statistics.panel import MINIMUM_ELIGIBLE, Numbers

POINTS: Final = 100.0
"""Percentage points in a share of 1."""
PER_PEOPLE: Final = 10.0
"""Executives' likelihood in points, for ten points more of the people."""
_Z_80: Final = 0.8416212335729143
FEW_LEADERS: Final = "too few executives with enough people of their own in every week"
FEW_WEEKS: Final = "too few weeks in a row are observed"
FEW_CHANGES: Final = "too few executives who contribute in some weeks and not in others"
STILL_PEOPLE: Final = "the people of too few executives contribute in some weeks and not in others"
MOVE_TOGETHER: Final = "each side goes with the other's weeks before, as it also would if a third thing moved both"
NO_ORDER: Final = "one side goes with the other's weeks before, but neither is clearly the earlier"
NOTHING: Final = "a following that matters would have been found"
TOO_WEAK: Final = "a weak following cannot be told from chance here"


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_direction`."""
    return as_mart("mart_direction", [head | _figures(weeks) for head, weeks in lead_platforms(tables)])


def pairs(weeks: pl.DataFrame) -> tuple[Numbers, Numbers]:
    """One platform's rows of `prep_lead_week` as leaders' activity and people's shares, executives x weeks.

    Both are NaN where a week is not observed or the executive has fewer than five people. Executives stand as
    `leader_places` has them.
    """
    people = lead_panel(weeks).shares
    units = leader_places(weeks)
    places = {week: i for i, week in enumerate(sorted(weeks["period_start"].unique()))}
    leaders = np.full(people.shape, np.nan)
    for unit, week, is_active in weeks.select("leader_person_id", "period_start", "is_leader_active").iter_rows():
        leaders[units[unit], places[week]] = is_active
    return np.where(np.isnan(people), np.nan, leaders), people


def _figures(weeks: pl.DataFrame) -> Row:
    needs = {"n_needed_leaders": MINIMUM_UNITS, "n_needed_weeks": MINIMUM_WEEKS, "n_needed_people": MINIMUM_ELIGIBLE}
    refused: Row = {"verdict": REFUSED, "n_leaders": 0, **needs}
    if weeks.is_empty():
        return refused | {"reason": NOBODY}
    leaders, people = pairs(weeks)
    found = precedence(leaders, people)
    n_changing = _changing(leaders)
    refused |= {"n_leaders": found.n_units, "n_changing_leaders": n_changing, "n_weeks": found.n_weeks}
    if found.n_units < MINIMUM_UNITS:
        return refused | {"reason": FEW_LEADERS}
    if found.staff_follow is None or found.leaders_follow is None:
        return refused | {"reason": FEW_WEEKS}
    if n_changing < MINIMUM_UNITS or _changing(people) < MINIMUM_UNITS:
        return refused | {"reason": FEW_CHANGES if n_changing < MINIMUM_UNITS else STILL_PEOPLE}
    verdict, reason = _verdict(found, found.staff_follow, found.leaders_follow)
    return {
        "verdict": verdict, "reason": reason, "n_leaders": found.n_units, "n_changing_leaders": n_changing,
        "n_weeks": found.n_weeks,
        **_following("people_follow", found.staff_follow, POINTS),
        **_following("leaders_follow", found.leaders_follow, PER_PEOPLE),
        "lean": found.lean, "lean_p": found.lean_p,
    }  # fmt: skip


def _changing(series: Numbers) -> int:
    """How many executives with all weeks have different values in them."""
    known = ~np.isnan(series)
    seen = series[:, known.any(axis=0)]
    whole = seen[~np.isnan(seen).any(axis=1)]
    return int(np.sum(np.ptp(whole, axis=1) > 0)) if whole.size else 0


def _verdict(found: Precedence, people_follow: Following, leaders_follow: Following) -> tuple[str, str | None]:
    match found.verdict:
        case "leaders first":
            return PEOPLE_FOLLOW, None
        case "staff first":
            return LEADERS_FOLLOW, None
        case "both":
            return BOTH, MOVE_TOGETHER
        case "neither":
            return NEITHER, NOTHING
        case _:
            return NEITHER, NO_ORDER if people_follow.is_positive or leaders_follow.is_positive else TOO_WEAK


def _following(name: str, found: Following, unit: float) -> Row:
    widest = max(abs(found.low), abs(found.high))
    strength = found.largest_correlation / widest if widest else 0.0
    return {
        f"{name}_pp": unit * found.value, f"{name}_pp_low": unit * found.low, f"{name}_pp_high": unit * found.high,
        f"{name}_minimum_pp": unit * (found.high - found.low) / 2 * (1 + _Z_80 / Z_95),
        f"{name}_p": found.p,
        f"{name}_strength": strength * found.value, f"{name}_strength_low": strength * found.low,
        f"{name}_strength_high": strength * found.high,
    }  # fmt: skip


ANALYSIS: Final = Analysis("do people follow executives, or executives their people?", READS, estimate)
