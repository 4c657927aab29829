"""Pseudonyms: one secret in one file, the same for the same, different for the different."""

import random
import re
import shutil
import stat
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import polars as pl
import pytest

from connectors.contract import FRAMES, IDENTIFIERS, Frame, frame
from models.problems import SettingsRefused
from pipelines.cli import main
from pipelines.keys import KEY_BYTES, KeyRing, canonical, keep_apart, keyed, open_key
from tests.pipelines.runs import KEY, Run

RING = KeyRing(bytes(range(32)))
OTHER = KeyRing(bytes(reversed(range(32))))
DOTTED = "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"
COMPOSED = "Jos\N{LATIN SMALL LETTER E WITH ACUTE}"


def test_the_key_is_made_on_the_first_run_for_its_owner_only(tmp_path):
    ring = open_key(tmp_path / "work" / "state")
    key = tmp_path / "work" / "state" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert len(key.read_bytes()) == KEY_BYTES
    assert open_key(tmp_path / "work" / "state") == ring
    assert open_key(tmp_path / "other") != ring


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int):
    open_key(tmp_path)
    (tmp_path / "key").chmod(mode)
    with pytest.raises(SettingsRefused, match="PPL-KEY-001"):
        open_key(tmp_path)


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_key_of_another_length_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "key").write_bytes(content)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(SettingsRefused, match="PPL-KEY-001"):
        open_key(tmp_path)


def test_a_key_that_is_gone_is_not_replaced_where_there_are_pseudonyms_made_with_it(tmp_path: Path):
    open_key(tmp_path / "work" / "state")
    (tmp_path / "work" / "state" / "key").unlink()
    open_key(tmp_path / "work" / "state")
    (tmp_path / "work" / "state" / "key").unlink()
    (tmp_path / "work" / "lake").mkdir()
    with pytest.raises(SettingsRefused, match=r"^PPL-KEY-001 work/state/key: the key is missing"):
        open_key(tmp_path / "work" / "state")
    assert not (tmp_path / "work" / "state" / "key").exists()


def test_a_key_that_cannot_be_read_is_refused(tmp_path: Path):
    (tmp_path / "key").symlink_to(tmp_path / "nowhere")
    with pytest.raises(SettingsRefused, match="PPL-KEY-001 work/state/key: the key cannot be read"):
        open_key(tmp_path)
    (tmp_path / "key").unlink()
    (tmp_path / "key").mkdir(mode=0o700)
    with pytest.raises(SettingsRefused, match="PPL-KEY-001 work/state/key: the key cannot be read"):
        open_key(tmp_path)


@pytest.mark.parametrize("place", ["key", "work/key", "releases/1/backup", "releases/1/site/assets/key"])
@pytest.mark.parametrize("is_link", [False, True])
def test_a_key_among_the_results_is_refused(tmp_path: Path, place: str, is_link: bool):
    ring = open_key(tmp_path / "work" / "state")
    (tmp_path / "releases" / "1" / "site" / "assets").mkdir(parents=True)
    (tmp_path / "latest").symlink_to("releases/1")
    (tmp_path / "releases" / "1" / "other").write_bytes(bytes(KEY_BYTES))
    keep_apart(ring, tmp_path)
    if is_link:
        shutil.move(tmp_path / "work" / "state" / "key", tmp_path / place)
        (tmp_path / "work" / "state" / "key").symlink_to(tmp_path / place)
    else:
        shutil.copy(tmp_path / "work" / "state" / "key", tmp_path / place)
    assert open_key(tmp_path / "work" / "state") == ring
    with pytest.raises(SettingsRefused, match=f"^PPL-KEY-001 {place}: the key lies among the results; nothing was"):
        keep_apart(ring, tmp_path)


def missing(key: Path) -> None:
    key.unlink()


def short(key: Path) -> None:
    key.write_bytes(KEY[:-1])


def readable(key: Path) -> None:
    key.chmod(0o644)


def beside_the_warehouse(key: Path) -> None:
    shutil.copy(key, key.parent.parent / "backup of the key")


def published(key: Path) -> None:
    shutil.copy(key, key.parents[2] / "latest" / "site" / "key")


FAULTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "B111-missing": (missing, "work/state/key: the key is missing"),
    "B111-short": (short, "work/state/key: the key does not hold 32 bytes"),
    "B111-readable": (readable, "work/state/key: the key can be read by others"),
    "B111-beside-the-warehouse": (beside_the_warehouse, "work/backup of the key: the key lies among the results"),
    "B111-inside-a-release": (published, r"releases/\w+-\w+/site/key: the key lies among the results"),
}


