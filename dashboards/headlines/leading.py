"""The sentences on top of the cards about executives, their people and managers: see `dashboards.headlines`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards import words
from models.analyses.direction import NOTHING
from models.metrics.cascade import CANNOT_TELL, GOES_ON
from models.metrics.direction import BOTH, LEADERS_FOLLOW, PEOPLE_FOLLOW, REFUSED

Row = Mapping[str, Any]
ORDINALS: Final = ("top", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def layer(number: int) -> str:
    """The layer as people count it: layer 0 is the top layer, the next one the second."""
    if number < len(ORDINALS):
        return f"{ORDINALS[number]} layer"
    place = number + 1
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th") if place > 20 else "th"
    return f"{place}{ending} layer"


def named(n_people: int) -> str:
    """How many executives are shown by name."""
    return f"{words.count(n_people, 'executive')} {'is' if n_people == 1 else 'are'} shown by name, as was decided"


def direction(row: Row | None) -> str:
    """Who goes first. `row` is of `rel_direction`; nobody does where the verdict does not say so."""
    if row is None or row["verdict"] == REFUSED:
        return "Whether people follow executives, or executives their people, cannot be told here"
    if row["verdict"] == PEOPLE_FOLLOW:
        return "Executives go first: people take part more after weeks in which their executive does"
    if row["verdict"] == LEADERS_FOLLOW:
        return "People go first: executives take part more after weeks in which more of their people do"
    if row["verdict"] == BOTH:
        return "Executives and their people move together; who goes first cannot be told"
    if row["reason"] == NOTHING:
        return "Neither follows: executives and their people take part without regard to each other"
    return "Neither executives nor their people are shown to go first"


def cascade(rows: Sequence[Row], *, period: str) -> str:
    """Below which layer participation drops. `rows` are the layers of a month of `rel_cascade`, from the top down.

    The two shares are told only where they show the drop: in fives, or as bands, they may look alike.
    """
    if not rows or all(row["verdict"] == CANNOT_TELL for row in rows):
        return "At which layer of management participation stops cannot be told"
    by_layer = {row["layer"]: row for row in rows}
    stop = rows[0]["stops_at"]
    here, below = (None, None) if stop is None else (_told(by_layer.get(one)) for one in (stop, stop + 1))
    if here and below:
        drop = f"Participation drops below the {layer(stop)} of management"
        if here[1] <= below[2]:
            return f"{drop} in {period}"
        return f"{drop}: {here[0]} of it contributed in {period}, {below[0]} of the layer below"
    if all(row["verdict"] == GOES_ON for row in rows[:-1]):
        return f"Participation goes on below every layer of management that is shown for {period}"
    return f"No layer of management at which participation stops can be shown for {period}"


def _told(row: Row | None) -> tuple[str, float, float] | None:
    """The share of the layer, or its band, and the ends of what is said; nothing where neither is told."""
    if row is None:
        return None
    ratio = row["contributor_ratio"]
    if ratio is not None:
        return words.told(ratio), ratio, ratio
    low, high = row["contributor_ratio_low"], row["contributor_ratio_high"]
    return (words.band(low, high), low, high) if low is not None and high is not None else None
