"""After `turnout forget` somebody was never there: in no column, in no byte, in no figure, and in no later run."""

import json
import shutil
import stat
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from models.problems import SettingsRefused
from pipelines import guard
from pipelines.cli import main
from pipelines.erasure import forget, sweep
from pipelines.erasure.forget import Report
from pipelines.erasure.ledger import open_ledger
from pipelines.job import Outcome
from pipelines.lake import Lake
from pipelines.workspace import Workspace
from tests.pipelines import erasable, tiny
from tests.pipelines.erasable import ANN, BOSS, CHIEF, RING, assert_absent, pseudonyms, texts_in_tables
from tests.pipelines.runs import Run, assert_same_tables, run_models

NOW = datetime(2027, 1, 1, 12)
ORGANISATION = ("dim_person", "person_ancestor", "executive_by_rule", "fct_person_day", "mart_executive_participation",
                "mart_layers", "mart_trial")  # fmt: skip


@pytest.fixture
def drop(erasable_drop: Path) -> Path:
    return erasable_drop


@pytest.fixture
def out(erasable_out: Path, tmp_path: Path) -> Path:
    return shutil.copytree(erasable_out, tmp_path / "out")


def erase(out: Path, text: str, drop: Path | None = None, **choices: object) -> Report:
    given: dict[str, object] = {"exports": drop, "backups": (), "dagster_home": None, "now": NOW, "run": None}
    return forget.forget(out, text, **(given | choices))


def without(folder: Path, *people: str, tables: tuple[str, ...] = ()) -> Run:
    """The run over the same exports without these people's own records."""
    return run_models(erasable.write(folder / "drop", gone=people), folder / "out", tables=tables)


@pytest.mark.parametrize("people", [(BOSS,), (CHIEF, ANN)], ids=["a manager", "an executive, then one of a trial"])
def test_the_organisation_is_that_of_the_exports_without_them(people, drop, out, tmp_path):
    reference = without(tmp_path / "reference", *people, tables=ORGANISATION)
    for number, person in enumerate(people, 1):
        report = erase(out, person, drop)  # by the id on the roster
        assert (report.number, report.is_clean) == (number, True)
    again = run_models(drop, out, tables=ORGANISATION)
    assert_absent(out, *people)
    assert_same_tables(again, reference, ORGANISATION)
    assert again.one("select count(*) from stg_person where manager_person_id is null") >= 1


def test_what_others_did_stays_and_answers_an_unknown_author(drop, out):
    query = """
        select platform, event_id, account_id, action, occurred_at, thread_id,
               case when target_account_id not in (select unnest($gone)) then target_account_id end
        from stg_event where account_id not in (select unnest($gone)) order by all
    """
    before = Run(out / "work" / "turnout.duckdb").rows(query, gone=sorted(pseudonyms(ANN)))
    erase(out, ANN, drop)
    after = run_models(drop, out, is_built=False).rows(
        "select platform, event_id, account_id, action, occurred_at, thread_id, target_account_id "
        "from stg_event order by all"
    )
    assert after == before
    assert [row for row in after if row[3] == "react" and row[6] is None]
    assert [row for row in after if row[3] == "reply" and row[6] is None]


def test_a_new_export_with_the_same_address_does_not_bring_the_person_back(drop, out, tmp_path):
    erase(out, ANN, drop)
    later = shutil.copytree(drop, tmp_path / "later")
    users = [tiny.slack_user("U0SECONDCANARY", erasable.email(ANN).upper()), tiny.slack_user("U0NOBODY")]
    messages = [tiny.slack_message(date(2024, 4, n), user) for n in (1, 2) for user in ("U0SECONDCANARY", "U0NOBODY")]
    tiny.slack_zip(later / "april.zip", users, {"general": messages})
    run = run_models(later, out, tables=("export_file", "fct_person_day"))
    assert_absent(out, ANN)
    second = RING.account("slack", tiny.TEAM, "U0SECONDCANARY")
    assert second not in {str(value) for _, value in texts_in_tables(out)}
    # the channel, one user and two messages are left
    assert run.rows("select n_read, n_accepted from export_file where path = 'april.zip'") == [(4, 4)]
    assert open_ledger(out / "work" / "state", RING).number_of(second) == 1


