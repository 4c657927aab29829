"""The analyst's file: which columns of which tables it holds, and in which coarser form.

The list is closed: a column that is not named here is not in the file. Only released tables and marts hold all columns
that the metric registry gives them; it names no person and no account. What a published figure does not need stays out:
whatever tells one colleague from the others, and whatever leads from a row to the record on a platform.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from models.schemas import TABLES
from models.schemas.marts import MART_SCHEMAS
from pipelines.warehouse import quoted

FEW_ACCOUNTS: Final = "(file of few accounts)"
NOT_LOADED: Final = "(file that was not loaded)"
_RELEASED: Final = "rel_"


@dataclass(frozen=True, slots=True)
class Extract:
    """What of one table is in the file: its columns, and those that are made for it as (SQL, description)."""

    columns: str = ""
    """Names of columns that are copied, with spaces between."""
    made: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    source: str = ""
    """What to read, if it is not the table of the same name."""
    about: str = ""
    """What a row is, if it is not what the schema of the table says."""


def _file_of(what: str, few: str, refused: str) -> str:
    return f"case when f.status <> 'loaded' then {refused} when a.n_accounts < $k then {few} else f.{what} end"


_SHOWN_FILE: Final = """
    export_file as f
    left join (select file_id, count(distinct account_id) as n_accounts from fct_event group by file_id) as a
        on a.file_id = f.file_id"""
_MONTH: Final = """
    (select s.period_start, s.person_id, s.unit, s.layer, d.is_executive, d.is_comms, s.tenure as tenure_then
    from prep_standing as s
    join dim_person as d
        on d.person_id = s.person_id
        and d.valid_from <= last_day(s.period_start)
        and s.period_start < coalesce(d.valid_to, date '9999-12-31')
    qualify row_number() over (partition by s.period_start, s.person_id order by d.valid_from desc) = 1)"""
# a number that holds for one week only: else a week that shows the name of a space would name it in all others
_NUMBERED: Final = """
    (select {key}, week, dense_rank() over (partition by week order by md5(hex({key}) || week::varchar), {key}) as n
    from (select distinct {key}, cast(date_trunc('week', occurred_on) as date) as week
        from fct_event where {key} is not null and occurred_on is not null))"""
_PLACED: Final = f"""
    fct_event as e
    left join {_NUMBERED.format(key="space_id")} as s
        on s.space_id = e.space_id and s.week = date_trunc('week', e.occurred_on)
    left join {_NUMBERED.format(key="thread_id")} as t
        on t.thread_id = e.thread_id and t.week = date_trunc('week', e.occurred_on)
    left join (
        select
            u.space_id,
            cast(date_trunc('week', u.occurred_on) as date) as week,
            any_value(d.label) as label
        from fct_event as u
        join dim_account as a on a.account_id = u.account_id
        join dim_space as d on d.space_id = u.space_id
        where u.is_contribution and d.visibility = 'public'
        group by all
        having count(distinct a.person_id) >= $k) as l
        on l.space_id = e.space_id and l.week = date_trunc('week', e.occurred_on)"""

ALWAYS: Final[Mapping[str, Extract]] = {
    "meta": Extract("schema_version key_id reporting_zone as_of_on"),
    "dim_metric": Extract(
        "id version title question numerator denominator window grain exclusions sources minimum_population direction "
        "reference mart columns"
    ),
    "coverage_day": Extract("platform workspace occurred_on state"),
    "export_file": Extract(
        "f.file_id platform workspace format bytes coverage_from coverage_to n_read n_accepted n_duplicate n_excluded "
        "n_quarantined status loaded_at",
        made={
            "path": (
                _file_of("path", f"'{FEW_ACCOUNTS}'", f"'{NOT_LOADED}'"),
                "Relative to the drop folder; hidden if it was not loaded or is of few accounts: it may name somebody.",
            ),
            "reason": (
                _file_of("reason", "f.reason", "split_part(f.reason, ' ', 1)"),
                "Code of why it was refused or not recognised.",
            ),
        },
        source=_SHOWN_FILE,
    ),
}
"""Beside the released tables of the site: what every analyst's file holds."""

