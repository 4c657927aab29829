"""Which Microsoft 365 usage reports are read, what their columns stand for, and how a file is told by its header.

Microsoft inserts columns and moves them, so nothing is told by position. Rows are read in m365_rows.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

REFRESHED: Final = "Report Refresh Date"
PERIOD: Final = "Report Period"
REPORT_DATE: Final = "Report Date"
LAST_ACTIVITY: Final = "Last Activity Date"
USER: Final = "User Principal Name"
GROUP: Final = "Group Display Name"
SETTING: Final = "displayConcealedNames"


@dataclass(frozen=True, slots=True)
class Report:
    """One report: `subject` is the column that names whom or what a row is about, none in totals per day."""

    name: str
    used_platform: str
    subject: str | None
    required: tuple[str, ...]
    posted: str | None = None
    read: str | None = None
    reacted: str | None = None
    signs: tuple[str, ...] = ()
    """Further columns that show activity when they are neither empty, 0 nor no."""
    counts_users: bool = False
    """Its figures are numbers of users, not of messages."""

    @property
    def key(self) -> str:
        """The name as the usage table has it."""
        return re.sub(r"[^a-z0-9]+", "_", self.name.lower())

    @property
    def columns(self) -> tuple[str, ...]:
        """What has to be there."""
        figures = tuple(name for name in (self.posted, self.read, self.reacted) if name)
        return (REFRESHED, *((self.subject,) if self.subject else ()), *self.required, *figures)


WORKLOADS: Final = {"Exchange": "email", "SharePoint": "sharepoint", "Yammer": "yammer", "Teams": "teams",
                    "OneDrive": None, "Skype For Business": None}
"""The workloads of the active users report and the platform that each is; all of them together are m365."""

_DETAIL: Final = (LAST_ACTIVITY, PERIOD)
YAMMER_USERS: Final = Report("Yammer activity user detail", "yammer", USER, _DETAIL, "Posted Count", "Read Count",
                             "Liked Count")
YAMMER_GROUPS: Final = Report("Yammer groups activity detail", "yammer", GROUP, ("Office 365 Connected", *_DETAIL),
                              "Posted Count", "Read Count", "Liked Count")
TEAMS_USERS: Final = Report(
    "Teams user activity user detail", "teams", USER,
    ("Private Chat Message Count", "Call Count", "Meeting Count", *_DETAIL), "Team Chat Message Count",
    signs=("Private Chat Message Count", "Call Count", "Meeting Count", "Post Messages", "Reply Messages",
           "Urgent Messages", "Meetings Organized Count", "Meetings Attended Count", "Has Other Action"))
SHAREPOINT_USERS: Final = Report(
    "SharePoint activity user detail", "sharepoint", USER,
    ("Viewed Or Edited File Count", "Synced File Count", "Shared Internally File Count",
     "Shared Externally File Count", *_DETAIL), read="Visited Page Count",
    signs=("Viewed Or Edited File Count", "Synced File Count", "Shared Internally File Count",
           "Shared Externally File Count"))
EMAIL_USERS: Final = Report("Email activity user detail", "email", USER, ("Receive Count", *_DETAIL), "Send Count",
                            "Read Count", signs=("Meeting Created Count", "Meeting Interacted Count"))
ACTIVE_USERS: Final = Report("Office 365 active user detail", "m365", USER,
                             tuple(f"{name} {LAST_ACTIVITY}" for name, platform in WORKLOADS.items() if platform))
GROUPS: Final = Report("Office 365 groups activity detail", "yammer", GROUP, ("Group Id", *_DETAIL),
                       "Yammer Posted Message Count", "Yammer Read Message Count", "Yammer Liked Message Count")
_DAYS: Final = tuple(
    Report(name, "yammer", None, (REPORT_DATE, PERIOD), "Posted", "Read", "Liked", counts_users="user" in name)
    for name in ("Yammer activity user counts", "Yammer groups activity counts", "Yammer activity counts")
)
READ: Final = (YAMMER_USERS, YAMMER_GROUPS, TEAMS_USERS, SHAREPOINT_USERS, EMAIL_USERS, ACTIVE_USERS, GROUPS, *_DAYS)

PASSED_OVER: Final = frozenset({
    "Display Name", "State Change Date", "Assigned Products", "Deleted Date", "Owner Principal Name", "Member Count",
    "External Member Count", "Exchange Received Email Count", "SharePoint Active File Count",
    "Exchange Mailbox Total Item Count", "Exchange Mailbox Storage Used (Byte)", "SharePoint Total File Count",
    "SharePoint Site Storage Used (Byte)", "Tenant Display Name", "Shared Channel Tenant Display Names",
    "Ad Hoc Meetings Organized Count", "Ad Hoc Meetings Attended Count", "Is Licensed",
    *(f"Scheduled {kind} Meetings {role} Count" for kind in ("One-time", "Recurring")
      for role in ("Organized", "Attended")),
    *(f"{kind} Duration{unit}" for kind in ("Audio", "Video", "Screen Share") for unit in ("", " In Seconds")),
    *(f"Has {name} License" for name in WORKLOADS), *(f"{name} License Assign Date" for name in WORKLOADS),
})
"""Columns that these reports are known to have and that are never read."""

_NOT_READ: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("setting of concealed names", (SETTING,)),
    ("Office 365 groups activity counts", ("Exchange Emails Received", "Yammer Messages Posted")),
    ("Office 365 groups activity storage", ("Mailbox Storage Used (Byte)", "Site Storage Used (Byte)")),
    ("OneDrive activity user detail", (USER, "Synced File Count")),
    ("OneDrive or SharePoint activity counts", ("Viewed Or Edited", "Synced")),
    ("SharePoint site usage detail", ("Site Id", "Site URL")),
    ("OneDrive usage account detail", ("Site URL", "Owner Display Name")),
    ("OneDrive or SharePoint usage counts", ("Site Type",)),
    ("SharePoint activity pages", ("Visited Page Count", REPORT_DATE)),
    ("Email activity counts", ("Send", "Receive")),
    ("Email app usage", ("Outlook For Windows", "Outlook For Mac")),
    ("Email app usage versions", ("Outlook 2016", "Undetermined")),
    ("Mailbox usage detail", (USER, "Prohibit Send Quota (Byte)")),
    ("Mailbox usage quota status", ("Under Limit", "Warning Issued")),
    ("Mailbox usage storage", ("Storage Used (Byte)", REPORT_DATE)),
    ("Office 365 active user counts", ("Office 365", "Exchange", "Teams")),
    ("Office 365 services user counts", ("Exchange Active", "Exchange Inactive")),
    ("Office 365 activations user detail", ("Last Activated Date", "Product Type")),
    ("Office 365 activations counts", ("Product Type",)),
    ("Yammer device usage user detail", (USER, "Used Web")),
    ("Yammer device usage counts", ("Web", "Windows Phone")),
    ("counts of active groups, files or mailboxes", ("Total", "Active")),
)
"""Reports that are recognised and refused, most particular first, with columns that tell them."""


def is_report(header: Collection[str]) -> bool:
    """Whether a header is one of Microsoft's usage reports, read or not."""
    return REFRESHED in header or list(header) == [SETTING]


def reports_of(header: Collection[str]) -> list[Report]:
    """The reports that are read and may have this header; several differ only in what they count."""
    return [report for report in READ if set(report.columns) <= set(header)]


def refused_name(header: Collection[str]) -> str | None:
    """What a report that is not read is called."""
    return next((name for name, columns in _NOT_READ if set(columns) <= set(header)), None)


def nearest(header: Collection[str]) -> Report | None:
    """The report that a header with missing columns comes closest to: two thirds of its columns are there."""
    def share(report: Report) -> float:
        return len(set(report.columns) & set(header)) / len(report.columns)

    best = max(READ, key=share)
    return best if 3 * share(best) >= 2 else None


def named(reports: Collection[Report], file: str) -> Report | None:
    """The one that a file is named after, as Microsoft names its downloads; longest names first."""
    letters = re.sub(r"[^a-z0-9]", "", file.lower())
    for report in reports:
        if report.key.replace("_", "").removeprefix("yammer") in letters:
            return report
    return None