def test_an_account_that_a_later_export_shows_to_be_theirs_leaves_all_earlier_ones(drop, out, tmp_path):
    """Until the list of users comes, nobody knows whose the messages of an account are."""
    later = shutil.copytree(drop, tmp_path / "later")
    messages = [tiny.slack_message(date(2024, 4, n), "U0SECONDCANARY") for n in (1, 2)]
    tiny.slack_zip(later / "april.zip", [tiny.slack_user("U0NOBODY", "no@t.example")], {"general": messages})
    run_models(later, out, is_built=False)
    erase(out, ANN, later)
    second = RING.account("slack", tiny.TEAM, "U0SECONDCANARY")
    assert second in {str(value) for _, value in texts_in_tables(out)}
    users = [tiny.slack_user("U0SECONDCANARY", erasable.email(ANN))]
    tiny.slack_zip(later / "may.zip", users, {"general": [tiny.slack_message(date(2024, 5, 1), "U0SECONDCANARY")]})
    run_models(later, out, is_built=False)
    assert second not in {str(value) for _, value in texts_in_tables(out)}
    assert (out / "work" / "state" / "rebuild").exists()  # bytes of deleted rows stay in a database file
    run_models(later, out, tables=("meta",))
    run_models(later, out, is_built=False)
    assert not (out / "work" / "state" / "rebuild").exists()


def test_a_line_of_the_mapping_file_does_not_bring_the_person_back(drop, out, tmp_path):
    later = shutil.copytree(drop, tmp_path / "later")
    tiny.wiki_dump(later / "other.xml", [tiny.wiki_page(1, "P", [(1, date(2024, 2, 1), "Late Canary", "text")])],
                   name="otherwiki")  # fmt: skip
    run_models(later, out, is_built=False)
    erase(out, ANN, later)
    late = RING.account("mediawiki", "otherwiki", "Late Canary")
    assert late in {str(value) for _, value in texts_in_tables(out)}
    with (later / "mapping.csv").open("a") as stream:
        stream.write(f"mediawiki,otherwiki,Late Canary,{ANN}\n")
    run = run_models(later, out, is_built=False)
    assert late not in {str(value) for _, value in texts_in_tables(out)}
    assert run.one("select count(*) from stg_mapping") == len(erasable.PEOPLE) - 1


def test_who_has_another_name_in_an_older_export_is_forgotten_under_both(tmp_path):
    drop = tmp_path / "drop"
    erasable.write(drop)
    pages = {name: [tiny.wiki_page(1, "P", [(1, date(2024, 2, 1), name, "a"), (2, date(2024, 2, 2), "Somebody", "ab")])]
             for name in ("Old Canary", "New Canary")}  # fmt: skip
    tiny.wiki_dump(drop / "old.xml", pages["Old Canary"], name="otherwiki")
    pages["New Canary"].append(tiny.wiki_page(2, "Q", [(3, date(2024, 3, 1), "Somebody", "b")]))
    tiny.wiki_dump(drop / "new.xml", pages["New Canary"], name="otherwiki")
    with (drop / "mapping.csv").open("a") as stream:
        stream.write(f"mediawiki,otherwiki,New Canary,{ANN}\n")
    run_models(drop, tmp_path / "out", is_built=False)
    erase(tmp_path / "out", ANN, drop)
    run = run_models(drop, tmp_path / "out", is_built=False)
    somebody = RING.account("mediawiki", "otherwiki", "Somebody")
    assert run.rows("select distinct account_id from stg_event where workspace = 'otherwiki'") == [(somebody,)]


def test_an_address_of_several_people_erases_nobody_else(tmp_path):
    drop = tmp_path / "drop"
    addresses = {"person-ann": "team@t.example", "person-bo": "team@t.example", "person-cy": "cy@t.example"}
    rows = [tiny.roster_row(person, date(2023, 1, 1), "A", Email=address) for person, address in addresses.items()]
    tiny.roster_csv(drop / "r.csv", rows)
    users = [tiny.yammer_user(1, "team@t.example"), tiny.yammer_user(2, "cy@t.example")]
    tiny.yammer_zip(drop / "y.zip", erasable.MONDAY, erasable.UNTIL, users,
                    [tiny.yammer_row(10 + n, date(2024, 1, 5), n) for n in (1, 2)])  # fmt: skip
    (drop / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    run_models(drop, tmp_path / "out", is_built=False)
    with pytest.raises(SettingsRefused, match="PPL-ERA-003"):
        erase(tmp_path / "out", "team@t.example", drop)
    assert erase(tmp_path / "out", "person-ann", drop).is_clean
    run = run_models(drop, tmp_path / "out", tables=("dim_account",))
    # the address is now bo's alone, as it would be without ann on the roster
    expected = [(RING.person("person-bo"),), (RING.person("person-cy"),)]
    assert run.rows("select person_id from dim_account order by all") == sorted(expected)


def interrupt_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, call: int) -> None:
    """The process ends just before the n-th call of a step."""
    real, calls = getattr(owner, name), iter(range(1, 1_000))

    def step(*given: object, **choices: object) -> object:
        if next(calls) == call:
            raise KeyboardInterrupt
        return real(*given, **choices)

    monkeypatch.setattr(owner, name, step)


