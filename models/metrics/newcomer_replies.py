"""Is the first post of a newcomer answered, and do newcomers post again?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    OF_THE_ORGANISATION,
    PEOPLE,
    Mart,
    Metric,
    count,
    share_with_bounds,
)
from models.metrics.responses import FOLLOWED, WORKING_TIME

_GRAIN: Final = "period of the first post, platform, unit (of the newcomer, on that day)"
_PERIOD: Final = "week or month of the first post"
_NEW: Final = (
    "a first post is a thread that is the first contribution ever of an eligible person, on the platform or, over all "
    "platforms, on any"
)
_EXCLUSIONS: Final = (
    f"{PEOPLE}; who is first seen in the first 90 observed days is unknown, not new, and so is every period that ends "
    "in them; who begins with anything but a thread; answers by bots, hidden authors and oneself; reactions"
)
_SOURCES: Final = f"{EXPORTS}; exports that say to which thread a reply belongs"

MART: Final = Mart(
    "mart_newcomer_replies",
    "Is the first post of a newcomer answered, and do newcomers post again?",
    (
        Metric(
            "newcomers_answered", 1, "Newcomers who get an answer", "Does anybody answer the first post of a newcomer?",
            f"first posts with a reply or comment of another person within 2 working days; {WORKING_TIME}",
            f"first posts observed for 2 working days; {_NEW}; {FOLLOWED}",
            _PERIOD, _GRAIN, _EXCLUSIONS, _SOURCES, MINIMUM_GROUP,
            (
                count("n_newcomer_threads", "First posts, of whatever age."),
                count("n_old_enough_2d", "First posts observed for 2 working days."),
                count("n_unanswered_2d", "Those of them without an answer in that time."),
                *share_with_bounds("answered_2d_ratio", "1 - n_unanswered_2d / n_old_enough_2d."),
            ),
            direction="higher", reference="metrics of first response: CHAOSS, Time to First Response",
        ),
        Metric(
            "second_posts", 1, "Newcomers who post again", "Do newcomers post again, whether answered or not?",
            "newcomers who start another thread in the same workspace within 28 days (of 24 hours) of the first; "
            "beside each other those answered within 2 working days and those not",
            "newcomers whose first post was observed for 28 days, answered within 2 working days or not",
            _PERIOD, _GRAIN,
            f"{_EXCLUSIONS}. It describes and does not explain: posts that draw answers differ from others (place, "
            "topic, author), and the second post may come before the answer",
            _SOURCES, MINIMUM_GROUP,
            (
                count("n_answered_old_enough", "Answered newcomers observed for 28 days."),
                count("n_second_post_answered", "Those of them who posted again."),
                *share_with_bounds("second_post_answered_ratio", "n_second_post_answered / n_answered_old_enough."),
                count("n_unanswered_old_enough", "Unanswered newcomers observed for 28 days."),
                count("n_second_post_unanswered", "Those of them who posted again."),
                *share_with_bounds(
                    "second_post_unanswered_ratio", "n_second_post_unanswered / n_unanswered_old_enough."
                ),
            ),
        ),
    ),
    released_rows=f"{OF_THE_ORGANISATION} Of months with at least {MINIMUM_GROUP} first posts whether they are "
    f"answered; whether newcomers post again over these months together, of at least {MINIMUM_GROUP}.",
)  # fmt: skip
