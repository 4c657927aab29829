"""What the audit trail tells of runs: that they started, what they published, or why they did not."""

import json
from hashlib import blake2b
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines import run_trail, trail, trail_check
from pipelines.cli import main
from pipelines.definitions import defs
from pipelines.keys import open_key
from tests.pipelines.runs import KEY, Run, give_key


def lines_of(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in trail.lines_of(trail.read(out / "work" / "state"))]


def site_hash(site: Path) -> str:
    digest = blake2b(digest_size=32)
    for path in sorted(one for one in site.rglob("*") if one.is_file()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(site).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def test_a_run_is_told_by_its_start_and_by_its_release(company_out):
    started, released = lines_of(company_out)
    assert [(line["what"], line["outcome"]) for line in (started, released)] == [
        ("run", "started"), ("run", "released"),
    ]  # fmt: skip
    ring = open_key(company_out / "work" / "state")
    assert started["key_id"] == released["key_id"] == ring.key_id
    assert started["run"] == released["run"]
    assert started["run"]
    assert started["settings"] == released["settings"]
    assert started["who"] == released["who"] == trail.current_user()
    run = Run(company_out / "work" / "turnout.duckdb")
    ((n_exports, n_loaded, n_read),) = run.rows(
        "select count(*), count(*) filter (where status = 'loaded'), sum(n_read) filter (where status = 'loaded')::int "
        "from export_file"
    )
    assert (released["n_exports"], released["n_loaded"], released["n_read"]) == (n_exports, n_loaded, n_read)
    assert released["min_group"] == 10
    held_back = run.rows("select reason, count(*) from rel_withheld group by reason")
    assert released["n_held_back"] == dict(held_back)
    assert held_back


def test_a_release_and_the_line_that_tells_of_it_name_each_other(company_out):
    latest = (company_out / "latest").resolve()
    *_, line = lines_of(company_out)
    assert line["release"] == latest.name
    assert line["content"] == site_hash(latest / "site")
    assert latest.name.endswith("-" + str(line["content"])[:8])
    assert json.loads((latest / "run.json").read_bytes())["trail"] == {"number": line["number"], "hash": line["hash"]}
    assert trail_check.breaks(company_out / "work" / "state") == []


def test_the_hash_of_the_inputs_changes_with_any_of_them_and_not_with_their_order():
    rows = pl.DataFrame({"path": ["a", "b"], "file_id": ["1", "2"], "bytes": [10, 20], "n_read": [3, 4]})
    same = [rows.reverse(), rows.with_columns(path=pl.lit("c"))]
    others = [
        rows.with_columns(file_id=pl.Series(["1", "3"])), rows.with_columns(bytes=pl.Series([10, 21])),
        rows.with_columns(n_read=pl.Series([3, 5])), rows.head(1), rows.clear(),
        rows.with_columns(bytes=pl.Series([20, 10])),
    ]  # fmt: skip
    assert {run_trail.inputs_hash(one) for one in same} == {run_trail.inputs_hash(rows)}
    assert len({run_trail.inputs_hash(one) for one in [rows, *others]}) == 1 + len(others)


def test_a_line_names_nobody_and_no_setting_in_clear_text(company_out, company):
    text = trail.read(company_out / "work" / "state").decode()
    people = pl.read_csv(company / "hr" / "roster.csv", infer_schema=False)
    for column in people.columns:
        for value in people[column].drop_nulls().unique():
            assert len(value) < 5 or value not in text


def test_a_lost_last_line_stops_the_next_run(my_out, company, capfd):
    path = my_out / "work" / "state" / trail.FILE_NAME
    before = (my_out / "latest").resolve()
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    run = ["run", "--exports", str(company), "--out", str(my_out), "--quiet"]
    assert main(run) == 2
    assert capfd.readouterr().err.startswith("PPL-TRL-001 work/state/trail.jsonl:2: the audit trail is broken: a rel")
    assert (my_out / "latest").resolve() == before
    *_, line = lines_of(my_out)
    assert (line["what"], line["outcome"], line["code"]) == ("run", "refused", "PPL-TRL-001")
    assert main(["trail", "--out", str(my_out)]) == 1
    assert "PPL-TRL-001" in capfd.readouterr().out
    assert main(["trail", "--out", str(my_out), "--accept-break", "restored from a backup"]) == 0
    assert main(["trail", "--out", str(my_out)]) == 0
    assert "restored from a backup" in capfd.readouterr().out


def test_a_release_is_not_made_on_a_trail_that_breaks_while_the_run_goes_on(my_out, company):
    before = (my_out / "latest").resolve()
    path = my_out / "work" / "state" / trail.FILE_NAME
    path.write_bytes(path.read_bytes().replace(b"started", b"stopped"))
    result = run_step("release", my_out, company)
    assert not result.success
    assert (my_out / "latest").resolve() == before
    *_, line = lines_of(my_out)
    assert (line["outcome"], line["step"], line["code"]) == ("failed", "release", "PPL-TRL-001")


def run_step(asset: str, out: Path, exports: Path) -> dg.ExecuteInProcessResult:
    """As the Dagster UI does when a single asset is materialized, with those of the same step: not the nightly job."""
    job = defs.resolve_implicit_global_asset_job_def()
    selection = dg.AssetSelection.assets(asset).required_multi_asset_neighbors()
    with dg.DagsterInstance.ephemeral(settings={"telemetry": {"enabled": False}}) as instance:
        return job.execute_in_process(
            instance=instance,
            asset_selection=list(selection.resolve(defs.resolve_asset_graph())),
            raise_on_error=False,
            run_config={
                "resources": {"workspace": {"config": {"exports": str(exports), "out": str(out)}}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
        )


def test_a_step_that_fails_is_told_by_its_name_and_code_wherever_it_was_started(tmp_path):
    out, drop = tmp_path / "out", tmp_path / "drop"
    give_key(out)
    drop.mkdir()
    (drop / "turnout.toml").write_text("[release]\nmin_group = 3\n", encoding="utf-8")
    result = run_step("drop_folder", out, drop)
    assert not result.success
    (line,) = lines_of(out)
    assert (line["what"], line["outcome"], line["step"], line["code"], line["error"]) == (
        "run", "failed", "drop_folder", "PPL-CFG-002", "SettingsRefused",
    )  # fmt: skip
    assert line["run"] == result.run_id


def test_a_run_that_is_refused_is_told_with_its_code_if_there_was_ever_one(tmp_path):
    drop, out = tmp_path / "drop", tmp_path / "out"
    drop.mkdir()
    (drop / "turnout.toml").write_text("secret_name_of_a_setting = 1\n", encoding="utf-8")
    run = ["run", "--exports", str(drop), "--out", str(out), "--quiet"]
    assert main(run) == 2
    assert not out.exists()
    give_key(out)
    assert main(run) == 2
    (line,) = lines_of(out)
    assert (line["what"], line["outcome"], line["code"], line["run"]) == ("run", "refused", "PPL-CFG-001", None)
    assert "secret" not in json.dumps(line)


@pytest.mark.parametrize("key", [KEY[:-1], None])
def test_a_run_that_is_refused_for_its_key_is_told_without_one(key, my_out, company):
    path = my_out / "work" / "state" / "key"
    path.unlink()
    if key:
        path.write_bytes(key)
        path.chmod(0o600)
    assert main(["run", "--exports", str(company), "--out", str(my_out), "--quiet"]) == 2
    *_, line = lines_of(my_out)
    assert (line["outcome"], line["code"], line["key_id"]) == ("refused", "PPL-KEY-001", None)


def test_a_trail_that_others_can_change_stops_a_run(my_out, company, capfd):
    (my_out / "work" / "state" / trail.FILE_NAME).chmod(0o666)
    assert main(["run", "--exports", str(company), "--out", str(my_out), "--quiet"]) == 2
    assert capfd.readouterr().err.startswith("PPL-TRL-002")


def test_who_runs_is_told_as_the_login_in_front_says(tmp_path, monkeypatch):
    monkeypatch.setenv("TURNOUT_USER", "ann@acme.example")
    drop, out = tmp_path / "drop", tmp_path / "out"
    drop.mkdir()
    give_key(out)
    (drop / "turnout.toml").write_text("[release]\nmin_group = 3\n", encoding="utf-8")
    assert main(["run", "--exports", str(drop), "--out", str(out), "--quiet"]) == 2
    assert lines_of(out)[0]["who"] == "ann@acme.example"
