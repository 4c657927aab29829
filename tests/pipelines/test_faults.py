"""What goes wrong is said in one line, is left out as a whole, and touches nothing else."""

import gzip
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from models import queries
from pipelines.cli import main
from tests.pipelines import tiny
from tests.pipelines.runs import FACTS, FIGURES, Run, assert_same_tables, give_key, run_models

CANARY = "zyxwvu"
LINE = re.compile(
    r"(PPL-[A-Z]+-\d{3}) (?P<place>[^:;]+?)(?::(?P<line>\d+))?: (?P<what>[^;]+); (?P<done>[^;]+); (?P<fix>.+)"
)
DAY = date(2025, 10, 6)


def truncated_zip(drop: Path) -> Path:
    path = drop / "slack" / "broken.zip"
    people = [tiny.slack_user(f"U{CANARY.upper()}{n}", f"{CANARY}{n}@t.example") for n in range(9)]
    messages = [tiny.slack_message(DAY, str(user["id"]), text=f"{CANARY} {user['id']}") for user in people]
    tiny.slack_zip(path, people, {CANARY: messages})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    return path


def roster_with_a_column_twice(drop: Path) -> Path:
    path = drop / "hr" / "broken.csv"
    header, first, *_ = (drop / "hr" / "roster.csv").read_text(encoding="utf-8").splitlines()
    row = ",".join([f"{CANARY}1", *first.split(",")[1:]])
    path.write_text("\n".join([f"{header},{header.split(',')[0]}", f"{row},{CANARY}", ""]), encoding="utf-8")
    return path


def shifted_yammer_csv(drop: Path) -> Path:
    path = drop / "yammer" / "broken.zip"
    rows = [
        tiny.yammer_row(
            900 + n, DAY, 50 + n, body=f"{CANARY} {n}", sender_name=CANARY, sender_email=f"{CANARY}@t.example"
        )
        for n in range(3)
    ]
    tiny.yammer_zip(path, DAY, date(2025, 11, 1), [tiny.yammer_user(50, f"{CANARY}@t.example")], rows)
    members = tiny.members_of(path)
    header, first, second, third = members["Messages.csv"].splitlines()
    shifted = ",".join(["", *second.split(",")[:-1]])
    return tiny.zipped(path, members | {"Messages.csv": "\n".join([header, first, shifted, third, ""])})


def cut_wiki_dump(drop: Path) -> Path:
    path = drop / "wiki" / "broken.xml"
    pages = [tiny.wiki_page(n, f"{CANARY} {n}", [(n * 10, DAY, CANARY, CANARY * 9)]) for n in range(1, 30)]
    tiny.wiki_dump(path, pages, name="otherwiki")
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2], encoding="utf-8")
    return path


