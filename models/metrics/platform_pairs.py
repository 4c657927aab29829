"""Are the people of one platform those of the other?"""

from typing import Final

from models.metrics.entry import (
    BY_UNIT,
    EXPORTS,
    MINIMUM_GROUP,
    OF_THE_ORGANISATION,
    PEOPLE,
    PERIOD,
    Mart,
    Metric,
    count,
    key,
    share,
)

MART: Final = Mart(
    "mart_platform_pairs",
    "Whether the same people contribute on two platforms; each pair of platforms stands there both ways.",
    (
        Metric(
            "platform_pair_overlap", 1, "People on both platforms", "Do the same people contribute on both platforms?",
            "people who contribute on each of the two platforms", "people who contribute on at least one of them",
            PERIOD, f"{BY_UNIT}, other platform",
            f"{PEOPLE}; unknown without a roster or a mapping file, since accounts are never joined otherwise, and "
            "where one of the platforms was not observed",
            EXPORTS, MINIMUM_GROUP,
            (
                count("n_on_each", "Contributors on the platform and on the other."),
                count("n_either", "Contributors on the platform, on the other, or on each."),
                share("overlap_ratio", "n_on_each / n_either."),
            ),
            reference="Jaccard 1901",
        ),
    ),
    keys=(key("other_platform", "text", "The other platform."),),
    released_rows=OF_THE_ORGANISATION,
)
