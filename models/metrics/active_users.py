"""How many people contribute, how often they return, and where the change comes from."""

from typing import Final

from models.metrics.entry import (
    BY_UNIT,
    EXPORTS,
    MINIMUM_DAILY,
    MINIMUM_GROUP,
    OUTSIDE,
    OUTSIDERS,
    PEOPLE,
    PERIOD,
    TOLD_COARSELY,
    Mart,
    Metric,
    count,
    number,
    share,
)

_CONTRIBUTORS: Final = count("n_contributors", "Eligible people with a contribution.")

MART: Final = Mart(
    "mart_active_users",
    "How many people contribute, how often they return, and where the change comes from.",
    (
        Metric(
            "contributors", 1, "Contributors", "How many people contribute?",
            "people with at least one post, reply, comment, page creation, page edit, share or upload",
            None, PERIOD, BY_UNIT, f"{PEOPLE}; reading and reactions", EXPORTS, MINIMUM_GROUP,
            (count(OUTSIDE, OUTSIDERS), _CONTRIBUTORS),
        ),
        Metric(
            "reactors", 1, "Reactors", "How many people react to what others write?",
            "people who reacted to messages written in the period",
            None, "week or month of the message (most exports do not date reactions)", "period, platform, unit",
            PEOPLE, "exports that say who reacted (Slack, Confluence); unknown elsewhere", MINIMUM_GROUP,
            (count("n_reactors", "Eligible people who reacted to its messages."),),
        ),
        Metric(
            "presence", 1, "People present", "How many people are there at all, reading or writing?",
            "people whom a usage report of the platform calls active in the period, or who contribute in it",
            None, "week or month of which the reports cover each day (the vendor's days, UTC)",
            "period, platform, unit", f"{PEOPLE}; accounts that match nobody on the roster",
            "usage reports (Microsoft 365, Slack analytics) with a roster; unknown elsewhere", MINIMUM_GROUP,
            (count("n_present", "Eligible people who read or wrote."),),
        ),
        Metric(
            "rolling_contributors", 1, "Contributors of 1, 7 and 28 days",
            "How does participation move from day to day?",
            "people employed on the day with a contribution in the 1, 7 or 28 days up to it",
            None, "1, 7 and 28 calendar days ending on the day", "day, platform, unit (of the day)",
            f"{PEOPLE}; a window that holds a missing day or begins before the first is unknown", EXPORTS,
            MINIMUM_DAILY,
            (
                count("n_contributors_1d", "Contributors of the day."),
                count("n_contributors_7d", "Contributors of the 7 days to this day."),
                count("n_contributors_28d", "Contributors of the 28 days to this day."),
            ),
        ),
        Metric(
            "rolling_presence", 1, "People present in 1, 7 and 28 days",
            "How many people are there at all, from day to day?",
            "people employed on the day whom usage reports call active in the 1, 7 or 28 days up to it, or who "
            "contribute in them",
            None, "1, 7 and 28 calendar days ending on the day, each known where reports that lie inside it cover each "
            "of its days: daily reports, or one of just that length", "day, platform, unit (of the day)",
            f"{PEOPLE}; accounts that match nobody on the roster; a report that begins before the window or ends after "
            "it says nothing of it", "usage reports (Microsoft 365, Slack analytics) with a roster; unknown elsewhere",
            MINIMUM_DAILY,
            (
                count("n_present_1d", "People who read or wrote on the day."),
                count("n_present_7d", "People who read or wrote in the 7 days to this day."),
                count("n_present_28d", "People who read or wrote in the 28 days to this day."),
            ),
        ),
        Metric(
            "stickiness", 1, "Stickiness", "How regularly do contributors return?",
            "contributors of 1 day, summed over the days of the period",
            "contributors of 7 (or 28) days, summed over the same days", PERIOD, "period, platform, unit",
            f"{PEOPLE}; days whose windows are unknown", EXPORTS, MINIMUM_GROUP,
            (
                share("dau_wau_ratio", "Sum of 1-day over 7-day counts."),
                share("dau_mau_ratio", "Sum of 1-day over 28-day counts."),
            ),
        ),
        Metric(
            "working_day_stickiness", 1, "Stickiness on working days",
            "How regularly do contributors return, weekends aside?",
            "contributors of 1 day, summed over the days from Monday to Friday of the period",
            "contributors of 7 (or 28) calendar days, summed over the same days", PERIOD, "period, platform, unit",
            f"{PEOPLE}; Saturdays and Sundays; days whose windows are unknown; public holidays are not known and count",
            EXPORTS, MINIMUM_GROUP,
            (
                share("dau_wau_working_ratio", "Sum of 1-day over 7-day counts, Monday to Friday."),
                share("dau_mau_working_ratio", "Sum of 1-day over 28-day counts, Monday to Friday."),
            ),
        ),
        Metric(
            "growth", 1, "New, returning and lapsed contributors", "Where does the change come from?",
            "contributors by whether they were counted in the period before, earlier, or never; and contributors of "
            "the period before who are silent or gone",
            None, "week or month against the one before", "period, platform, unit",
            f"{PEOPLE}; who is first seen in the first 90 observed days is unknown, not new", EXPORTS, MINIMUM_GROUP,
            (
                count("n_new", "Counted for the first time."),
                count("n_unknown", "Counted first, seen in the first 90 seen days."),
                count("n_retained", "Also counted in the period before."),
                count("n_resurrected", "Counted earlier, not in the period before."),
                count(
                    "n_lapsed",
                    "Counted in the period before, still here, silent; if n_left is not released, with those who left.",
                ),
                count("n_left", "Counted in the period before, no longer eligible; released in fives, of enough only."),
            ),
        ),
        Metric(
            "quick_ratio", 1, "Quick ratio", "How many contributors come for each one who falls silent?",
            "contributors who were not counted in the period before: new, resurrected, and those of whom it is unknown "
            "which of the two they are",
            "contributors of the period before who are still here and silent; with_left adds those who are no longer "
            "eligible", "week or month against the one before", "period, platform, unit",
            f"{PEOPLE}; people who left the organisation, who did not choose to be silent; periods with a day that was "
            "not observed, or after one; periods after which nobody fell silent", EXPORTS, MINIMUM_GROUP,
            (
                number("quick_ratio", "Came / fell silent; above 1 more come than fall silent."),
                number("quick_with_left_ratio", "Came / (fell silent or left)."),
            ),
            direction="higher",
            reference="growth accounting: (new + resurrected) / churned, where churned holds leavers as with_left does",
        ),
    ),
    released_rows=(
        "Closed periods: the organisation, each platform, each large enough unit; days, and who joins, returns and "
        f"falls silent, for a large organisation only. {TOLD_COARSELY}"
    ),
)
