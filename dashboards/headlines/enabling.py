"""The sentences on top of the cards of the page "Enabling people": see `dashboards.headlines` for the rules."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards import words
from dashboards.headlines import against
from models.comparison import LARGE_DIFFERENCE, Change, Share, compare_groups
from models.metrics.entry import MINIMUM_GROUP
from models.release import SMALLEST_COUNT

ENOUGH_FOR_A_TITLE: Final = 30
"""First posts without which no share stands on top of the page."""
SPREAD: Final = 0.4
"""Where at least this part of the people answering is needed for more than half of the answers, nothing rests on few.

It is nearly half where each gives as many answers as the others.
"""


def title(answered: Share | None, *, period: str) -> str:
    """The title of the page: the share of newcomers' first posts answered in the last whole month, if not of few."""
    if answered is None or answered.n_whole < ENOUGH_FOR_A_TITLE:
        return "Are people enabled to take part?"
    share = words.percent(answered.ratio)
    return f"{share} of newcomers\u2019 first posts of {period} got an answer within two working days"


def missing(reasons: Sequence[str], *, has_roster: bool, is_small: bool) -> str:
    """Why a card shows nothing; how large the organisation is, only a roster tells."""
    size = ["the organisation is too small"] if has_roster else ["too few accounts are seen"] if is_small else []
    *others, last = [*reasons, *size]
    return f"{', '.join(others)}, or {last}." if others else f"{last}."


def newcomers(share: Share | None, change: Change | None, *, period: str, before: str) -> str:
    """Whether newcomers are answered, against an earlier month."""
    if share is None:
        return "Whether newcomers are answered cannot be told yet"
    return _answered(share, change, "first posts of newcomers", 2, period=period, before=before)


def threads(share: Share | None, change: Change | None, *, period: str, before: str) -> str:
    """Whether anybody is answered, against an earlier month."""
    if share is None:
        return "How many threads are answered cannot be told yet"
    return _answered(share, change, "threads", 5, period=period, before=before)


def second_posts(answered: Share | None, others: Share | None) -> str:
    """Whether newcomers who got an answer post again more often; the two go together, nothing more."""
    if answered is None:
        return "Whether newcomers post again once they are answered cannot be told yet"
    if others is None:
        return f"{words.percent(answered.ratio)} of newcomers who got an answer posted again within four weeks"
    pair = f"({words.percent(answered.ratio)} and {words.percent(others.ratio)})"
    verdict = compare_groups(answered, others)
    if verdict == "alike":
        return f"Newcomers post again about as often with an answer as without {pair}"
    if verdict == "unclear":
        return f"Too few newcomers to tell whether those with an answer post again more often {pair}"
    how = "more" if verdict == "higher" else "less"
    return f"Newcomers who got an answer post again {how} often than the others {pair}"


def first_steps(steps: Sequence[tuple[str, Share]]) -> str:
    """What newcomers do first: one step is named alone only if its interval is clear of the next."""
    ranked = _ranked(steps)
    if not ranked or ranked[0][1].n_part == 0:
        return "What newcomers do first cannot be told yet"
    (name, most), rest = ranked[0], ranked[1:]
    if most.n_part == most.n_whole and all(share.n_part == 0 for _, share in rest):
        return f"All newcomers that these exports can show began with {name}"
    if not rest or compare_groups(most, rest[0][1]) == "higher":
        return f"Newcomers most often begin with {name}: {words.percent(most.ratio)} of them"
    (other, next_), pair = rest[0], f"({words.percent(most.ratio)} and {words.percent(rest[0][1].ratio)})"
    if compare_groups(most, next_) == "alike":
        return f"Newcomers begin about as often with {name} as with {other} {pair}"
    return f"Too few newcomers to tell whether more begin with {name} or with {other} {pair}"


