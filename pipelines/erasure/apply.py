"""The ledger applied to one parsed export: whose rows go, which references to them become unknown, and the ledger's
own count of records, as if the export had never held them.

What others did stays: a reply to somebody who is forgotten is a reply to an unknown author.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from models.noted import LEFT_OUT
from pipelines.erasure.ledger import Ledger

_MESSAGE: Final = "records of people who are forgotten or object were left out"
OWN: Final = ("account_id", "person_id")
"""Columns that say whose a row is: it goes with its owner."""
REFERRING: Final = ("target_account_id", "manager_person_id")
"""Columns of other people's rows that name somebody: they become NULL."""
_IDENTIFIER: Final = "identifier_key"

Write = Callable[[Path, pl.DataFrame], None]


def table_of(part: Path) -> str:
    """The lake table of a part, which is named `<table>-<number>`."""
    return part.name.rpartition("-")[0]


def find(parts: Iterable[Path], ledger: Ledger) -> dict[str, int]:
    """Accounts and people of these parts who are left out, each with its request.

    Also those that are not in the ledger themselves, but have an identifier that is.
    """
    if not ledger.digest:
        return {}
    named: set[str] = set()
    carried: set[tuple[str, str]] = set()
    for part in parts:
        columns = pl.read_parquet_schema(part)
        for column in (*OWN, *REFERRING):
            if column in columns:
                named |= set(pl.read_parquet(part, columns=[column])[column].drop_nulls().unique())
        if _IDENTIFIER in columns:
            owner = next(column for column in OWN if column in columns)
            carried |= set(pl.read_parquet(part, columns=[owner, _IDENTIFIER]).unique().rows())
    gone = {one: number for one in named if (number := ledger.number_of(one)) is not None}
    for owner, identifier in sorted(carried):
        if owner not in gone and (number := ledger.number_of(identifier)) is not None:
            gone[owner] = number
    return gone


def leave_out(parts: Sequence[Path], gone: Iterable[str], write: Write) -> None:
    """Hands every part that changes to `write`, under its path; one more holds the note, unless the export has it."""
    left_out = pl.Series(sorted(gone), dtype=pl.String)
    n_gone: Counter[str] = Counter()
    for part in parts:
        columns = [name for name in (*OWN, *REFERRING) if name in pl.read_parquet_schema(part)]
        is_named = [pl.col(name).is_in(left_out.implode()).fill_null(value=False) for name in columns]
        if not columns or not pl.read_parquet(part, columns=columns).select(pl.any_horizontal(is_named).any()).item():
            continue
        rows = pl.read_parquet(part)
        kept, n_of_part = without(rows, left_out)
        n_gone.update(n_of_part)
        write(part, kept)
    recount([part for part in parts if table_of(part) == "part"], n_gone, write)
    _note([part for part in parts if table_of(part) == "note"], parts[0].parent, write)


def without(rows: pl.DataFrame, gone: pl.Series) -> tuple[pl.DataFrame, Mapping[str, int]]:
    """The rows of a lake table without those of these people and accounts, and how many source records went, by member.

    References to them become NULL.
    """
    is_theirs = [pl.col(name).is_in(gone.implode()).fill_null(value=False) for name in OWN if name in rows.columns]
    leaving = pl.any_horizontal(is_theirs) if is_theirs else pl.lit(value=False)
    n_records: dict[str, int] = {}
    if "is_record" in rows.columns:
        n_records = dict(rows.filter(leaving & pl.col("is_record")).group_by("member").len().rows())
    references = [
        pl.when(~pl.col(name).is_in(gone.implode())).then(pl.col(name)) for name in REFERRING if name in rows.columns
    ]
    return rows.filter(~leaving).with_columns(references), n_records


def recount(parts: Sequence[Path], n_gone: Counter[str], write: Write) -> None:
    """Takes the records that went from what their member is said to hold."""
    for part in parts:
        rows = pl.read_parquet(part)
        counts = []
        for member, n_read in rows.select("member", "n_read").rows():
            n_less = min(n_gone[member], n_read)
            n_gone[member] -= n_less
            counts.append(n_read - n_less)
        if counts != rows["n_read"].to_list():
            write(part, rows.with_columns(pl.Series("n_read", counts, dtype=pl.Int64)))


def _note(parts: Sequence[Path], folder: Path, write: Write) -> None:
    if not any((pl.read_parquet(part)["rule"] == LEFT_OUT).any() for part in parts):
        row = {"member": "", "line": None, "rule": LEFT_OUT, "message": _MESSAGE, "n_records": 1}
        schema = {"member": pl.String, "line": pl.Int64, "rule": pl.String, "message": pl.String, "n_records": pl.Int64}
        write(folder / f"note-{len(parts):05}.parquet", pl.DataFrame([row], schema=schema))
