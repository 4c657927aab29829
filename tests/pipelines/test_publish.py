"""A release: what it holds, who may read it, and that the last one stands until the next is whole."""

import json
import re
import stat
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb
import msgspec
import polars as pl
import pytest

from models.schemas import TABLES
from pipelines.config import load_settings
from pipelines.publish import FULL, RELEASED, publish
from pipelines.warehouse import Warehouse
from tests.pipelines.runs import Run, contents

AT = datetime(2027, 3, 4, 5, 6, 7)
PAGE = "<html>{}</html>"


def site_saying(text: str):
    def build_site(tables: Mapping[str, pl.DataFrame], site: Path) -> None:
        site.mkdir()
        (site / "index.html").write_text(PAGE.format(text), encoding="utf-8")

    return build_site


def broken_site(tables: Mapping[str, pl.DataFrame], site: Path) -> None:
    site.mkdir()
    (site / "index.html").write_text("half", encoding="utf-8")
    raise RuntimeError("no more pages")


@pytest.fixture
def live(company_out: Path) -> Warehouse:
    return Warehouse(company_out / "work" / "turnout.duckdb")


def released(live: Warehouse, out: Path, company: Path, *, file: str = "released", at: datetime = AT, text: str = "a"):
    settings = load_settings(company)
    settings = msgspec.structs.replace(settings, analyst=msgspec.structs.replace(settings.analyst, file=file))
    return publish(live, out, settings, now=at, build_site=site_saying(text))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_analysts_file_holds_the_released_tables_only_unless_more_was_approved(live, tmp_path, company):
    some = Run(released(live, tmp_path, company) / "turnout.duckdb")
    assert some.tables() == sorted(RELEASED)
    full = Run(released(live, tmp_path, company, file="full") / "turnout.duckdb")
    assert full.tables() == sorted((*RELEASED, *FULL))


def test_no_list_of_tables_names_identifiers_staging_or_preparation():
    named = {*RELEASED, *FULL}
    assert named <= set(TABLES)
    assert not {name for name in named if name.startswith(("stg_", "prep_"))}
    assert not {"account_identifier", "person_identifier", "export_part", "space_alias"} & named
    assert all(name.startswith("rel_") or name in ("meta", "dim_metric", "coverage_day", "export_file")
               for name in RELEASED)  # fmt: skip


def test_the_full_file_leaves_out_ids_times_and_lines(live, tmp_path, company):
    path = released(live, tmp_path, company, file="full") / "turnout.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    found = {table: {name for of, name in columns if of == table} for table, _ in columns}
    assert {table: set(TABLES[table].to_schema().columns) - names for table, names in found.items() if
            set(TABLES[table].to_schema().columns) != names} == {
        "fct_event": {"event_id", "occurred_at", "line"}, "fct_usage": {"line"},
    }  # fmt: skip
    run = Run(path)
    assert run.one("select count(*) from fct_event") == Run(live.path).one("select count(*) from fct_event")


def test_days_of_hire_and_leave_are_shown_as_months(live, tmp_path, company):
    path = released(live, tmp_path, company, file="full") / "turnout.duckdb"
    run, true = Run(path), Run(live.path)
    query = "select person_id, valid_from, {0}, {1} from dim_person order by all"
    shown = run.rows(query.format("hired_on", "left_on"))
    month = "date_trunc('month', {})::date"
    assert shown == true.rows(query.format(month.format("hired_on"), month.format("left_on")))
    assert {hired.day for *_, hired, _ in shown if hired} == {1}
    assert len({hired.day for (hired,) in true.rows("select hired_on from dim_person") if hired}) > 1


def test_every_table_and_column_of_the_analysts_file_is_described(live, tmp_path, company):
    path = released(live, tmp_path, company, file="full") / "turnout.duckdb"
    run = Run(path)
    assert run.rows("select table_name from duckdb_tables() where not internal and coalesce(comment, '') = ''") == []
    bare = "select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''"
    assert run.rows(bare) == []


def test_only_the_owner_can_read_beside_the_site(live, tmp_path, company):
    release = released(live, tmp_path / "out", company)
    assert mode(release) == 0o700
    assert mode(tmp_path / "out" / "releases") == 0o700
    assert mode(release / "turnout.duckdb") == 0o600
    assert {path.name for path in release.iterdir()} == {"site", "turnout.duckdb", "run.json"}


