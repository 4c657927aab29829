"""What the organisation declares about itself: checked when it is read, stored with people keyed, part of no figure."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from models.problems import SettingsRefused
from models.schemas.declarations import DECLARED
from pipelines.config import load_settings
from pipelines.declarations import rows
from pipelines.declared import unknown_units
from pipelines.keys import KeyRing
from pipelines.staging import no_rows, prepare
from tests.pipelines.runs import KEY

TARGET = '[[target]]\nmetric = "contributor_ratio"\nvalue = 0.4\nby = 2026-12-31\nset_by = "Board, May 2026"\n'
EVENT = '[[event]]\ndate = 2026-03-02\nkind = "launch"\n'
TRIAL = '[[trial]]\nplatform = "slack"\nstart = 2026-02-01\nend = 2026-04-30\nunits = ["Sales"]\n'


def settings_of(folder: Path, text: str):
    (folder / "turnout.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


@pytest.mark.parametrize(("text", "code"), [
    (TARGET.replace("contributor_ratio", "contributor_rate"), "PPL-DEC-001"),
    (TARGET.replace("0.4", "1.01"), "PPL-DEC-002"),
    (TARGET.replace("0.4", "-0.1"), "PPL-DEC-002"),
    (TARGET.replace("Board, May 2026", " "), "PPL-DEC-003"),
    (TRIAL.replace("2026-04-30", "2026-01-31"), "PPL-DEC-004"),
    (TRIAL.replace('units = ["Sales"]', ""), "PPL-DEC-005"),
    (TRIAL + 'people = ["e1"]', "PPL-DEC-005"),
    (TRIAL.replace('units = ["Sales"]', f"people = {[f'e{n}' for n in range(9)]}"), "PPL-DEC-006"),
    (TRIAL.replace('units = ["Sales"]', f"people = {['e1'] * 10}"), "PPL-DEC-006"),
    (EVENT.replace("launch", "party"), "PPL-CFG-001"),
    (EVENT.replace("2026-03-02", '"soon"'), "PPL-CFG-001"),
    (TARGET + "colour = 1\n", "PPL-CFG-001"),
    (TARGET.replace('set_by = "Board, May 2026"\n', ""), "PPL-CFG-001"),
])
def test_a_declaration_that_cannot_be_followed_is_refused(tmp_path, text, code):
    with pytest.raises(SettingsRefused, match=f"^{code} turnout.toml: .*; nothing was run; ") as refused:
        settings_of(tmp_path, text)
    assert "e1" not in str(refused.value)


def test_the_second_of_two_is_named(tmp_path):
    with pytest.raises(SettingsRefused, match=r"\[\[target\]\] 2: "):
        settings_of(tmp_path, TARGET + TARGET.replace("0.4", "7"))


def test_declarations_become_rows_with_people_keyed(tmp_path):
    people = [f"e{n}" for n in range(10)]
    text = TARGET + EVENT + EVENT.replace("launch", "policy") + 'title = "Guide"\nunits = ["Law", "Ops"]\n' + TRIAL + (
        TRIAL.replace('units = ["Sales"]', f"people = {[*people, 'e1']}")
    )
    settings = settings_of(tmp_path, text)
    ring = KeyRing(KEY)
    found = rows(settings.target, settings.event, settings.trial, ring)
    assert found["stg_target"] == [{
        "metric": "contributor_ratio", "platform": "all", "unit": "all", "value": 0.4, "by_on": date(2026, 12, 31),
        "set_by": "Board, May 2026",
    }]
    assert [(one["kind"], one["title"], one["unit"]) for one in found["stg_occasion"]] == [
        ("launch", "launch", "all"), ("policy", "Guide", "Law"), ("policy", "Guide", "Ops"),
    ]
    assert [(one["trial"], one["title"], one["unit"]) for one in found["stg_trial"]] == [
        (1, "Trial 1", "Sales"), (2, "Trial 2", None),
    ]
    assert [one["person_id"] for one in found["stg_trial_person"]] == [ring.person(person) for person in people]
    assert not set(people) & {one["person_id"] for one in found["stg_trial_person"]}


def test_nothing_declared_is_nothing_stored(tmp_path):
    settings = settings_of(tmp_path, "")
    assert not any(rows(settings.target, settings.event, settings.trial, KeyRing(KEY)).values())


def test_a_unit_in_which_nobody_is_is_noted(tmp_path):
    """Of targets, events and trials; each once, in quotes; none without a roster, where nobody has a unit."""
    events = "".join(EVENT + f"title = {title}\nunits = {units}\n" for title, units in (
        ('"a"', '["Sales", "Slaes\\n"]'), ('"b"', '["Slaes\\n"]'),
    ))
    text = TARGET + 'unit = "Lwa"\n' + TARGET + events + EVENT + TRIAL + TRIAL.replace("Sales", "Ops")
    settings = settings_of(tmp_path, text)
    with duckdb.connect() as connection:
        prepare(connection)
        for table, found in rows(settings.target, settings.event, settings.trial, KeyRing(KEY)).items():
            connection.register("given", pl.DataFrame(found, schema=no_rows(DECLARED[table]).schema))
            connection.execute(f"insert into {table} by name from given")
        connection.execute("create table dim_person (person_id varchar, unit varchar)")
        assert unknown_units(connection) == []
        connection.execute("insert into dim_person values ('p', 'Sales'), ('q', null)")
        found = unknown_units(connection)
    assert [line.partition(", in which nobody")[0] for line in found] == [
        'PPL-DEC-007 turnout.toml: [[event]] names the unit "Slaes\\n"',
        'PPL-DEC-007 turnout.toml: [[target]] names the unit "Lwa"',
        'PPL-DEC-007 turnout.toml: [[trial]] names the unit "Ops"',
    ]
