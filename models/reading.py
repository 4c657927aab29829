"""What a reader takes from each platform's exports and what it leaves there, in words for the people it is about.

Which fields these are in each format is decided by the connectors; what is stored of them by models.schemas.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reading:
    """One platform: what is read of it, and what is skipped although its exports may hold it."""

    taken: str
    left: str


READINGS: Final[Mapping[str, Reading]] = {
    "slack": Reading(
        "who posted, answered, edited or reacted, when, and in which public channel; the members, and which are guests "
        "or bots; of its analytics how much each member posted and reacted on a day",
        "messages, files, status texts, calls, direct and group messages",
    ),
    "yammer": Reading(
        "who posted or answered, when, and in which public group; of usage reports how many messages each person "
        "posted, read and liked in a period",
        "messages, attachments, private groups, private conversations",
    ),
    "mediawiki": Reading(
        "who created, changed or commented on which page, when, by how many bytes, and whether it was a revert or "
        "marked as minor",
        "what pages say, edit summaries; titles are only looked at to find the part of the wiki",
    ),
    "confluence": Reading(
        "who created, changed, commented on or liked which page, when, and in which space",
        "pages, titles, comments, attachments, personal spaces",
    ),
    "wordpress": Reading(
        "who published or commented, and when; files that were uploaded, as acts",
        "posts, titles, comments, drafts and private posts, addresses of visitors",
    ),
    "bookmarks": Reading(
        "that the owner of a file shared a bookmark, and when",
        "addresses, titles, descriptions, tags, private bookmarks",
    ),
    "m365": Reading(
        "of usage reports, per person and period: whether active, and how many messages, files or mails",
        "what the messages, files and mails are, and whom they went to",
    ),
    "roster": Reading(
        "unit, department, grade, layer, manager, place, days of hire and leave, whether in communications; e-mail "
        "addresses and numbers only to match accounts, as keyed hashes",
        "names, pay, ratings, birthdays, gender, job titles, absences and everything else in the file",
    ),
}
"""Platform, or roster -> what is read of it."""

OTHERS: Final = Reading(
    "who did what, when and where, from the columns that turnout.toml names one by one",
    "every column that is not named; text is never read",
)
"""Any platform that a mapping describes."""


def reading_of(platform: str) -> Reading:
    """What is read of a platform."""
    return READINGS.get(platform, OTHERS)
