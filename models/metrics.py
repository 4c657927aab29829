"""The metric registry: every measure is defined once, here; its formula is the SQL of the mart that it names."""

from dataclasses import astuple, dataclass, fields
from typing import Final

import polars as pl

MINIMUM_GROUP: Final = 10
MINIMUM_EXECUTIVES: Final = 5
MINIMUM_DAILY: Final = 200

_PEOPLE: Final = "bots, system and service accounts, people employed on less than half of the period"
_EXPORTS: Final = "exports of messages, pages and other contributions; the roster for every denominator"


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure. `columns` are the columns of `mart` that hold it; references are the published definitions."""

    id: str
    version: int
    title: str
    question: str
    numerator: str
    denominator: str | None
    window: str
    grain: str
    exclusions: str
    sources: str
    minimum_population: int
    mart: str
    columns: tuple[str, ...]


METRICS: Final[tuple[Metric, ...]] = (
    Metric(
        "eligible_people", 1, "People", "Over how many people is everything counted?",
        "people employed on at least half of the days of the period, by the roster; without a roster, the human "
        "accounts seen so far",
        None, "week or month", "period, platform, unit (of the last employed day)",
        "bots, guests, people who joined too late or left too early in the period", "the roster", MINIMUM_GROUP,
        "mart_active_users", ("n_eligible",),
    ),
    Metric(
        "contributors", 1, "Contributors", "How many people contribute?",
        "people with at least one post, reply, comment, page creation, page edit, share or upload",
        None, "week or month", "period, platform, unit (of the last employed day)",
        f"{_PEOPLE}; reading and reactions", _EXPORTS, MINIMUM_GROUP, "mart_active_users",
        ("n_contributors", "n_outside"),
    ),
    Metric(
        "rolling_contributors", 1, "Contributors of 1, 7 and 28 days", "How does participation move from day to day?",
        "people employed on the day with a contribution in the 1, 7 or 28 days up to it",
        None, "1, 7 and 28 calendar days ending on the day", "day, platform, unit (of the day)",
        f"{_PEOPLE}; a window that holds a missing day or begins before the first is unknown", _EXPORTS,
        MINIMUM_DAILY, "mart_active_users", ("n_contributors_1d", "n_contributors_7d", "n_contributors_28d"),
    ),
    Metric(
        "stickiness", 1, "Stickiness", "How regularly do contributors return?",
        "contributors of 1 day, summed over the days of the period",
        "contributors of 7 (or 28) days, summed over the same days", "week or month", "period, platform, unit",
        f"{_PEOPLE}; days whose windows are unknown", _EXPORTS, MINIMUM_GROUP, "mart_active_users",
        ("dau_wau_ratio", "dau_mau_ratio"),
    ),
    Metric(
        "growth", 1, "New, returning and lapsed contributors", "Where does the change come from?",
        "contributors by whether they were counted in the period before, earlier, or never; and contributors of the "
        "period before who are silent or gone",
        None, "week or month against the one before", "period, platform, unit",
        f"{_PEOPLE}; who is first seen in the first 90 observed days is unknown, not new", _EXPORTS, MINIMUM_GROUP,
        "mart_active_users", ("n_new", "n_unknown", "n_retained", "n_resurrected", "n_lapsed", "n_left"),
    ),
    Metric(
        "reactors", 1, "Reactors", "How many people react to what others write?",
        "people who reacted to messages written in the period",
        None, "week or month of the message (most exports do not date reactions)", "period, platform, unit",
        _PEOPLE, "exports that say who reacted (Slack, Confluence); unknown elsewhere",
        MINIMUM_GROUP, "mart_active_users", ("n_reactors",),
    ),
    Metric(
        "presence", 1, "People present", "How many people are there at all, reading or writing?",
        "people whom a usage report of the platform calls active in the period, or who contribute in it",
        None, "week or month of which the reports cover each day (the vendor's days, UTC)",
        "period, platform, unit", f"{_PEOPLE}; accounts that match nobody on the roster",
        "usage reports (Microsoft 365, Slack analytics) with a roster; unknown elsewhere", MINIMUM_GROUP,
        "mart_active_users", ("n_present",),
    ),
    Metric(
        "contributor_ratio", 1, "Share of people who contribute", "Which share of people contributes?",
        "contributors", "people", "week or month", "period, platform, unit (of the last employed day)",
        f"{_PEOPLE}; reading and reactions; not shown where more people are active than on the roster", _EXPORTS,
        MINIMUM_GROUP, "mart_contributor_ratios",
        ("contributor_ratio", "contributor_ratio_low", "contributor_ratio_high"),
    ),
    Metric(
        "contributions", 1, "Contributions", "How much is contributed?",
        "posts, replies, comments, page creations, page edits, shares and uploads by these people",
        None, "week or month", "period, platform, unit (of the day of the contribution)",
        f"{_PEOPLE}; edits that change nothing, deleted messages, non-public spaces", _EXPORTS, MINIMUM_GROUP,
        "mart_contributor_ratios", ("n_contributions",),
    ),
    Metric(
        "participation_split", 1, "None, some, much", "How many people give nothing, a little, a lot?",
        "people without a contribution, with a few, with more than 3 a week or 10 a month",
        None, "week or month", "period, platform, unit", f"{_PEOPLE}; readers cannot be told from absentees",
        _EXPORTS, MINIMUM_GROUP, "mart_contributor_ratios", ("n_none", "n_some", "n_heavy"),
    ),
    Metric(
        "top_share", 1, "Share of the most active", "How much comes from the few?",
        "contributions of the most active 1 % (10 %) of people, rounded up",
        "contributions of all these people", "week or month", "period, platform, unit", _PEOPLE, _EXPORTS,
        100, "mart_contributor_ratios", ("top_1_share_ratio", "top_10_share_ratio"),
    ),
    Metric(
        "gini", 1, "Inequality (Gini)", "How unevenly is contributing spread?",
        "2 sum(i x) - (n + 1) sum(x) over people in ascending order of their contributions x, zeros included",
        "n sum(x)", "week or month", "period, platform, unit; over people, not person-weeks", _PEOPLE, _EXPORTS,
        MINIMUM_GROUP, "mart_contributor_ratios", ("gini_ratio",),
    ),
    Metric(
        "absence_factor", 1, "Contributor absence factor", "On how few people does it rest?",
        "the smallest number of people who together hold more than half of all contributions",
        None, "week or month", "period, platform, unit", _PEOPLE, _EXPORTS, MINIMUM_GROUP,
        "mart_contributor_ratios", ("absence_factor",),
    ),
    Metric(
        "executive_contributor_ratio", 1, "Share of executives who contribute", "Do executives take part?",
        "executives with a contribution; beside it everybody else", "executives; everybody else",
        "week or month", "period, platform", _PEOPLE, f"{_EXPORTS}; an executive rule", MINIMUM_EXECUTIVES,
        "mart_executive_participation",
        ("n_contributors", "contributor_ratio", "contributor_ratio_low", "contributor_ratio_high"),
    ),
    Metric(
        "broadcast", 1, "Broadcasting", "Do executives announce, or do they answer?",
        "threads they start", "threads they start and replies they give, not to executives or themselves",
        "week or month", "period, platform", _PEOPLE, f"{_EXPORTS}; an executive rule", MINIMUM_EXECUTIVES,
        "mart_executive_participation", ("n_posts", "n_replies", "n_replies_to_staff", "broadcast_ratio"),
    ),
    Metric(
        "two_way", 1, "Two-way conversations", "Do replies go both ways between executives and everybody else?",
        "pairs of an executive and somebody else who replied to each other", "pairs with a reply in any direction",
        "week or month", "period, platform", f"{_PEOPLE}; reactions", f"{_EXPORTS}; an executive rule",
        MINIMUM_EXECUTIVES, "mart_executive_participation", ("n_two_way", "two_way_ratio"),
    ),
)


def metric_table() -> pl.DataFrame:
    """The registry as the rows of `dim_metric`."""
    names = [field.name for field in fields(Metric)]
    rows = [dict(zip(names, astuple(metric), strict=True)) for metric in METRICS]
    return pl.DataFrame(
        [row | {"columns": ", ".join(row["columns"])} for row in rows],
        schema={name: pl.Int64 if name in ("version", "minimum_population") else pl.String for name in names},
    )
