"""The difference that goes with an executive's start, week by week."""

from typing import Final

from models.metrics.entry import MINIMUM_EXECUTIVES, Mart, Metric, key, number
from models.metrics.lead_effect import LEFT_OUT, OWN_PEOPLE, REFERENCE, SOURCES, WINDOW

MART: Final = Mart(
    "mart_lead_curve",
    "The difference of `mart_lead_effect` week by week around the start; no rows where nothing is estimable.",
    (
        Metric(
            "lead_curve", 1, "Week by week around the start", "When does the difference begin?",
            "share of an executive's own people who contribute in the week, less its mean over the 8 weeks before, "
            "less the same of executives who start later",
            OWN_PEOPLE, WINDOW, "platform, week from the start; the whole organisation only", LEFT_OUT, SOURCES,
            MINIMUM_EXECUTIVES,
            (
                number("difference_pp", "Difference in this week, percentage points of people."),
                number("difference_pp_low", "95 % lower bound, for this week alone."),
                number("difference_pp_high", "95 % upper bound, for this week alone."),
            ),
            reference=REFERENCE,
        ),
    ),
    keys=(key("week", "count", "Weeks from the start; 0 is its first.", at_least=-8),),
    released_rows="The history of the organisation and of each platform, where there is an estimate.",
)  # fmt: skip
