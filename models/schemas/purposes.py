"""Why every stored column is stored, and how long: one purpose per name of a column, one retention per table.

What a column holds is said by its schema. The same name means the same in all tables, so it has one purpose; the few
exceptions are named with their table.
"""

from collections.abc import Mapping
from typing import Final

_COUNTS_OF_DAY: Final = "Tell giving from asking and answering, and wikis from conversations."
_USAGE: Final = "Tell who is present without contributing, as the vendor counts it."
_LEDGER: Final = "Show that no record was lost: read = accepted + duplicate + excluded + quarantined."
_CAPABILITY: Final = "Say unknown, not zero, where an export cannot tell."
_VALIDITY: Final = "Count people in the unit, layer and status of the day, also after a re-organisation."
_RUN: Final = "Compute all figures with the same settings, and show with which."
_SPACE: Final = "Tell spaces apart: how many are used, for what, and how long they live."
_RULE_OF_EXECUTIVES: Final = "Say by which rule of turnout.toml somebody is an executive."

COLUMNS: Final[Mapping[str, str]] = {
    # who and where, under pseudonyms
    "account_id": "Count people once and tell accounts apart, without knowing whose they are.",
    "person_id": "Count a person once over all their accounts, without knowing who it is.",
    "is_matched": "Tell people on the roster from accounts that match nobody.",
    "identifier_key": "Join accounts and the roster; the address or number itself is not stored.",
    "match_rule": "Say what joined an account and a person, so that wrong matches can be found.",
    "confidence": "Find wrong matches.",
    "contradiction": "Find wrong matches.",
    "kind": "Tell people from bots and guests, and addresses, spaces and declared events by their sort.",
    "kind_rule": "Say why an account counts as automation or as a guest, for somebody to look over.",
    "actor_kind": "Leave bots and system accounts out of all figures of people.",
    "is_guest": "Leave out or count guests, as turnout.toml says.",
    "is_deactivated": "Let an administrator compare the accounts read with those of the platform; no figure uses it.",
    "contribution_share": "Find accounts that are automation by how much they write.",
    "workspace": "Keep two workspaces of one platform apart.",
    "platform": "Compare platforms.",
    "space_id": "Count people per space without naming a person, and find what is used.",
    "space_alias": "Recognise one space under its several names.",
    "alias": "Recognise one space under its several names.",
    "visibility": "Leave private spaces out.",
    "label": "Name public spaces that are large enough, and tell what they are for.",
    "created_at": _SPACE,
    # the organisation
    "valid_from": _VALIDITY,
    "valid_to": _VALIDITY,
    "org_path": "Form units and departments, the smallest of which are merged.",
    "unit": "Compare units of enough people.",
    "level": "Apply the rule that says who is an executive, where it goes by grade.",
    "layer": "See down to which layer of management participation reaches, in groups.",
    "manager_person_id": "Relate executives, as a group, and the people below them.",
    "ancestor_person_id": "Relate executives, as a group, and the people below them.",
    "depth": "Relate executives, as a group, and the people below them.",
    "is_executive": "Compare executives, as one group of five or more, with everybody else.",
    "is_comms": "See what remains without those whose job it is to post.",
    "location": "Compare locations of enough people.",
    "hired_on": "Count only who is employed, and compare bands of tenure.",
    "left_on": "Count only who is employed; not take leaving for falling silent.",
    "rule": "Say which rule put a record aside, or makes an executive.",
    # what was done, never what was said
    "event_id": "Count a record once when exports overlap; encrypted, so that nobody finds the message with it.",
    "thread_id": "Know what answers what: whether newcomers are answered, and how fast.",
    "target_event_id": "Know what answers what: whether newcomers are answered, and how fast.",
    "target_account_id": "Know whether people answer each other across units and layers, as counts of groups.",
    "occurred_at": "Cut days in the organisation\u2019s time zone, and measure how long answers take.",
    "occurred_on": "Count by day, week and month.",
    "version_at": "Keep only the last version of a record.",
    "time_basis": "Not count a reaction on a day on which nobody knows whether it happened.",
    "action": _COUNTS_OF_DAY,
    "is_contribution": "Count contributions only.",
    "via_app": "Let an analyst see whether a person or an app in their name acted; no figure uses it.",
    "is_delegated": "Know whether executives write themselves.",
    "bytes_delta": "Tell small from large changes of wiki pages; the text is not stored.",
    "is_revert": "Tell disputed wiki edits, as counts.",
    "is_minor": "Tell minor wiki edits, as counts.",
    "is_record": _LEDGER,
    **dict.fromkeys(
        ("n_posts", "n_replies", "n_creates", "n_edits", "n_comments", "n_shares", "n_uploads"), _COUNTS_OF_DAY
    ),
    "n_contributions": "Tell contributors from others, and how evenly contributing is spread.",
    "n_reacts": "Let an analyst see who reacts without writing; figures count the reactions themselves.",
    # usage reports of vendors
    **dict.fromkeys(
        ("is_active", "n_posted", "n_read", "n_reacted", "n_active_accounts", "n_posting_accounts", "used_platform",
         "period_from", "period_to", "org_unit"),
        _USAGE,
    ),
    "reported_on": "Keep the latest of several reports on the same days.",
    "report": "Never add the figures of two reports.",
    "source": "Never add the figures of two reports.",
    # where a record comes from
    "file_id": "Lead every figure back to the exports behind it.",
    "member": "Find a faulty record in its export.",
    "line": "Find a faulty record in its export.",
    "path": "Name the export in the list of exports; only administrators choose this name.",
    "message": "Say what is wrong with a record, never what it says.",
    "reason": "Say why an export was refused.",
    "reader": "Read an export by the right reader.",
    "lake_entry": "Read the same export only once.",
    "ids_per_space": "Tell two messages with the same number apart.",
    "parsed_in": "Read the same bytes only once.",
    "crc32": "Read the same bytes only once.",
    "bytes": "Notice an export that changed.",
    "format": "Show what was recognised.",
    "status": "Show what was loaded and what was refused.",
    "loaded_at": "Show when an export was loaded.",
    "exported_at": "Let the newer of two exports decide.",
    "cadence_days": "Notice a platform that delivers nothing any more.",
    **dict.fromkeys(("n_accepted", "n_duplicate", "n_excluded", "n_quarantined", "n_records"), _LEDGER),
    **dict.fromkeys(("has_reactions", "has_reading", "has_direct", "has_edits", "has_history"), _CAPABILITY),
    **dict.fromkeys(
        ("coverage_from", "coverage_to", "covered_from", "covered_to", "is_stated", "state"),
        "Know which days were observed: a day without data is not a day of silence.",
    ),
    # the run and what turnout.toml declares
    **dict.fromkeys(
        ("schema_version", "reporting_zone", "as_of_on", "unit_depth", "guests"), _RUN
    ),
    "key_id": "Notice a wrong key; it says nothing about the key.",
    **dict.fromkeys(("executive_rule", "max_layer", "manager_depth", "since_on", "until_on"), _RULE_OF_EXECUTIVES),
    **dict.fromkeys(("metric", "value", "by_on", "set_by"), "Show a target that the organisation has set."),
    "kept_from": "Tell from which day on what single people did is kept, and since when only days of spaces are known.",
    # what is left of pages and spaces once what people did has expired
    "subject": _SPACE,
    **dict.fromkeys(
        ("changed_on", "created_on"), "Know how long a page or wiki lives, once its beginning has expired."
    ),
    "title": "Name what the organisation declared: an event or a trial.",
    **dict.fromkeys(("trial", "started_on", "ended_on"), "Compare the people in a trial, as a group, with everybody."),
    **dict.fromkeys(("purpose", "entry"), "Tell what public spaces are for."),
    # whom the agreement names
    **dict.fromkeys(
        ("shown", "role", "basis", "approved_by", "valid_until"),
        "Name an executive where the agreement says so, and say why.",
    ),
    **dict.fromkeys(("scope", "opted_in_on"), "Name a champion who asked for it, and say what for."),
    **dict.fromkeys(
        ("is_in_force", "changed_on", "is_employed", "is_newest"),
        "Name a champion no longer than they want, and as long as they are there.",
    ),
    "is_on_roster": "Say that an entry of the agreement names nobody on the roster.",
    **dict.fromkeys(
        ("month_start", "n_own_posts", "n_own_replies"),
        "Show by month what an executive whom the agreement names has written.",
    ),
    # the ledger of those who are forgotten or object
    **dict.fromkeys(("number", "hash"), "Keep a person out when an old export comes again, without keeping who it is."),
}  # fmt: skip
"""Name of a column -> purpose, for all tables but those below."""

EXCEPTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("export_file", "n_read"): _LEDGER,
    ("export_part", "n_read"): _LEDGER,
    ("part", "n_read"): _LEDGER,
    ("stg_executive_person", "person_id"): _RULE_OF_EXECUTIVES,
    ("stg_executive_grade", "level"): _RULE_OF_EXECUTIVES,
    ("stg_trial_person", "person_id"): "Compare the people in a trial, as a group, with everybody else.",
    ("stg_service_account", "account_id"): "Leave accounts out that are no people.",
    **{
        (table, "number"): "Say in which entry of the agreement a person is wrong, without naming them."
        for table in ("stg_named_executive", "dim_named_executive")
    },
    **{
        (table, "shown"): "Name a champion who asked for it, by the name they gave."
        for table in ("stg_champion", "dim_champion")
    },
    ("stg_champion", "identifier_key"): "Find the champion on the roster; the address itself is not stored.",
    **{
        (table, "line"): "Say which line of the file is wrong, without naming anybody."
        for table in ("stg_champion", "dim_champion")
    },
    ("forgotten", "kind"): "Tell an erasure, which stays, from an objection, which can be withdrawn.",
    ("forgotten", "since_on"): "Say since when the request holds.",
    ("forgotten", "key_id"): "Know under which key the hashes were made.",
    **{
        ("past_use", name): "Know how long a public page or space lives, once what people did there has expired."
        for name in ("thread_id", "occurred_on", "n_contributions")
    },
    ("past_day", "occurred_on"): "Know which days were observed, also once what people did on them has expired.",
    ("coverage_day", "occurred_on"): "Know which days were observed: a day without data is not a day of silence.",
}
"""(table, column) -> purpose, where the name means something else than in other tables."""


def purpose_of(table: str, column: str) -> str:
    """Why a column of the lake, of staging, of the ledger, the dimensions, the facts or the state is stored.

    A table of the lake has its name without `stg_`. Raises `KeyError` for a column without a purpose.
    """
    return EXCEPTIONS.get((table, column)) or COLUMNS[column]
