"""What a set of exports leaves open: days between slices, days covered twice, names that only some reports show, and
what to ask an administrator for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from connectors.contract import CAPABILITIES

_DAY: Final = timedelta(days=1)

_YAMMER_REPORT: Final = "the Microsoft 365 usage report on Yammer activity, user detail, 7 days, taken every Monday"
_ASKS: Final[Mapping[str, Mapping[str, str | None]]] = {
    "has_reading": {
        "slack": "the member analytics of each day (Enterprise), or the member analytics download of each month",
        "yammer": _YAMMER_REPORT,
        "mediawiki": None,
        "confluence": None,
        "wordpress": None,
        "bookmarks": None,
    },
    "has_reactions": {"yammer": _YAMMER_REPORT},
    "has_history": {
        "mediawiki": "a dump with the full history (dumpBackup --full)",
        "confluence": "the XML export of each space",
    },
}
"""Per capability and platform, the export that has it; None where no export does."""
_WORDS: Final = {"has_reading": "who reads", "has_reactions": "who reacts", "has_history": "what happened earlier"}


@dataclass(frozen=True, slots=True)
class Slice:
    """The days, both inclusive, that an export covers of a workspace, or of a `part` of it: a person or some spaces."""

    platform: str
    workspace: str
    first: date
    last: date
    part: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """Whether a usage report shows whom it is about."""

    platform: str
    workspace: str
    file: str
    is_concealed: bool


def mixed_names(reports: Iterable[Names]) -> Iterator[str]:
    """A line for each report whose names are concealed where another one of its workspace shows them."""
    known = set(reports)
    shown = {(one.platform, one.workspace) for one in known if not one.is_concealed}
    for file in sorted({one.file for one in known if one.is_concealed and (one.platform, one.workspace) in shown}):
        yield (
            f"PPL-YAM-004 {file}: user names are concealed here and shown in other reports; nobody of this report is "
            "matched or counted; download it again with names shown"
        )


def seams(slices: Iterable[Slice]) -> Iterator[str]:
    """A line for each gap between the slices of a workspace or part of one, and for each overlap of more than a day."""
    ordered = sorted(slices, key=lambda one: (one.platform, one.workspace, one.part, one.first, one.last))
    for (platform, *_), ones in groupby(ordered, key=lambda one: (one.platform, one.workspace, one.part)):
        for first, last, is_gap in _seams_of(ones):
            if is_gap:
                yield f"{platform}: no export covers {_days(first, last)} ({(last - first).days + 1:,} days)"
            else:
                yield f"{platform}: {_days(first, last)} is covered more than once (counted once)"


def _seams_of(slices: Iterable[Slice]) -> list[tuple[date, date, bool]]:
    """First and last day of each gap (true) or overlap, in order of time; overlaps that meet are one."""
    found: list[tuple[date, date, bool]] = []
    reach: date | None = None
    for one in slices:
        if reach is not None and one.first > reach + _DAY:
            found.append((reach + _DAY, one.first - _DAY, True))
        elif reach is not None and one.first < reach:
            first, last = one.first, min(reach, one.last)
            if found and not found[-1][2] and first <= found[-1][1] + _DAY:
                first, before, _ = found.pop()
                last = max(last, before)
            found.append((first, last, False))
        reach = max(one.last, reach or one.last)
    return found


def requests(shown: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """What to ask for: `shown` holds, per platform, the capabilities that at least one of its exports has."""
    for platform, capabilities in sorted(shown.items()):
        for capability, asks in _ASKS.items():
            if capability not in capabilities and platform in asks:
                ask = asks[platform]
                how = f"ask for {ask}" if ask else "no export of it can tell"
                yield f"{platform}: {_WORDS[capability]} is not known; {how}"


def _days(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


assert set(_ASKS) <= set(CAPABILITIES), "every capability that can be missing exists"  # noqa: S101
