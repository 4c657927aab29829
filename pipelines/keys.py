"""Pseudonyms: the one place where an identifier from an export becomes a key, before anything is written.

Accounts, spaces, people and identifiers: keyed BLAKE2b-128 in base32. Event numbers: one AES-256 pass over 16 bytes
(8-byte scope tag, 8-byte number), which is injective. Without the key file neither can be computed or reversed.
"""

import base64
import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final
from unicodedata import normalize

import polars as pl
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from connectors.contract import IDENTIFIERS, Frame, Identifier
from models.problems import SettingsRefused

KEY_BYTES: Final = 32
ROTATED: Final = "rotated"
"""In `OUT/work`: a rotation that is to be finished before any key can be used."""
_FOLDED_KINDS: Final = frozenset({"email", "directory_id", "login"})
"""Identifiers that mean the same in any case. Native account names do not: a real wiki has two that differ in case."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The secret of one installation; `key_id` may be shown, the key never leaves this object."""

    secret: bytes = field(repr=False)  # or a traceback or a log could print it

    @property
    def key_id(self) -> str:
        """16 hexadecimal digits that tell two keys apart and say nothing about either."""
        return blake2b(b"", key=self.secret, digest_size=8, person=b"key-id-v1").hexdigest()

    def pseudonym(self, purpose: str, *parts: str) -> str:
        """26 base32 characters; `purpose` separates kinds, `parts` are platform, workspace and the canonical value."""
        digest = blake2b("\0".join(parts).encode(), key=self.secret, digest_size=16, person=f"{purpose}-v1".encode())
        return base64.b32encode(digest.digest()).decode().rstrip("=").lower()

    def account(self, platform: str, workspace: str, native: str) -> str:
        """Pseudonym of an account as its platform names it."""
        return self.pseudonym("account", platform, workspace, canonical("account", native))

    def person(self, native: str) -> str:
        """Pseudonym of a person as the roster names them."""
        return self.pseudonym("person", canonical("person", native))

    def scope_tag(self, *parts: str) -> int:
        """The 8 bytes that keep numbers of different platforms, workspaces and kinds apart."""
        digest = blake2b("\0".join(parts).encode(), key=self.secret, digest_size=8, person=b"scope-v1").digest()
        return int.from_bytes(digest, "big", signed=True)

    def encrypt(self, tags: list[int], numbers: list[int]) -> pa.Array:
        """One 16-byte block per (tag, number)."""
        blocks = array("q", bytes(16 * len(numbers)))
        blocks[0::2] = array("q", tags)
        blocks[1::2] = array("q", numbers)
        blocks.byteswap()
        key = blake2b(b"", key=self.secret, digest_size=32, person=b"event-v1").digest()
        # ECB is right here: every block is a distinct (tag, number), and equal events must give equal ids
        cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
        buffer = pa.py_buffer(cipher.update(blocks.tobytes()) + cipher.finalize())
        return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(numbers), [None, buffer]).cast(pa.binary())


def canonical(kind: str, value: str) -> str:
    """The one spelling of an identifier: NFC, trimmed; case-folded where case means nothing."""
    text = normalize("NFC", value).strip()
    if kind == "login":
        text = text.replace("_", " ")
    return text.casefold() if kind in _FOLDED_KINDS else text


def open_key(state: Path) -> KeyRing:
    """The key in `state/key`, of 32 bytes and mode 0600, made on the first run.

    Raises `SettingsRefused` (PPL-KEY-001) if it can be read by others, cannot be read, has another length, or is gone
    though there are pseudonyms made with it beside `state`; PPL-KEY-003 while a rotation is unfinished.
    """
    path = state / "key"
    if (state.parent / ROTATED).exists():
        raise SettingsRefused(
            f"PPL-KEY-003 work/{ROTATED}: a rotation of the key was interrupted; nothing was read; finish it with "
            "turnout rotate-key"
        )
    if not os.path.lexists(path):
        return _made(path)
    try:
        if path.stat().st_mode & 0o077:
            raise _refused(
                "can be read by others", "set its mode to 0600, and if others had access, start anew with a new key"
            )
        secret = path.read_bytes()
    except OSError:
        raise _refused("cannot be read", "let the user who runs Turnout read it, or restore it from a backup") from None
    if len(secret) != KEY_BYTES:
        raise _refused(f"does not hold {KEY_BYTES} bytes", "restore it from a backup")
    return KeyRing(secret)


def keep_apart(ring: KeyRing, out: Path) -> None:
    """Refuses an output folder with the key, or a copy of it, anywhere but in `work/state` (PPL-KEY-001).

    Looks at what lies in `out`, beside the warehouse in `out/work`, and in every release. What is published or handed
    on with the results must not hold the key, for it tells who is who.
    """
    for path in _beside_results(out):
        if path.is_file() and path.stat().st_size == KEY_BYTES and path.read_bytes() == ring.secret:
            raise _refused(
                "lies among the results",
                "take it away; if others had access, start anew with an empty output folder and so with a new key",
                path.relative_to(out).as_posix(),
            )