def cut_compressed_wiki_dump(drop: Path) -> Path:
    plain = cut_wiki_dump(drop)
    path = plain.with_suffix(".xml.gz")
    content = gzip.compress(plain.read_bytes() * 20, mtime=0)
    path.write_bytes(content[: len(content) // 2])
    plain.unlink()
    return path


FAULTS: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "a truncated zip": (truncated_zip, r"PPL-ZIP-\d+", r"slack/broken\.zip"),
    "a column twice": (roster_with_a_column_twice, "PPL-CSV-004", r"hr/broken\.csv(!.*)?:1"),
    "shifted columns": (shifted_yammer_csv, "PPL-YAM-006", r"yammer/broken\.zip!Messages\.csv:3"),
    "a dump cut in the middle": (cut_wiki_dump, r"PPL-XML-\d+", r"wiki/broken\.xml(!.*)?(:\d+)?"),
    "a compressed dump cut in the middle": (
        cut_compressed_wiki_dump, r"PPL-[A-Z]+-\d+", r"wiki/broken\.xml\.gz(!.*)?(:\d+)?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_file_gives_one_error_and_changes_no_other_row(fault, my_company, company_models, tmp_path):
    write, code, place = FAULTS[fault]
    broken = write(my_company)
    run = run_models(my_company, tmp_path / "out", tables=(*FACTS, *FIGURES))
    assert_one_clear_error(run.problems, code, place, broken)
    relative = broken.relative_to(my_company).as_posix()
    refused = "select status, reason, n_read, n_accepted from export_file where path = $p"
    assert run.rows(refused, p=relative) == [("refused", run.problems[0], 0, 0)]
    of_its_own = {"stg_found", "stg_file", "export_file"}
    assert_same_tables(run, company_models, set(run.tables()) - of_its_own)
    same = "select * exclude (loaded_at) from {} where status = 'loaded' order by path"
    assert run.rows(same.format("export_file")) == company_models.rows(same.format("export_file"))
    staged = "select * exclude (loaded_at) from stg_file order by path"
    assert run.rows(staged) == company_models.rows(staged)


def assert_one_clear_error(problems: list[str], code: str, place: str, broken: Path) -> None:
    assert len(problems) == 1, problems
    (problem,) = problems
    match = LINE.fullmatch(problem)
    assert match, problem
    assert re.fullmatch(code, match[1]), problem
    shown = match["place"] + (f":{match['line']}" if match["line"] else "")
    assert re.fullmatch(place, shown), problem
    assert CANARY not in problem.lower()
    assert str(broken.parents[1]) not in problem


def test_a_run_with_refused_files_releases_the_others_and_exits_3(my_company, company_out, tmp_path, capfd):
    for write, _, _ in FAULTS.values():
        write(my_company)
    cut_wiki_dump(my_company)
    out = tmp_path / "out"
    give_key(out)
    assert main(["run", "--exports", str(my_company), "--out", str(out), "--quiet"]) == 3
    shown = capfd.readouterr()
    assert CANARY not in (shown.out + shown.err).lower()
    lines = [line for line in shown.err.splitlines() if line.strip()]
    assert len(lines) == len(FAULTS), shown.err
    assert all(LINE.fullmatch(line) for line in lines), lines
    released, alone = (Run(folder / "latest" / "turnout.duckdb") for folder in (out, company_out))
    names = set(released.tables()) - {"export_file"}
    assert names == set(alone.tables()) - {"export_file"}
    assert_same_tables(released, alone, names)
    statuses = "select status, count(*)::int from export_file group by status order by status"
    ((_, n_sound),) = alone.rows(statuses)
    assert dict(released.rows(statuses)) == {"loaded": n_sound, "refused": len(FAULTS)}
    assert (out / "latest" / "site" / "index.html").is_file()


USAGE = {
    "an unknown key": ("releases.min_group = 12\n", [], "PPL-CFG-001"),
    "an unknown key of a section": ("[release]\nmin_groups = 12\n", [], "PPL-CFG-001"),
    "a group below the floor": ("[release]\nmin_group = 3\n", [], "PPL-CFG-002"),
    "a file that is no TOML": ("reporting_zone = UTC\n", [], "PPL-CFG-003"),
    "names of people": ("[release]\nnamed = true\n", [], "PPL-CFG-004"),
    "a full file that nobody approved": ('[analyst]\nfile = "full"\n', [], "PPL-CFG-005"),
    "a unit depth of none": ("unit_depth = 0\n", [], "PPL-CFG-006"),
    "an unknown zone": ('reporting_zone = "Mars/Olympus"\n', [], "PPL-CFG-007"),
    "an unknown platform": ("", ["--platform", "myspace"], "PPL-CFG-009"),
    "a day that is none": ("", ["--as-of", "2025-02-30"], "PPL-CFG-009"),
    "a size that is none": ("", ["--memory-limit", "lots"], "PPL-CFG-009"),
}


@pytest.mark.parametrize("what", USAGE)
def test_settings_that_cannot_be_followed_exit_2_with_a_reason_and_touch_nothing(what, tmp_path, capfd):
    config, options, code = USAGE[what]
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "turnout.toml").write_text(config, encoding="utf-8")
    assert main(["run", "--exports", str(drop), "--out", str(tmp_path / "out"), "--quiet", *options]) == 2
    assert capfd.readouterr().err.count(code) == 1
    assert not (tmp_path / "out").exists()


def test_a_missing_folder_exits_2_on_the_console(tmp_path):
    command = [
        Path(sys.executable).with_name("turnout"),
        "run",
        "--exports",
        tmp_path / "absent",
        "--out",
        tmp_path / "out",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such file or folder" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_table_that_breaks_its_contract_stops_the_release_and_the_old_one_stands(company, my_out, monkeypatch, capfd):
    before = (my_out / "latest").resolve()
    live = Run(my_out / "work" / "turnout.duckdb")
    rows = live.table("fct_person_day")
    bad = f"select * replace (-1 as n_posts) from ({queries.queries()['fct_person_day']})"
    monkeypatch.setitem(queries.queries(), "fct_person_day", bad)  # type: ignore[arg-type]
    assert main(["run", "--exports", str(company), "--out", str(my_out), "--quiet"]) == 1
    error = capfd.readouterr().err
    assert "fct_person_day" in error
    assert "n_posts" in error
    assert (my_out / "latest").resolve() == before
    assert sorted(path.name for path in (my_out / "releases").iterdir()) == [before.name]
    assert live.table("fct_person_day") == rows


@pytest.mark.parametrize("broken", ["another key", "a key that others can read", "half a key"])
def test_a_key_that_is_not_that_of_the_output_folder_is_refused(broken, company, my_out, capfd):
    before = (my_out / "latest").resolve()
    key = my_out / "work" / "state" / "key"
    if broken == "another key":
        key.write_bytes(bytes(reversed(range(32))))
    elif broken == "half a key":
        key.write_bytes(key.read_bytes()[:16])
    else:
        key.chmod(0o644)
    assert main(["run", "--exports", str(company), "--out", str(my_out), "--quiet"]) in (1, 2)
    code = "PPL-KEY-002" if broken == "another key" else "PPL-KEY-001"
    assert capfd.readouterr().err.count(code) == 1
    assert (my_out / "latest").resolve() == before


def test_the_same_content_under_two_names_counts_once(my_company, company_models, tmp_path):
    for path in [path for path in my_company.rglob("*") if path.suffix in (".zip", ".gz")]:
        shutil.copy(path, path.with_name(f"copy of {path.name}"))
    run = run_models(my_company, tmp_path / "out", tables=(*FACTS, *FIGURES))
    assert run.problems == []
    assert_same_tables(run, company_models, ("fct_event", *FIGURES))
    assert run.one("select count(*) from export_file") == company_models.one("select count(*) from export_file")


def test_a_file_that_leaves_the_drop_folder_stays_loaded(my_company, company_models, tmp_path):
    run_models(my_company, tmp_path / "out", is_built=False)
    for path in list(my_company.rglob("*.zip")):
        path.unlink()
    (my_company / "hr" / "roster.csv").unlink()
    run = run_models(my_company, tmp_path / "out", tables=(*FACTS, *FIGURES))
    assert_same_tables(run, company_models, ("fct_event", "coverage_day", "dim_account", "dim_person", *FIGURES))
