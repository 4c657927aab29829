"""What spaces are for: checked when it is read, matched to names of public spaces, and said where nothing matches."""

import duckdb
import pytest

from models.problems import SettingsRefused
from models.schemas.declarations import StgPurpose
from pipelines import declared, purposes
from pipelines.config import load_settings
from pipelines.declared import store_settings
from pipelines.erasure.ledger import open_ledger
from pipelines.keys import KeyRing
from pipelines.staging import no_rows, prepare
from pipelines.warehouse import Warehouse
from tests.pipelines.runs import KEY

NAMES = [
    ("slack", "ideas", "public"), ("slack", "Idea box", "public"), ("slack", "[help]", "public"),
    ("slack", "ideas-secret", "private"), ("yammer", "Ideas", "public"), ("slack", None, "public"),
]  # fmt: skip


def settings_of(folder, text):
    (folder / "turnout.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        prepare(connection)
        for number, (platform, label, visibility) in enumerate(NAMES):
            connection.execute(
                "insert into stg_space by name select ? as platform, ? as label, ? as visibility, ? as space_id",
                [platform, label, visibility, str(number)],
            )
        yield connection


def matched(connection, settings):
    return [tuple(one.values()) for one in purposes.rows(settings, connection)]


@pytest.mark.parametrize("entry", ["ideas", "slack:", "myspace:ideas", ":ideas"])
def test_an_entry_that_names_no_platform_or_no_space_is_refused(tmp_path, entry):
    settings = settings_of(tmp_path, f'[purpose]\nevents = ["slack:town-hall", "{entry}"]\n')
    with pytest.raises(SettingsRefused, match=r"^PPL-PUR-001 turnout.toml: purpose.events, entry 2, ") as refused:
        declared.check(tmp_path, settings)
    assert "ideas" not in str(refused.value)


@pytest.mark.parametrize("text", ['[purpose]\nfun = ["slack:x"]', '[purpose]\nideas = "slack:x"', "[[purpose]]"])
def test_an_unknown_purpose_and_a_wrong_type_are_refused(tmp_path, text):
    with pytest.raises(SettingsRefused, match="PPL-CFG-001"):
        settings_of(tmp_path, text)


def test_a_mapped_platform_can_be_named(tmp_path):
    text = '[purpose]\nideas = ["intranet:*"]\n[[events]]\nmatch = "*.csv"\npreset = "teams"\nplatform = "intranet"\n'
    assert purposes.patterns(settings_of(tmp_path, text)) == [("ideas", 1, "intranet", "*")]


def test_patterns_become_the_names_of_public_spaces(connection, tmp_path):
    text = '[purpose]\nideas = ["slack:IDEA*", "slack:id?as"]\nlearning = ["slack:[help]", "slack:[h]elp"]\n'
    assert matched(connection, settings_of(tmp_path, text)) == [
        ("ideas", 1, "slack", "Idea box"), ("ideas", 1, "slack", "ideas"), ("ideas", 2, "slack", "ideas"),
        ("learning", 1, "slack", "[help]"), ("learning", 2, "slack", None),
    ]  # fmt: skip


def test_a_name_belongs_to_the_first_purpose_in_the_order_of_the_document(connection, tmp_path):
    settings = settings_of(tmp_path, '[purpose]\nevents = ["slack:ideas"]\nideas = ["slack:ideas"]\n')
    assert matched(connection, settings) == [("ideas", 1, "slack", "ideas"), ("events", 1, "slack", None)]


def test_an_entry_without_a_public_space_is_noted_by_its_number(connection, tmp_path):
    connection.execute("create table dim_space as select space_id, platform, visibility, label from stg_space")
    # the version in use of this one is private by now
    connection.execute("update dim_space set visibility = 'private' where label = 'Idea box'")
    text = '[purpose]\nideas = ["slack:ideas", "slack:idea b*", "slack:ideas-secret"]\nevents = ["yammer:ideas*"]\n'
    for row in purposes.rows(settings_of(tmp_path, text), connection):
        connection.execute("insert into stg_purpose by name select ? as purpose, ? as entry, ? as platform, ? as label",
                           list(row.values()))  # fmt: skip
    notes = purposes.unused(connection)
    assert [note.split(",")[0] for note in notes] == ["PPL-PUR-002 turnout.toml: purpose.ideas"] * 2
    assert [", entry 2, " in notes[0], ", entry 3, " in notes[1]] == [True, True]
    assert "secret" not in "".join(notes)


def test_purposes_are_stored_with_the_settings_and_replaced_by_the_next_run(tmp_path):
    warehouse, ring = Warehouse(tmp_path / "turnout.duckdb"), KeyRing(KEY)
    for text, n_rows in (('[purpose]\nideas = ["slack:a", "slack:b"]\n', 2), ("", 0)):
        store_settings(warehouse, tmp_path, settings_of(tmp_path, text), ring, open_ledger(tmp_path, ring))
        with warehouse.connect() as connection:
            stored = connection.sql("from stg_purpose").pl()
        assert stored.height == n_rows
        assert stored.schema == no_rows(StgPurpose).schema
