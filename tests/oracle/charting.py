"""Weeks and days out of the ordinary, straight from the definition of `mart_control_chart`."""

from math import sqrt

from tests.oracle.company import Company
from tests.oracle.definitions import ALL, Period, eligible_people, periods_of, platform_states, platforms_of, roster_of
from tests.oracle.marts import Row, contributors_of, head

Series = list[float | None]
Limits = tuple[float, float, float, int]
"""Middle, lower and upper limit, and how many values they rest on."""
UNKNOWN = dict.fromkeys(("is_signal", "rule", "side", "n_baseline"))
NO_WEEK = dict.fromkeys(("contributor_ratio", "n_contributors", "centre_ratio", "low_ratio", "high_ratio"))
NO_DAY = dict.fromkeys(("n_contributors", "centre_people", "low_people", "high_people"))


def control_chart(world: Company) -> list[Row]:
    """The rows of `mart_control_chart`."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        rows += _weeks(world, platform) + _days(world, platform)
    return rows


def _weeks(world: Company, platform: str) -> list[Row]:
    rows: list[Row] = []
    shares: Series = []
    for week in periods_of(world, "week", platform):
        eligible = set(eligible_people(world, week, platform))
        active = eligible & contributors_of(world, platform, week.start, week.end)
        row = head(world, week, platform, ALL) | {"n_eligible": len(eligible)}
        is_known = row["is_complete"] and roster_of(world) and eligible
        shares.append(len(active) / len(eligible) if is_known else None)
        rows.append({**row, **NO_WEEK, **NO_DAY, **UNKNOWN, "contributor_ratio": shares[-1],
                     "n_contributors": len(active) if is_known else None})  # fmt: skip
    for row, found in zip(rows, charted(shares, 20, floor=0.0), strict=True):
        if found:
            (centre, low, high, n), signs = found
            row.update({"centre_ratio": centre, "low_ratio": low, "high_ratio": min(high, 1.0), "n_baseline": n})
            row.update(_signs(row["contributor_ratio"], centre, signs))
    return rows


def _days(world: Company, platform: str) -> list[Row]:
    rows: list[Row] = []
    states = platform_states(world, platform)
    counts: list[int | None] = []
    for day in periods_of(world, "day", platform):
        eligible = set(eligible_people(world, day, platform))
        is_known = states.get(day.start) == "observed"
        counts.append(len(eligible & contributors_of(world, platform, day.start, day.start)) if is_known else None)
        rows.append({**head(world, day, platform, ALL), **NO_WEEK, **NO_DAY, **UNKNOWN, "n_eligible": len(eligible),
                     "n_contributors": counts[-1]})  # fmt: skip
    while counts and counts[0] is None:
        counts = counts[1:]
    tail = rows[len(rows) - len(counts) :]
    usual = _usual_by_weekday(tail[:56])
    if usual is None:
        return rows
    shift = {day: value - sum(usual.values()) / 7 for day, value in usual.items()}
    days = [Period("day", row["period_start"], row["period_start"]).start.weekday() for row in tail]  # type: ignore[arg-type]
    even = [None if n is None else sqrt(n + 0.375) - shift[day] for n, day in zip(counts, days, strict=True)]
    for row, value, day, found in zip(tail, even, days, charted(even, 56), strict=True):
        if found:
            (centre, low, high, n), signs = found
            row.update({
                f"{name}_people": max(0.0, max(0.0, limit + shift[day]) ** 2 - 0.375)
                for name, limit in (("centre", centre), ("low", low), ("high", high))
            })  # fmt: skip
            row.update({"n_baseline": n} | _signs(value, centre, signs))
    return rows


def _usual_by_weekday(rows: list[Row]) -> dict[int, float] | None:
    """The mean root of each weekday; None if one is seen less than four times, or nothing ever happens on it."""
    usual = {}
    for weekday in range(7):
        found = [
            row["n_contributors"] for row in rows
            if row["period_start"].weekday() == weekday and row["n_contributors"] is not None  # type: ignore[union-attr]
        ]  # fmt: skip
        if len(found) < 4 or not any(found):
            return None
        usual[weekday] = sum(sqrt(n + 0.375) for n in found) / len(found)  # type: ignore[operator]
    return usual


def _signs(value: object, centre: float, signs: list[str]) -> Row:
    if value is None:
        return {}
    side = "above" if value > centre else "below"  # type: ignore[operator]
    return {"is_signal": bool(signs), "rule": " and ".join(signs) or None, "side": side if signs else None}


def charted(series: Series, baseline: int, *, floor: float | None = None) -> list[tuple[Limits, list[str]] | None]:
    """For every place the limits in force and which rules its value breaks; None everywhere if there are no limits."""
    limits = _limits_from(series, 0, baseline, floor)
    if limits is None:
        return [None] * len(series)
    found: list[tuple[Limits, list[str]] | None] = []
    phase_start, row_of = 0, list[int]()  # places in a row on one side of the middle
    for place, value in enumerate(series):
        if value is None or value == limits[0]:
            row_of = []
        elif row_of and (series[row_of[-1]] > limits[0]) == (value > limits[0]):  # type: ignore[operator]
            row_of.append(place)
        else:
            row_of = [place]
        signs = []
        if value is not None and (value < limits[1] or value > limits[2]):
            signs.append("outside")
        if len(row_of) >= 8:
            signs.append("run")
        found.append((limits, signs))
        if len(row_of) >= 8 and row_of[0] > phase_start:
            fresh = _limits_from(series, row_of[0], baseline, floor)
            if fresh is not None:
                limits, phase_start, row_of = fresh, row_of[0], []
    return found


def _limits_from(series: Series, first: int, baseline: int, floor: float | None) -> Limits | None:
    values: list[float] = []
    steps: list[float] = []
    before: float | None = None
    for value in series[first:]:
        if value is not None:
            if len(values) == baseline:
                break
            values.append(value)
            if before is not None:
                steps.append(abs(value - before))
        before = value
    if len(values) < 12 or not any(steps):
        return None
    mean = sum(values) / len(values)
    reach = 2.66 * sum(steps) / len(steps)
    return mean, mean - reach if floor is None else max(floor, mean - reach), mean + reach, len(values)
