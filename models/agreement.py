"""What the parties of an agreement allow, and in what a run is stricter or looser. Where it is written: pipelines.

Also the hash by which both sides recognise the text: anybody can recompute it with a TOML reader and SHA-256.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Direction = Literal["looser", "stricter"]
APPROVAL: Final = "approval"
"""The one block of policy.toml that its hash leaves out, since it holds the hash."""
ANALYST_FILES: Final = ("released", "full")
"""Of what the analyst's file holds, the strictest first."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be read, kept and shown; of an agreement, or as a run is about to do it.

    `platforms` None: whatever lies in the drop folder. `retention` counts months or days by kind; a kind that is not
    in it is kept without end, and None says that nothing is deleted by itself, so that it cannot be compared.
    """

    min_group: int
    visibilities: frozenset[str] = frozenset({"public"})
    platforms: frozenset[str] | None = None
    analyst_file: str = "released"
    champions: bool = False
    named: frozenset[str] = frozenset()
    retention: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One key in which a run departs from the agreement, in words that name no person."""

    key: str
    direction: Direction
    agreed: str
    chosen: str

    def __str__(self) -> str:
        return f"{self.key} is {self.chosen}, agreed is {self.agreed}"


def differences(agreed: Terms, chosen: Terms) -> list[Difference]:
    """Every key in which `chosen` is stricter or looser than `agreed`; one that is both (of two sets) is looser."""
    found = [
        _compared("release.min_group", -agreed.min_group, -chosen.min_group, str(agreed.min_group),
                  str(chosen.min_group)),
        _compared("analyst.file", ANALYST_FILES.index(agreed.analyst_file), ANALYST_FILES.index(chosen.analyst_file),
                  agreed.analyst_file, chosen.analyst_file),
        _compared("champions", agreed.champions, chosen.champions, _allowed(agreed.champions),
                  _allowed(chosen.champions)),
        _of_sets('source."glob".include', agreed.visibilities, chosen.visibilities),
        # people are only counted: a difference is printed, and a list of names is nobody's business
        _of_sets("release.named", agreed.named, chosen.named, is_counted=True),
    ]  # fmt: skip
    if agreed.platforms is not None and chosen.platforms is not None:
        found.append(_of_sets("platforms", agreed.platforms, chosen.platforms))
    if chosen.retention is not None:
        found += [_of_period(kind, n, chosen.retention.get(kind)) for kind, n in (agreed.retention or {}).items()]
    return [difference for difference in found if difference]


def looser(agreed: Terms, chosen: Terms) -> list[Difference]:
    """Only those that the agreement does not allow."""
    return [difference for difference in differences(agreed, chosen) if difference.direction == "looser"]


def content_hash(content: Mapping[str, object]) -> str:
    """SHA-256, in 64 hex digits, of a parsed policy.toml without its approval: comments and layout do not count.

    The keys are sorted and nothing is filled in, so that a later version of Turnout gives the same hash.
    """
    signed = {key: value for key, value in content.items() if key != APPROVAL}
    text = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_iso_day)
    return hashlib.sha256(text.encode()).hexdigest()


def _compared(key: str, agreed: float, chosen: float, agreed_text: str, chosen_text: str) -> Difference | None:
    """Greater is looser."""
    if chosen == agreed:
        return None
    return Difference(key, "looser" if chosen > agreed else "stricter", agreed_text, chosen_text)


def _of_sets(
    key: str, agreed: frozenset[str], chosen: frozenset[str], *, is_counted: bool = False
) -> Difference | None:
    if chosen == agreed:
        return None
    texts = [str(len(one)) if is_counted else ", ".join(sorted(one)) or "none" for one in (agreed, chosen)]
    return Difference(key, "stricter" if chosen <= agreed else "looser", *texts)


def _of_period(kind: str, agreed: int, chosen: int | None) -> Difference | None:
    if chosen is None:
        return Difference(f"retention.{kind}", "looser", str(agreed), "without end")
    return _compared(f"retention.{kind}", agreed, chosen, str(agreed), str(chosen))


def _allowed(is_allowed: bool) -> str:
    return "allowed" if is_allowed else "not allowed"


def _iso_day(value: object) -> str:
    if isinstance(value, date):  # times of day too: they are days with a time
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of TOML")
