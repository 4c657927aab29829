"""How many people carry most of what is contributed, and how many come by."""

from typing import Final

from models.metrics.entry import BY_UNIT, EXPORTS, MINIMUM_GROUP, PEOPLE, Mart, Metric, count

MART: Final = Mart(
    "mart_roles",
    "How many people form the core, how many take part regularly, and how many casually.",
    (
        Metric(
            "onion_roles", 1, "Core, regular and casual contributors", "How many people carry most of it?",
            "contributors by the share of the platform's contributions that people with more of them hold: less than "
            "80 % core, less than 95 % regular, else casual; equals have the same role",
            None, "month", BY_UNIT, f"{PEOPLE}; the role is that in the whole platform, also in the row of a unit",
            EXPORTS, MINIMUM_GROUP,
            (
                count("n_core", "People above whom others hold less than 80 %."),
                count("n_regular", "People above whom others hold 80 % to less than 95 %."),
                count("n_casual", "People above whom others hold 95 % or more."),
            ),
            reference="onion roles of GrimoireLab (80 %, 95 %), by the share before the person instead of after",
        ),
    ),
)
