"""The sentences on top of the cards of the page "Taking root": see `dashboards.headlines` for the rules."""

from collections.abc import Mapping
from typing import Any, Final

from dashboards import words
from dashboards.headlines import SIGNIFICANT
from dashboards.headlines.bottom import counted
from models.critical_mass import Run

WIDE: Final = 0.5
"""A band of shares of people that leaves more open than it tells."""
MOSTLY: Final = 0.5
"""Of the most that dissimilarity can be: from there on contributing is confined to some units."""


def title(row: Mapping[str, Any] | None, run: Run | None) -> str:
    """The title of the page: what was counted up to the last whole week, or the question. `run` is that of the row."""
    said = counted(row, run, " people") if row else ""
    return words.sentence(said) or "Does participation take root?"


def reached(row: Mapping[str, Any] | None, *, period: str) -> str:
    """How many people are in units that take part. `row` is of `rel_pockets`; a wide band tells nothing."""
    if row is None:
        return "How many people are in units that take part cannot be told yet"
    value, low, high = (row[f"people_reached_ratio{end}"] for end in ("", "_low", "_high"))
    if high - low > WIDE:
        return f"Units are too small to tell how many people are in units that take part in {period}"
    if low == 1:
        return f"In every unit the share of contributors was at least half that of the whole in {period}"
    start = words.percent(value)
    if words.percent(low) != words.percent(high):
        start = f"Between {words.percent(low)} and {words.percent(high)}"
    units = "units whose share of contributors was at least half that of the whole"
    return f"{start} of people were in {units} in {period}"


def pockets(row: Mapping[str, Any] | None, *, period: str) -> str:
    """Whether contributing is confined to some units. `row` is of `rel_pockets`; uneven only if that is no chance."""
    if row is None:
        return "Whether contributing is confined to some units cannot be told yet"
    if row["dissimilarity_p"] > SIGNIFICANT:
        return f"Contributing was spread over units about as evenly in {period} as chance would spread it"
    index = row["dissimilarity_ratio"]
    is_confined = index >= MOSTLY * row["dissimilarity_largest_ratio"]
    start = "confined to some units" if is_confined else "uneven over units"
    return (
        f"Contributing was {start} in {period}: {words.percent(index)} of contributors would have to be elsewhere to "
        f"even it out ({words.percent(row['dissimilarity_by_chance_ratio'])} by chance)"
    )


def unit_pairs(row: Mapping[str, Any] | None, *, period: str) -> str:
    """How many pairs of units never meet. `row` is any of a month of `rel_unit_pairs`; no unit is named."""
    if row is None:
        return "Which units never meet cannot be told yet"
    n, apart, never, seldom = (row[name] for name in ("n_pairs", "n_pairs_apart", "n_pairs_never", "n_pairs_seldom"))
    pairs = words.count(n, "pair of units", "pairs of units")
    if never:
        return f"{words.count(never)} of {pairs} never met in {period}, though chance would have brought them together"
    if seldom:
        return f"{words.count(seldom)} of {pairs} met less than half as often in {period} as chance would have it"
    if apart == n:
        return f"Whether units keep apart cannot be told for {period}: too few people of different units met"
    if apart:
        return f"No units are known to keep apart in {period}; of {words.count(apart)} of {pairs} nothing can be told"
    return f"In every pair of units shown, people answered or reacted to each other in {period}"


def quoted(title: str) -> str:
    """The name that the organisation gave an event."""
    return f"\u201c{words.clean(title)}\u201d"


def before_after(row: Mapping[str, Any] | None) -> str:
    """What changed at an event. `row` is of `rel_before_after`; without a comparison other causes stay possible."""
    if row is None:
        return "What changed after an event cannot be told: there is none to look at"
    name = quoted(row["title"])
    if row["effect_pp"] is None:
        return f"Whether {name} changed how many people contribute cannot be told"
    size, bounds = _sized(row, "effect_pp", row["wording"])
    speed, speed_bounds = _sized(row, "slope_pp", row["slope_wording"])
    if not size and not speed:
        return f"No clear change in how many people contribute after {name}"
    if row["has_comparison"]:
        return f"After {name}, {size} in 100 people contribute in a week than where it had not begun yet {bounds}"
    found = f"{size} in 100 people contribute in a week {bounds}" if size else ""
    trend = f"each week brings {speed} contributors in 100 people than before {speed_bounds}" if speed else ""
    both = ", and ".join(part for part in (found, trend) if part)
    return f"After {name}, {both}; there is no group to compare with, so other causes are possible"


def _sized(row: Mapping[str, Any], name: str, wording: str | None) -> tuple[str, str]:
    """`4.2 more` and its bounds in ascending order; nothing where chance may be all, or where the size rounds to 0."""
    if wording not in ("more", "fewer"):
        return "", ""
    decimals = 1 if name == "effect_pp" else 2
    size, *bounds = (words.rounded(row[f"{name}{end}"], decimals) for end in ("", "_low", "_high"))
    if not size.strip("0."):
        return "", ""
    low, high = bounds if wording == "more" else reversed(bounds)
    return f"{size} {wording}", f"(between {low} and {high})"


def usual_weeks(n_weeks: int, *, above: int, below: int, run: str | None, since: str) -> str:
    """How many of the latest weeks are out of the ordinary; `since` is the month of the last one that is."""
    if not n_weeks:
        return "Whether a week is out of the ordinary cannot be told yet"
    n = above + below
    if n:
        sides = f"outside of what is usual, {above} above and {below} below"
        if not above or not below:
            sides = f"{'above' if above else 'below'} what is usual"
        return f"{n} of the last {words.count(n_weeks, 'observed week')} {'lies' if n == 1 else 'lie'} {sides}"
    if run:
        return f"No recent week stands out alone, but eight in a row lay {run} the middle of what was usual"
    return f"No week since {since} lies outside of what is usual" if since else (
        "No week so far lies outside of what is usual"
    )  # fmt: skip
