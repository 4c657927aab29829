"""On how few people the first answers in a unit rest. Only counts: who they are is nobody's to see."""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    OF_THE_ORGANISATION,
    PEOPLE,
    PERIOD,
    Mart,
    Metric,
    count,
    key,
)

MART: Final = Mart(
    "mart_champions",
    "How few people give more than half of the first answers to what is asked in a unit; counts only.",
    (
        Metric(
            "champions", 1, "People on whom answers rest",
            "How few people give more than half of the first answers?",
            "the fewest people who together gave more than half of the first answers; whoever they are, also of other "
            "units or not on the roster",
            "first answers, by other people than the starter, to threads that eligible people of the unit start in the "
            "period; without the text a question cannot be told from any other thread",
            PERIOD, "period, platform, unit (of the starter, on the day of the thread), who asks",
            f"{PEOPLE} start no thread that counts here; answers by bots, hidden authors and oneself; reactions; "
            "threads that nobody answers in the time observed. Of few answers little follows: read it with n_answered",
            f"{EXPORTS}; exports that say to which thread a reply belongs", MINIMUM_GROUP,
            (
                count("n_champions", "The fewest people with more than half of n_answered; NULL of none.", at_least=1),
                count("n_answerers", "People who gave any of these first answers."),
                count("n_answered", "Threads with a first answer."),
                count("n_questions", "Threads, answered or not."),
                count("n_askers", "People who started them."),
            ),
            direction="higher",
            reference="CHAOSS, Contributor Absence Factor, over first answers",
        ),
    ),
    keys=(
        key(
            "asked_by", "text",
            "anybody; or newcomers, whose first step (of mart_first_steps) lies at most 28 days back.",
            one_of=("anybody", "newcomers"),
        ),
    ),
    released_rows=f"{OF_THE_ORGANISATION} Only months in which at least {MINIMUM_GROUP} people asked; who answers, of "
    f"at least {MINIMUM_GROUP} first answers, and one or two people are told as three.",
)  # fmt: skip
