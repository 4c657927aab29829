"""The sentences about bottom-up participation, what remains without the top, and critical mass.

See `dashboards.headlines` for the rules.
"""

from collections.abc import Mapping
from typing import Any

from dashboards import words
from models.comparison import LARGE_DIFFERENCE, SMALLEST_CHANGE
from models.critical_mass import WEEKS, Run
from models.metrics.entry import MINIMUM_GROUP


def bottom_up(row: Mapping[str, Any] | None, *, things: str, period: str) -> str:
    """Who starts the conversations or pages that others join, against headcount: told apart only beyond chance."""
    if row is None:
        return "No complete month shows yet who starts what others join"
    found, low, high = (row[f"bottom_up_ratio{end}"] for end in ("", "_low", "_high"))
    expected = row["headcount_ratio"]
    said = (
        f"{words.percent(found)} of the {things} that others joined in {period} were started by people other than "
        "executives and communications"
    )
    if not low <= expected <= high and abs(found - expected) >= SMALLEST_CHANGE:
        return f"{said}; by headcount alone it would be {words.percent(expected)}"
    if expected - low >= LARGE_DIFFERENCE or high - expected >= LARGE_DIFFERENCE:
        return f"Too few {things} drew others in {period} to compare who started them with headcount"
    return f"{said}, about what headcount would give"


def organic(row: Mapping[str, Any] | None, *, period: str) -> str:
    """What remains once executives and communications are taken out; arithmetic, no word of what would be."""
    if row is None:
        return "No complete month shows yet what remains without executives and communications"
    if row["n_contributors"] < MINIMUM_GROUP:
        return f"Too few people contributed in {period} to say what remains without executives and communications"
    ties = row["ties_left_ratio"]
    parts = [
        f"{words.percent(row['contributions_left_ratio'])} of the contributions of {period} remain",
        f"{words.percent(row['contributors_left_ratio'])} of the contributors",
        *([] if ties is None else [f"{words.percent(ties)} of the ties between people"]),
    ]
    return f"Without executives, communications and what they set off, {words.listed(parts)}"


def adoption(row: Mapping[str, Any] | None, run: Run | None, last_told: Mapping[str, Any] | None) -> str:
    """How far participation has spread, and whether it sustains itself: yes and since when, not yet, or not known."""
    if row is None:
        return "No complete week shows yet how many people have ever contributed"
    spread = f"{words.share(row['adoption_ratio'], 'people')} have contributed at least once"
    if row["state"] == "sustained" and run:
        since = f"since {words.period('week', run.first_week)}{'' if run.is_start_known else ' at least'}"
        return f"{spread}; participation has sustained itself without executives and communications {since}"
    if row["state"] == "not_yet":
        n, week = row["n_weeks_in_a_row"], words.period("week", row["period_start"])
        fell = f"in {week} more fell silent than stayed or came back"
        told = f"{n} of {WEEKS} weeks in a row are reached" if n else fell
        return f"{spread}; without executives and communications, participation does not sustain itself yet: {told}"
    unknown = f"{spread}; whether participation sustains itself cannot be told"
    if last_told is None:
        return f"{unknown} yet"
    answer = "did" if last_told["state"] == "sustained" else "did not"
    return f"{unknown} at present; in {words.period('week', last_told['period_start'])} it {answer}"


def sustaining_units(row: Mapping[str, Any] | None, *, period: str) -> str:
    """In how many units participation sustains itself; units are counted, not named."""
    if row is None:
        return "No complete week shows units yet"
    units = words.count(row["n_units"], "unit")
    if row["n_cannot_tell"] == row["n_units"]:
        return f"Whether participation sustained itself in {period} cannot be told for any of {units}"
    parts = [f"Participation sustained itself in {row['n_sustained'] or 'none'} of {units} in {period}"]
    if row["n_not_yet"]:
        parts.append(f"not yet in {row['n_not_yet']}")
    if row["n_cannot_tell"]:
        parts.append(f"not known for {row['n_cannot_tell']}")
    return "; ".join(parts)


def adopted_units(lowest: float | None, highest: float | None, n_units: int) -> str:
    """How far the units lie apart in who has ever contributed."""
    if lowest is None or highest is None:
        return "No complete week shows units yet"
    if n_units == 1:
        return f"{words.percent(highest)} of the one unit shown have contributed at least once"
    return (
        f"Between {words.percent(lowest)} and {words.percent(highest)} of a unit\u2019s people have contributed at "
        "least once"
    )
