"""Microsoft 365 usage reports: lone CSV files as the admin centre and Graph write them, or a zip of them.

Files, counts and refusals only: reports are told in m365_reports, rows are read in m365_rows. Snapshots are never
added up: each row speaks of its own period.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from connectors.contract import BATCH_ROWS, Connector, Frame, frame
from connectors.csvtext import CsvFile, Notes, RowFault, headers
from connectors.m365_reports import (
    GROUP,
    GROUPS,
    PASSED_OVER,
    READ,
    USER,
    Report,
    is_report,
    named,
    nearest,
    refused_name,
    reports_of,
)
from connectors.m365_rows import AmbiguousDay, Row, is_concealed
from connectors.m365_totals import Totals
from connectors.settings import SourceSettings
from connectors.source import Member, Source
from models.problems import ExportRefused

_EXPORT_AGAIN: Final = "Download the report again and do not edit it."
_OPTIONAL: Final = ("Report Period", "User State", "Is Deleted", "User Id", "Group Type", "Group Id",
                    "OneDrive Last Activity Date", "Skype For Business Last Activity Date")
_REASONS: Final = {
    "concealed_name": "its name is concealed; counted in the totals only",
    "private_space": "a private group; not read",
}
_CONCEALED: Final = ("user names are concealed: the report cannot be matched to people, and only totals were loaded; "
                     "ask the administrator to have names shown in reports")
_NO_ID: Final = "00000000-0000-0000-0000-000000000000"


def detect(source: Source, /) -> str | None:
    """Recognised by Microsoft's column names; of a zip each member has to be a report."""
    if source.kind == "folder" or not source.members:
        return None
    if source.kind == "zip" and not all(member.name.lower().endswith(".csv") for member in source.members):
        return None
    try:
        are_reports = all(any(map(is_report, headers(source, member))) for member in source.members)
    except ExportRefused:
        return None
    return "m365-report" if are_reports else None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """The frames of one report or a zip of them; refused if names are concealed in some rows and open in others."""
    tables = [_opened(source, member) for member in source.members]
    reading = _Reading(settings, is_concealed=_are_names_concealed(source, tables))
    for table, report in tables:
        yield from reading.frames(table, report)
    yield from reading.last_frames()
    yield frame("capability", [{
        "has_reactions": False, "has_reading": any(report.read for _, report in tables), "has_direct": False,
        "has_edits": False, "has_history": False,
    }])


def _opened(source: Source, member: Member) -> tuple[CsvFile, Report]:
    header = next((found for found in headers(source, member) if is_report(found)), [])
    found, name = reports_of(header), refused_name(header)
    known = ", ".join(report.name for report in READ)
    if not found and name is not None:
        raise source.refuse("PPL-MSR-001", f"is the report '{name}', which is not read",
                            f"Take it out of the folder; these are read: {known}.", member=member.name)
    table = CsvFile(source, member)
    near = nearest(table.header) if not found else None
    if near is not None:
        table.require(near.columns)  # refuses, naming what is missing
    if not found:
        raise source.refuse("PPL-MSR-001", "is a usage report that is not known",
                            f"Take it out of the folder; these are read: {known}.", member=member.name)
    file = PurePosixPath(member.name or source.file).name
    report = found[0] if len(found) == 1 else named(found, file)
    if report is None:
        raise source.refuse(
            "PPL-MSR-002", "its header does not say whether messages, users or groups are counted",
            f"Name the file as Microsoft does, with one of: {', '.join(one.key.replace('_', '') for one in found)}.",
            member=member.name)
    return table, report


def _are_names_concealed(source: Source, tables: list[tuple[CsvFile, Report]]) -> bool:
    n_concealed = n_open = 0
    for table, report in tables:
        if report.subject is None:
            continue
        place = table.require(report.columns)[report.subject]
        for line, row in table.rows():
            if isinstance(row, RowFault) or row[place].strip() == "":
                continue
            n_concealed += is_concealed(row[place].strip())
            n_open += not is_concealed(row[place].strip())
            if n_concealed and n_open:
                raise table.refuse(
                    "PPL-YAM-004", "names are concealed in some rows and open in others",
                    "Download the reports again with one setting, and do not join files of two settings.", line)
    return n_concealed > 0


