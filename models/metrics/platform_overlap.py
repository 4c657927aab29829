"""On how many platforms do people contribute?"""

from typing import Final

from models.metrics.entry import EXPORTS, MINIMUM_GROUP, OF_THE_ORGANISATION, PEOPLE, PERIOD, Mart, Metric, count

MART: Final = Mart(
    "mart_platform_overlap",
    "On how many platforms the same people contribute; all platforms together only.",
    (
        Metric(
            "platform_breadth", 1, "Contributors by number of platforms", "On how many platforms do people contribute?",
            "contributors by the number of platforms on which they contribute in the period",
            None, PERIOD, "period, unit (of the last employed day)",
            f"{PEOPLE}; unknown without a roster or a mapping file, since accounts are never joined otherwise, and "
            "where fewer platforms are observed",
            EXPORTS, MINIMUM_GROUP,
            (
                count("n_on_1", "Contributors on exactly one platform; of at least two observed."),
                count("n_on_2", "Contributors on exactly two platforms."),
                count("n_on_3_or_more", "Contributors on three platforms or more; of at least three observed."),
                count("n_platforms", "Platforms of which some day of the period was observed."),
            ),
        ),
    ),
    released_rows=OF_THE_ORGANISATION,
)
