"""How many of those who contributed to a space in the last twelve months did so this month?"""

from typing import Final

from models.metrics.entry import EXPORTS, MINIMUM_GROUP, PEOPLE, Mart, Metric, count, key, share_with_bounds

_GRAIN: Final = "month, platform, public space"
_EXCLUSIONS: Final = f"{PEOPLE}; spaces that are not known to be public; reading and reactions"

MART: Final = Mart(
    "mart_community_health",
    "How many of those who contributed to a space in the last twelve months did so this month?",
    (
        Metric(
            "community_contributors", 1, "What happens in a space", "How many people contribute to a space, and what?",
            "eligible people with a contribution in the space; their contributions and the threads they start in it",
            None, "month", _GRAIN, _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                count("n_contributors", "Eligible people who contributed to the space in the month."),
                count("n_contributions", "Their contributions."),
                count("n_threads", "Threads they started; NULL where the platform shows no replies."),
            ),
        ),
        Metric(
            "community_health", 1, "Community health", "Does a space keep its contributors?",
            "those of them who contributed in the month",
            "people eligible in the month who contributed to the space in the 12 months that end with it, so without "
            "those who left; a space whose people leave can thus look healthy while it shrinks: read it beside "
            "n_contributors",
            "month and the 12 months that end with it; unknown where any of their days is missing", _GRAIN,
            _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                count("n_observed_months", "Of the 12 months, those without a missing day."),
                count("n_contributors_12m", "Eligible people who contributed in the 12; NULL if a day is missing."),
                *share_with_bounds("health_ratio", "n_contributors / n_contributors_12m."),
            ),
            direction="higher",
            reference="SWOOP Analytics, community health index",
        ),
    ),
    keys=(key("space_id", "text", "Public space."),),
)  # fmt: skip
