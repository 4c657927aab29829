"""Who takes part in the open, and who uses e-mail and shared files?"""

from typing import Final

from models.metrics.entry import (
    BY_UNIT,
    MINIMUM_GROUP,
    OF_THE_ORGANISATION,
    PEOPLE,
    PERIOD,
    Mart,
    Metric,
    count,
    share_with_bounds,
)

SOURCES: Final = (
    "exports of contributions; Microsoft 365 reports that name users: e-mail activity, SharePoint activity, active "
    "users; the roster"
)
CLOSED: Final = (
    "Usage reports have to lie inside the period and cover 95 % of its days (7 of 7, 30 of 31): of several that "
    "overlap a person counts once. Whom no report lists counts as not active; e-mail and shared files together are "
    "unknown unless each of them is known of which there are reports. Chats, calls and OneDrive are neither"
)

MART: Final = Mart(
    "mart_channel_mix",
    "Shares of people who contribute in the open, and who use e-mail and shared files; all platforms together.",
    (
        Metric(
            "channels", 1, "In the open, by e-mail, by shared files",
            "Which share of people contributes in the open, and which uses e-mail and shared files?",
            "people with a contribution on any public platform; people active on e-mail, or on SharePoint, by a "
            "usage report",
            "eligible people", PERIOD, BY_UNIT, f"{PEOPLE}. {CLOSED}. It counts people, never messages", SOURCES,
            MINIMUM_GROUP,
            (
                count("n_open", "Eligible people with a contribution on any platform."),
                *share_with_bounds("open_ratio", "n_open / n_eligible."),
                count("n_email", "Eligible people active on e-mail; NULL where no report tells."),
                *share_with_bounds("email_ratio", "n_email / n_eligible."),
                count("n_files", "Eligible people active on shared files; NULL where no report tells."),
                *share_with_bounds("files_ratio", "n_files / n_eligible."),
                count("n_closed", "Eligible people active on either; NULL unless each with reports is known."),
                *share_with_bounds("closed_ratio", "n_closed / n_eligible."),
            ),
        ),
        Metric(
            "open_share", 1, "Open against closed channels",
            "Of the people who communicate in either way, which share does so in the open?",
            "people with a contribution on any public platform",
            "people with such a contribution, or active on e-mail or shared files", PERIOD, BY_UNIT,
            f"{PEOPLE}. {CLOSED}", SOURCES, MINIMUM_GROUP,
            (
                count("n_both", "Eligible people who do both."),
                *share_with_bounds("open_share_ratio", "n_open / (n_open + n_closed - n_both)."),
            ),
        ),
    ),
    released_rows=OF_THE_ORGANISATION,
)  # fmt: skip