def test_the_working_folder_is_its_owners_only(company_out):
    work = company_out / "work"
    assert mode(work / "turnout.duckdb") == 0o600
    assert mode(work / "state" / "key") == 0o600
    assert all(mode(path.parent) == 0o700 for path in (work / "lake").rglob("export.json"))


def test_latest_is_a_link_that_always_leads_to_a_whole_release(live, tmp_path, company):
    first = released(live, tmp_path, company, text="first")
    latest = tmp_path / "latest"
    assert latest.is_symlink()
    assert not Path(latest.readlink()).is_absolute()
    assert latest.resolve() == first
    with pytest.raises(RuntimeError):
        publish(live, tmp_path, load_settings(company), now=AT, build_site=broken_site)
    assert latest.resolve() == first
    assert (latest / "site" / "index.html").read_text(encoding="utf-8") == PAGE.format("first")
    second = released(live, tmp_path, company, text="second", at=datetime(2027, 3, 5))
    assert latest.resolve() == second
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == sorted([first.name, second.name])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "releases"]


def test_the_switch_replaces_the_link_in_one_step(live, tmp_path, company, monkeypatch):
    """Before and after every renaming the link leads to the old release or to the new one."""
    first = released(live, tmp_path, company, text="first")
    seen = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        seen.append((tmp_path / "latest").resolve())
        done = replace(self, target)
        seen.append((tmp_path / "latest").resolve())
        return done

    monkeypatch.setattr(Path, "replace", watched)
    second = released(live, tmp_path, company, text="second", at=datetime(2027, 3, 5))
    assert seen == [first, first, first, second]


def test_the_same_content_at_the_same_second_is_the_same_release(live, tmp_path, company):
    first = released(live, tmp_path, company)
    assert re.fullmatch(r"20270304T050607Z-[0-9a-f]{8}", first.name)
    assert released(live, tmp_path, company) == first
    assert released(live, tmp_path, company, text="b").name != first.name
    assert len(list((tmp_path / "releases").iterdir())) == 2


def test_run_json_records_the_settings_without_naming_anybody(live, tmp_path, company):
    release = released(live, tmp_path, company)
    text = (release / "run.json").read_text(encoding="utf-8")
    record = json.loads(text)
    settings = load_settings(company)
    assert settings.people.service_accounts
    assert record["settings"]["people"]["service_accounts"] == len(settings.people.service_accounts)
    assert not [one for one in settings.people.service_accounts if one.partition(":")[2] in text]
    assert record["settings"]["release"]["min_group"] == settings.release.min_group
    assert {one["path"] for one in record["exports"]} == {
        path for (path,) in Run(live.path).rows("select path from export_file")
    }
    pseudonyms = {
        str(key)
        for (key,) in Run(live.path).rows("select account_id from dim_account union select person_id from dim_person")
    }
    assert not pseudonyms & set(re.findall(r"[a-z2-7]{26}", text))


def test_run_json_counts_the_executives_of_the_list_and_names_none(live, tmp_path, company):
    settings = load_settings(company)
    listed = msgspec.structs.replace(settings.roster.exec, people=("E100001", "E100002"))
    named = msgspec.structs.replace(settings, roster=msgspec.structs.replace(settings.roster, exec=listed))
    release = publish(live, tmp_path, named, now=AT, build_site=site_saying("a"))
    text = (release / "run.json").read_text(encoding="utf-8")
    assert json.loads(text)["settings"]["roster"]["exec"]["people"] == 2
    assert "E10000" not in text


def test_the_id_of_the_release_stands_on_no_page(company_out):
    release = (company_out / "latest").resolve()
    stamp, digest = release.name.split("-")
    for path in (release / "site").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert release.name.encode() not in content
            assert stamp.encode() not in content
            if path.name != "plotly.min.js":
                assert digest.encode() not in content


def test_the_site_holds_no_pseudonym(company_out):
    known = Run(company_out / "work" / "turnout.duckdb").rows(
        "select account_id from dim_account union select person_id from dim_person union select space_id from dim_space"
    )
    names = {str(name) for (name,) in known}
    assert names
    for path in (company_out / "latest" / "site").rglob("*"):
        if path.is_file():
            assert not names & set(re.findall(r"[a-z2-7]{26}", contents(path).decode("utf-8", "replace")))


def test_leftovers_of_a_run_that_died_are_cleared(live, tmp_path, company):
    (tmp_path / "releases" / ".building-1").mkdir(parents=True)
    release = released(live, tmp_path, company)
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [release.name]
