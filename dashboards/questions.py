"""What leaders can do about one unit, and the one question to ask its people: what its released states call for.

A rule speaks only where the figures leave no doubt, by intervals; where nothing is certain, nothing is asked. A
question presupposes no cause and points at nobody: those who are asked know why, and the figures do not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from dashboards import words
from dashboards.unit_state import UnitState
from models.comparison import Change, Share, Verdict

MOST: Final = 2
"""So many sentences a page has at the most."""
MOST_EVER: Final = 0.5
"""From this share on most people of a unit have contributed at least once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question or a thing to do, the figures that call for it, and the measure that it rests on."""

    text: str
    why: str
    metric: str = "contributor_ratio"


Rule = Callable[[UnitState], Asked | None]


def question(state: UnitState) -> Asked | None:
    """The first question that the states call for."""
    return next((asked for rule in QUESTIONS if state.is_recent and (asked := rule(state))), None)


def todo(state: UnitState) -> list[Asked]:
    """At most two things that leaders can do."""
    return [asked for rule in TODO if state.is_recent and (asked := rule(state))][:MOST]


def what_changed(state: UnitState) -> Asked | None:
    """Fewer contribute than in the month of comparison, for certain."""
    moved = _moved(state, "down")
    if moved is None:
        return None
    return Asked(
        f"What, if anything, is different for you since {state.before} when you want to ask, answer or share something "
        "where everybody can read it?", _than_before("Fewer", moved, state),
    )  # fmt: skip


def what_helped(state: UnitState) -> Asked | None:
    """More contribute than in the month of comparison, for certain."""
    moved = _moved(state, "up")
    if moved is None:
        return None
    return Asked(
        f"More of you write where everybody can read it than in {state.before}: what, if anything, helped, and could "
        "others learn from it?", _than_before("More", moved, state),
    )  # fmt: skip


def what_holds_back(state: UnitState) -> Asked | None:
    """Fewer contribute than in the whole organisation, for certain."""
    pair = _beside(state, "lower")
    if pair is None:
        return None
    return Asked(
        "What makes it easy for you to ask, answer or share something where everybody can read it, and what, if "
        "anything, holds you back?", _than_whole("Fewer", pair, state),
    )  # fmt: skip


def what_would_bring_back(state: UnitState) -> Asked | None:
    """Most have contributed at least once, and for certain less than half of them do in a month."""
    own, ever = state.share, state.adopted
    if own is None or ever is None or ever.bounds[0] < MOST_EVER or own.bounds[1] >= ever.bounds[0] / 2:
        return None
    return Asked(
        "When you last wrote something that everybody could read, what came of it, and what would make it worth doing "
        "again?",
        f"{words.told(ever.ratio)} of the unit\u2019s people have contributed at least once; "
        f"{words.told(own.ratio)} did in {state.month}.", "adoption",
    )  # fmt: skip


def what_others_could_try(state: UnitState) -> Asked | None:
    """More contribute than in the whole organisation, for certain."""
    pair = _beside(state, "higher")
    if pair is None:
        return None
    return Asked(
        "What of the way you work where everybody can read it would you recommend to another unit, and what would you "
        "not?", _than_whole("More", pair, state),
    )  # fmt: skip


def ask_before_acting(state: UnitState) -> Asked | None:
    """What to do where fewer contribute than before."""
    moved = _moved(state, "down")
    if moved is None:
        return None
    return Asked("Ask before you act: the figures do not say why.", _than_before("Fewer", moved, state))


def tell_others(state: UnitState) -> Asked | None:
    """What to do where more contribute than before."""
    moved = _moved(state, "up")
    if moved is None:
        return None
    return Asked(
        "Say that you have seen it, and let the unit tell others how it works now.",
        _than_before("More", moved, state),
    )  # fmt: skip


def begin_with_one_matter(state: UnitState) -> Asked | None:
    """What to do where fewer contribute than in the whole organisation."""
    pair = _beside(state, "lower")
    if pair is None:
        return None
    return Asked(
        "Begin with one matter: choose together with the unit a question of its everyday work, settle it in a space "
        "that everybody can read, and take part yourselves.", _than_whole("Fewer", pair, state),
    )  # fmt: skip


def _moved(state: UnitState, direction: str) -> Change | None:
    moved = state.change
    return moved if moved and moved.direction == direction else None


def _beside(state: UnitState, verdict: Verdict) -> tuple[Share, Share] | None:
    own, whole = state.share, state.whole_share
    return (own, whole) if own and whole and state.verdict == verdict else None


def _than_before(word: str, moved: Change, state: UnitState) -> str:
    pair = f"{words.told(moved.now)} in {state.month}, {words.told(moved.then)} then"
    return f"{word} of the unit\u2019s people contribute than in {state.before} ({pair})."


def _than_whole(word: str, pair: tuple[Share, Share], state: UnitState) -> str:
    own, whole = (words.told(share.ratio) for share in pair)
    said = f"({own} and {whole} in {state.month})"
    return f"{word} of the unit\u2019s people contribute than of the whole organisation {said}."


QUESTIONS: Final[Sequence[Rule]] = (
    what_changed, what_helped, what_holds_back, what_would_bring_back, what_others_could_try,
)  # fmt: skip
"""In the order in which they matter, for a page asks one only."""
TODO: Final[Sequence[Rule]] = (ask_before_acting, tell_others, begin_with_one_matter)
