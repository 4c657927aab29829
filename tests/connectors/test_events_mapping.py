"""Which mappings are refused before a file is opened, by code and key; and how presets are completed."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from connectors.events import REASONS
from connectors.events_mapping import (
    ACCOUNT_COLUMNS,
    EVENT_COLUMNS,
    EVENT_CONSTANTS,
    NESTED_COLUMNS,
    SPACE_COLUMNS,
    TRACE_COLUMNS,
    USAGE_COLUMNS,
    USAGE_CONSTANTS,
    check_mapping,
)
from connectors.events_presets import PRESETS, completed
from connectors.settings import EventMapping, EventRows, NestedEvents
from models.problems import SettingsRefused
from models.schemas.base import ACTIONS

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "mappings.md").read_text(encoding="utf-8")
SOUND: dict[str, Any] = {"match": "*", "platform": "intranet", "columns": {"actor": "who", "at": "when"},
                         "constants": {"action": "post"}}


def refusal(**keys: Any) -> str:
    with pytest.raises(SettingsRefused) as caught:
        check_mapping(msgspec.convert({**SOUND, **keys}, EventMapping), 2)
    return str(caught.value)


def test_a_sound_mapping_is_taken():
    check_mapping(msgspec.convert(SOUND, EventMapping))


@pytest.mark.parametrize(("keys", "code", "named"), [
    ({"columns": {"actor": "who"}}, "021", "columns.at"),
    ({"columns": {"at": "when"}}, "021", "columns.actor"),
    ({"constants": {}}, "021", "columns.action"),
    ({"columns": {"actor": "who", "at": "when", "text": "body"}}, "022", "columns.text"),
    ({"columns": {"actor": "", "at": "when"}}, "022", "columns.actor"),
    ({"columns": {"actor": [], "at": "when"}}, "022", "columns.actor"),
    ({"constants": {"action": "post", "at": "now"}}, "022", "constants.at"),
    ({"constants": {"action": "post", "visibility": "secret"}}, "022", "constants.visibility"),
    ({"constants": {"action": "post", "actor_kind": "cat"}}, "022", "constants.actor_kind"),
    ({"constants": {"action": "posted"}}, "023", "constants.action"),
    ({"actions": {"Wrote": "write"}}, "023", "actions.Wrote"),
    ({"time_format": "%d/%m"}, "024", "time_format"),
    ({"time_format": "%Y-%m-%d"}, "024", "time_format"),
    ({"time_format": "%Y-%m-%d %H:%M %Z"}, "024", "time_format"),
    ({"time_format": "yesterday"}, "024", "time_format"),
    ({"time_format": "%Q"}, "024", "time_format"),
    ({"separator": ";;"}, "025", "separator"),
    ({"separator": '"'}, "025", "separator"),
    ({"encoding": "klingon"}, "025", "encoding"),
    ({"encoding": "hex"}, "025", "encoding"),
    ({"platform": "facebook"}, "026", "accounts"),
    ({"platform": "twitter"}, "026", "accounts"),
    ({"platform": "fb", "preset": "facebook"}, "026", "accounts"),
    ({"platform": "twitter", "accounts": ["acme"], "constants": {"action": "post", "actor": "me"}}, "026",
     "constants.actor"),
    ({"platform": "My Wiki"}, "027", "platform"),
    ({"platform": "roster"}, "027", "platform"),
    ({"platform": "x; drop table t"}, "027", "platform"),
    ({"platform": "email"}, "028", "kind"),
    ({"rows": [{"column": "a"}]}, "021", "rows.1.values"),
    ({"rows": [{"column": "a", "values": ["b"], "unless": ["c"]}]}, "021", "rows.1.values"),
    ({"rows": [{"column": "a", "values": ["b"], "kind": "space"}]}, "021", "rows.1.columns.space"),
    ({"rows": [{"column": "a", "values": ["b"], "columns": {"actor": "c"}}]}, "022", "rows.1.columns.actor"),
    ({"rows": [{"column": "a", "values": ["b"], "kind": "event", "rule": "private_space"}]}, "022", "rows.1.rule"),
    ({"rows": [{"column": "a", "values": ["b"], "private": ["c"]}]}, "022", "rows.1.private"),
    ({"nested": [{"path": "a", "constants": {"action": "reply"}}]}, "021", "nested.1.columns.actor"),
    ({"nested": [{"path": "a", "columns": {"actor": "b"}}]}, "021", "nested.1.constants.action"),
    ({"nested": [{"path": "a", "columns": {"actor": "b"}, "constants": {"action": "shout"}}]}, "023",
     "nested.1.constants.action"),
    ({"nested": [{"path": "a", "columns": {"actor": "b"}, "constants": {"action": "reply"},
                  "nested": [{"path": "c", "columns": {"body": "d"}}]}]}, "022", "nested.1.nested.1.columns.body"),
    ({"kind": "usage", "constants": {"report": "r"}, "columns": {"on": "day"}}, "021", "columns"),
    ({"kind": "usage", "constants": {"report": "r"}, "columns": {"read": "n"}}, "021", "columns.from"),
    ({"kind": "usage", "constants": {}, "columns": {"on": "day", "read": "n"}}, "021", "columns.report"),
    ({"kind": "usage", "constants": {"report": "r", "from": "January"}, "columns": {"to": "x", "read": "n"}}, "022",
     "constants.from"),
    ({"kind": "usage", "constants": {"report": "r"}, "columns": {"on": "x", "read": "n"}, "bots": ["b"]}, "022",
     "bots"),
    ({"kind": "trace", "constants": {}, "columns": {"actor": "s", "at": "t", "target_account": "r"}}, "022",
     "columns.target_account"),
    ({"kind": "trace", "constants": {}, "columns": {"at": "t"}}, "021", "columns.actor"),
])  # fmt: skip
def test_a_mapping_that_cannot_be_followed_is_refused_by_code_and_key(keys, code, named):
    assert refusal(**keys).startswith(f"PPL-CFG-{code} turnout.toml: [[events]] number 2, {named} ")


def test_a_preset_is_completed_table_by_table():
    (entry,) = completed([{"match": "*", "preset": "sharepoint", "platform": "intranet",
                           "actions": {"FileViewed": "other"}, "rows": []}])
    mapping = msgspec.convert(entry, EventMapping)
    assert (mapping.platform, mapping.rows, mapping.zone) == ("intranet", (), "UTC")
    assert mapping.actions == {**PRESETS["sharepoint"]["actions"], "FileViewed": "other"}
    assert mapping.columns == PRESETS["sharepoint"]["columns"]


def test_an_unknown_preset_is_refused():
    with pytest.raises(SettingsRefused, match=r"PPL-CFG-020 .*number 2, preset is not known.*mattermost"):
        completed([{"match": "*"}, {"match": "*", "preset": "myspace"}])


def test_what_is_no_list_of_mappings_is_left_to_the_check_of_types():
    assert completed({"preset": "teams"}) == {"preset": "teams"}
    assert completed(["teams"]) == ["teams"]


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_needs_no_more_than_what_is_documented(name):
    needed: dict[str, Any] = {"fileshare": {"zone": "UTC"}, "facebook": {"accounts": ["1"]},
                              "twitter": {"accounts": ["acme"], "constants": {"actor": "acme"}}}.get(name, {})
    (entry,) = completed([{"match": "*", "preset": name, **needed}])
    check_mapping(msgspec.convert(entry, EventMapping))


def test_every_key_of_a_mapping_and_every_preset_is_documented():
    """docs/mappings.md is where an analyst learns what a mapping may say."""
    keys = {field.encode_name for struct in (EventMapping, EventRows, NestedEvents)
            for field in msgspec.structs.fields(struct)}
    keys |= {*EVENT_COLUMNS, *EVENT_CONSTANTS, *ACCOUNT_COLUMNS, *SPACE_COLUMNS, *NESTED_COLUMNS, *USAGE_COLUMNS,
             *USAGE_CONSTANTS, *TRACE_COLUMNS, *ACTIONS, *REASONS}
    keys -= {"aggregated", "further_recipient", "outside_sender", "no_sender"}
    assert not {key for key in keys if not re.search(rf"`(?:\w+\.)?{key}(?:\.\*)?`|\[\[events\.{key}\]\]", DOCUMENT)}
    assert not {name for name in PRESETS if f"`{name}`" not in DOCUMENT}
    assert all(f'preset = "{name}"' in DOCUMENT for name in set(PRESETS) - {"workplace"})
