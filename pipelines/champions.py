"""`champions.csv` in the drop folder: who asks to be named as a champion, from when to when, and who takes it back.

Nobody is a champion by a figure. A file with a faulty line names nobody: the line might be one that takes a name back.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from pipelines.agreement import Recorded, chosen_terms
from pipelines.agreement_words import line as on_one_line
from pipelines.config import CHAMPIONS_NAME, FILE_NAME, POLICY_NAME, Settings, folder_of
from pipelines.keys import KeyRing, canonical

HEADER: Final = ("person", "shown", "scope", "opted_in_on", "expires_on", "revoked_on")
_NOBODY: Final = "nobody is named as a champion"


@dataclass(frozen=True, slots=True)
class OptIn:
    """A line of the file. `person` is an id on the roster or an e-mail address."""

    line: int
    person: str
    shown: str
    scope: str
    opted_in_on: date
    expires_on: date
    revoked_on: date | None

    def is_in_force(self, today: date) -> bool:
        """Whether the person may be named on a day."""
        return self.opted_in_on <= today <= self.expires_on and (self.revoked_on is None or today < self.revoked_on)


def opted_in(
    exports: Path, recorded: Recorded | None, settings: Settings, *, today: date
) -> tuple[list[OptIn], list[str]]:
    """The lines of the file and what is wrong with it; no line where it is wrong, or where nobody may be named."""
    path = folder_of(exports) / CHAMPIONS_NAME
    if not path.is_file() or not _may_be_named(recorded, settings, today):
        return [], []
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            lines = csv.reader(stream, strict=True)
            found = list(_read((lines.line_num, [one.strip() for one in fields]) for fields in lines))
    except (csv.Error, UnicodeDecodeError):
        return [], [f"PPL-CHM-001 {CHAMPIONS_NAME}: is not a CSV file in UTF-8; {_NOBODY}; save it as CSV (UTF-8)"]
    faults = [one for one in found if isinstance(one, str)]
    return ([] if faults else [one for one in found if isinstance(one, OptIn)]), faults


def unread(exports: Path, recorded: Recorded | None, settings: Settings, *, today: date) -> list[str]:
    """A line if there is a file, and nothing allows to name anybody in it."""
    if not (folder_of(exports) / CHAMPIONS_NAME).is_file() or _may_be_named(recorded, settings, today):
        return []
    return [
        f"PPL-CHM-007 {CHAMPIONS_NAME}: nothing allows to name champions; the file is not read; allow it by champions "
        f"in {POLICY_NAME}, or without an agreement by release.champions in {FILE_NAME}"
    ]


def rows(lines: Sequence[OptIn], ring: KeyRing, *, today: date) -> list[dict[str, object]]:
    """The rows of `stg_champion`: the person keyed as a roster id and as an address, for it may be either."""
    return [
        {
            "line": one.line,
            "person_id": ring.person(one.person),
            "identifier_key": ring.pseudonym("identifier", "email", canonical("email", one.person)),
            "shown": on_one_line(one.shown),
            "scope": on_one_line(one.scope),
            "opted_in_on": one.opted_in_on,
            "is_in_force": one.is_in_force(today),
            "changed_on": max(one.opted_in_on, one.revoked_on or one.opted_in_on),
        }
        for one in lines
    ]


def unknown(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """One line per line of the file that names nobody on the roster, or several people."""
    missing = "select line from stg_champion where line not in (select line from dim_champion) order by line"
    return [
        f"PPL-CHM-006 {CHAMPIONS_NAME}:{line}: the person is not on the roster, or several have this address; nobody "
        "is named for it; write the id as the roster does"
        for (line,) in connection.execute(missing).fetchall()
    ]


def _may_be_named(recorded: Recorded | None, settings: Settings, today: date) -> bool:
    agreement = recorded.agreement if recorded else None
    return chosen_terms(settings, agreement=agreement, today=today).champions


def _read(lines: Iterator[tuple[int, list[str]]]) -> Iterator[OptIn | str]:
    _, header = next(lines, (1, []))
    if tuple(header) != HEADER:
        yield f"PPL-CHM-002 {CHAMPIONS_NAME}:1: the header is not {','.join(HEADER)}; {_NOBODY}; correct the header"
        return
    yield from (_line(number, fields) for number, fields in lines if fields)


def _line(number: int, fields: list[str]) -> OptIn | str:
    where = f"{CHAMPIONS_NAME}:{number}"
    if len(fields) != len(HEADER) or not all(fields[:5]):
        return (
            f"PPL-CHM-003 {where}: the line does not have 6 fields of which only the last may be empty; {_NOBODY}; "
            "complete it"
        )
    try:
        opted_in_on, expires_on, *revoked_on = (date.fromisoformat(one) for one in fields[3:] if one)
    except ValueError:
        return f"PPL-CHM-004 {where}: a day is not written as YYYY-MM-DD; {_NOBODY}; correct it"
    if not opted_in_on <= expires_on <= _year_after(opted_in_on) or (revoked_on and revoked_on[0] < opted_in_on):
        return (
            f"PPL-CHM-005 {where}: it ends, or is taken back, before it begins, or lasts for more than 12 months; "
            f"{_NOBODY}; correct the days"
        )
    return OptIn(number, *fields[:3], opted_in_on, expires_on, revoked_on[0] if revoked_on else None)


def _year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