def _beside_results(out: Path) -> Iterator[Path]:
    yield from out.glob("*")
    yield from (out / "work").glob("*")
    yield from (out / "releases").rglob("*")


def _made(path: Path) -> KeyRing:
    work = path.parent.parent
    # with another key the same people would be others, so nothing that exists could be added to
    if any((work / name).exists() for name in ("turnout.duckdb", "lake")):
        raise _refused("is missing", "restore it from a backup, or start with an empty output folder")
    return new_key(path)


def new_key(path: Path) -> KeyRing:
    """A new key in a new file of mode 0600; raises `SettingsRefused` (PPL-KEY-001) if there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise _refused("is just being made by another run", "wait for that run to end") from None
    secret = os.urandom(KEY_BYTES)
    with os.fdopen(handle, "wb") as stream:
        stream.write(secret)
        stream.flush()
        os.fsync(stream.fileno())
    return KeyRing(secret)


def destroy(path: Path) -> None:
    """Overwrites a key where it lies and deletes its file; does nothing if there is none.

    On a disk that moves blocks, and in snapshots and backups, older bytes may live on: see docs/privacy.md.
    """
    target = path.resolve()  # the key may lie elsewhere, behind a link
    if target.is_file():
        with target.open("r+b", buffering=0) as stream:
            stream.write(os.urandom(max(KEY_BYTES, target.stat().st_size)))
            os.fsync(stream.fileno())
        target.unlink()
    path.unlink(missing_ok=True)


def _refused(what: str, fix: str, place: str = "work/state/key") -> SettingsRefused:
    return SettingsRefused(f"PPL-KEY-001 {place}: the key {what}; nothing was read; {fix}")


def keyed(frame: Frame, ring: KeyRing, platform: str) -> pl.DataFrame:
    """The rows of a reader's frame with every identifier replaced; the result may be stored."""
    rows = frame.rows
    for column, identifier in IDENTIFIERS.items():
        if column in rows.columns:
            rows = rows.with_columns(_pseudonyms(rows, column, identifier, ring, platform))
    if frame.table == "event":
        rows = rows.with_columns(
            _numbers(rows, "event_scope", "event_number", ring, platform).alias("event_id"),
            _numbers(rows, "thread_scope", "thread_number", ring, platform).alias("thread_id"),
            _numbers(rows, "thread_scope", "target_number", ring, platform).alias("target_event_id"),
        ).drop("event_scope", "event_number", "thread_scope", "thread_number", "target_number")
    return rows.rename(_KEYED_NAMES, strict=False)


_KEYED_NAMES: Final = {
    "account": "account_id",
    "target_account": "target_account_id",
    "space": "space_id",
    "person": "person_id",
    "manager": "manager_person_id",
    "identifier": "identifier_key",
}


def _pseudonyms(rows: pl.DataFrame, column: str, identifier: Identifier, ring: KeyRing, platform: str) -> pl.Expr:
    """Hashes each distinct value once; in Python, because engines disagree on case folding."""
    if identifier is Identifier.PERSON:
        scope: list[str] = []
    elif identifier is Identifier.BY_KIND:
        scope = ["kind"]
    else:
        scope = ["workspace"]
    distinct = rows.select(*scope, column).unique().drop_nulls(column)
    keys = []
    for row in distinct.iter_rows(named=True):
        value = row[column]
        if identifier is Identifier.BY_KIND:
            keys.append(ring.pseudonym("identifier", row["kind"], canonical(row["kind"], value)))
        elif identifier is Identifier.PERSON:
            keys.append(ring.person(value))
        else:
            keys.append(
                ring.pseudonym(identifier.value, platform, row["workspace"], canonical(identifier.value, value))
            )
    lookup = distinct.with_columns(pl.Series("key", keys, dtype=pl.String))
    joined = rows.select(*scope, column).join(lookup, on=[*scope, column], how="left", maintain_order="left")
    return pl.lit(joined["key"]).alias(column)


def _numbers(rows: pl.DataFrame, scope: str, number: str, ring: KeyRing, platform: str) -> pl.Series:
    scopes = rows.select("workspace", scope).unique()
    tags = scopes.with_columns(
        pl.Series(
            "tag",
            [ring.scope_tag(platform, workspace or "", of or "") for workspace, of in scopes.rows()],
            dtype=pl.Int64,
        )
    )
    joined = rows.join(tags, on=["workspace", scope], how="left", maintain_order="left", nulls_equal=True)
    numbers = joined[number]
    blocks = pl.Series(pl.from_arrow(ring.encrypt(joined["tag"].to_list(), numbers.fill_null(0).to_list())))
    return joined.select(pl.when(numbers.is_not_null()).then(blocks)).to_series()
