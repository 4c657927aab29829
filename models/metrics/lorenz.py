"""The curve behind the Gini: which share comes from the least active part of the people."""

from typing import Final

from models.metrics.entry import BY_UNIT, EXPORTS, MINIMUM_GROUP, PEOPLE, PERIOD, Mart, Metric, key, share

MART: Final = Mart(
    "mart_lorenz",
    "The Lorenz curve of contributions over people.",
    (
        Metric(
            "lorenz_curve", 1, "Lorenz curve", "How much comes from the least active part of the people?",
            "contributions of the least active people, this percent of them; a fraction of a person counts as that "
            "fraction of the person's contributions",
            "contributions of all these people, zeros included", PERIOD, BY_UNIT, PEOPLE, EXPORTS, MINIMUM_GROUP,
            (share("contributions_ratio", "Share of all contributions by them: 0 at 0 percent, 1 at 100."),),
            reference="Lorenz 1905; 1 minus twice the area under the whole curve is the Gini",
        ),
    ),
    keys=(key("percent_of_people", "count", "The least active 0, 5, 10 ... 100 percent."),),
)
