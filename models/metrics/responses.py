"""How many of the threads that people start does somebody else answer, and how soon?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    OF_THE_ORGANISATION,
    Column,
    Mart,
    Metric,
    count,
    number,
    share_with_bounds,
)

WORKING_TIME: Final = (
    "working time is the time that passes without Saturdays and Sundays, both in UTC, since times carry no place; "
    "a working day is 24 hours of it; public holidays and office hours are not known"
)
FOLLOWED: Final = (
    "a thread is followed to the end of the last day before the first missing day of its workspace, or to the last "
    "record of a day that was seen in part"
)
_GRAIN: Final = "period of the start, platform, unit (of the starter, on the day of the start)"
_PERIOD: Final = "week or month of the start"
_EXCLUSIONS: Final = (
    "threads whose starter is not eligible, a bot or unknown; pages and blog posts; answers by the starter (from any "
    "account), by bots and by hidden authors; deleted answers; reactions; platforms of which no reply was ever seen"
)
_SOURCES: Final = f"{EXPORTS}; exports that say to which thread a reply belongs"
_THREADS: Final = "threads of which {} working day{} of time to answer was observed"


def _within(n_days: int) -> Metric:
    many = "s" if n_days > 1 else ""
    return Metric(
        f"answered_{n_days}d", 1, f"Answered within {n_days} working day{many}",
        f"Which share of threads does somebody answer within {n_days} working day{many}?",
        f"those of them with a reply or comment of another person within {n_days} working day{many}; {WORKING_TIME}",
        f"{_THREADS.format(n_days, many)}; {FOLLOWED}",
        _PERIOD, _GRAIN, f"{_EXCLUSIONS}; threads too young to tell", _SOURCES, MINIMUM_GROUP, _columns(n_days),
        direction="higher", reference="CHAOSS, Time to First Response; SWOOP Analytics, response rate",
    )  # fmt: skip


def _columns(n_days: int) -> tuple[Column, ...]:
    return (
        count(f"n_old_enough_{n_days}d", "Threads observed for so long; the younger ones are left out."),
        count(f"n_answered_{n_days}d", "Those of them that were answered in time."),
        *share_with_bounds(f"answered_{n_days}d_ratio", f"n_answered_{n_days}d / n_old_enough_{n_days}d."),
    )


MART: Final = Mart(
    "mart_responses",
    "How many of the threads that people start does somebody else answer, and how soon?",
    (
        Metric(
            "threads", 1, "Threads", "How many conversations do people start?",
            "threads that begin with a post of an eligible person", None, _PERIOD, _GRAIN, _EXCLUSIONS, _SOURCES,
            MINIMUM_GROUP,
            (
                count("n_threads", "Threads started."),
                count("n_starters", "People who started them."),
                count("n_answered", "Those with an answer so far, however late; grows as young threads age."),
            ),
        ),
        *(_within(n_days) for n_days in (1, 2, 5)),
        Metric(
            "time_to_reply", 1, "Time to the first reply", "After how long is half of the threads answered?",
            "the first time at which the Kaplan-Meier (product-limit) estimate of the share still unanswered is one "
            f"half or less; unknown where it never is; {WORKING_TIME}",
            f"all threads; the unanswered count until their observation ends: {FOLLOWED}",
            _PERIOD, _GRAIN, _EXCLUSIONS, _SOURCES, MINIMUM_GROUP,
            (
                number("median_hours_to_reply", "Median hours to the first answer of another person."),
                number("median_working_hours_to_reply", "The same without Saturdays and Sundays (UTC)."),
            ),
            direction="lower",
            reference="CHAOSS, Time to First Response; Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958)",
        ),
    ),
    released_rows=f"{OF_THE_ORGANISATION} Only months in which at least {MINIMUM_GROUP} people started threads, and "
    f"shares of at least {MINIMUM_GROUP} threads.",
)  # fmt: skip
