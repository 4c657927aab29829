"""Where everything that Turnout stores lies, which of it is about single people, and how long it may be kept.

Why each column is there is said in purposes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from models.schemas import GROUPS
from models.schemas.base import Table
from models.schemas.lake import LAKE
from models.schemas.staging import SETTINGS
from models.schemas.state import PAST, Forgotten

EVENTS: Final = "events_months"
IDENTITY: Final = "identity_days"
QUARANTINE: Final = "quarantine_days"
RUNS: Final = "runs_days"
RECOMMENDED: Final[Mapping[str, tuple[str, int, str]]] = {
    EVENTS: ("what single people did, and usage reports", 13, "months"),
    QUARANTINE: ("records with a fault, as place and rule", 30, "days"),
    IDENTITY: ("who somebody was: accounts, units and dates of people, after they left", 30, "days"),
    RUNS: ("the logs of runs (Dagster\u2019s storage)", 90, "days"),
}
"""Kind of retention -> what it is about, and the recommended period. The same keys stand in policy.toml."""


BY_ITSELF: Final = frozenset({EVENTS, QUARANTINE, RUNS})
"""What `[retention]` of turnout.toml deletes; the rest is deleted by hand."""


@dataclass(frozen=True, slots=True)
class Store:
    """Tables of one kind. `about` says what they hold in plain words, `kept` until when they stay today."""

    name: str
    title: str
    place: str
    about: str
    kept: str
    tables: Mapping[str, type[Table]]


_REBUILT: Final = "Made anew from the lake in every run; deleted with it."

STORES: Final = (
    Store(
        "lake",
        "What each export says",
        "OUT/work/lake/",
        "One folder per export, under pseudonyms.",
        "Until the folder is deleted, or expires by `[retention]` in turnout.toml. Taking an export out of the drop "
        "folder does not take it out of the lake.",
        LAKE,
    ),
    Store(
        "staging",
        "The same side by side, and the settings",
        "OUT/work/turnout.duckdb",
        "The same rows of all exports side by side (tables `stg_` and the name of the table in the lake, each with the "
        "export and its platform), and what turnout.toml says.",
        _REBUILT,
        {table: schema for table, schema in SETTINGS.items() if table.removeprefix("stg_") not in PAST},
    ),
    Store(
        "ledger",
        "The ledger of exports and records",
        "OUT/work/turnout.duckdb",
        "What was read, and what became of it.",
        _REBUILT,
        GROUPS["ledger"],
    ),
    Store(
        "dimension",
        "Accounts, people and spaces",
        "OUT/work/turnout.duckdb",
        "Under pseudonyms, with what the roster says of people.",
        _REBUILT,
        GROUPS["dimension"],
    ),
    Store(
        "fact",
        "What was done",
        "OUT/work/turnout.duckdb",
        "By whom, on which day and where, under pseudonyms; never what was said.",
        _REBUILT,
        GROUPS["fact"],
    ),
    Store(
        "state",
        "What the exports cannot rebuild",
        "OUT/work/state/",
        "Nothing of it tells what anybody did. The tables `past_` exist once events have expired.",
        "Until the output folder is deleted.",
        {"forgotten": Forgotten, **PAST},
    ),
)
"""What is kept column by column. Steps on the way to a figure and the figures themselves are made from it."""

STATE_FILES: Final[Mapping[str, tuple[str, str]]] = {
    "key": (
        "the secret key of this installation",
        "Make the same pseudonym of the same person again. Without it nobody can.",
    ),
    "release_history.parquet": (
        "the figures of closed weeks and months as they were first released, and of each a hash of "
        "the roster behind it; nothing about single people",
        "Show when a figure of a closed period changes, and why.",
    ),
    "disclosure.json": (
        "hashes of the figures that the audit of releases has looked at",
        "Look only at what is new in a night, and keep what was true when it was first published.",
    ),
    "rebuild": (
        "nothing: while it is there, the warehouse is to be built anew",
        "Finish an erasure or an objection that was interrupted.",
    ),
    "trail.jsonl": (
        "who ran what and when, with which settings, and whom an access or an objection was about as a keyed hash",
        "Show that nobody used Turnout in secret: a changed or missing line is noticed.",
    ),
    "forgotten.parquet": (
        "one-way hashes of the pseudonyms of those who are forgotten or object",
        "Keep them out when an old export comes again.",
    ),
    "past_use.parquet": (
        "on which days public pages and spaces were used, and how often, before these events expired; nobody is in it",
        "Tell how long pages and spaces live, for longer than what single people did is kept.",
    ),
    "past_start.parquet": (
        "on which day public wikis and their pages were first changed and created, where these events expired",
        "Tell how long pages and wikis live, although their beginning has expired.",
    ),
    "past_day.parquet": (
        "which days exports observed, before the events of these days expired",
        "Not take a day of which nothing is known for a day without use.",
    ),
    "forgotten-<n>.json": (
        "of each erasure what was searched and what was found, as counts",
        "Prove that somebody was erased, without saying who.",
    ),
}
"""Name of a file of OUT/work/state -> what it holds, and why."""

_RETENTION: Final[Mapping[str, tuple[str, ...]]] = {
    EVENTS: ("event", "usage", "fct_event", "fct_usage", "fct_person_day", "fct_named_month"),
    IDENTITY: (
        "account", "account_identifier", "person", "person_identifier", "dim_account", "account_match",
        "account_review", "dim_person", "person_ancestor", "executive_by_rule", "stg_mapping", "stg_service_account",
        "stg_executive_person", "stg_trial_person", "stg_named_executive", "dim_named_executive",
        "stg_champion", "dim_champion",
    ),
    QUARANTINE: ("quarantine",),
}  # fmt: skip


def retention_of(table: str) -> str | None:
    """The kind of retention under which a table falls; None if no row of it is about a single person."""
    return next((kind for kind, tables in _RETENTION.items() if table in tables), None)
