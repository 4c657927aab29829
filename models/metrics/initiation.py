"""Who starts the threads, pages and spaces that others join, against what headcount would give."""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_DAILY,
    MINIMUM_EXECUTIVES,
    MINIMUM_GROUP,
    Mart,
    Metric,
    count,
    key,
    number,
    share,
    share_with_bounds,
)

_WINDOW: Final = "week or month of the start; others are counted for 28 days from that day on"
_GRAIN: Final = "period, platform, unit (of the starter on the day of the start), thread, page or space"
_TOP: Final = (
    "The top are executives, by the configured rule, and communications, whom the roster marks in the column is_comms "
    "or by their function, both on the day of the start; what a delegate starts is the executive's. Community managers "
    "belong to them only if the roster marks them so. Announcements count like anything else"
)
_STARTS: Final = (
    "A thread is started by its first message, a page by its creation. Exports do not name who creates a space: its "
    "starter is whoever first contributes to a public channel, group, space or blog that is first seen, and as far as "
    "known created, after the first 90 observed days of its platform; unknown before"
)
_EXCLUSIONS: Final = (
    "bots, service and shared accounts and people not known to be employed on that day stand in n_elsewhere_started "
    "and nowhere else. Unknown without a roster; what is from the bottom also where the roster knows neither an "
    "executive nor communications"
)

WHILE_THE_TOP_IS_A_GROUP: Final = (
    f"Closed months of the organisation and of each platform, while it has at least {MINIMUM_DAILY} people, of whom "
    f"{MINIMUM_EXECUTIVES} are executives or {MINIMUM_GROUP} executives and communications; no units."
)
"""Released rows of marts that tell the top from everybody else: the difference is about the top."""

MART: Final = Mart(
    "mart_initiation",
    "Who starts the threads, pages and spaces that others join: the top, or anybody else.",
    (
        Metric(
            "bottom_up_initiation", 1, "Bottom-up initiation",
            "Who starts what others join, against what headcount would give?",
            f"what drew others and somebody other than the top started. {_TOP}",
            "what drew others: at least two people, employed on that day, no executives and not the starter, "
            f"contributed to it in 28 days. {_STARTS}",
            _WINDOW, _GRAIN,
            f"{_EXCLUSIONS}; starts of which one of the 28 days is missing, or to which no export shows additions, are "
            "undecided. The interval is over starts, as if each were by itself; a few people may have started many",
            EXPORTS, MINIMUM_GROUP,
            (
                count("n_drew", "Of n_started, decided, those that drew others; NULL if none could be decided."),
                count("n_bottom_drew", "Of n_drew, not started by the top."),
                *share_with_bounds("bottom_up_ratio", "n_bottom_drew / n_drew; over starts, not people."),
                share("headcount_ratio", "Eligible people who are no top on their last employed day / n_eligible."),
                number("bottom_up_index", "bottom_up_ratio / headcount_ratio; 1 is what headcount alone would give."),
            ),
            reference="Wang, Meister and Gray, MIS Quarterly 37(1), 2013: influence from the bottom up; index our own",
        ),
        Metric(
            "starts", 1, "Starts", "How much is started, and how much of it not by the top?",
            f"threads, pages and spaces started in the period by people employed on that day. {_STARTS}. {_TOP}", None,
            "week or month of the start", _GRAIN, _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                count("n_started", "Started by employed people or for them; NULL where the platform shows none."),
                count("n_bottom_started", "Of them, not by the top."),
                count("n_undecided", "Of n_started, not known whether they drew others."),
                count("n_elsewhere_started", "Started by bots, service accounts, people not employed; NULL in a unit."),
            ),
        ),
    ),
    keys=(key("what", "text", "What was started.", one_of=("thread", "page", "space")),),
    released_rows=f"{WHILE_THE_TOP_IS_A_GROUP} How many started things were not by the top is not told.",
)  # fmt: skip
