"""The sentences on top of the cards of the page "Enabling people": see `dashboards.headlines` for the rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import words
from dashboards.headlines import against
from models.comparison import LARGE_DIFFERENCE, Change, Share, compare_groups
from models.release import SMALLEST_COUNT


def title(answered: Share | None) -> str:
    """The title of the page: the share of newcomers' first posts that are answered in the last whole month."""
    if answered is None:
        return "Are people enabled to take part?"
    return f"{words.percent(answered.ratio)} of newcomers\u2019 first posts get an answer within two working days"


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
    if not rest or compare_groups(most, rest[0][1]) == "higher":
        return f"Newcomers most often begin with {name}: {words.percent(most.ratio)} of them"
    (other, next_), pair = rest[0], f"({words.percent(most.ratio)} and {words.percent(rest[0][1].ratio)})"
    if compare_groups(most, next_) == "alike":
        return f"Newcomers begin about as often with {name} as with {other} {pair}"
    return f"Too few newcomers to tell whether more begin with {name} or with {other} {pair}"


def lasting_starts(steps: Sequence[tuple[str, Share]]) -> str:
    """Which beginning lasts: one is named only if its interval is clear of every other."""
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
    ends = _from_to([most.ratio, *(share.ratio for share in rest)])
    if most.ratio - rest[-1].ratio < LARGE_DIFFERENCE:
        return f"However newcomers begin, about as many {last} ({ends})"
    return f"Too few newcomers to tell which beginning more often lasts into the second month ({ends})"


def champions(row: Mapping[str, Any] | None, *, nouns: tuple[str, str], period: str) -> str:
    """On how few people first answers rest; `row` is of `rel_champions`, in which three stands for three or fewer."""
    if row is None:
        return "On how few people answers rest cannot be told yet"
    whom = " to newcomers" if row["asked_by"] == "newcomers" else ""
    start = f"More than half of the first answers{whom} in {period} came from"
    if row["n_champions"] <= SMALLEST_COUNT:
        return f"{start} three {nouns[1]} or fewer"
    return f"{start} {words.count(row['n_champions'])} of the {words.count(row['n_answerers'], *nouns)} answering"


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
    who = words.share(share.ratio, noun) if change is None or is_same else f"{words.percent(share.ratio)} of {noun}"
    days = {2: "two", 5: "five"}[n_days]
    start = f"{who} in {period} got an answer within {days} working days"
    if change is not None and is_same and abs(change.difference) >= LARGE_DIFFERENCE:
        return f"{start}; too few to tell a change since {before}"
    return f"{start}{against(change, before)}"


def _ranked(steps: Sequence[tuple[str, Share]]) -> list[tuple[str, Share]]:
    return sorted(steps, key=lambda step: (-step[1].ratio, step[0]))


def _from_to(ratios: Sequence[float]) -> str:
    low, high = words.percent(min(ratios)), words.percent(max(ratios))
    return low if low == high else f"{low} to {high}"