@pytest.mark.parametrize(
    ("owner", "name", "call"),
    [(sweep, "_revise", 3), (Lake, "describe", 1), (sweep, "tidy", 8), (sweep, "replace_part", 2),
     (guard, "forget", 1), (forget, "remove_releases", 1), (forget, "search", 1), (forget, "_write", 1)],
)  # fmt: skip
def test_an_interrupted_erasure_is_finished_by_the_same_command(owner, name, call, drop, out, monkeypatch):
    with monkeypatch.context() as patch:
        interrupt_at(patch, owner, name, call)
        with pytest.raises(KeyboardInterrupt):
            erase(out, ANN, drop)
    assert open_ledger(out / "work" / "state", RING).number_of(RING.person(ANN)) == 1
    report = erase(out, ANN, drop)
    assert (report.number, report.is_clean) == (1, True)
    assert_absent(out, ANN)
    lake = Lake(out / "work" / "lake", RING)
    n_read = {entry.path: sum(part["n_read"].sum() for part in lake.parts(entry, "part")) for entry in lake.entries()}
    assert n_read == {"hr/roster.csv": 13, "slack.zip": 155, "usage.csv": 13, "wiki.xml": 25, "yammer.zip": 94}
    noted = [(part["rule"] == "PPL-ERA-004").sum() for entry in lake.entries() for part in lake.parts(entry, "note")]
    assert sum(noted) == 5


def test_a_run_after_an_interrupted_erasure_does_not_know_the_person(drop, out, monkeypatch):
    with monkeypatch.context() as patch:
        interrupt_at(patch, sweep, "_revise", 3)
        with pytest.raises(KeyboardInterrupt):
            erase(out, ANN, drop)
    run_models(drop, out, is_built=False)
    assert not pseudonyms(ANN) & {str(value) for _, value in texts_in_tables(out)}


def test_older_releases_go_and_the_new_one_stands(drop, out):
    for name in ("old", "older", ".building-7"):
        (out / "releases" / name / "site").mkdir(parents=True)
    (out / "latest").symlink_to(Path("releases", "old"))

    def run() -> Outcome:
        (out / "releases" / "new").mkdir()
        (out / "latest").unlink()
        (out / "latest").symlink_to(Path("releases", "new"))
        return Outcome(out / "releases" / "new", ["a line of the run"], is_incomplete=False, summary="")

    report = erase(out, ANN, drop, run=run)
    assert [path.name for path in (out / "releases").iterdir()] == ["new"]
    assert (report.n_releases, report.is_released, report.notes) == (3, True, ["a line of the run"])


@pytest.mark.parametrize("is_refused", [True, False])
def test_without_a_new_release_the_last_one_loses_what_holds_the_person(is_refused, drop, out):
    release = out / "releases" / "last"
    (release / "site").mkdir(parents=True)
    (release / "site" / "index.html").write_text("no names")
    shutil.copy(out / "work" / "turnout.duckdb", release / "turnout.duckdb")
    (release / "run.json").write_text(f'{{"owner": "{erasable.email(ANN)}"}}')
    (out / "latest").symlink_to(Path("releases", "last"))

    def run() -> Outcome:
        if is_refused:
            raise SettingsRefused("PPL-CFG-001 turnout.toml: refused")
        return Outcome(None, ["PPL-RUN-002 a step failed"], is_incomplete=True, summary="")

    report = erase(out, erasable.email(ANN), drop, run=run)
    assert report.is_clean
    assert sorted(path.name for path in release.rglob("*")) == ["index.html", "site"]
    assert ("PPL-CFG-001" if is_refused else "PPL-RUN-002") in report.notes[0]
    assert_absent(out, ANN)


