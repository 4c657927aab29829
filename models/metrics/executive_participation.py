"""Do executives take part, and do they answer? In two versions: with what delegates write for them, and without."""

from collections.abc import Iterator
from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_EXECUTIVES,
    PEOPLE,
    PERIOD,
    TOLD_COARSELY,
    Mart,
    Metric,
    count,
    key,
    number,
    share,
    share_with_bounds,
)

_SOURCES: Final = f"{EXPORTS}; an executive rule"
_WITH: Final = f"{PEOPLE}; what a delegate writes in somebody's name counts as theirs"
_WITHOUT: Final = f"{PEOPLE}; what a delegate writes in somebody's name, where the export tells it"


def _measures(version: int, own: str, exclusions: str) -> Iterator[Metric]:
    """The four measures; `own` is what the names of the columns begin with in this version."""
    n, themselves = (f"n_{own}", " themselves") if own else ("n_", "")
    yield Metric(
        "executive_contributor_ratio", version, "Share of executives who contribute", "Do executives take part?",
        f"executives with a contribution{' of their own' if own else ''}; beside it everybody else",
        "executives; everybody else", PERIOD, "period, platform", exclusions, _SOURCES, MINIMUM_EXECUTIVES,
        (
            count(f"{n}contributors", f"Eligible people who contribute{themselves}."),
            *share_with_bounds(f"{own}contributor_ratio", f"{n}contributors / n_eligible."),
        ),
        direction="higher",
    )  # fmt: skip
    yield Metric(
        "executive_parity", version, "Executives beside everybody else", "Do executives contribute more than others?",
        "the share of executives who contribute", "the share of everybody else who contributes, in the same unit",
        PERIOD, "period, platform, unit", f"{exclusions}; not known where either share is 0", _SOURCES,
        MINIMUM_EXECUTIVES,
        (
            number(f"{own}parity_ratio", f"{own}contributor_ratio over that of everybody else; executives' rows only."),
            number(f"{own}parity_ratio_low", "Katz 95 % lower bound."),
            number(f"{own}parity_ratio_high", "Katz 95 % upper bound."),
        ),
        reference="ratio of two shares with log interval: Katz et al. 1978",
    )  # fmt: skip
    yield Metric(
        "broadcast", version, "Broadcasting", "Do executives announce, or do they answer?",
        "threads they start", "threads they start and replies they give, not to executives or themselves",
        PERIOD, "period, platform", exclusions, _SOURCES, MINIMUM_EXECUTIVES,
        (
            count(f"{n}posts", f"Threads that they start{themselves}."),
            count(f"{n}replies", f"Replies that they give{themselves}."),
            count(f"{n}replies_to_staff", "Of these, replies not to an executive or oneself."),
            share(f"{own}broadcast_ratio", "Threads started over threads started and replies to staff."),
        ),
        direction="lower",
    )  # fmt: skip
    yield Metric(
        "two_way", version, "Two-way conversations",
        "Do replies go both ways between executives and everybody else?",
        "pairs of an executive and somebody else who replied to each other", "pairs with a reply in any direction",
        PERIOD, "period, platform", f"{exclusions}; reactions", _SOURCES, MINIMUM_EXECUTIVES,
        (
            count(f"{n}two_way", f"Pairs with a non-executive who reply both ways{themselves}."),
            share(f"{own}two_way_ratio", f"{n}two_way / pairs with any reply."),
        ),
        direction="higher",
    )  # fmt: skip


MART: Final = Mart(
    "mart_executive_participation",
    "Do executives take part, and do they answer?",
    (*_measures(1, "", _WITH), *_measures(2, "own_", _WITHOUT)),
    keys=(key("is_executive", "flag", "Executives, or everybody else."),),
    released_rows="Closed periods of the organisation and of each platform; only where there are enough executives, "
    f"and how much they wrote only where none of them stands out. {TOLD_COARSELY}",
)
