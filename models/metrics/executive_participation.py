"""Do executives take part, and do they answer?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_EXECUTIVES,
    PEOPLE,
    PERIOD,
    Mart,
    Metric,
    count,
    key,
    number,
    share,
    share_with_bounds,
)

_SOURCES: Final = f"{EXPORTS}; an executive rule"
_PEOPLE: Final = f"{PEOPLE}; what a delegate writes in somebody's name counts as theirs; executive_tiers leaves it out"

MART: Final = Mart(
    "mart_executive_participation",
    "Do executives take part, and do they answer?",
    (
        Metric(
            "executive_contributor_ratio", 1, "Share of executives who contribute", "Do executives take part?",
            "executives with a contribution; beside it everybody else", "executives; everybody else",
            PERIOD, "period, platform", _PEOPLE, _SOURCES, MINIMUM_EXECUTIVES,
            (
                count("n_contributors", "Eligible people with a contribution."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_eligible."),
            ),
            direction="higher",
        ),
        Metric(
            "executive_parity", 1, "Executives beside everybody else", "Do executives contribute more than others?",
            "the share of executives who contribute", "the share of everybody else who contributes, in the same unit",
            PERIOD, "period, platform, unit", f"{_PEOPLE}; not known where either share is 0", _SOURCES,
            MINIMUM_EXECUTIVES,
            (
                number("parity_ratio", "contributor_ratio over that of everybody else; executives' rows only."),
                number("parity_ratio_low", "Katz 95 % lower bound."),
                number("parity_ratio_high", "Katz 95 % upper bound."),
            ),
            reference="ratio of two shares with log interval: Katz et al. 1978",
        ),
        Metric(
            "broadcast", 1, "Broadcasting", "Do executives announce, or do they answer?",
            "threads they start", "threads they start and replies they give, not to executives or themselves",
            PERIOD, "period, platform", _PEOPLE, _SOURCES, MINIMUM_EXECUTIVES,
            (
                count("n_posts", "Thread starters."),
                count("n_replies", "Replies."),
                count("n_replies_to_staff", "Replies not to an executive or oneself."),
                share("broadcast_ratio", "Thread starters over starters and answers."),
            ),
            direction="lower",
        ),
        Metric(
            "two_way", 1, "Two-way conversations", "Do replies go both ways between executives and everybody else?",
            "pairs of an executive and somebody else who replied to each other", "pairs with a reply in any direction",
            PERIOD, "period, platform", f"{_PEOPLE}; reactions", _SOURCES, MINIMUM_EXECUTIVES,
            (
                count("n_two_way", "Pairs with a non-executive who reply both ways."),
                share("two_way_ratio", "n_two_way / pairs with any reply."),
            ),
            direction="higher",
        ),
    ),
    keys=(key("is_executive", "flag", "Executives, or everybody else."),),
    released_rows="Closed periods of the organisation and of each platform; only where there are enough executives.",
)