def test_the_command_replaces_the_release_by_one_without_the_person(drop, out, capsys, monkeypatch):
    """The whole job is replaced by one that publishes the live warehouse as it is."""

    def publish(workspace: Workspace) -> Outcome:
        run = run_models(workspace.exports_path, workspace.out_path, tables=("dim_person",))
        release = workspace.out_path / "releases" / "new"
        release.mkdir(parents=True)
        shutil.copy(run.path, release / "turnout.duckdb")
        (workspace.out_path / "latest").unlink(missing_ok=True)
        (workspace.out_path / "latest").symlink_to(Path("releases", "new"))
        return Outcome(release, [], is_incomplete=False, summary="")

    monkeypatch.setattr("pipelines.job.run_job", publish)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    (out / "releases" / "old").mkdir(parents=True)
    shutil.copy(out / "work" / "turnout.duckdb", out / "releases" / "old" / "turnout.duckdb")
    (out / "latest").symlink_to(Path("releases", "old"))
    assert RING.person(ANN) in {str(value) for _, value in texts_in_tables(out / "releases")}
    assert main(["forget", ANN, "--again", ANN, "--out", str(out), "--exports", str(drop)]) == 0
    assert "removed: 1 releases" in capsys.readouterr().out
    assert [path.name for path in (out / "releases").iterdir()] == ["new"]
    assert RING.person(BOSS) in {str(value) for _, value in texts_in_tables(out / "releases")}
    assert_absent(out, ANN)


def test_the_ledger_holds_no_pseudonym_and_the_report_only_counts(drop, out):
    erase(out, ANN, drop)
    state = out / "work" / "state"
    rows = pl.read_parquet(state / "forgotten.parquet")
    # person, four accounts, the address, and the id on the roster as a number of an employee
    assert rows.select("number", "kind", "since_on").unique().rows() == [(1, "forget", NOW.date())]
    assert rows.height == 7
    assert stat.S_IMODE((state / "forgotten.parquet").stat().st_mode) == 0o600
    report = json.loads((state / "forgotten-1.json").read_text())
    assert {name for name, value in report.items() if not isinstance(value, int)} == {"on", "key_id"}
    assert (report["n_hits"], report["n_exports_holding"], report["n_exports_rewritten"]) == (0, 7, 5)
    assert report["n_columns"] > 200
    trail = (state / "trail.jsonl").read_text()
    assert [json.loads(line)["outcome"] for line in trail.splitlines()] == ["begun", "done"]


@pytest.mark.parametrize(
    ("text", "code"), [("nobody@t.example", "PPL-ERA-001"), ("person", "PPL-ERA-001"), ("", "PPL-ERA-001")]
)
def test_who_is_not_known_changes_nothing(text, code, drop, out):
    before = digests(out)
    with pytest.raises(SettingsRefused, match=code) as refused:
        erase(out, text, drop)
    assert "nobody@" not in str(refused.value)
    assert digests(out) == before


def digests(out: Path) -> Mapping[str, bytes]:
    return {str(path): path.read_bytes() for path in out.rglob("*") if path.is_file() and not path.name.startswith(".")}


def test_another_key_is_refused(drop, out):
    erase(out, BOSS, drop)
    key = out / "work" / "state" / "key"
    key.write_bytes(bytes(32))
    for _ in range(2):
        with pytest.raises(SettingsRefused, match="PPL-KEY-002"):
            erase(out, ANN, drop)
    with pytest.raises(SettingsRefused, match="PPL-KEY-002"):
        run_models(drop, out, is_built=False)
    key.unlink()
    with pytest.raises(SettingsRefused, match="PPL-ERA-005"):
        erase(out, ANN, drop)
    assert not key.exists()


def test_a_warehouse_of_another_key_is_refused(drop, out):
    run_models(drop, out, tables=("meta",))
    (out / "work" / "state" / "key").write_bytes(bytes(32))
    with pytest.raises(SettingsRefused, match="PPL-KEY-002"):
        erase(out, ANN, drop)


def test_the_path_of_an_export_that_names_the_person_leaves_the_lake(drop, tmp_path):
    named = shutil.copytree(drop, tmp_path / "named")
    (named / "usage.csv").rename(named / f"{ANN}.csv")
    run_models(named, tmp_path / "out", is_built=False)
    assert erase(tmp_path / "out", ANN, named).is_clean
    assert_absent(tmp_path / "out", ANN)