def lasting_starts(steps: Sequence[tuple[str, Share]], sizes: Sequence[Share] = ()) -> str:
    """Which beginning lasts: one is named only if its interval is clear of every other.

    `sizes` are the other rows of the table, by size of the space: no sentence names them, but none contradicts them.
    """
    ranked = _ranked(steps)
    if not ranked:
        return "Which beginnings last cannot be told yet"
    (name, most), rest = ranked[0], [share for _, share in ranked[1:]]
    last = "still contribute in their second month"
    if not rest:
        return f"{words.percent(most.ratio)} of those who begin with {name} {last}"
    if all(compare_groups(most, share) == "higher" for share in rest):
        return (
            f"Those who begin with {name} most often {last}: {words.percent(most.ratio)}, the others "
            f"{_from_to([share.ratio for share in rest])}"
        )
    rows = [most, *rest, *sizes]
    ends = _from_to([most.ratio, *(share.ratio for share in rest)])
    if most.ratio - rest[-1].ratio < LARGE_DIFFERENCE:
        who = "who still contributes in the second month"
        if any(compare_groups(one, other) == "higher" for one in rows for other in rows):
            return f"No first step is clearly ahead of all others in {who} ({ends})"
        ends = _from_to([share.ratio for share in rows])
        return f"No clear difference in {who}, however newcomers begin ({ends})"
    return f"Too few newcomers to tell which first step more often lasts into the second month ({ends})"


def champions(row: Mapping[str, Any] | None, *, nouns: tuple[str, str], period: str) -> str:
    """On how few people first answers rest; `row` is of `rel_champions`, in which three stands for three or fewer."""
    if row is None:
        return "On how few people answers rest cannot be told yet"
    whom = " to newcomers" if row["asked_by"] == "newcomers" else ""
    n_few, n_all, n_answered = row["n_champions"], row["n_answerers"], row["n_answered"]
    start = f"More than half of the first answers{whom} in {period} came from"
    threads = f" ({words.count(n_answered, 'answered thread')})" if n_answered else ""
    if n_few <= SMALLEST_COUNT:
        return f"{start} three {nouns[1]} or fewer{threads}"
    everybody = words.count(n_all, *nouns)
    if n_all >= MINIMUM_GROUP and n_few >= SPREAD * n_all:
        return f"First answers{whom} in {period} are spread over many: {everybody} gave them{threads}"
    return f"{start} {words.count(n_few)} of the {everybody} answering{threads}"


def named_champions(n_people: int) -> str:
    """How many champions are named."""
    return f"{words.count(n_people, 'champion')} asked to be named"


def stewardship(row: Mapping[str, Any] | None, *, period: str) -> str:
    """How many public spaces lost their main contributors: all spaces are counted, so there is no chance in it."""
    if row is None:
        return "How many public spaces have lost their main contributors cannot be told yet"
    spaces = words.count(row["n_spaces"], "public space")
    left, silent = row["n_left"], row["n_silent"]
    if left is None and silent is None:
        return f"{spaces} in use by {period}; who left or fell silent is not known"
    parts = []
    if left:
        parts.append(f"{words.count(left)} had lost all main contributors because they left")
    if silent:
        parts.append(f"in {words.count(silent)} all main contributors had fallen silent")
    if parts:
        return f"Of {spaces} in use by {period}, {' and '.join(parts)}"
    if left is None:
        return f"By {period} the main contributors of none of {spaces} had all fallen silent"
    how = "" if silent is not None else " to leaving"
    return f"By {period} none of {spaces} had lost all its main contributors{how}"


def _answered(share: Share, change: Change | None, noun: str, n_days: int, *, period: str, before: str) -> str:
    is_same = change is not None and change.direction == "same"
    days = {2: "two", 5: "five"}[n_days]
    got = f"in {period} got an answer within {days} working days"
    if change is not None and is_same and _may_be_large(change, share):
        who = f"{words.count(share.n_part)} of {words.count(share.n_whole)} {noun}"
        return f"{who} {got}; too few to tell a change since {before}"
    who = words.share(share.ratio, noun) if change is None or is_same else f"{words.percent(share.ratio)} of {noun}"
    return f"{who} {got}{against(change, before)}"


def _may_be_large(change: Change, now: Share) -> bool:
    """Whether the 95 % interval of the difference reaches beyond what would be a large one.

    Where all or none are answered the interval of the difference shrinks to nothing, so the share's own one is asked.
    """
    low, high = now.bounds
    return abs(change.difference) + change.margin > LARGE_DIFFERENCE or high - low > 2 * LARGE_DIFFERENCE


def _ranked(steps: Sequence[tuple[str, Share]]) -> list[tuple[str, Share]]:
    return sorted(steps, key=lambda step: (-step[1].ratio, step[0]))


def _from_to(ratios: Sequence[float]) -> str:
    low, high = words.percent(min(ratios)), words.percent(max(ratios))
    return low if low == high else f"{low} to {high}"
