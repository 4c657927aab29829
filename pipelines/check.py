"""`turnout check`: what a drop folder holds, read in memory. Writes nothing anywhere."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from connectors.contract import Connector
from connectors.inventory import Found, find_exports
from connectors.settings import SourceSettings
from connectors.source import Source
from models.problems import ExportRefused
from pipelines.config import Settings, load_settings
from pipelines.declared import read_mapping
from pipelines.keys import canonical


class _Reading(NamedTuple):
    n_read: int
    n_excluded: int
    n_quarantined: int
    covered: tuple[date, date] | None
    quarantine: list[str]


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
    exports: Path, *, show_identifiers: bool, progress: Callable[[str, int, int], None] = lambda *_: None
) -> tuple[list[str], int]:
    """The lines to print and the number of exports with a problem. Raises `SettingsRefused`."""
    settings = load_settings(exports)
    found = find_exports(exports, settings.for_source, ignore=settings.not_exports)
    matching = _Matching()
    matching.mapped = {(one.platform, one.workspace, one.account) for one in read_mapping(exports, settings)}
    lines: list[str] = []
    n_problems = 0
    for position, one in enumerate(found):
        progress(one.file, position, len(found))
        told, is_problem = _describe(one, settings, matching)
        lines += told
        n_problems += is_problem
    lines += _matches(matching, show_identifiers=show_identifiers)
    return lines or ["Nothing here that Turnout could read."], n_problems


def _describe(found: Found, settings: Settings, matching: _Matching) -> tuple[list[str], bool]:
    if found.connector is None or found.source is None:
        return [str(found.problem) if found.problem else f"{found.file}: not recognised"], found.status == "refused"
    try:
        reading = _read(found.connector, found.source, settings.for_source(found.file), matching)
    except ExportRefused as refused:
        return [str(refused.problem)], True
    period = f"{reading.covered[0]} to {reading.covered[1]}" if reading.covered else "no dated activity"
    head = (
        f"{found.file}: {found.format}, {period}, {reading.n_read:,} records, {reading.n_excluded:,} excluded, "
        f"{reading.n_quarantined:,} quarantined"
    )
    notes = [f"  {note}" for note in found.source.notes]
    return [head, *notes, *reading.quarantine], False


def _read(connector: Connector, source: Source, settings: SourceSettings, matching: _Matching) -> _Reading:
    counts: Counter[str] = Counter()
    days: list[date] = []
    faults: list[str] = []
    for frame in connector.read(source, settings):
        rows = frame.rows
        matching.add(connector.platform, frame.table, rows)
        if frame.table == "part":
            counts["read"] += rows["n_read"].sum()
        elif frame.table == "exclusion":
            counts["excluded"] += rows["n_records"].sum()
        elif frame.table == "quarantine":
            counts["quarantined"] += rows.height
            faults += [
                f"  {row['rule']} {source.file}!{row['member']}:{row['line']}: {row['message']}"
                for row in rows.iter_rows(named=True)
            ]
        elif frame.table == "coverage" and rows.height:
            days += [*rows["covered_from"], *rows["covered_to"]]
    covered = (min(days), max(days)) if days else None
    return _Reading(counts["read"], counts["excluded"], counts["quarantined"], covered, faults)


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
