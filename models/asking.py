"""How somebody names a metric and a period on the command line, and what a value is called there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Final

from models.metrics import METRICS, Metric
from models.problems import SettingsRefused
from models.release.policy import SMALLEST_COUNT
from models.release.rows import is_of_a_group

BY: Final[Mapping[str, tuple[str, str | None]]] = {
    "unit": ("unit", None),
    "platform": ("platform", None),
    "week": ("period_start", "week"),
    "month": ("period_start", "month"),
}
"""What an answer may be broken down by: the column that varies, and the kind of period where that is time."""
NOT_TOLD: Final = "not told"
IN_FIVES: Final = (
    "Told in fives: the people of groups, and shares from these; they do not add up, by design",
    f"At most, at least: fewer than {SMALLEST_COUNT} people of a group did it, or fewer than {SMALLEST_COUNT} did not; "
    f"{NOT_TOLD}: other figures would give it away, or it is not told of groups",
)
"""What has to be said beside figures of groups."""

_FORMS: Final = {
    "month": re.compile(r"(\d{4})-(\d{2})"),
    "week": re.compile(r"(\d{4})-W(\d{2})"),
    "day": re.compile(r"(\d{4})-(\d{2})-(\d{2})"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A day, an ISO week, a month, or the history: all days that are observed."""

    kind: str
    start: date

    def __str__(self) -> str:
        if self.kind == "history":
            return "all observed days"
        if self.kind == "week":
            return f"{self.start:%G-W%V}"
        return f"{self.start:%Y-%m}" if self.kind == "month" else self.start.isoformat()


def metric_named(name: str) -> Metric:
    """The newest version of a metric, or that of `ID@VERSION`; raises `SettingsRefused` with the nearest names."""
    wanted, _, version = name.partition("@")
    versions = [metric for metric in METRICS if metric.id == wanted and version in ("", str(metric.version))]
    if not versions:
        names = sorted({metric.id for metric in METRICS})
        near = ", ".join(get_close_matches(wanted, names, n=3)) or "see docs/metrics.md"
        raise SettingsRefused(f"PPL-ASK-001 METRIC: there is no such metric; nothing was read; perhaps: {near}")
    return max(versions, key=lambda metric: metric.version)


def period_named(text: str) -> Period:
    """2026-08, 2026-W35 or 2026-08-31; raises `SettingsRefused` for anything else."""
    for kind, form in _FORMS.items():
        found = form.fullmatch(text)
        if not found:
            continue
        try:
            if kind == "week":
                return Period(kind, date.fromisocalendar(int(found[1]), int(found[2]), 1))
            return Period(kind, date(*map(int, (*found.groups(), "1")[:3])))
        except ValueError:
            break
    raise SettingsRefused(
        "PPL-ASK-002 --period: is no month, week or day; nothing was read; write 2026-08, 2026-W35 or 2026-08-31"
    )


def last_of(period: Period) -> date:
    """The last day of a period; the history has none of its own."""
    if period.kind == "history":
        return date.max
    if period.kind == "day":
        return period.start
    if period.kind == "week":
        return period.start + timedelta(days=6)
    return (period.start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def told(row: Mapping[str, object], name: str) -> str:
    """The figure of a released row as text: its band where only bounds are told, else why there is none."""
    if row[name] is not None:
        return shown(row[name])
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    if low is not None and high is not None:
        return f"at most {shown(high)}" if low == 0 else f"at least {shown(low)}"
    return NOT_TOLD if row["is_complete"] and is_of_a_group(row) else shown(None)


def shown(value: object) -> str:
    """A figure as text; NULL is unknown."""
    if value is None:
        return "unknown"
    return f"{value:.4f}" if isinstance(value, float) else str(value)
