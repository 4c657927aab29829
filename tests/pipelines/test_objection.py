"""`turnout object`: left out of what is computed from now on, until it is taken back."""

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest

from models.problems import SettingsRefused
from pipelines.erasure.forget import forget
from pipelines.erasure.ledger import open_ledger
from pipelines.erasure.objection import object_to, withdraw
from pipelines.keys import KeyRing
from tests.pipelines import erasable
from tests.pipelines.erasable import ANN, BOSS
from tests.pipelines.runs import KEY, Run, assert_same_tables, run_models

NOW = datetime(2027, 1, 1, 12)
RING = KeyRing(KEY)
TABLES = ("fct_event", "fct_usage", "dim_person", "dim_account", "person_ancestor", "fct_person_day")
FACTS = {*TABLES, "account_identifier", "person_identifier"}


@pytest.fixture
def out(erasable_out: Path, tmp_path: Path) -> Path:
    return shutil.copytree(erasable_out, tmp_path / "out")


def people_in(run: Run) -> int:
    return int(str(run.one("select count(distinct person_id) from stg_person")))


def test_who_objects_is_left_out_until_it_is_taken_back(erasable_drop, out, tmp_path):
    before = run_models(erasable_drop, shutil.copytree(out, tmp_path / "before"), tables=tuple(FACTS))
    said = object_to(out, erasable.email(ANN), exports=erasable_drop, now=NOW)
    assert "5 exports" in said[0]
    left_out = run_models(erasable_drop, out, tables=("dim_person",))
    assert people_in(left_out) == len(erasable.PEOPLE) - 1
    assert left_out.rows("select * from dim_person where person_id = $who", who=RING.person(ANN)) == []
    assert object_to(out, ANN, exports=erasable_drop, now=NOW) == ["The person is left out already."]

    assert "5 exports" in withdraw(out, ANN, now=NOW)[1]
    again = run_models(erasable_drop, out, tables=tuple(FACTS))
    assert_same_tables(again, before, FACTS)
    assert open_ledger(out / "work" / "state", RING).rows.is_empty()
    assert again.rows("select 1 from stg_note where rule = 'PPL-ERA-004'") == []


def test_taking_back_without_the_exports_keeps_everybody_else(erasable_drop, out, tmp_path):
    object_to(out, ANN, exports=erasable_drop, now=NOW)
    withdraw(out, ANN, now=NOW)
    less = tmp_path / "less"
    less.mkdir()
    for name in ("turnout.toml", "mapping.csv", "slack.zip"):
        shutil.copy(erasable_drop / name, less / name)
    run = run_models(less, out, is_built=False)
    theirs = "select count(*) from stg_event where account_id = $account"
    assert run.one(theirs, account=RING.account("slack", "T0TINY000", erasable.slack_id(ANN))) > 0
    assert run.one(theirs, account=RING.account("yammer", "network", str(erasable.yammer_id(ANN)))) == 0
    assert people_in(run) == len(erasable.PEOPLE) - 1


def test_two_object_and_one_takes_it_back(erasable_drop, out):
    object_to(out, ANN, exports=erasable_drop, now=NOW)
    object_to(out, BOSS, exports=erasable_drop, now=NOW)
    withdraw(out, erasable.email(BOSS), now=NOW)
    run = run_models(erasable_drop, out, is_built=False)
    people = {row[0] for row in run.rows("select person_id from stg_person")}
    assert RING.person(BOSS) in people
    assert RING.person(ANN) not in people
    assert len(people) == len(erasable.PEOPLE) - 1
    assert run.one("select count(*) from stg_person where manager_person_id = $boss", boss=RING.person(BOSS)) == 11


def test_an_erasure_after_an_objection_is_for_good(erasable_drop, out):
    object_to(out, ANN, exports=erasable_drop, now=NOW)
    report = forget(out, ANN, exports=erasable_drop, backups=(), dagster_home=None, now=NOW, run=None)
    assert (report.number, report.is_clean) == (1, True)
    assert set(open_ledger(out / "work" / "state", RING).rows["kind"]) == {"forget"}
    with pytest.raises(SettingsRefused, match="PPL-ERA-006"):
        withdraw(out, ANN, now=NOW)


def test_an_objection_after_an_erasure_changes_nothing(erasable_drop, out):
    forget(out, ANN, exports=erasable_drop, backups=(), dagster_home=None, now=NOW, run=None)
    assert object_to(out, ANN, exports=erasable_drop, now=NOW) == ["The person is left out already."]
    assert set(open_ledger(out / "work" / "state", RING).rows["kind"]) == {"forget"}


def test_nobody_is_named_in_the_trail(erasable_drop, out):
    object_to(out, ANN, exports=erasable_drop, now=NOW)
    withdraw(out, ANN, now=NOW)
    trail = (out / "work" / "state" / "trail.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["outcome"] for line in trail.splitlines()] == ["entered", "withdrawn"]
    assert not any(name in trail for name in (*erasable.natives(ANN), RING.person(ANN)))


@pytest.mark.parametrize("text", ["nobody", ""])
def test_who_is_not_known_can_neither_object_nor_take_back(text, erasable_drop, out):
    with pytest.raises(SettingsRefused, match="PPL-ERA-001"):
        object_to(out, text, exports=erasable_drop, now=NOW)
    with pytest.raises(SettingsRefused, match="PPL-ERA-006"):
        withdraw(out, text, now=NOW)
