"""How many of those who contribute for the first time stay."""

from typing import Final

from models.metrics.entry import EXPORTS, MINIMUM_GROUP, PEOPLE, Mart, Metric, count, key, share_with_bounds

MART: Final = Mart(
    "mart_retention",
    "How many of those who contribute for the first time still do, week by week.",
    (
        Metric(
            "retention", 1, "Newcomers who stay", "How many of those who contribute for the first time still do later?",
            "people with a contribution in week k, which is days 7k to 7k + 6 from their own first contribution",
            "people of the cohort who are employed on each of these days, where each of them was observed",
            "week 0 to 12 after the first contribution; unknown until it is over for the whole cohort",
            "month of the first contribution, platform, unit (of the last employed day of that month), week",
            f"{PEOPLE}; months of which a day is among the first 90 observed days, in which nobody is known to be new; "
            "people who have left by then", EXPORTS, MINIMUM_GROUP,
            (
                count("n_cohort", "Eligible people whose first contribution of all falls into the month."),
                count("n_observable", "Of them, employed and observed on each day of week k."),
                count("n_left", "Of them, not employed on each day of week k; NULL without a roster."),
                count("n_active", "Observable people with a contribution in week k; NULL if there are none to see."),
                *share_with_bounds("retention_ratio", "n_active / n_observable."),
            ),
            direction="higher",
            reference="N-week retention; vivainsights identify_retention",
        ),
    ),
    keys=(key("n_weeks_since", "count", "Weeks since the first contribution, from 0 to 12."),),
)
