"""Do executives answer, are they answered, and how far down do they reach?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_EXECUTIVES,
    MINIMUM_GROUP,
    PEOPLE,
    PERIOD,
    Mart,
    Metric,
    count,
    number,
    share,
    share_with_bounds,
)

_SOURCES: Final = f"{EXPORTS} that say whom a message answers; an executive rule"

MART: Final = Mart(
    "mart_executive_answers",
    "Whether executives answer, how soon they are answered, and how far down they reach; n_eligible are executives.",
    (
        Metric(
            "downward_response", 1, "Answers from executives", "Do executives answer those who write to them?",
            "of these, the ones in whose thread the same executive replied or commented later, by the end of the fifth "
            "day from Monday to Friday after the day of the message (reporting days; no holidays)",
            "messages of employees who are no executives to somebody who is one on that day, whose five working days "
            "were all observed",
            PERIOD, "period (of the message), platform, unit (of the executive on that day)",
            f"{PEOPLE}; answers by a delegate; mentions inside a text, which are not stored; which message of the "
            "thread an answer is for is not known",
            _SOURCES, MINIMUM_EXECUTIVES,
            (
                count("n_asked", "Messages of employees to an executive."),
                count("n_old_enough", "Of these, with five observed working days after them."),
                count("n_answered_5d", "Of these, answered within five working days."),
                *share_with_bounds("answered_5d_ratio", "n_answered_5d / n_old_enough."),
            ),
            direction="higher",
        ),
        Metric(
            "time_to_answer_executives", 1, "Time to an answer to executives",
            "Are executives answered sooner than others?",
            "the median time until somebody who is no executive first replies to a thread that an executive started; "
            "beside it that of threads of everybody else in the same spaces at the same hours of the day (UTC) of the "
            "same period, weighted so that each space and hour counts as it does among executives' threads",
            None, "threads started in the week or month, followed to the last observed day",
            "period (of the start), platform, unit (of the executive on that day)",
            f"{PEOPLE}; threads started by a delegate; fewer than five people who start threads on either side. "
            "Threads without an answer wait as long as they were followed (Kaplan-Meier); no median where over half "
            "are never answered. The length of a message is not stored, so it is not matched",
            _SOURCES, MINIMUM_EXECUTIVES,
            (
                count("n_threads", "Threads that executives started themselves."),
                number("median_hours_to_executive", "Median hours to the first answer to them."),
                count("n_matched_threads", "Threads of others in the same spaces at the same hours."),
                number("median_hours_to_matched", "Median hours to the first answer to those, weighted."),
            ),
            reference="Kaplan and Meier 1958; CHAOSS time to first response",
        ),
        Metric(
            "tree_distance", 1, "Distance in the hierarchy", "Do executives talk with people far from them?",
            "steps up to the nearest common manager and down again, on the last day on which both were there: their "
            "mean, and pairs with 3 steps or more",
            "pairs of an executive and somebody else with a reply or comment in any direction, whose distance is known",
            PERIOD, "period, platform, unit (of the executive)", f"{PEOPLE}; reactions; what a delegate wrote",
            f"{_SOURCES}; managers on the roster", MINIMUM_EXECUTIVES,
            (
                count("n_dyads", "Pairs of an executive and somebody else, with a known distance."),
                number("mean_tree_distance", "Mean number of steps between the two."),
                share("distant_ratio", "Share of pairs with 3 steps or more."),
            ),
        ),
        Metric(
            "own_reach", 1, "Reach in the own organisation", "Do executives reach the people below them?",
            "people who replied, commented or reacted to a message of an executive above them (on that day)",
            "people who stand below an executive on their last employed day", PERIOD,
            "period, platform, unit (of the people below)",
            f"{PEOPLE}; reading; with reactions, unknown where no export shows them",
            f"{_SOURCES}; managers on the roster", MINIMUM_GROUP,
            (
                count("n_below", "Eligible people below an executive."),
                count("n_reached_by_reply", "Of these, who replied or commented."),
                count("n_reached", "Of these, who replied, commented or reacted."),
                *share_with_bounds("reach_ratio", "n_reached / n_below."),
            ),
            direction="higher",
        ),
    ),
)
