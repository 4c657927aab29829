"""The curves of `space_life`: the share of new pages and spaces that is still used, by days since the launch."""

from typing import Final

from models.metrics.entry import MINIMUM_GROUP, OF_THE_ORGANISATION, Column, Mart, Metric, count, key
from models.metrics.space_life import COHORT, GRAIN, HISTORY, REFERENCE, SUBJECTS

MART: Final = Mart(
    "mart_space_curve",
    "Share of new pages and spaces that is still used, by days since the launch; no rows for fewer than 10.",
    (
        Metric(
            "space_curve", 1, "Life after launch, day by day", "When do new pages and spaces fall silent?",
            "the share of those not fallen silent, on every seventh day, for two years at most",
            "pages or spaces whose launch is seen, followed for more than 90 days", HISTORY,
            f"{GRAIN.split(';')[0]}, day since the launch", COHORT, "as of space_survival", MINIMUM_GROUP,
            (
                Column("survival_ratio", "share", "Still used after this day.", is_nullable=False),
                Column("survival_ratio_low", "share", "95 % lower bound, for this day alone; NULL at 0 and at 1."),
                Column("survival_ratio_high", "share", "95 % upper bound, for this day alone."),
                count("n_followed", "Pages or spaces still used and still followed on this day."),
            ),
            reference=REFERENCE,
        ),
    ),
    keys=(
        key("subject", "text", "Wiki spaces, their pages, channels, communities or blogs.", one_of=SUBJECTS),
        key("age_days", "count", "Days since the launch."),
    ),
    released_rows=OF_THE_ORGANISATION,
)  # fmt: skip
