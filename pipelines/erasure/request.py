"""What erasure and objection have in common: the output folder, whom it is about, and the line in the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from models.problems import SettingsRefused
from pipelines import guard, trail
from pipelines.config import load_settings
from pipelines.declared import keyed_mapping
from pipelines.erasure.ledger import Kind
from pipelines.erasure.subject import Mapped, Subject, find, keys_of, requests_of
from pipelines.erasure.sweep import REBUILD
from pipelines.keys import KeyRing, open_key
from pipelines.lake import Lake
from pipelines.warehouse import Warehouse, columns_of


@dataclass(frozen=True, slots=True)
class Output:
    """An output folder that exists, with its key."""

    folder: Path
    ring: KeyRing

    @property
    def state(self) -> Path:
        """What cannot be rebuilt."""
        return self.folder / "work" / "state"

    @property
    def lake(self) -> Lake:
        """The parsed exports."""
        return Lake(self.folder / "work" / "lake", self.ring)

    @property
    def warehouse(self) -> Warehouse:
        """The live database."""
        return Warehouse(self.folder / "work" / "turnout.duckdb")


@dataclass(frozen=True, slots=True)
class Request:
    """Number in the ledger, and whom it is about: nothing of them if they were left out before and nothing is left."""

    number: int
    subject: Subject
    known_as: frozenset[str]
    """All pseudonyms of the subject, and those of the name that was given."""


def opened(out: Path) -> Output:
    """Raises `SettingsRefused` for a folder that no run has used (PPL-ERA-005), or whose key is another one."""
    if not (out / "work" / "state" / "key").exists():
        raise SettingsRefused(
            "PPL-ERA-005 --out: there is no key in work/state; nothing was done; name the output folder of a run, or "
            "restore its key from a backup"
        )
    output = Output(out, open_key(out / "work" / "state"))
    guard.refuse_other_key(output.warehouse, output.ring)
    output.lake.ledger()
    return output


def mapped_accounts(output: Output, exports: Path | None) -> Mapped:
    """The mapping file beside the exports, else as the last run read it."""
    if exports is not None:
        rows = keyed_mapping(exports, load_settings(exports), output.ring)
        return {str(row["account_id"]): _text(row["person_id"]) for row in rows}
    if not output.warehouse.path.exists():
        return {}
    with output.warehouse.connect() as connection:
        if not columns_of(connection, "stg_mapping"):
            return {}
        return dict(connection.execute("select account_id, person_id from stg_mapping").fetchall())


def asked(output: Output, text: str, mapped: Mapped) -> Request:
    """Whom the request is about, without changing anything; raises `SettingsRefused` (PPL-ERA-001) for nobody known."""
    lake = output.lake
    ledger, subject = lake.ledger(), find(lake, text, mapped)
    named = {one for one in keys_of(lake, text) if one in subject.pseudonyms or ledger.number_of(one) is not None}
    known_as = frozenset(subject.pseudonyms | named)
    if not known_as:
        raise SettingsRefused(
            "PPL-ERA-001 PERSON: nobody in this output folder has this roster id or e-mail address; nothing was done; "
            "write it as the roster does"
        )
    return Request(min(requests_of(ledger, known_as), default=ledger.next_number), subject, known_as)


def left_out(output: Output, text: str, mapped: Mapped, *, kind: Kind, today: date) -> Request:
    """Enters the person into the ledger; an erasure hardens an objection, an objection leaves an erasure as it is."""
    request = asked(output, text, mapped)
    ledger = output.lake.ledger()
    before = requests_of(ledger, request.known_as)
    if kind == "forget":
        ledger.harden(before)
    pseudonyms: Mapping[str, int] = dict.fromkeys(request.subject.pseudonyms, request.number)
    if before:
        ledger.add(pseudonyms)
    else:
        ledger.add(pseudonyms, kind=kind, since=today)
    return request


def shown_names(output: Output, known_as: Iterable[str]) -> list[str]:
    """Under which names the last run may have shown them: as a named executive or as a champion."""
    if not output.warehouse.path.exists():
        return []
    found = set()
    with output.warehouse.connect() as connection:
        for table in ("dim_named_executive", "dim_champion"):
            if columns_of(connection, table):
                query = f"select shown from {table} where list_contains(?, person_id)"
                found |= {shown for (shown,) in connection.execute(query, [sorted(known_as)]).fetchall()}
    return sorted(found)


def remove_warehouse(output: Output) -> None:
    """Deleting rows would leave their bytes in its file; the next run makes a new one from the lake."""
    guard.forget(output.warehouse.path)
    (output.state / REBUILD).unlink(missing_ok=True)


def noted(output: Output, what: str, outcome: str, known_as: Iterable[str], now: datetime) -> None:
    """A line of the trail about a request that is not an erasure: of whom it was tells only who has key and name."""
    subjects = sorted(trail.subject(output.ring, one) for one in known_as)
    event = trail.Event(what, outcome, output.ring.key_id, details={"subjects": subjects})
    trail.record(output.state, event, now=now, who=trail.current_user())


def _text(value: object) -> str | None:
    return None if value is None else str(value)