@pytest.mark.parametrize("row", FAULTS)
def test_no_run_starts_with_a_key_that_is_not_safe(row: str, company: Path, my_out: Path, capfd):
    spoil, message = FAULTS[row]
    live, lake, before = my_out / "work" / "turnout.duckdb", my_out / "work" / "lake", (my_out / "latest").resolve()
    tables = {name: Run(live).table(name) for name in ("export_file", "stg_file", "note", "mart_active_users")}
    parsed = sorted(path.relative_to(lake) for path in lake.rglob("*"))
    spoil(my_out / "work" / "state" / "key")
    assert main(["run", "--exports", str(company), "--out", str(my_out), "--quiet"]) == 2
    shown = capfd.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert re.match(rf"^PPL-KEY-001 {message}; nothing was read; ", line)
    for secret in (KEY, KEY[:-1]):
        for spelling in (secret.hex(), b64encode(secret).decode(), repr(secret)[2:-1], secret.decode("latin-1")):
            assert spelling not in shown.err
    assert {name: Run(live).table(name) for name in tables} == tables
    assert sorted(path.relative_to(lake) for path in lake.rglob("*")) == parsed
    assert (my_out / "latest").resolve() == before


def test_the_key_is_in_no_text_about_its_holder():
    assert RING.secret.hex() not in repr(RING)
    assert repr(RING.secret)[2:-1] not in f"{RING} {RING!r}"


def test_the_key_id_tells_keys_apart_and_is_no_part_of_the_key():
    assert RING.key_id == KeyRing(bytes(range(32))).key_id
    assert RING.key_id != OTHER.key_id
    assert len(bytes.fromhex(RING.key_id)) == 8
    assert RING.key_id not in RING.secret.hex()


def test_a_pseudonym_depends_on_the_key_and_on_every_part_of_what_it_names():
    names = {
        ring.pseudonym(purpose, *parts)
        for ring in (RING, OTHER)
        for purpose in ("account", "space")
        for parts in (("slack", "T1", "ann"), ("slack", "T2", "ann"), ("yammer", "T1", "ann"), ("slack", "T1a", "nn"))
    }
    assert len(names) == 16
    assert all(len(name) == 26 and name.isalnum() and name == name.lower() for name in names)
    assert RING.account("slack", "T1", "ann") == RING.pseudonym("account", "slack", "T1", "ann")


def test_event_numbers_encrypt_to_different_blocks_and_the_same_number_to_the_same():
    chance = random.Random(1)
    numbers = [0, 1, -1, 2**63 - 1, -(2**63), *(chance.getrandbits(63) for _ in range(5_000))]
    tags = [RING.scope_tag("slack", "T1", "message"), RING.scope_tag("slack", "T2", "message")]
    of_tag, of_number = zip(*((tag, number) for tag in tags for number in numbers), strict=True)
    blocks = RING.encrypt(list(of_tag), list(of_number)).to_pylist()
    assert len(set(blocks)) == 2 * len(set(numbers))
    assert {len(block) for block in blocks} == {16}
    assert RING.encrypt(list(of_tag), list(of_number)).to_pylist() == blocks
    assert RING.encrypt([of_tag[7]], [of_number[7]]).to_pylist() == [blocks[7]]
    assert not set(OTHER.encrypt(list(of_tag), list(of_number)).to_pylist()) & set(blocks)
    assert RING.encrypt([], []).to_pylist() == []


def test_the_scope_keeps_equal_numbers_apart():
    tags = {RING.scope_tag(*parts) for parts in (("slack", "T1", "message"), ("slack", "T1", "react:tada"),
                                                 ("yammer", "T1", "message"), ("slack", "T2", "message"))}  # fmt: skip
    assert len(tags) == 4
    assert len(set(RING.encrypt(sorted(tags), [7] * 4).to_pylist())) == 4


@pytest.mark.parametrize("kind", ["email", "directory_id", "login"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann.Lee@Acme.Example", "ann.lee@acme.example"),
        (" ann@acme.example ", "ann@acme.example"),
        (COMPOSED, normalize("NFD", COMPOSED)),
        (f"{DOTTED}rem", normalize("NFD", f"{DOTTED}rem")),
        (f"{DOTTED}rem".lower(), f"{DOTTED}rem"),
        ("strasse", "STRA\N{LATIN SMALL LETTER SHARP S}E"),
    ],
)
def test_spellings_that_mean_the_same_identifier_are_one(kind: str, one: str, other: str):
    assert canonical(kind, one) == canonical(kind, other)


