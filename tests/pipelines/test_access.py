"""`turnout access`: all that is held about one person, nothing about anybody else."""

import json
import shutil
import stat
from datetime import datetime
from pathlib import Path

import pytest

from models.problems import SettingsRefused
from models.schemas.lake import LAKE
from pipelines.cli import main
from pipelines.erasure.access import write_access
from pipelines.erasure.forget import forget
from pipelines.erasure.ledger import open_ledger
from pipelines.erasure.objection import object_to
from pipelines.keys import KeyRing
from tests.pipelines import erasable, tiny
from tests.pipelines.erasable import ANN, BOSS, CHIEF
from tests.pipelines.runs import KEY, Run, run_models

NOW = datetime(2027, 1, 1, 12)
RING = KeyRing(KEY)


@pytest.fixture
def out(erasable_out: Path, tmp_path: Path) -> Path:
    return shutil.copytree(erasable_out, tmp_path / "out")


def told(out: Path, text: str, drop: Path) -> dict:
    to = out.parent / f"{text}.json"
    n_rows = write_access(out, text, to, exports=drop, now=NOW)
    answer = json.loads(to.read_text(encoding="utf-8"))
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert n_rows == sum(len(one["rows"]) for one in answer["tables"])
    return answer


def rows_of(answer: dict, place: str) -> list[dict]:
    return [row for one in answer["tables"] if one["table"].startswith(place) for row in one["rows"]]


def test_every_row_is_told_under_words_instead_of_pseudonyms(erasable_drop, out):
    run_models(erasable_drop, out, tables=("dim_person", "dim_account", "fct_person_day", "fct_event"))
    live = Run(out / "work" / "turnout.duckdb")
    answer = told(out, erasable.email(ANN), erasable_drop)
    (person,) = rows_of(answer, "lake: person, ")
    assert {name: person[name] for name in ("person_id", "manager_person_id", "org_path", "valid_from")} == {
        "person_id": "you", "manager_person_id": "somebody else", "org_path": ["A"], "valid_from": "2023-01-01",
    }  # fmt: skip
    accounts = {row["account_id"] for row in rows_of(answer, "warehouse: dim_account")}
    assert accounts == {f"your account on {one}" for one in (f"slack ({tiny.TEAM})", "yammer (network)",
                        "m365 (tenant)", "mediawiki (tinywiki)")}  # fmt: skip
    ids = [RING.account("slack", tiny.TEAM, erasable.slack_id(ANN)),
           RING.account("yammer", "network", str(erasable.yammer_id(ANN))),
           RING.account("mediawiki", "tinywiki", erasable.wiki_name(ANN))]  # fmt: skip
    n_events = live.one(
        "select count(*) from stg_event where account_id in (select unnest($ids)) "
        "or target_account_id in (select unnest($ids))", ids=ids)  # fmt: skip
    assert len(rows_of(answer, "lake: event, ")) == n_events
    n_days = live.one("select count(*) from fct_person_day where person_id = $who", who=RING.person(ANN))
    assert len(rows_of(answer, "warehouse: fct_person_day")) == n_days > 0
    assert {row["space_id"] for row in rows_of(answer, "lake: event, of the export slack.zip")} == {"general"}
    assert len(rows_of(answer, "lake: usage, ")) == 1
    assert rows_of(answer, "warehouse: stg_trial_person") == [{"trial": 1, "person_id": "you"}]
    assert not [one for one in answer["tables"] if one["table"].startswith("warehouse: stg_event")]
    (usage,) = [one for one in answer["tables"] if one["table"].startswith("lake: usage, ")]
    described = LAKE["usage"].to_schema().columns
    assert usage["columns"]["n_read"]["means"] == described["n_read"].description
    assert all(column["for"] for one in answer["tables"] for column in one["columns"].values())
    assert answer["requests"] == []


def test_no_pseudonym_of_anybody_stands_in_it(erasable_drop, out):
    run_models(erasable_drop, out, tables=("person_ancestor", "dim_account", "fct_event"))
    text = json.dumps(told(out, BOSS, erasable_drop))
    for person in (ANN, BOSS, CHIEF):
        known = [RING.person(person), RING.account("slack", tiny.TEAM, erasable.slack_id(person)),
                 RING.account("yammer", "network", str(erasable.yammer_id(person))),
                 RING.account("mediawiki", "tinywiki", erasable.wiki_name(person))]  # fmt: skip
        assert not [one for one in known if one in text]
        assert not [one for one in erasable.natives(person) if one in text]


def test_who_was_left_out_is_told_what_is_kept_of_it(erasable_drop, out):
    object_to(out, ANN, exports=erasable_drop, now=NOW)
    (line,) = told(out, ANN, erasable_drop)["requests"]
    assert line.startswith("Left out at your objection since 2027-01-01; kept of it: 7 one-way hashes")
    forget(out, ANN, exports=erasable_drop, backups=(), dagster_home=None, now=NOW, run=None)
    answer = told(out, erasable.email(ANN), erasable_drop)
    assert answer["tables"] == []
    assert answer["requests"][0].startswith("Erased since 2027-01-01")


def test_nobody_known_and_a_file_that_exists_are_refused(erasable_drop, out, tmp_path):
    with pytest.raises(SettingsRefused, match="PPL-ERA-001"):
        write_access(out, "nobody", tmp_path / "new", exports=None, now=NOW)
    assert not (tmp_path / "new").exists()
    with pytest.raises(SettingsRefused, match="PPL-ERA-007"):
        write_access(out, ANN, tmp_path / "none" / "new", exports=None, now=NOW)
    (tmp_path / "old").write_text("mine")
    with pytest.raises(SettingsRefused, match="PPL-ERA-007"):
        write_access(out, ANN, tmp_path / "old", exports=None, now=NOW)
    assert (tmp_path / "old").read_text() == "mine"


def test_the_mapping_file_is_known_from_the_last_run(erasable_drop, out):
    with_exports, without = told(out, ANN, erasable_drop), told(out, erasable.email(ANN), None)
    assert with_exports["tables"] == without["tables"]
    assert rows_of(without, "lake: event, of the export wiki.xml")


def test_the_commands_print_and_exit(erasable_drop, out, tmp_path, monkeypatch, capsys):
    here = ["--out", str(out)]
    assert main(["access", ANN, *here, "--to", str(tmp_path / "a.json")]) == 0
    assert "rows in" in capsys.readouterr().out
    assert main(["access", "nobody", *here, "--to", str(tmp_path / "b.json")]) == 2
    assert main(["object", ANN, *here]) == 0
    assert main(["explain", "contributor_ratio", *here]) == 2
    assert "PPL-ASK-007" in capsys.readouterr().err
    assert main(["object", ANN, *here, "--withdraw"]) == 0
    assert main(["object", ANN, *here, "--withdraw"]) == 2
    assert main(["forget", ANN, *here, "--again", BOSS]) == 2
    monkeypatch.setattr("builtins.input", lambda prompt: "person")
    assert main(["forget", ANN, *here]) == 2
    assert "PPL-ERA-002" in capsys.readouterr().err
    assert open_ledger(out / "work" / "state", RING).rows.is_empty()
    run_models(erasable_drop, out, is_built=False)
    monkeypatch.setattr("builtins.input", lambda prompt: f" {ANN} ")
    assert main(["forget", ANN, *here]) == 0
    assert "The person is in none of these files" in capsys.readouterr().out
    (tmp_path / "backup").write_text(ANN)
    assert main(["forget", ANN, *here, "--again", ANN, "--backup", str(tmp_path / "backup")]) == 1
    assert "PPL-ERA-008" in capsys.readouterr().out
