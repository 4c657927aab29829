"""The sentences on the page of units and on the page of one unit: see `dashboards.headlines` for the rules.

A unit is named on its own page; on the page of units only where it is ahead, and what lags is counted.
"""

from collections.abc import Sequence
from typing import Final

from dashboards import words
from models.comparison import Change, Share, Verdict

MOST_NAMES: Final = 2


def units_title(verdicts: Sequence[tuple[str, Verdict | None]], *, has_roster: bool) -> str:
    """How many units contribute more or less than the whole organisation; up to two that do more are named."""
    judged = [(unit, verdict) for unit, verdict in verdicts if verdict is not None]
    if not has_roster:
        return "Units are not known: no roster is loaded"
    if not verdicts:
        return "No unit is large enough to be shown"
    if not judged:
        return "No unit can be compared with the whole organisation yet"
    more = [words.clean(unit) for unit, verdict in judged if verdict == "higher"]
    n_less = sum(verdict == "lower" for _, verdict in judged)
    if not more and not n_less:
        return "No unit differs from the whole organisation by more than chance"
    parts = []
    if more:
        who = words.listed(more) if len(more) <= MOST_NAMES else f"{len(more)} of {words.count(len(judged), 'unit')}"
        verb = "contributes" if len(more) == 1 else "contribute"
        parts.append(f"{who} {verb} more than the whole organisation")
    if n_less:
        who = f"{n_less} of {words.count(len(judged), 'unit')}" if not parts else words.count(n_less, "unit")
        verb = "contributes" if n_less == 1 else "contribute"
        parts.append(f"{who} {verb} less" + ("" if parts else " than the whole organisation"))
    return "; ".join(parts)


def unit_title(
    unit: str, share: Share | None, change: Change | None, *, month: str, before: str, band: str = ""
) -> str:
    """The title of a unit's page: its share, and whether it moved by more than chance."""
    name = words.clean(unit)
    if not month:
        return f"{name}: no complete month can be shown yet"
    if share is None:
        return f"{name}: {band} of people contributed in {month}" if band else f"{name}: not told for {month}"
    tail = ""
    if change is not None:
        then = f"{change.direction} from {words.told(change.then)} in {before}"
        tail = f", about the same as in {before}" if change.direction == "same" else f", {then}"
    return f"{name}: {words.told(share.ratio)} of people contributed in {month}{tail}"


def beside(verdict: Verdict | None, own: Share | None, whole: Share | None, *, month: str, band: str = "") -> str:
    """The unit beside the whole organisation in one month."""
    if not month:
        return "No complete month shows the unit beside the whole organisation yet"
    rest = f"; {words.told(whole.ratio)} of the whole organisation" if whole else ""
    if band:
        return f"{words.sentence(band)} of the unit\u2019s people contributed in {month}{rest}"
    if own is None or whole is None or verdict is None:
        return f"What share of the unit contributed in {month} is not told"
    said = f"in {month} ({words.told(own.ratio)} and {words.told(whole.ratio)})"
    if verdict == "alike":
        return f"The unit and the whole organisation differ by no more than chance {said}"
    if verdict == "unclear":
        return f"Too few people to tell the unit from the whole organisation {said}"
    word = "larger" if verdict == "higher" else "smaller"
    return f"A {word} share of the unit than of the whole organisation contributed {said}"


def measures(verdicts: Sequence[Verdict | None]) -> str:
    """In how many measures a unit differs from the whole organisation; never which place it takes."""
    judged = [verdict for verdict in verdicts if verdict is not None]
    if not judged:
        return "In no measure can the unit be compared with the whole organisation yet"
    of = f"{words.count(len(judged), 'measure')} that can be compared"
    if not {"higher", "lower"} & set(judged):
        return f"In none of {of} does the unit differ from the whole organisation by more than chance"
    return _differing(judged, "the whole organisation", of)


def on_platforms(name: str, ratio: float | None, *, period: str, is_most: bool = False) -> str:
    """Where most of the unit contribute; called the most only if that is no chance."""
    if ratio is None:
        return "On which platform the unit contributes cannot be told yet"
    if is_most:
        return f"The unit contributes most on {name}: {words.told(ratio)} of its people in {period}"
    return f"{words.told(ratio)} of the unit\u2019s people contributed on {name} in {period}"


def departments(verdicts: Sequence[Verdict | None], *, month: str) -> str:
    """How many departments differ from their unit; none is named."""
    judged = [verdict for verdict in verdicts if verdict is not None]
    if not judged:
        return f"Of no department a share can be compared in {month}" if month else "No department can be shown yet"
    of = words.count(len(judged), "department")
    if not {"higher", "lower"} & set(judged):
        return f"No department differs from its unit by more than chance in {month}"
    return f"{_differing(judged, 'the whole unit', of)}, {month}"


def _differing(judged: Sequence[Verdict], whom: str, of: str) -> str:
    """Higher than whom in two of so many, lower in one."""
    found = [(word, judged.count(word)) for word in ("higher", "lower") if word in judged]
    said = [f"{word} than {whom} in {n} of {of}" for word, n in found[:1]] + [f"{word} in {n}" for word, n in found[1:]]
    return words.sentence(", ".join(said))
