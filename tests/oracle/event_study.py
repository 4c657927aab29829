"""The stacked estimate from its definition: one start at a time, lists and loops, nothing shared with the model."""

from collections.abc import Sequence
from statistics import fmean

Series = Sequence[float | None]


def is_whole(series: Series, week: int) -> bool:
    """All of the 16 weeks around a start exist and are known."""
    return week >= 8 and week + 8 <= len(series) and all(value is not None for value in series[week - 8 : week + 8])


def rises(series: Series, week: int) -> list[float]:
    """The 16 weeks less the mean of the first 8."""
    level = fmean(known(series[week - 8 : week]))
    return [value - level for value in known(series[week - 8 : week + 8])]


def slope(series: Series, week: int) -> float:
    """Least squares through the known weeks before the start."""
    points = [(number, value) for number, value in enumerate(series[:week]) if value is not None]
    t, y = fmean(point[0] for point in points), fmean(point[1] for point in points)
    return sum((a - t) * (b - y) for a, b in points) / sum((a - t) ** 2 for a, _ in points)


def known(values: Series) -> list[float]:
    return [value for value in values if value is not None]


Curves = tuple[list[float], list[float], set[int], set[int]]
"""Adjusted curve, plain curve, units whose start is estimated, units that they are compared with."""


def fake_curve(shares: Sequence[Series], starts: Sequence[int]) -> Curves | None:
    """The estimate 8 weeks before the starts, that is of shares that come 8 weeks late."""
    return curve([[*[None] * 8, *series] for series in shares], starts, late=8)


def curve(shares: Sequence[Series], starts: Sequence[int], *, late: int = 0) -> Curves | None:
    """The estimate at every week of the window; None if no start can be compared."""
    rows = []
    treated, controls = set(), set()
    for unit, start in enumerate(starts):
        if start < 0 or not is_whole(shares[unit], start):
            continue
        later = [other for other, at in enumerate(starts) if at >= start + 8 and is_whole(shares[other], start)]
        if len(later) < 3:
            continue
        treated.add(unit)
        controls.update(later)
        others = [fmean(values) for values in zip(*(rises(shares[other], start) for other in later), strict=True)]
        contrast = [own - other for own, other in zip(rises(shares[unit], start), others, strict=True)]
        gap = fmean(starts[other] for other in later) - start
        drift = slope(shares[unit], start) - fmean(slope(shares[other], start) for other in later)
        rows.append((start, contrast, gap, drift, len(later)))
    if not rows:
        return None
    same_week = [sum(row[0] == start for row in rows) for start, *_ in rows]
    seen = [row[0] - late for row in rows]
    sizes = [row[4] / (row[4] + n) for row, n in zip(rows, same_week, strict=True)]
    weights = [(t**3 - t) / 12 * size for t, size in zip(seen, sizes, strict=True)]
    growth = sum(w * gap * drift for w, (_, _, gap, drift, _) in zip(weights, rows, strict=True))
    growth /= sum(w * gap**2 for w, (_, _, gap, _, _) in zip(weights, rows, strict=True))
    gap = fmean(row[2] for row in rows)
    plain = [fmean(values) for values in zip(*(row[1] for row in rows), strict=True)]
    adjusted = [value - growth * gap * (number - 8 + 4.5) for number, value in enumerate(plain)]
    return adjusted, plain, treated, controls
