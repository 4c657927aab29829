"""`turnout check`: what a drop folder holds, read in memory. Writes nothing anywhere."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from connectors import bookmarks, confluence, roster
from connectors.contract import CAPABILITIES, FRAMES, Connector
from connectors.inventory import Found, find_exports
from connectors.reading import read_export
from connectors.settings import SourceSettings
from connectors.source import Source
from models.problems import ExportRefused
from pipelines.config import load_settings
from pipelines.declared import read_mapping
from pipelines.directory import with_units
from pipelines.keys import canonical
from pipelines.slices import Names, Slice, mixed_names, requests, seams

_PERIODS = {"coverage": ("covered_from", "covered_to"), "usage": ("period_from", "period_to")}
_SAID = {
    "event": (
        "workspace", "space", "space_alias", "event_scope", "event_number", "action", "account", "thread_number",
        "occurred_at", "version_at",
    ),
    "account": ("workspace", "account", "kind", "is_guest", "is_deactivated"),
    "space": ("workspace", "space", "kind", "visibility", "label", "created_at"),
    "usage": tuple(name for name in FRAMES["usage"] if name not in ("reported_on", "is_record", "member", "line")),
}  # fmt: skip
"""The columns in which two records that say the same agree, as in `models/sql/prep_duplicate.sql`."""


class _Reading(NamedTuple):
    n_read: int
    n_excluded: int
    n_quarantined: int
    covered: tuple[date, date] | None
    faults: list[str]


class _Platforms:
    """What all exports together cover and can show."""

    def __init__(self) -> None:
        self.slices: list[Slice] = []
        self._reports: dict[tuple[str, str, str], bool] = defaultdict(bool)
        self._concealed: set[str] = set()
        self._parts: dict[str, str] = {}
        self.shown: dict[str, set[str]] = defaultdict(set)

    def add(self, platform: str, table: str, rows: pl.DataFrame, *, file: str) -> None:
        """Notes coverage, capabilities and names of one frame."""
        if table == "account" and platform == bookmarks.CONNECTOR.platform:  # one file, one owner, named first
            self._parts[file] = rows["account"][0]
        elif table == "space" and platform == confluence.CONNECTOR.platform:  # an export of a site, or of one space
            self._parts[file] = " ".join(sorted({*self._parts.get(file, "").split(" "), *rows["space"].to_list()}))
        elif table == "coverage":
            self.slices += [
                Slice(platform, row["workspace"], row["covered_from"], row["covered_to"], self._parts.get(file, ""))
                for row in rows.iter_rows(named=True)
            ]
        elif table == "capability":
            self.shown[platform] |= {name for name in CAPABILITIES if rows[name].any()}
        elif table == "usage":
            for used, of_platform in rows.group_by("used_platform"):
                if of_platform["is_active"].is_not_null().any():
                    self.shown[str(used[0])].add("has_reading")
            is_named = pl.any_horizontal(pl.col("account", "space").is_not_null())
            for workspace, named in rows.group_by("workspace").agg(is_named.any().alias("named")).rows():
                self._reports[platform, workspace, file] |= named
        elif table == "exclusion" and (rows["rule"] == "concealed_name").any():
            self._concealed.add(file)

    def names(self) -> Iterator[Names]:
        """Of each report about people or spaces, whether it shows them."""
        for (platform, workspace, file), is_named in self._reports.items():
            if is_named or file in self._concealed:
                yield Names(platform, workspace, file, is_concealed=file in self._concealed)


class _Repeats:
    """Records that stand in one export more than once, in equal words: only their hashes are kept."""

    def __init__(self) -> None:
        self._seen: dict[str, list[pl.Series]] = defaultdict(list)

    def add(self, table: str, rows: pl.DataFrame) -> None:
        """Notes the records of one frame."""
        if table in _SAID and rows.height:
            self._seen[table].append(rows.filter(pl.col("is_record")).select(_SAID[table]).hash_rows())

    def lines(self, file: str) -> Iterator[str]:
        """What the run will note in `models/sql/note.sql`."""
        hashes = [pl.concat(series) for series in self._seen.values()]
        n_identical = sum(one.len() - one.n_unique() for one in hashes)
        if n_identical:
            yield (
                f"  PPL-DUP-003 {file}: {n_identical} identical duplicates of rows in this export; "
                "each record counts once"
            )


class _Matching:
    """Which accounts share an identifier with somebody on the roster, or stand in the mapping file."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, str, str], set[tuple[str, str]]] = defaultdict(set)
        self.on_roster: set[tuple[str, str]] = set()
        self.mapped: set[tuple[str, str, str]] = set()

    def add(self, platform: str, table: str, rows: pl.DataFrame) -> None:
        """Notes the accounts and identifiers of one frame."""
        if table == "account":
            for row in rows.filter(pl.col("kind").is_in(["human", "external"])).iter_rows(named=True):
                self.accounts[platform, row["workspace"], row["account"]] |= set()
        elif table == "account_identifier":
            for row in rows.iter_rows(named=True):
                key = row["kind"], canonical(row["kind"], row["identifier"])
                self.accounts[platform, row["workspace"], row["account"]].add(key)
        elif table == "person_identifier":
            self.on_roster |= {(kind, canonical(kind, one)) for kind, one in rows.select("kind", "identifier").rows()}

    def unmatched(self) -> list[tuple[str, str, str]]:
        """Platform, workspace and native name of every account that matches nobody."""
        return sorted(
            account
            for account, keys in self.accounts.items()
            if account not in self.mapped and not keys & self.on_roster
        )


