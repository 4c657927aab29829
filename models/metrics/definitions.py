"""How many people are active under each published definition of "active"."""

from dataclasses import dataclass
from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    PEOPLE,
    TOLD_COARSELY,
    Column,
    Mart,
    Metric,
    count,
    key,
    share_with_bounds,
)


@dataclass(frozen=True, slots=True)
class Definition:
    """Whom somebody calls active: in `window`, who `counts`; `published` says where, None if it is Turnout's own."""

    id: str
    window: str
    counts: str
    published: str | None = None


_SLACK: Final = "Slack help centre 360057638533"
_SWOOP: Final = "SWOOP support 14342265685401"
_WORKPLACE: Final = "Workplace system admin guide"
_WROTE: Final = "contributes"
_SAW: Final = "reads or contributes"

DEFINITIONS: Final = (
    Definition("turnout_28d", "28 days", _WROTE),
    Definition("turnout_month", "the calendar month", _WROTE),
    Definition("turnout_6_months", "6 calendar months", _WROTE),
    Definition("slack_active_8d", "the day and the 7 before it", f"{_SAW} (weekly active)", _SLACK),
    Definition("slack_active_29d", "the day and the 28 before it", f"{_SAW} (monthly active)", _SLACK),
    Definition("slack_posting_7d", "7 days", "posts (weekly people posting)", _SLACK),
    Definition("slack_posting_28d", "28 days", "posts (monthly people posting)", _SLACK),
    Definition("viva_engage_30d", "30 days", "posts, reads or likes (yammerActive)",
               "Microsoft Graph office365ServicesUserCounts"),
    Definition("swoop_28d", "28 days", "posts, replies, mentions or reacts (SWOOP's interactive in a shorter window)"),
    Definition("swoop_6_months", "6 calendar months",
               "posts, replies, mentions or reacts, not who only logs in or reads (interactive)", _SWOOP),
    Definition("workplace_28d", "28 days", "uses it in any way (monthly active)", _WORKPLACE),
    Definition("workplace_10_of_28d", "28 days", "uses it in any way on at least 10 of the days (engaged)", _WORKPLACE),
    Definition("mattermost_1d", "the last day", "views it (daily active)", "Mattermost documentation"),
    Definition("mattermost_31d", "31 days", "has been online (monthly active)", "Mattermost site statistics"),
    Definition("zulip_15d", "15 days", "uses it in any way (active humans)", "Zulip analytics/lib/counts.py"),
)  # fmt: skip
"""Their windows and what they count stand once more, as numbers and flags, in `prep_definition.sql`."""

_MISSING: Final = Column(
    "missing", "text",
    "Why the figures are unknown: a day of the window was not observed, reading or reactions are not known; else none.",
    is_nullable=False, one_of=("none", "unobserved days", "reading", "reactions"),
)  # fmt: skip

MART: Final = Mart(
    "mart_definitions",
    "The same data under every published definition of an active person, so that unlike numbers are not compared. "
    "Every window ends on the last day of the month. Posting, in anybody's definition, is any contribution: those who "
    "publish one know no wiki. Who reads is who a usage report calls active, or who contributes.",
    (
        Metric(
            "active_by_definition", 1, "Active people, by whose definition",
            "How many people are active under each published definition?",
            "; ".join(f"{one.id}: who {one.counts} in {one.window}" for one in DEFINITIONS),
            "people, by the month; where the window is six months, people employed on at least half of their days",
            "as the definition says, ending on the last day of the month; reactions have the time of their message "
            "where the export gives them none of their own; usage reports have the vendor's days (UTC)",
            "month, platform, unit (of the last employed day of the month, or of the six months), definition",
            f"{PEOPLE}; unknown where a day of the window was not observed, where reading counts and usage reports do "
            "not cover exactly the window (all platforms: on each of them), where reactions count and some source of "
            "some day does not name who reacted",
            f"{EXPORTS}; usage reports for reading; exports that say who reacted for reactions", MINIMUM_GROUP,
            (
                Column("n_window_days", "count", "Calendar days of the window.", is_nullable=False, at_least=1),
                Column("counts_reading", "flag", "Reading alone makes somebody active.", is_nullable=False),
                Column("counts_reactions", "flag", "A reaction alone makes somebody active (who reacts has also read).",
                       is_nullable=False),
                _MISSING,
                count("n_active", "Eligible people who are active under this definition."),
                *share_with_bounds("active_ratio", "n_active / n_eligible."),
            ),
            reference="; ".join(f"{one.id}: {one.published}" for one in DEFINITIONS if one.published)
            + ". The mean of 27 % that SWOOP published is of its interactive people in six months: only swoop_6_months "
            "is like it, and turnout_6_months, which leaves reactions out, is at most as high",
        ),
    ),
    released_rows=f"Closed months of the organisation and of each platform. {TOLD_COARSELY}",
    keys=(
        key("definition", "text", "Whose definition, and its window.", one_of=tuple(one.id for one in DEFINITIONS)),
    ),
)  # fmt: skip
