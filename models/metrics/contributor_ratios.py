"""Which share of people contributes, and how unevenly."""

from typing import Final

from models.metrics.entry import (
    BY_UNIT,
    EXPORTS,
    MINIMUM_GROUP,
    PEOPLE,
    PERIOD,
    Mart,
    Metric,
    count,
    share,
    share_with_bounds,
)

MART: Final = Mart(
    "mart_contributor_ratios",
    "Which share contributes, and how unevenly.",
    (
        Metric(
            "contributor_ratio", 1, "Share of people who contribute", "Which share of people contributes?",
            "contributors", "people", PERIOD, BY_UNIT,
            f"{PEOPLE}; reading and reactions; not shown where more people are active than on the roster", EXPORTS,
            MINIMUM_GROUP,
            (
                count("n_outside", "Contributors who are not eligible."),
                count("n_contributors", "Eligible people with a contribution."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_eligible."),
            ),
            direction="higher",
        ),
        Metric(
            "contributions", 1, "Contributions", "How much is contributed?",
            "posts, replies, comments, page creations, page edits, shares and uploads by these people",
            None, PERIOD, "period, platform, unit (of the day of the contribution)",
            f"{PEOPLE}; edits that change nothing, deleted messages, non-public spaces", EXPORTS, MINIMUM_GROUP,
            (count("n_contributions", "Contributions in the unit of their day."),),
        ),
        Metric(
            "participation_split", 1, "None, some, much", "How many people give nothing, a little, a lot?",
            "people without a contribution, with a few, with more than 3 a week or 10 a month",
            None, PERIOD, "period, platform, unit", f"{PEOPLE}; readers cannot be told from absentees",
            EXPORTS, MINIMUM_GROUP,
            (
                count("n_none", "Eligible people without a contribution."),
                count("n_some", "People with a few contributions."),
                count("n_heavy", "People with more than 3 a week or 10 a month."),
            ),
        ),
        Metric(
            "top_share", 1, "Share of the most active", "How much comes from the few?",
            "contributions of the most active 1 % (10 %) of people, rounded up",
            "contributions of all these people", PERIOD, "period, platform, unit", PEOPLE, EXPORTS, 100,
            (
                share("top_1_share_ratio", "Share by the most active 1 %."),
                share("top_10_share_ratio", "Share by the most active 10 %."),
            ),
        ),
        Metric(
            "gini", 1, "Inequality (Gini)", "How unevenly is contributing spread?",
            "2 sum(i x) - (n + 1) sum(x) over people in ascending order of their contributions x, zeros included",
            "n sum(x)", PERIOD, "period, platform, unit; over people, not person-weeks", PEOPLE, EXPORTS,
            MINIMUM_GROUP,
            (share("gini_ratio", "Gini of person totals, zeros included."),),
            reference="Gini 1912",
        ),
        Metric(
            "absence_factor", 1, "Contributor absence factor", "On how few people does it rest?",
            "the smallest number of people who together hold more than half of all contributions",
            None, PERIOD, "period, platform, unit", PEOPLE, EXPORTS, MINIMUM_GROUP,
            (count("absence_factor", "Fewest people with over half of it all.", at_least=1),),
            reference="CHAOSS contributor absence factor, with more than half instead of half",
        ),
    ),
    released_rows="Closed periods: the organisation, each platform, each large enough unit.",
)