def report(
    exports: Path, *, now: datetime, show_identifiers: bool, progress: Callable[[str, int, int], None] = lambda *_: None
) -> tuple[list[str], int]:
    """The lines to print and the number of exports with a problem. Raises `SettingsRefused`."""
    settings = load_settings(exports)
    found = find_exports(exports, settings.for_source, ignore=settings.not_exports)
    matching, platforms = _Matching(), _Platforms()
    matching.mapped = {(one.platform, one.workspace, one.account) for one in read_mapping(exports, settings)}
    lines: list[str] = []
    n_problems = 0
    rosters = [one.source for one in found if one.connector is roster.CONNECTOR and one.source is not None]
    for position, one in enumerate(found):
        progress(one.file, position, len(found))
        of_export = with_units(settings.for_source(one.file), rosters, settings, now=now)
        told, is_problem = _describe(one, of_export, matching, platforms, now)
        lines += told
        n_problems += is_problem
    lines += seams(platforms.slices)
    lines += mixed_names(platforms.names())
    lines += _matches(matching, show_identifiers=show_identifiers)
    lines += requests({name: frozenset(shown) for name, shown in platforms.shown.items()})
    return lines or ["Nothing here that Turnout could read."], n_problems


def _describe(
    found: Found, settings: SourceSettings, matching: _Matching, platforms: _Platforms, now: datetime
) -> tuple[list[str], bool]:
    if found.connector is None or found.source is None:
        return [str(found.problem) if found.problem else f"{found.file}: not recognised"], found.status == "refused"
    try:
        reading = _read(found.connector, found.source, settings, matching, platforms, now=now)
    except ExportRefused as refused:
        return [str(refused.problem)], True
    except OSError as error:
        return [str(found.source.unreadable_file("", error).problem)], True
    period = f"{reading.covered[0]} to {reading.covered[1]}" if reading.covered else "no dated activity"
    head = (
        f"{found.file}: {found.format}, {period}, {reading.n_read:,} records, {reading.n_excluded:,} excluded, "
        f"{reading.n_quarantined:,} quarantined"
    )
    notes = [f"  {note}" for note in found.source.notes]
    return [head, *notes, *reading.faults], False


def _read(
    connector: Connector, source: Source, settings: SourceSettings, matching: _Matching, platforms: _Platforms,
    *, now: datetime,
) -> _Reading:
    platform = connector.platform_for(settings)
    counts: Counter[str] = Counter()
    days: list[date] = []
    faults: list[str] = []
    repeats = _Repeats()
    for frame in read_export(connector, source, settings, now=now):
        rows = frame.rows
        matching.add(platform, frame.table, rows)
        platforms.add(platform, frame.table, rows, file=source.file)
        repeats.add(frame.table, rows)
        if frame.table == "part":
            counts["read"] += rows["n_read"].sum()
        elif frame.table == "exclusion":
            counts["excluded"] += rows["n_records"].sum()
        elif frame.table in ("quarantine", "note"):
            counts[frame.table] += rows.height
            faults += [f"  {row['rule']} {_place(source, row)}: {row['message']}" for row in rows.iter_rows(named=True)]
        elif frame.table in _PERIODS and rows.height:
            days += [day for column in _PERIODS[frame.table] for day in (rows[column].min(), rows[column].max())]
    covered = (min(days), max(days)) if days else None
    faults += repeats.lines(source.file)
    return _Reading(counts["read"], counts["excluded"], counts["quarantine"], covered, faults)


def _place(source: Source, row: Mapping[str, object]) -> str:
    member = f"!{row['member']}" if row["member"] else ""
    return f"{source.file}{member}" + (f":{row['line']}" if row["line"] is not None else "")


def _matches(matching: _Matching, *, show_identifiers: bool) -> list[str]:
    if not matching.on_roster:
        return (
            ["No roster: accounts match nobody, and denominators are the accounts seen."] if matching.accounts else []
        )
    totals = Counter(platform for platform, _, _ in matching.accounts)
    unmatched = matching.unmatched()
    missing = Counter(platform for platform, _, _ in unmatched)
    lines = [
        f"{platform}: {totals[platform] - missing[platform]:,} of {totals[platform]:,} accounts match the roster"
        for platform in sorted(totals)
    ]
    if show_identifiers:
        lines += [f"  unmatched {platform} {workspace} {account}" for platform, workspace, account in unmatched]
    elif unmatched:
        lines.append("--show-identifiers lists the others, for the mapping file")
    return lines