@dataclass(slots=True)
class _Reading:
    """The rows of all tables of one export."""

    settings: SourceSettings
    is_concealed: bool
    _usage: list[dict[str, object]] = field(default_factory=list)
    _accounts: dict[str, dict[str, object]] = field(default_factory=dict)
    _seen_on: dict[str, date] = field(default_factory=dict)
    _identifiers: dict[tuple[str, str, str], None] = field(default_factory=dict)
    _spaces: dict[str, dict[str, object]] = field(default_factory=dict)
    _notes: Notes = field(default_factory=Notes)

    @property
    def _workspace(self) -> str:
        return self.settings.workspace or "tenant"

    def frames(self, table: CsvFile, report: Report) -> Iterator[Frame]:
        """The usage rows of one table, its totals where names are concealed, and its counts."""
        member = table.member
        places = table.require(report.columns, tuple(dict.fromkeys((*_OPTIONAL, *report.signs))))
        table.note_strangers(self._notes, {*report.columns, *_OPTIONAL, *report.signs, *PASSED_OVER})
        totals, n_read, quarantine, excluded = Totals(), 0, list[dict[str, object]](), Counter[str]()
        for line, cells in table.rows():
            n_read += 1
            try:
                if isinstance(cells, RowFault):
                    raise cells
                row = Row(report, places, cells)
                rule = self._add(row, report, totals, member.name, line)
                excluded.update([rule] if rule else [])
            except RowFault as fault:
                quarantine.append({"member": member.name, "line": line, "rule": fault.code,
                                   "message": f"{fault.what}; row left out"})
            except AmbiguousDay as error:
                raise table.refuse("PPL-TIM-002", f"date format is ambiguous in column {error}", _EXPORT_AGAIN,
                                   line) from error
            if len(self._usage) >= BATCH_ROWS:
                yield self._flush()
        self._usage += [
            {**row, "workspace": self._workspace, "report": report.key, "is_record": False, "member": member.name}
            for row in totals.rows(counts_accounts=report.subject == USER)
        ]
        yield self._flush()
        if n_read == 0:
            self._notes.add(member.name, "PPL-CSV-007", "no rows")
        if excluded["concealed_name"]:
            self._notes.add(member.name, "PPL-YAM-003", _CONCEALED, n_records=excluded["concealed_name"])
        yield frame("part", [{"member": member.name, "crc32": member.crc32, "bytes": member.bytes, "n_read": n_read}])
        yield frame("quarantine", quarantine)
        yield frame("exclusion", [
            {"member": member.name, "rule": rule, "message": _REASONS[rule], "n_records": n_records}
            for rule, n_records in excluded.items()
        ])

    def last_frames(self) -> Iterator[Frame]:
        """What the tables have in common."""
        yield frame("account", list(self._accounts.values()))
        yield frame("account_identifier", [
            {"workspace": self._workspace, "account": account, "kind": kind, "identifier": identifier}
            for account, kind, identifier in self._identifiers
        ])
        yield frame("space", list(self._spaces.values()))
        yield frame("note", self._notes.rows())

    def _flush(self) -> Frame:
        rows, self._usage = self._usage, []
        return frame("usage", rows)

    def _add(self, row: Row, report: Report, totals: Totals, member: str, line: int) -> str | None:
        """One row of a report, or the rule by which it is not loaded on its own."""
        figures = list(row.figures())
        subject = row.text(report.subject) if report.subject else None
        if subject == "":
            raise RowFault("PPL-MSR-003", f"{report.subject} is empty")
        if subject is not None and self.is_concealed:
            for one in figures:
                totals.add(one)
            return "concealed_name"
        account = space = None
        if report.subject == USER and subject is not None:
            account = self._account(subject, row, figures[0].reported_on, member, line)
        elif report.subject == GROUP and subject is not None:
            if row.text("Group Type").lower() == "private" and "private" not in self.settings.include:
                return "private_space"
            space = self._space(subject, row, report, member, line)
        for place, one in enumerate(figures):
            self._usage.append({
                **asdict(one), "workspace": self._workspace, "account": account, "space": space,
                "report": report.key, "is_record": place == 0, "member": member, "line": line,
            })
        return None

    def _account(self, user: str, row: Row, reported_on: date, member: str, line: int) -> str:
        """The account of a user; the newest report that says decides whether it is closed."""
        account = user.casefold()
        domain = account.rpartition("@")[2]
        home = {name.casefold() for name in self.settings.home_domains}
        is_guest = True if "#ext#" in account else domain not in home if home else None
        known = self._accounts.setdefault(account, {
            "workspace": self._workspace, "account": account, "kind": "external" if is_guest else "human",
            "is_guest": is_guest, "is_deactivated": None, "is_record": False, "member": member, "line": line,
        })
        is_deactivated = row.is_deactivated
        if is_deactivated is not None and reported_on >= self._seen_on.setdefault(account, reported_on):
            self._seen_on[account] = reported_on
            known["is_deactivated"] = is_deactivated
        self._identifiers[account, "email", user] = None
        directory_id = row.text("User Id")
        if directory_id not in {"", _NO_ID} and not is_concealed(directory_id):
            self._identifiers[account, "directory_id", directory_id] = None
        return account

    def _space(self, name: str, row: Row, report: Report, member: str, line: int) -> str:
        group_id = row.text("Group Id")
        space = group_id if report is GROUPS and group_id not in {"", _NO_ID} else name
        is_public = row.text("Group Type").lower() == "public"
        self._spaces.setdefault(space, {
            "workspace": self._workspace, "space": space, "space_alias": None, "kind": "group",
            "visibility": "public" if is_public else "private", "label": name if is_public else None,
            "created_at": None, "is_record": False, "member": member, "line": line,
        })
        return space


CONNECTOR: Final = Connector(
    platform="m365", version=2, detect=detect, read=read,
    uses=lambda settings: (settings.workspace, settings.home_domains, settings.include),
)
