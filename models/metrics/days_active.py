"""On how many days people contribute, and how many do so regularly."""

from typing import Final

from models.metrics.entry import BY_UNIT, EXPORTS, MINIMUM_GROUP, OF_THE_ORGANISATION, PEOPLE, Mart, Metric, count, key

_WINDOW: Final = "the 7 days of the ISO week, or the 28 days that end on the last day of the month"
_LEFT_OUT: Final = f"{PEOPLE}; windows with a day that was not observed or is not over are unknown"

MART: Final = Mart(
    "mart_days_active",
    "On how many days people contribute (L7 and L28).",
    (
        Metric(
            "days_active", 1, "Days with a contribution", "On how many days do people contribute?",
            "people with a contribution on exactly so many days, whatever unit they were in on them",
            None, _WINDOW, f"{BY_UNIT}, number of days", _LEFT_OUT, EXPORTS, MINIMUM_GROUP,
            (count("n_people", "Eligible people with exactly this many days; over all numbers they are n_eligible."),),
            reference="L7 and L28 histograms",
        ),
        Metric(
            "regular_contributors", 1, "Regular contributors", "How many people contribute regularly?",
            "people with a contribution on at least so many days",
            None, _WINDOW, f"{BY_UNIT}, number of days", _LEFT_OUT, EXPORTS, MINIMUM_GROUP,
            (count("n_at_least", "Eligible people with this many days or more."),),
            direction="higher",
            reference="Workplace from Meta calls 10 of 28 days engaged: read n_at_least at 10; Mozilla calls 14 of 27 "
            "days regular: read it at 14, over one day more than theirs. Both count any use, and here only "
            "contributions count, so figures here are lower",
        ),
    ),
    keys=(key("n_days_active", "count", "Days with a contribution: 0 to 7 of a week, 0 to 28 of a month."),),
    released_rows=OF_THE_ORGANISATION,
)
