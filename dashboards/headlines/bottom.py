"""The sentences about bottom-up participation, what remains without the top, and critical mass.

See `dashboards.headlines` for the rules.
"""

from collections.abc import Mapping
from typing import Any

from dashboards import words
from models.comparison import LARGE_DIFFERENCE, SMALLEST_CHANGE
from models.critical_mass import Run
from models.metrics.entry import MINIMUM_GROUP


def bottom_up(row: Mapping[str, Any] | None, *, things: str, period: str, has_roster: bool = True) -> str:
    """Who starts the conversations or pages that others join, against headcount: told apart only beyond chance."""
    if row is None:
        if not has_roster:
            return "Who starts what others join cannot be told without a roster"
        return "No complete month shows yet who starts what others join"
    found, low, high = (row[f"bottom_up_ratio{end}"] for end in ("", "_low", "_high"))
    expected = row["headcount_ratio"]
    said = (
        f"Of the {things} started in {period} that others joined, {words.percent(found)} were started by people other "
        "than executives and communications"
    )
    if not low <= expected <= high and abs(found - expected) >= SMALLEST_CHANGE:
        return f"{said}; by headcount alone it would be {words.percent(expected)}"
    if expected - low >= LARGE_DIFFERENCE or high - expected >= LARGE_DIFFERENCE:
        return f"Too few of the {things} started in {period} were joined to compare who started them with headcount"
    return f"{said}, about what headcount would give"


def organic(row: Mapping[str, Any] | None, *, period: str, has_roster: bool = True) -> str:
    """What remains once executives and communications are taken out; arithmetic, no word of what would be."""
    if row is None:
        if not has_roster:
            return "What remains without executives and communications cannot be told without a roster"
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


def counted(row: Mapping[str, Any], run: Run | None, people: str = "") -> str:
    """What was counted of who stayed, came back and fell silent, and when; nothing where it cannot be told.

    `people` is empty, or the word with a space before it.
    """
    week = words.period("week", row["period_start"])
    if row["state"] == "sustained" and run:
        weeks = f"{'' if run.is_start_known else 'at least '}{row['n_weeks_in_a_row']} weeks in a row"
        return f"for {weeks}, to {week}, at least as many{people} stayed or came back as fell silent"
    if row["state"] != "not_yet":
        return ""
    if row["n_weeks_in_a_row"]:
        return f"in {week} at least as many{people} stayed or came back as fell silent, but not for six weeks in a row"
    return f"in {week} more{people} fell silent than stayed or came back"


def adoption(
    row: Mapping[str, Any] | None, run: Run | None, last_told: Mapping[str, Any] | None, *, has_roster: bool = True
) -> str:
    """How far participation has spread, and for how long as many stayed or came back as fell silent, or not."""
    if row is None:
        if not has_roster:
            return "How many people have ever contributed, as a share of all, cannot be told without a roster"
        return "No complete week shows yet how many people have ever contributed"
    spread = f"{words.percent(row['adoption_ratio'])} of people have contributed at least once"
    said = counted(row, run)
    if said:
        return f"{spread}; {said}"
    unknown = (
        f"{spread}; whether for six weeks in a row at least as many stayed or came back as fell silent cannot be told"
    )
    if last_told is None:
        return f"{unknown} yet"
    answer = "was so" if last_told["state"] == "sustained" else "was not so"
    return f"{unknown} at present; to {words.period('week', last_told['period_start'])} it {answer}"


def sustaining_units(row: Mapping[str, Any] | None, *, period: str, has_roster: bool = True) -> str:
    """In how many units as many stayed or came back as fell silent; units are counted, not named."""
    if row is None:
        return _no_unit(has_roster=has_roster)
    units = words.count(row["n_units"], "unit")
    stayed = "at least as many people stayed or came back as fell silent"
    if row["n_cannot_tell"] == row["n_units"]:
        return f"Whether for six weeks, to {period}, {stayed} cannot be told for any of {units}"
    parts = [f"For six weeks or more, to {period}, {stayed} in {row['n_sustained'] or 'none'} of {units}"]
    if row["n_not_yet"]:
        parts.append(f"not in {row['n_not_yet']}")
    if row["n_cannot_tell"]:
        parts.append(f"not known for {row['n_cannot_tell']}")
    return "; ".join(parts)


def adopted_units(
    lowest: float | None, highest: float | None, n_units: int, *, period: str, has_roster: bool = True,
    n_untold: int = 0,
) -> str:  # fmt: skip
    """How far the units lie apart in who has ever contributed; of `n_untold` others no value is told."""
    if (lowest is None or highest is None) and n_untold:
        return f"How many people of each unit have ever contributed by {period} is not told"
    if lowest is None or highest is None:
        return _no_unit(has_roster=has_roster)
    if n_units == 1:
        return f"By {period} {words.told(highest)} of the people of the one unit shown had contributed at least once"
    units = f"{n_units} of {n_units + n_untold} units" if n_untold else f"the {n_units} units shown"
    return (
        f"By {period} between {words.told(lowest)} and {words.told(highest)} of the people of each of {units} "
        "had contributed at least once"
    )


def _no_unit(*, has_roster: bool) -> str:
    return "No complete week shows units yet" if has_roster else "Units are not known: no roster is loaded"