def test_a_turkish_capital_i_is_no_plain_i():
    """Case folding does not ask for the language, so İREM and IREM stay two people."""
    assert canonical("email", f"{DOTTED}rem@acme.example") != canonical("email", "Irem@acme.example")
    assert canonical("email", "IREM@acme.example") == canonical("email", "irem@acme.example")


def test_an_underscore_of_a_login_is_a_space():
    assert canonical("login", "Ann_Lee") == canonical("login", "ann lee")
    assert canonical("account", "Ann_Lee") == "Ann_Lee"


def test_accounts_that_differ_in_case_stay_apart():
    assert RING.account("mediawiki", "wiki", "Chaals") != RING.account("mediawiki", "wiki", "chaals")
    assert RING.person("E1") != RING.person("e1")


def test_accounts_are_trimmed_and_composed():
    assert RING.account("mediawiki", "wiki", f" {COMPOSED}") == RING.account(
        "mediawiki", "wiki", normalize("NFD", COMPOSED)
    )


EVENT = {
    "workspace": "T1", "space": "C1", "space_alias": "general", "event_scope": "message", "event_number": 5,
    "thread_scope": "message", "thread_number": 4, "account": "ann", "target_account": "bo",
}  # fmt: skip


def test_no_identifier_and_no_native_number_is_left_in_a_keyed_frame():
    rows = keyed(
        frame("event", [EVENT, EVENT | {"account": None, "thread_number": None, "space": None}]), RING, "slack"
    )
    first, second = rows.to_dicts()
    assert first["account_id"] == RING.account("slack", "T1", "ann")
    assert first["target_account_id"] == RING.account("slack", "T1", "bo")
    assert (second["account_id"], second["thread_id"], second["space_id"]) == (None, None, None)
    tag = RING.scope_tag("slack", "T1", "message")
    assert [first["event_id"], first["thread_id"]] == RING.encrypt([tag, tag], [5, 4]).to_pylist()
    assert set(FRAMES["event"]) - set(rows.columns) == {
        "account", "target_account", "space", "event_scope", "event_number", "thread_scope", "thread_number",
        "target_number",
    }  # fmt: skip
    assert not {"ann", "bo", "C1", "general"} & {value for row in rows.to_dicts() for value in row.values()}


def test_addresses_join_across_platforms_and_accounts_do_not():
    rows = [{"workspace": "T1", "account": "7", "kind": "email", "identifier": "Ann@t.example"}]
    slack, yammer = (keyed(frame("account_identifier", rows), RING, platform) for platform in ("slack", "yammer"))
    people = [{"person": "E1", "kind": "email", "identifier": "ann@T.example"},
              {"person": "E1", "kind": "login", "identifier": "ann@T.example"}]  # fmt: skip
    roster = keyed(frame("person_identifier", people), RING, "roster")
    assert (
        slack["identifier_key"].to_list()
        == yammer["identifier_key"].to_list()
        == roster["identifier_key"][:1].to_list()
    )
    assert roster["identifier_key"].n_unique() == 2
    assert slack["account_id"].to_list() != yammer["account_id"].to_list()


@pytest.mark.parametrize("table", sorted(table for table in FRAMES if set(FRAMES[table]) & set(IDENTIFIERS)))
def test_every_declared_identifier_is_replaced_in_every_frame(table: str):
    named = {column: f"canary {column}" for column in FRAMES[table] if column in IDENTIFIERS}
    row = {"workspace": "T1", "kind": "email", **named} if "kind" in FRAMES[table] else {"workspace": "T1", **named}
    rows = keyed(frame(table, [row]), RING, "slack")
    assert "canary" not in repr(rows.to_dicts())


def test_rows_keep_their_order():
    numbers = list(range(300, 0, -1))
    rows = pl.DataFrame([EVENT | {"event_number": n, "account": f"a{n % 7}"} for n in numbers])
    whole = frame("event", rows.to_dicts())
    out = keyed(Frame("event", whole.rows), RING, "slack")
    tag = RING.scope_tag("slack", "T1", "message")
    assert out["event_id"].to_list() == RING.encrypt([tag] * 300, numbers).to_pylist()
    assert out["account_id"].to_list() == [RING.account("slack", "T1", f"a{n % 7}") for n in numbers]
