"""In which zone an export's times are written, and what they are in UTC.

Confluence writes times without their zone. What settles it, in this order: the setting, the export's descriptor,
Cloud, or times that the export holds both as text and as milliseconds; only then UTC, loudly.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from connectors.csvtext import RowFault

_LINE: Final = re.compile(r"\s*([^#!=:\s]+)\s*[=:]\s*(.*?)\s*")
_UTC_COMMENT: Final = re.compile(r"#\w{3} \w{3} \d\d \d\d:\d\d:\d\d (?:UTC|GMT) \d{4}")
_HEADER: Final = re.compile(r"'?(\d{4})-(\d\d?)-(\d\d?) (\d\d):(\d\d):(\d\d)")
_MILLISECONDS: Final = re.compile(r"(?:.*\D)?(1\d{12})")
_STEP: Final = timedelta(minutes=15)
_EXACTLY: Final = timedelta(seconds=5)
_WEST: Final = timedelta(hours=-12)
_EAST: Final = timedelta(hours=14)
_SETTING: Final = "set zone for this export in turnout.toml"


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone with the reason for it; `note` is what must be said about it, if anything."""

    zone: tzinfo
    note: str = ""


@dataclass(slots=True)
class Clock:
    """Turns local times into UTC and counts those that occur twice; the earlier one is taken."""

    zone: tzinfo
    n_doubled: int = 0

    def utc(self, local: datetime | None, what: str) -> datetime:
        """Naive UTC; a `RowFault` if there is no time or clocks skipped it."""
        if local is None:
            raise RowFault("PPL-TIM-004", f"{what} is missing or not a time")
        if self.zone is UTC:
            return local
        try:
            at = local.replace(tzinfo=self.zone).astimezone(UTC)
            if at.astimezone(self.zone).replace(tzinfo=None) != local:
                raise RowFault("PPL-TIM-005", f"{what} does not exist in the zone: clocks were put forward over it")
            later = local.replace(tzinfo=self.zone, fold=1).astimezone(UTC)
        except (OverflowError, ValueError) as error:
            raise RowFault("PPL-TIM-004", f"{what} is no time that a page can have") from error
        self.n_doubled += later != at
        return at.replace(tzinfo=None)


@dataclass(slots=True)
class Evidence:
    """What the export itself shows about its zone."""

    descriptor: Mapping[str, str] = field(default_factory=dict)
    is_cloud: bool = False
    header: str = ""
    instants: dict[int, set[datetime]] = field(default_factory=dict)  # by content: instants in UTC

    def add_property(self, content: int, *texts: str) -> None:
        """Look at the name and value of a property of some content for an instant in milliseconds."""
        for text in texts:
            match = _MILLISECONDS.fullmatch(text)
            if match:
                instant = datetime.fromtimestamp(int(match[1]) / 1000, UTC).replace(tzinfo=None)
                self.instants.setdefault(content, set()).add(instant)

    def zone(self, configured: str | None, times: Mapping[int, Iterable[datetime]]) -> Zone:
        """The zone to use, given the times of all content that has instants too, by content."""
        if configured is not None:
            return Zone(ZoneInfo(configured))
        stated = _known(self.descriptor.get("timezoneId", ""))
        if stated is not None:
            return Zone(stated, "times have no zone; they are read in the zone that the export descriptor names; "
                                f"if that is wrong, {_SETTING}")
        if self.is_cloud or self.descriptor.get("source") == "cloud":
            return Zone(UTC)
        if "utc" in self.descriptor:
            return Zone(UTC, "times have no zone; they are read as UTC, in which the server wrote the descriptor; "
                             f"if that is wrong, {_SETTING}")
        offset = self._offset(times)
        if offset is not None:
            return Zone(timezone(offset), "times have no zone; milliseconds in the export show one fixed offset from "
                                          f"UTC, which is used for all; for summer and winter time {_SETTING}")
        hint = "; some lie after the export, so they are no UTC" if self._is_behind(times) else ""
        return Zone(UTC, f"times have no zone and nothing shows which; they are read as UTC{hint}: {_SETTING}")

    def _offset(self, times: Mapping[int, Iterable[datetime]]) -> timedelta | None:
        """The one offset at which texts and instants of the same content agree."""
        found: Counter[timedelta] = Counter()
        for content, instants in self.instants.items():
            for local in times.get(content, ()):
                for instant in instants:
                    offset = round((local - instant) / _STEP) * _STEP
                    if abs(local - instant - offset) <= _EXACTLY and _WEST <= offset <= _EAST:
                        found[offset] += 1
        return next(iter(found)) if len(found) == 1 else None

    def _is_behind(self, times: Mapping[int, Iterable[datetime]]) -> bool:
        match = _HEADER.match(self.header)
        latest = max((local for each in times.values() for local in each), default=None)
        if match is None or latest is None:
            return False
        try:
            return latest > datetime(*map(int, match.groups())) + timedelta(minutes=1)  # type: ignore[arg-type]
        except ValueError:
            return False


def descriptor_of(text: str) -> dict[str, str]:
    """`exportDescriptor.properties`; with the key `utc` if it was written on a server that runs in UTC."""
    found = {match[1]: match[2].replace("\\:", ":") for line in text.splitlines() if (match := _LINE.fullmatch(line))}
    found.pop("utc", None)
    if any(_UTC_COMMENT.fullmatch(line.strip()) for line in text.splitlines()):
        found["utc"] = ""
    return found


def _known(name: str) -> tzinfo | None:
    """The zone of this name, if it is one."""
    if name in {"UTC", "GMT", "Etc/UTC", "Z"}:
        return UTC
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        return None
    except KeyError:
        return None
