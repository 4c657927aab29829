"""The rules by which figures are told coarsely or not at all, in plain words: the rules are in `models.release`."""

from collections.abc import Iterator

from dashboards import words
from models.metrics import MINIMUM_DAILY, MINIMUM_EXECUTIVES
from models.release import SMALLEST_COUNT
from models.release.dominance import PERCENT
from models.release.spaces import FEWEST_OTHERS


def release_rules(least: int) -> Iterator[tuple[str, str]]:
    """Each rule by name, with its thresholds; `least` is the smallest group of the release."""
    yield "Counts of people", (
        f"Of groups in fives: \u201cabout 25\u201d is any number from 23 to 27. Groups are units, departments, layers, "
        f"locations, bands of tenure, executives, trials, and every organisation of fewer than {MINIMUM_DAILY} people. "
        "Parts are rounded each for itself, so they do not add up, by design."
    )
    yield "Shares", (
        "Of groups in whole percent, of fewer than 100 people in steps of five points, both from the rounded counts. "
        "Their intervals are widened by what rounding leaves open, and no change or difference is named that rounding "
        "alone may have made."
    )
    yield "Ends", (
        f"Where fewer than {SMALLEST_COUNT} people of a group did something, or fewer than {SMALLEST_COUNT} did not, "
        "there is no count, and of the share only \u201cat most\u201d or \u201cat least\u201d is told."
    )
    yield "Not told", (
        "Nothing is told of a figure that follows from others, such as a total less all other parts. Before a site is "
        "published, an audit works out what follows from all of its figures together; where that is about few people, "
        "figures of the period are withdrawn until it is not."
    )
    yield "Closed periods", (
        f"A week or month keeps the figures with which it was first published. Later data change them only if at least "
        f"{least} people are concerned; then all of it is told anew, and named below."
    )
    yield "Sums", (
        f"How many contributions or posts there were is told if at least {least} people ({MINIMUM_EXECUTIVES} "
        f"executives) made them, and all but the two most active made at least {PERCENT}% of what the most active made."
    )
    yield "The most active", (
        f"The share of the most active 10% is told from {words.count(10 * least)} people on, that of 1% from "
        f"{words.count(100 * least)}; inequality, and on how few people half of everything rests, from "
        f"{words.count(10 * least)} and never by unit. Fewer than {SMALLEST_COUNT} are told as {SMALLEST_COUNT}."
    )
    yield "Spaces by name", (
        f"A public space is named if at least {least} different people ever contributed to it, unless fewer than "
        f"{FEWEST_OTHERS} others of its kind and platform would be left. How many contribute is told of the last "
        f"closed month, of {least} or more, in fives."
    )
    yield "Days, joining and leaving", (
        f"Only of organisations and platforms of {MINIMUM_DAILY} people or more, never by unit."
    )
