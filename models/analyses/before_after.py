"""What changed at a dated event? Units that begin earlier against those that begin later, else one series alone.

The designs are `models.statistics.event_study`'s and `models.statistics.interrupted`'s; which day an event has in which
unit is `happenings`'s.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from models.analyses.analysis import Analysis, Row, Tables, as_mart, histories
from models.analyses.happenings import ALL, Happening, happenings
from models.metrics.before_after import ALONE, COMPARED, FEWER, MORE, NOTHING, REFUSED
from models.statistics.cannot_tell import CannotTell
from models.statistics.event_study import LEVEL, POINTS, Estimate, Flagged, study
from models.statistics.interrupted import ASSUMPTIONS, FEWEST_PERIODS, LABEL, interruption
from models.statistics.panel import AFTER, BEFORE, Panel

READS: Final = ("meta", "prep_period", "prep_week_count", "stg_occasion")
NO_ROSTER: Final = "no roster: nobody knows how many people could take part"
NO_UNIT: Final = "nobody on the roster is in a unit that it is declared for"
MOVING: Final = "units were taking part more, or less, already before it began in them"
FEW_BEFORE: Final = "too few weeks in a row are observed before it"
FEW_AFTER: Final = "too few weeks in a row are observed after it"
TWO_QUESTIONS: Final = LEVEL / 2
"""Step and slope are two questions to one series: each is asked at half the level (Bonferroni)."""
SEASONS: Final = "no holidays or seasons lie on one side only"
ALIKE: Final = (
    "without it, units that begin earlier and later would have gone the same way but for a steady difference",
    "nothing else happened on the same days",
    "who is counted did not change with it",
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One platform: people who contribute and people, by unit and Monday; whether each week is wholly observed."""

    counts: dict[str, dict[date, tuple[int, int]]]
    observed: dict[date, bool]
    has_roster: bool

    def people(self, units: Sequence[str]) -> int:
        """People of the units in the last wholly observed week; 0 if there is none."""
        week = max((week for week, is_observed in self.observed.items() if is_observed), default=None)
        return sum(self.counts.get(unit, {}).get(week, (0, 0))[1] for unit in units) if week else 0

    def shares(self, units: Sequence[str]) -> list[float | None]:
        """Of all weeks in order, the people of the units who contribute, in percent; None where not observed."""
        found: list[float | None] = []
        for week in sorted(self.observed):
            cells = [self.counts.get(unit, {}).get(week, (0, 0)) for unit in units]
            k, n = sum(cell[0] for cell in cells), sum(cell[1] for cell in cells)
            found.append(POINTS * k / n if n and self.observed[week] else None)
        return found

    def place(self, week: date) -> int:
        """Place of a week, counted from the first one; it may lie outside."""
        return (week - min(self.observed)).days // 7


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_before_after`: every declared event on every platform."""
    events = happenings(tables["stg_occasion"])
    rows = [
        head | {"event": number} | _named(event) | _figures(event, scene, [one for one in events if one is not event])
        for head, scene in (_scenes(tables) if events else ())
        for number, event in enumerate(events, 1)
    ]
    return as_mart("mart_before_after", rows)


def _scenes(tables: Tables) -> Iterator[tuple[Row, Scene]]:
    for head, weeks in histories(tables, "week"):
        people = tables["prep_week_count"].filter(pl.col("platform") == head["platform"])
        counts: dict[str, dict[date, tuple[int, int]]] = {}
        for unit, week, k, n in people.select("unit", "period_start", "n_contributors", "n_eligible").rows():
            counts.setdefault(unit, {})[week] = k, n
        observed: dict[date, bool] = dict(weeks.select("period_start", "is_complete").rows())
        scene = Scene(counts, observed, bool(people["has_roster"].any()))
        yield head | {"n_eligible": scene.people([ALL])}, scene


def _named(event: Happening) -> Row:
    return {
        "title": event.title, "kind": event.kind, "occurred_on": event.first_on, "last_on": event.last_on,
        "is_everywhere": event.is_everywhere,
    }  # fmt: skip


def _figures(event: Happening, scene: Scene, others: Sequence[Happening]) -> Row:
    """The estimate with a comparison if units differ in date and it can be made; else that of one series."""
    if not scene.has_roster:
        return {"method": REFUSED, "reason": NO_ROSTER}
    starts = {unit: week for unit in scene.counts if unit != ALL and (week := event.week_in(unit))}
    whole = event.week_in(ALL)
    concerned = [ALL] if whole else sorted(starts)
    row: Row = {
        "n_units": len(starts),
        "n_units_unknown": len(event.days.keys() - scene.counts.keys() - {ALL}),
        "n_concerned": scene.people(concerned),
    }
    if not concerned:
        return row | {"method": REFUSED, "reason": NO_UNIT}
    reason = LABEL
    if len(set(starts.values())) > 1:
        found = study(_panel(scene, starts))
        if isinstance(found, Flagged):
            return row | {"method": REFUSED, "reason": MOVING, "minimum_pp": found.minimum_pp}
        if isinstance(found, Estimate):
            span = min(starts.values()) - timedelta(weeks=BEFORE), max(starts.values()) + timedelta(weeks=AFTER)
            return row | _compared(found) | {"n_other_events": _within(others, *span)}
        reason = f"{LABEL}: {found.reason}"
    begins = [*starts.values(), *([whole] if whole else [])]
    return row | _alone(scene, concerned, scene.place(min(begins)), others, reason)


def _panel(scene: Scene, starts: dict[str, date]) -> Panel:
    """The units with a date, by week; one that begins before the first week begins in it, with no week before."""
    units, weeks = sorted(starts), sorted(scene.observed)
    cells = np.array([[scene.counts[unit].get(week, (0, 0)) for week in weeks] for unit in units], dtype=np.int64)
    observed = np.array([scene.observed[week] for week in weeks])
    begins = np.array([max(0, scene.place(starts[unit])) for unit in units], dtype=np.int64)
    return Panel(cells[:, :, 0], cells[:, :, 1], observed, begins)


def _compared(found: Estimate) -> Row:
    effect = found.effect
    return {
        "method": COMPARED,
        "has_comparison": True,
        "effect_pp": effect.value_pp,
        "effect_pp_low": effect.low_pp,
        "effect_pp_high": effect.high_pp,
        "effect_p": effect.p,
        "wording": _wording(effect.value_pp, is_clear=effect.is_different),
        "assumption": "; ".join(ALIKE),
        "n_units": found.sample.n_used,
        "n_weeks_before": BEFORE,
        "n_weeks_after": AFTER,
        "minimum_pp": found.minimum_pp,
    }


def _alone(scene: Scene, concerned: Sequence[str], begin: int, others: Sequence[Happening], reason: str) -> Row:
    """The longest stretch of observed weeks around the start, before and after."""
    values = scene.shares(concerned)
    middle = min(max(begin, 0), len(values))
    first, last = middle, middle
    while first and values[first - 1] is not None:
        first -= 1
    while last < len(values) and values[last] is not None:
        last += 1
    row: Row = {"n_weeks_before": middle - first, "n_weeks_after": last - middle}
    found = interruption(values[first:last], middle - first)
    if isinstance(found, CannotTell):
        is_short = min(row["n_weeks_before"], row["n_weeks_after"]) < FEWEST_PERIODS
        short = FEW_BEFORE if row["n_weeks_before"] < FEWEST_PERIODS else FEW_AFTER
        return row | {"method": REFUSED, "reason": short if is_short else found.reason}
    level, slope = found.level, found.slope
    weeks = sorted(scene.observed)
    return row | {
        "method": ALONE,
        "has_comparison": False,
        "reason": reason,
        "effect_pp": level.value,
        "effect_pp_low": level.low,
        "effect_pp_high": level.high,
        "effect_p": level.p_value,
        "wording": _wording(level.value, is_clear=level.p_value <= TWO_QUESTIONS),
        "assumption": "; ".join((*ASSUMPTIONS, SEASONS)),
        "n_other_events": _within(others, weeks[first], weeks[last - 1] + timedelta(weeks=1)),
        "minimum_pp": level.detectable,
        "slope_pp": slope.value,
        "slope_pp_low": slope.low,
        "slope_pp_high": slope.high,
        "slope_p": slope.p_value,
        "slope_wording": _wording(slope.value, is_clear=slope.p_value <= TWO_QUESTIONS),
        "slope_minimum_pp": slope.detectable,
    }


def _wording(value: float, *, is_clear: bool) -> str:
    return NOTHING if not is_clear else MORE if value > 0 else FEWER


def _within(events: Sequence[Happening], first: date, after: date) -> int:
    """How many of the events begin somewhere from the first day on and before the other."""
    return sum(any(first <= day < after for day in event.days.values()) for event in events)


ANALYSIS: Final = Analysis("what changed at a dated event of the organisation?", READS, estimate)
