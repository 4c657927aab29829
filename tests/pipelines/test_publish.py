"""A release: what it holds, who may read it, and that the last one stands until the next is whole."""

import json
import re
import stat
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import polars as pl
import pytest

from models.schemas import TABLES
from pipelines.analysts_file import APPROVED, FEW_ACCOUNTS
from pipelines.config import load_settings
from pipelines.publish import RELEASED, publish
from pipelines.trail import Head
from pipelines.warehouse import Warehouse
from tests.pipelines.runs import Run, contents

AT = datetime(2027, 3, 4, 5, 6, 7)
PAGE = "<html>{}</html>"


def site_saying(text: str):
    def build_site(tables: Mapping[str, pl.DataFrame], site: Path) -> None:
        site.mkdir()
        (site / "index.html").write_text(PAGE.format(text), encoding="utf-8")

    return build_site


def recorded(tables: Mapping[str, pl.DataFrame], release: str, content: str) -> Head:
    """As the audit trail would, its line number the length of what it is told."""
    assert release.endswith(f"Z-{content[:8]}")
    return Head(len(content), content)


def passed(site: Path) -> Callable[[Path], object]:
    """An audit that finds nothing: these sites have no figures."""
    assert (site / "index.html").is_file()
    return lambda release: (release / "run.json").stat()


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
    return publish(live, out, settings, now=at, build_site=site_saying(text), recorded=recorded, audited=passed)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_analysts_file_holds_the_released_tables_only_unless_more_was_approved(live, tmp_path, company):
    some = Run(released(live, tmp_path, company) / "turnout.duckdb")
    assert some.tables() == sorted(RELEASED)
    full = Run(released(live, tmp_path, company, file="full") / "turnout.duckdb")
    assert full.tables() == sorted((*RELEASED, *APPROVED))


def test_no_list_of_tables_names_identifiers_staging_or_preparation():
    named = {*RELEASED, *APPROVED}
    assert named - set(TABLES) == {"dim_person_month"}
    assert not {name for name in named if name.startswith(("stg_", "prep_"))}
    assert not {"account_identifier", "person_identifier", "export_part", "space_alias", "dim_person", "dim_space",
                "person_ancestor", "executive_by_rule"} & named  # fmt: skip
    assert all(name.startswith("rel_") or name in ("meta", "dim_metric", "coverage_day", "export_file")
               for name in RELEASED)  # fmt: skip


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
        publish(
            live, tmp_path, load_settings(company), now=AT, build_site=broken_site, recorded=recorded, audited=passed
        )
    assert latest.resolve() == first
    assert (latest / "site" / "index.html").read_text(encoding="utf-8") == PAGE.format("first")
    second = released(live, tmp_path, company, text="second", at=datetime(2027, 3, 5))
    assert latest.resolve() == second
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == sorted([first.name, second.name])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "releases", "work"]


def test_the_switch_replaces_the_link_in_one_step(live, tmp_path, company, monkeypatch):
    """Before and after every renaming the link leads to the old release or to the new one."""
    first = released(live, tmp_path, company, text="first")
    seen = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        before = (tmp_path / "latest").resolve()
        done = replace(self, target)
        seen.append((target.parent.name, before, (tmp_path / "latest").resolve()))
        return done

    monkeypatch.setattr(Path, "replace", watched)
    second = released(live, tmp_path, company, text="second", at=datetime(2027, 3, 5))
    # what was published is remembered, the release is put in its place, and only then the link is switched
    assert seen == [("state", first, first), ("releases", first, first), (tmp_path.name, first, second)]


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
    files = Run(live.path).rows(
        "select path, count(distinct account_id) from export_file left join fct_event using (file_id) group by path"
    )
    assert sorted(one["path"] for one in record["exports"]) == sorted(
        FEW_ACCOUNTS if 0 < n_accounts < settings.release.min_group else path for path, n_accounts in files
    )
    assert "bookmarks/" not in text
    pseudonyms = {
        str(key)
        for (key,) in Run(live.path).rows("select account_id from dim_account union select person_id from dim_person")
    }
    assert not pseudonyms & set(re.findall(r"[a-z2-7]{26}", text))


def test_run_json_counts_the_executives_of_the_list_and_names_none(live, tmp_path, company):
    settings = load_settings(company)
    listed = msgspec.structs.replace(settings.roster.exec, people=("E100001", "E100002"))
    named = msgspec.structs.replace(settings, roster=msgspec.structs.replace(settings.roster, exec=listed))
    release = publish(live, tmp_path, named, now=AT, build_site=site_saying("a"), recorded=recorded, audited=passed)
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


def test_what_fails_the_audit_is_not_published_and_leaves_nothing(live, tmp_path, company):
    def failed(site: Path) -> Callable[[Path], object]:
        raise ValueError(len(site.name))

    first = released(live, tmp_path, company)
    with pytest.raises(ValueError, match="4"):
        publish(
            live, tmp_path, load_settings(company), now=AT, build_site=site_saying("b"), audited=failed,
            recorded=recorded,
        )  # fmt: skip
    assert (tmp_path / "latest").resolve() == first
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [first.name]
