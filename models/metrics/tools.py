"""Do more people contribute where more platforms are offered to them?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_DAILY,
    MINIMUM_GROUP,
    PEOPLE,
    PERIOD,
    TOLD_COARSELY,
    Mart,
    Metric,
    count,
    key,
    share_with_bounds,
)

RELEASED: Final = (
    f"Closed periods of an organisation of at least {MINIMUM_DAILY} people; groups of two units or more, at least two "
    f"groups, added up over the units that are shown by name only. {TOLD_COARSELY}"
)

MART: Final = Mart(
    "mart_tools",
    "Participation by the number of platforms that a unit is offered; all platforms together, all units.",
    (
        Metric(
            "contributors_by_platforms_offered", 1, "Contributors by number of platforms offered",
            "Do more people contribute where more platforms are offered to them?",
            "people with a contribution on any platform",
            "people of the units to which exactly so many platforms are offered: observed in the period, and "
            "contributed to by anybody while employed in the unit up to the end of it",
            PERIOD, "period, number of platforms offered",
            f"{PEOPLE}; people in no unit; unknown without a roster. It describes and does not explain: nobody drew "
            "lots for platforms, and in a large or lively unit somebody is sooner found on one more of them",
            EXPORTS, MINIMUM_GROUP,
            (
                count("n_units", "Units with so many platforms and at least one person."),
                count("n_people", "Their people."),
                count("n_contributors", "Those of them who contributed on any platform."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_people."),
            ),
        ),
    ),
    keys=(key("n_platforms_offered", "count", "Platforms offered to the unit."),),
    released_rows=RELEASED,
)  # fmt: skip
