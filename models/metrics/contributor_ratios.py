"""Which share of people contributes, and how unevenly."""

from typing import Final

from models.metrics.entry import (
    BY_UNIT,
    EXPORTS,
    MINIMUM_GROUP,
    OUTSIDE,
    OUTSIDERS,
    PEOPLE,
    PERIOD,
    TOLD_COARSELY,
    Mart,
    Metric,
    count,
    share,
    share_with_bounds,
)

_READING: Final = (
    "usage reports (Microsoft 365, Slack analytics) with a roster, beside exports of contributions; unknown elsewhere"
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
                count(OUTSIDE, OUTSIDERS),
                count("n_contributors", "Eligible people with a contribution."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_eligible."),
            ),
            direction="higher",
        ),
        Metric(
            "contributor_of_present_ratio", 1, "Share of people present who contribute",
            "Which share of those who are there contributes?",
            "contributors", "people present: n_contributors + n_lurkers", PERIOD, BY_UNIT,
            f"{PEOPLE}; accounts that match nobody on the roster", _READING, MINIMUM_GROUP,
            share_with_bounds("contributor_of_present_ratio", "n_contributors / (n_contributors + n_lurkers)."),
            reference="weekly members posting over weekly active members, as Slack's own analytics count them",
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
            None, PERIOD, "period, platform, unit",
            f"{PEOPLE}; n_none holds those who only read and those who are not there, see n_lurkers and n_absent",
            EXPORTS, MINIMUM_GROUP,
            (
                count("n_none", "Eligible people without a contribution."),
                count("n_some", "People with a few contributions."),
                count("n_heavy", "People with more than 3 a week or 10 a month."),
            ),
        ),
        Metric(
            "lurkers", 1, "Only reading, or not there", "Who gives nothing: readers, or people who are not there?",
            "people present without a contribution; people not present. With the contributors they are all people",
            None, f"{PERIOD} of which usage reports cover each day", "period, platform, unit",
            f"{PEOPLE}; accounts that match nobody on the roster", _READING, MINIMUM_GROUP,
            (
                count("n_lurkers", "Eligible people who are present without a contribution."),
                count("n_absent", "Eligible people who are not present."),
            ),
            reference="Nielsen 2006, 90-9-1",
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
            "gini_corrected", 1, "Inequality (Gini), corrected for small groups",
            "How unevenly, whatever the size of the group?",
            "Gini of person totals, zeros included, times n; its largest value is 1 in a group of any size",
            "n - 1", PERIOD, "period, platform, unit; over people, not person-weeks", PEOPLE, EXPORTS, MINIMUM_GROUP,
            (share("gini_corrected_ratio", "Gini times n / (n - 1); NULL for one person."),),
            reference="Deltas 2003, the small-sample bias of the Gini coefficient",
        ),
        Metric(
            "gini_person_week", 1, "Inequality over person-weeks (Gini)",
            "How unevenly, over people and weeks together?",
            "2 sum(i x) - (n + 1) sum(x) over person-weeks in ascending order of their contributions x, zeros included",
            "n sum(x)", "the weeks that end in the month; unknown where a day of them is missing",
            "month, platform, unit (of the week's last employed day); over person-weeks, so not to be compared with a "
            "Gini over people",
            PEOPLE, EXPORTS, MINIMUM_GROUP,
            (share("gini_person_week_ratio", "Gini of person-weeks, zeros included; months only."),),
            reference="Gini 1912, at the grain at which vivainsights prints it",
        ),
        Metric(
            "absence_factor", 1, "Contributor absence factor", "On how few people does it rest?",
            "the smallest number of people who together hold more than half of all contributions",
            None, PERIOD, "period, platform, unit", PEOPLE, EXPORTS, MINIMUM_GROUP,
            (count("absence_factor", "Fewest people with over half of it all.", at_least=1),),
            reference="CHAOSS contributor absence factor, with more than half instead of half",
        ),
        Metric(
            "elephant_factor", 1, "Elephant factor", "On how few units does it rest?",
            "the smallest number of units that together hold more than half of the contributions made in a unit",
            None, PERIOD, "period, platform; unit of the day of the contribution; rows of unit all only",
            f"{PEOPLE}; contributions on days without a unit", f"{EXPORTS} with units", MINIMUM_GROUP,
            (count("elephant_factor", "Fewest units with over half of it all.", at_least=1),),
            reference="CHAOSS elephant factor, with units as organisations and more than half instead of half",
        ),
    ),
    released_rows="Closed periods: the organisation, each platform, each large enough unit. Sums only where no one "
    "person\u2019s part could be worked out; concentration only where the most active are a group, and by unit only "
    f"that of the most active tenth. {TOLD_COARSELY}",
)
