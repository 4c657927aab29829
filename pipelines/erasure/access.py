"""`turnout access`: everything that is held about one person, for that person.

JSON, because it is a common format that machines and people read, has no limit of rows, and runs nothing when opened.
Pseudonyms of other people are not handed out: they are "somebody else".
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import polars as pl

from models.problems import SettingsRefused
from models.schemas import TABLES
from models.schemas.base import Table
from models.schemas.lake import LAKE
from models.schemas.purposes import purpose_of
from models.schemas.staging import FROM_LAKE, SETTINGS
from pipelines.erasure.apply import OWN, REFERRING
from pipelines.erasure.request import Output, Request, asked, mapped_accounts, noted, opened
from pipelines.gate import STEP
from pipelines.lake import Lake
from pipelines.warehouse import columns_of, frame_of, quoted

NOT_HELD: Final = (
    "No text, title, subject or attachment of a message, page or file, and no length of a message.",
    "No name, e-mail address, employee number or login: they are replaced by pseudonyms before anything is stored. "
    "Only the name under which an agreement names an executive, or you asked to be named, is kept as it is.",
    "Nothing of direct messages, private channels and groups or personal spaces, but how many there were, unless the "
    "organisation has switched private channels on.",
    "No e-mail: of message traces only totals of units and weeks.",
    "No score, ranking or assessment of a single person.",
    "Figures about groups, in which nobody can be found, are not listed here.",
)
_PEOPLE: Final = frozenset({*OWN, *REFERRING, "ancestor_person_id"})
_TABLES: Final[Mapping[str, type[Table]]] = {**TABLES, **SETTINGS}

Shown = Callable[[str, object], object]


def write_access(out: Path, text: str, to: Path, *, exports: Path | None, now: datetime) -> int:
    """Writes the file (mode 0600) and returns how many rows it holds.

    Raises `SettingsRefused` if there is no such person (PPL-ERA-001), the file exists or its folder does not
    (PPL-ERA-007), or the output folder or its key is not the right one.
    """
    if to.exists() or not to.parent.is_dir():
        raise SettingsRefused(
            "PPL-ERA-007 --to: the file exists, or its folder does not; nothing was written; name a new file"
        )
    output = opened(out)
    request = asked(output, text, mapped_accounts(output, exports))
    held = _held(output, request)
    with open(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
        json.dump(
            {
                "about": f"What Turnout held about you on {now.date()}, in every table in which you stand.",
                "requests": _requests(output, request),
                "not_held": NOT_HELD,
                "tables": held,
            },
            stream,
            indent=1,
            ensure_ascii=False,
        )
    noted(output, "access", "written", request.known_as, now)
    return sum(len(table["rows"]) for table in held if isinstance(table["rows"], list))


def _requests(output: Output, request: Request) -> list[str]:
    """What the ledger says of the person."""
    ledger = output.lake.ledger()
    numbers = {number for one in request.known_as if (number := ledger.number_of(one)) is not None}
    lines = ledger.rows.filter(pl.col("number").is_in(list(numbers)))
    words = {"forget": "Erased", "object": "Left out at your objection"}
    return [
        f"{words[kind]} since {since}; kept of it: {n_lines} one-way hashes, so that exports that come later do not "
        "bring you back"
        for kind, since, n_lines in lines.group_by("kind", "since_on").len().sort("since_on").rows()
    ]


def _held(output: Output, request: Request) -> list[dict[str, object]]:
    """One entry per table with rows about the person: what it is, what its columns are for, and the rows."""
    shown = _shown(output, request)
    found: list[dict[str, object]] = []
    for entry in output.lake.entries():
        for table, schema in LAKE.items():
            parts = [_rows_of(part, request.known_as) for part in output.lake.parts(entry, table)]
            if any(part.height for part in parts):
                place = f"lake: {table}, of the export {entry.path}"
                found.append(_told(place, table, schema, pl.concat(parts), shown))
    for table, rows in _of_warehouse(output, request):
        found.append(_told(f"warehouse: {table}", table, _TABLES[table], rows, shown))
    return found


def _of_warehouse(output: Output, request: Request) -> Iterator[tuple[str, pl.DataFrame]]:
    """Tables made from the lake; staging holds the lake's rows once more and is not repeated."""
    if not output.warehouse.path.exists():
        return
    with output.warehouse.connect() as connection:
        for table in sorted(set(_TABLES) - set(FROM_LAKE)):
            names = [name for name, kind in columns_of(connection, table).items() if kind == "VARCHAR"]
            if names:
                matches = " or ".join(f"list_contains($known, {quoted(name)})" for name in names)
                rows = frame_of(
                    connection, f"from {quoted(table)} where {matches}", {"known": sorted(request.known_as)}
                )
                if rows.height:
                    yield table, rows


def _rows_of(rows: pl.DataFrame, known_as: frozenset[str]) -> pl.DataFrame:
    names = [name for name, kind in rows.schema.items() if kind == pl.String]
    is_named = [pl.col(name).is_in(list(known_as)).fill_null(value=False) for name in names]
    return rows.filter(pl.any_horizontal(is_named)) if is_named else rows.clear()


def _told(place: str, table: str, schema: type[Table], rows: pl.DataFrame, shown: Shown) -> dict[str, object]:
    described = schema.to_schema().columns
    return {
        "table": place,
        "holds": (schema.__doc__ or "").strip(),
        "columns": {
            name: {"means": described[name].description, "for": _purpose(table, name)} for name in rows.columns
        },
        "rows": [{name: shown(name, value) for name, value in row.items()} for row in rows.iter_rows(named=True)],
    }


def _purpose(table: str, column: str) -> str:
    if table.startswith(STEP):
        return "A step on the way to figures about groups."
    return purpose_of(table, column)


def _shown(output: Output, request: Request) -> Shown:
    """How a cell is told: what is the person's own by what it is, other people not at all, spaces by their names."""
    own, spaces = _own(output.lake, request.known_as), _space_names(output.lake)

    def tell(name: str, value: object) -> object:
        if isinstance(value, bytes):
            return value.hex()
        if isinstance(value, date | datetime):
            return value.isoformat()
        if not isinstance(value, str):
            return value
        if name == "space_id":
            return spaces.get(value, "a space without a public name")
        return own.get(value, "somebody else" if name in _PEOPLE else value)

    return tell


def _own(lake: Lake, known_as: Iterable[str]) -> dict[str, str]:
    """What each pseudonym of the person stands for."""
    own = dict.fromkeys(known_as, "you")
    for entry in lake.entries():
        for rows in lake.parts(entry, "account"):
            for account, workspace in rows.select("account_id", "workspace").unique().rows():
                if account in own:
                    own[account] = f"your account on {entry.platform} ({workspace})"
        for rows in chain(lake.parts(entry, "account_identifier"), lake.parts(entry, "person_identifier")):
            for kind, identifier in rows.select("kind", "identifier_key").unique().rows():
                if identifier in own:
                    own[identifier] = f"your {kind.replace('_', ' ')}, as a keyed hash"
    return own


def _space_names(lake: Lake) -> dict[str, str]:
    parts = (rows for entry in lake.entries() for rows in lake.parts(entry, "space"))
    return {space: label for rows in parts for space, label in rows.select("space_id", "label").drop_nulls().rows()}
