"""The ledger of people who are forgotten or object: it keeps them out when an old or a new export names them again.

`work/state/forgotten.parquet` holds hashes of pseudonyms, keyed like these: no pseudonym stands in it, and without the
key nobody can test whether somebody is in it. How it is applied to an export is in `apply`.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import polars as pl

from models.problems import SettingsRefused
from models.schemas.state import Forgotten
from pipelines import state_file
from pipelines.keys import KeyRing

FILE_NAME: Final = "forgotten.parquet"
Kind = Literal["forget", "object"]


@dataclass(frozen=True)
class Ledger:
    """The ledger as it was when it was opened; `add`, `harden` and `withdraw` return it as it is then."""

    state: Path
    ring: KeyRing
    rows: pl.DataFrame

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return dict(self.rows.select("hash", "number").rows())

    @cached_property
    def digest(self) -> str:
        """Changes whenever the ledger does; empty if nobody is in it."""
        lines = sorted(self._numbers)
        return blake2b("\0".join(lines).encode(), digest_size=8).hexdigest() if lines else ""

    @property
    def next_number(self) -> int:
        """The number of the next request."""
        return max(self._numbers.values(), default=0) + 1

    def number_of(self, pseudonym: str) -> int | None:
        """The request by which the person, account or identifier is left out; None if it is not."""
        return self._numbers.get(_hashed(self.ring, pseudonym)) if self._numbers else None

    def kind_of(self, number: int) -> Kind:
        """What was asked for by that request."""
        kind: Kind = self.rows.filter(pl.col("number") == number)["kind"][0]
        return kind

    def add(self, pseudonyms: Mapping[str, int], *, kind: Kind | None = None, since: date | None = None) -> "Ledger":
        """Leaves these out as well, each by the request of that number.

        Kind and day may be left out for a request that the ledger has: what is found later belongs to it.
        """
        with _locked(self.state):
            now = open_ledger(self.state, self.ring)
            known = {number: (of, day) for number, of, day in now.rows.select("number", "kind", "since_on").rows()}
            fresh = {
                _hashed(self.ring, one): number for one, number in pseudonyms.items() if now.number_of(one) is None
            }
            if not fresh:
                return now
            lines = [
                {"number": number, "kind": kind or known[number][0], "hash": line, "key_id": self.ring.key_id,
                 "since_on": since or known[number][1]}
                for line, number in fresh.items()
            ]  # fmt: skip
            return now._saved(pl.concat([now.rows, pl.DataFrame(lines, schema=_COLUMNS)]))

    def harden(self, numbers: Iterable[int]) -> "Ledger":
        """Turns objections into erasures, which cannot be withdrawn."""
        with _locked(self.state):
            now = open_ledger(self.state, self.ring)
            is_one = pl.col("number").is_in(list(numbers))
            kind = pl.when(is_one).then(pl.lit("forget")).otherwise("kind").alias("kind")
            return now._saved(now.rows.with_columns(kind))

    def withdraw(self, numbers: Iterable[int]) -> "Ledger":
        """Takes the lines of these objections out; erasures stay."""
        with _locked(self.state):
            now = open_ledger(self.state, self.ring)
            is_one = pl.col("number").is_in(list(numbers)) & (pl.col("kind") == "object")
            return now._saved(now.rows.filter(~is_one))

    def written(self) -> "Ledger":
        """The ledger as a file, be it empty."""
        with _locked(self.state):
            return self._saved(self.rows)

    def _saved(self, rows: pl.DataFrame) -> "Ledger":
        # sorted by hash, so that the order of the lines does not tell which account came with which person
        saved = Ledger(self.state, self.ring, Forgotten.validate(rows.sort("number", "hash")))
        content = BytesIO()
        saved.rows.write_parquet(content)
        state_file.replace(self.state / FILE_NAME, content.getvalue())
        return saved


_COLUMNS: Final = {name: column.dtype.type for name, column in Forgotten.to_schema().columns.items()}


def open_ledger(state: Path, ring: KeyRing) -> Ledger:
    """The ledger of `OUT/work/state`, empty if there is none.

    Raises `SettingsRefused` (PPL-KEY-002) if it was made with another key.
    """
    path = state / FILE_NAME
    rows = pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=_COLUMNS)
    for key_id in rows["key_id"].unique():
        if key_id != ring.key_id:
            raise SettingsRefused(
                f"PPL-KEY-002 key id {ring.key_id} is not that of this output folder (work/state/{FILE_NAME} has "
                f"{key_id}); nothing was read; restore the old key file"
            )
    return Ledger(state, ring, rows)


def _hashed(ring: KeyRing, pseudonym: str) -> str:
    return ring.pseudonym("forgotten", pseudonym)


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    """One writer at a time: a run may find further accounts of somebody while a command adds somebody else."""
    with open(os.open(state / f".{FILE_NAME}.lock", os.O_CREAT | os.O_RDWR, 0o600), "w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