APPROVED: Final[Mapping[str, Extract]] = {
    "exclusion": Extract("file_id rule message n_excluded"),
    "quarantine": Extract("file_id rule message"),
    "note": Extract("file_id rule message n_records"),
    "source_capability": Extract("file_id has_reactions has_reading has_direct has_edits has_history"),
    "dim_account": Extract("account_id platform workspace kind is_guest is_deactivated person_id match_rule"),
    "account_match": Extract("account_id platform match_rule confidence contradiction"),
    "account_review": Extract("account_id platform workspace kind kind_rule n_contributions contribution_share"),
    "dim_person_month": Extract(
        about="One row per person and month in which the person was employed, as on their last day in it.",
        source=_MONTH,
        made={
            "month_start": ("period_start", "First day of the month."),
            "person_id": ("person_id", "Pseudonym."),
            "unit": ("unit", "Unit, the element of the path in the organisation at unit_depth."),
            "layer": ("layer", "Management layer, 0 at the top."),
            "is_executive": ("is_executive", "By the first configured rule."),
            "is_comms": ("is_comms", "Works in corporate communications."),
            "tenure": (
                "last_value(tenure_then) over (partition by person_id order by period_start "
                "rows between unbounded preceding and unbounded following)",
                "Years from the hire to the last of these months: the same in all, or its change would tell the day.",
            ),
        },
    ),
    "fct_event": Extract(
        "platform workspace occurred_on time_basis action is_contribution account_id actor_kind via_app is_delegated "
        "target_account_id is_revert is_minor",
        source=_PLACED,
        made={
            "space_in_week": ("s.n", "Number of the space, which holds within one week only."),
            "space_label": ("l.label", "Name of a public space, where enough people contributed in that week."),
            "thread_in_week": ("t.n", "Number of the thread or page, which holds within one week only."),
        },
    ),
    "fct_usage": Extract(
        "account_id platform org_unit period_from period_to is_active n_posted n_read n_reacted n_active_accounts "
        "n_posting_accounts source is_record",
        source="fct_usage where space_id is null",
    ),
    "fct_person_day": Extract(
        "person_id is_matched platform occurred_on n_posts n_replies n_creates n_edits n_comments n_shares n_uploads "
        "n_contributions n_reacts"
    ),
    # spaces of few people have their names in it
    **{table: Extract() for table in MART_SCHEMAS if table != "mart_spaces"},
    # counts of single spaces would tell which of the numbers in fct_event are the same space
    "mart_community_health": Extract(
        "period_kind period_start period_end platform unit is_complete n_observed_days n_eligible n_observed_months",
        made={"health_ratio": ("round(health_ratio, 1)", "n_contributors / n_contributors_12m, to one tenth.")},
        source="mart_community_health where n_contributors >= $k",
        about="One row per month and public space to which enough people contributed in it; it is not told which.",
    ),
    # a place with one person in it would give that person's place away
    "mart_breakdown": Extract(source="mart_breakdown where dimension <> 'location'"),
}
"""What a recorded approval adds. `dim_person`, `dim_space` and the manager tree are not in it: dates, places, names of
spaces and who reports to whom make colleagues recognisable."""


def selection(table: str, *, min_group: int) -> str:
    """The SELECT that makes a table of the file; spaces are named from `min_group` people on.

    Sorted, or the order of rows would be that of the records in the exports.
    """
    extract = _extract(table)
    columns = [_qualified(name) for name in _copied(table, extract)]
    columns += [f"{sql} as {quoted(name)}" for name, (sql, _) in extract.made.items()]
    query = f"select {', '.join(columns)} from {extract.source or quoted(table)} order by all"
    return query.replace("$k", str(int(min_group)))


def comments(table: str) -> tuple[str, dict[str, str]]:
    """What the table and each of its columns is."""
    extract = _extract(table)
    described = {}
    for name in (name.rpartition(".")[2] for name in _copied(table, extract)):
        described[name] = str(TABLES[table].to_schema().columns[name].description)
    described |= {name: text for name, (_, text) in extract.made.items()}
    return extract.about or (TABLES[table].__doc__ or "").strip(), described


def holds(table: str, column: str) -> bool:
    """Whether a column is in the full file."""
    return (table in ALWAYS or table in APPROVED or table.startswith(_RELEASED)) and column in comments(table)[1]


def _extract(table: str) -> Extract:
    return Extract() if table.startswith(_RELEASED) else {**ALWAYS, **APPROVED}[table]


def _copied(table: str, extract: Extract) -> list[str]:
    """Released tables and marts are copied whole: what is released the site shows, a mart's columns are registered."""
    if not extract.columns and not extract.made:
        return list(TABLES[table].to_schema().columns)
    return extract.columns.split()


def _qualified(name: str) -> str:
    of, _, column = name.rpartition(".")
    return f"{of}.{quoted(column)}" if of else quoted(column)
