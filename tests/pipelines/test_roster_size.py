"""Groups that are too small, and a roster that is smaller than those who are active, in whole runs."""

import io
import json
import re
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboards.page import MENU
from pipelines.cli import main
from pipelines.roster_size import outnumbered
from pipelines.warehouse import Warehouse
from tests.pipelines import tiny
from tests.pipelines.runs import Run, give_key, run_models

MONTH = date(2025, 10, 1)
DAY = date(2025, 10, 6)
MONTHLY = "period_kind = 'month' and period_start = date '2025-10-01'"


def company(
    folder: Path, units: dict[str, int], *, n_executives: int = 1, strangers: int = 0, guests: int = 0,
    bots: int = 0,
) -> Path:  # fmt: skip
    """Units of so many people who post on Slack and Yammer, and accounts on Slack that match nobody."""
    drop = folder / "drop"
    names = [f"{unit.lower()}{n}" for unit, size in units.items() for n in range(size)]
    layers = ["0"] * n_executives + ["3"] * (len(names) - n_executives)
    people = [tiny.roster_row(name, MONTH, name.rstrip("0123456789").title(), Layer=layer)
              for name, layer in zip(names, layers, strict=True)]  # fmt: skip
    tiny.roster_csv(drop / "hr" / "roster.csv", people)
    (drop / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    users = [tiny.slack_user(f"U0{name.upper()}", f"{name}@t.example") for name in names]
    users += [tiny.slack_user(f"U0STRANGER{n}", f"stranger{n}@t.example") for n in range(strangers)]
    users += [tiny.slack_user(f"U0GUEST{n}", f"guest{n}@t.example", is_restricted=True) for n in range(guests)]
    users += [tiny.slack_user(f"U0BOT{n}", is_bot=True) for n in range(bots)]
    tiny.slack_zip(drop / "slack.zip", users, {"general": [
        tiny.slack_message(DAY + timedelta(days=days), str(user["id"])) for user in users for days in (0, 30)]})
    ids = {name: 100 + n for n, name in enumerate(names)}
    tiny.yammer_zip(
        drop / "yammer.zip", MONTH, date(2025, 11, 10),
        [tiny.yammer_user(number, f"{name}@t.example") for name, number in ids.items()],
        [tiny.yammer_row(1_000 + number, DAY, number) for number in ids.values()],
    )  # fmt: skip
    return drop


@dataclass
class World:
    """The tables that are asked who was active: October on Slack and the wiki, with this many people of each sort."""

    on_roster: int = 12  # of whom the first `listed` are active on Slack, and none on the wiki
    listed: int = 12
    strangers: Mapping[str, int] = field(default_factory=dict)  # by workspace of Slack
    editors: int = 0  # accounts of the wiki that match nobody
    kind: str = "human"
    is_guest: bool | None = False  # None: no export says
    roster_from: date = MONTH

    def found(self) -> list[tuple[object, ...]]:
        """Platform, active people and people on the roster of the periods that are found."""
        people = [f"p{n}" for n in range(self.on_roster)]
        accounts = [(name, "slack", "T1", "human", False) for name in people[: self.listed]]
        for workspace, n in self.strangers.items():
            accounts += [(f"{workspace}-{i}", "slack", workspace, self.kind, self.is_guest) for i in range(n)]
        accounts += [(f"wiki-{i}", "mediawiki", "wiki", self.kind, self.is_guest) for i in range(self.editors)]
        acts = {(MONTH, scope, name) for name, platform, *_ in accounts for scope in (platform, "all")}
        with duckdb.connect() as connection:
            for table, names, rows in (
                ("meta", "as_of_on", [(date(2025, 11, 10),)]),
                ("prep_person", "person_id", [(name,) for name in people]),
                ("dim_account", "person_id, platform, workspace, kind, is_guest", accounts),
                ("prep_period", "period_kind, period_start, period_end, platform", [
                    ("month", start, end, platform) for platform in ("slack", "mediawiki", "all")
                    for start, end in ((MONTH, date(2025, 10, 31)), (date(2025, 11, 1), date(2025, 11, 30)))]),
                ("prep_membership", "period_kind, period_start, platform, person_id", [
                    ("month", start, None, name) for name in people
                    for start in (MONTH, date(2025, 11, 1)) if start >= self.roster_from]),
                ("prep_person_period", "period_kind, period_start, platform, person_id", [
                    ("month", start, platform, name) for start, platform, name in acts]),
            ):  # fmt: skip
                frame = pl.DataFrame(rows, schema=names.split(", "), orient="row", infer_schema_length=None)
                connection.register("given", frame)
                connection.execute(f"create table {table} as from given")
            return [row[3:] for row in outnumbered(connection).rows()]


WORLDS = {
    "B106-stranger": (World(strangers={"T1": 1}), [("all", 13, 12), ("slack", 13, 12)]),
    "B106-as-many": (World(on_roster=20, strangers={"T1": 8}), []),
    "B106-one-more": (World(on_roster=20, strangers={"T1": 9}), [("all", 21, 20), ("slack", 21, 20)]),
    "B106-perhaps-guests": (World(strangers={"T1": 1}, is_guest=None), [("all", 13, 12), ("slack", 13, 12)]),
    "B106-guests": (World(strangers={"T1": 30}, is_guest=True), []),
    "B106-elsewhere": (World(strangers={"T1": 30}, kind="external"), []),
    "B106-bots": (World(strangers={"T1": 30}, kind="bot"), []),
    "B106-two-workspaces": (World(on_roster=15, strangers={"T1": 2, "T2": 15}), []),
    "B106-one-of-two": (World(on_roster=15, strangers={"T1": 2, "T2": 16}), [("all", 16, 15), ("slack", 16, 15)]),
    "B106-the-same-people-elsewhere": (World(on_roster=15, editors=14), []),
    "B106-wiki": (World(on_roster=15, editors=16), [("all", 16, 15), ("mediawiki", 16, 15)]),
    "B106-nobody-listed-active": (World(listed=0, strangers={"T1": 13}), [("all", 13, 12), ("slack", 13, 12)]),
    "no-roster": (World(on_roster=0, listed=0, strangers={"T1": 30}), []),
    "before-the-roster": (World(strangers={"T1": 30}, roster_from=date(2025, 11, 1)), []),
}


@pytest.mark.parametrize("row", WORLDS)
def test_more_active_people_than_on_the_roster_are_found_in_closed_periods(row: str):
    world, expected = WORLDS[row]
    assert world.found() == expected


@pytest.mark.parametrize("row", ["B106"])
def test_guests_and_bots_of_an_export_do_not_outnumber_the_roster(row: str, tmp_path: Path):
    run = run_models(company(tmp_path, {"U": 12}, guests=30, bots=30), tmp_path / "out")
    with Warehouse(run.path, threads=2).connect() as connection:
        assert outnumbered(connection).is_empty()
    assert run.one(f"select n_contributors from mart_active_users where {MONTHLY} and platform = 'slack' "
                   "and unit = 'all'") == 12  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """A whole run by the command: its exit code, what it printed, what it left."""

    code: int
    out: str
    err: list[str]
    folder: Path

    @property
    def live(self) -> Run:
        return Run(self.folder / "work" / "turnout.duckdb")

    @property
    def analysts(self) -> Run:
        return Run(self.folder / "latest" / "turnout.duckdb")

    def pages(self) -> dict[str, str]:
        return {path.stem: path.read_text(encoding="utf-8") for path in (self.folder / "latest/site").glob("*.html")}


def whole(drop: Path, folder: Path) -> Whole:
    give_key(folder)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(["run", "--exports", str(drop), "--out", str(folder), "--quiet"])
    return Whole(code, out.getvalue(), err.getvalue().splitlines(), folder)


@pytest.fixture(scope="module")
def outgrown(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """12 people on the roster, 30 more on Slack, two units."""
    folder = tmp_path_factory.mktemp("outgrown")
    return whole(company(folder, {"Basalt": 12, "Granite": 14}, n_executives=6, strangers=30), folder / "out")


@pytest.mark.parametrize("row", ["B106"])
def test_roster_smaller_than_its_active_people_fails_the_check_and_names_the_roster(row: str, outgrown: Whole):
    assert outgrown.code == 3
    assert len(outgrown.err) == 2
    for line, where in zip(outgrown.err, ("all platforms", "slack"), strict=True):
        pattern = r"^PPL-ROS-003 hr/roster\.csv: more active people \(56\) than on the roster \(26\) in the \w+ from "
        assert re.match(pattern, line)
        assert f"on {where}" in line
    assert outgrown.live.rows("select path, n_read = n_accepted, status from export_file order by path") == [
        (path, True, "loaded") for path in ("hr/roster.csv", "slack.zip", "yammer.zip")]  # fmt: skip
    assert outgrown.live.one("select count(*) from fct_event where is_contribution") == 2 * 56 + 26
    assert outgrown.live.rows(
        f"select n_eligible, n_contributors, n_outside, contributor_ratio from mart_contributor_ratios "
        f"where {MONTHLY} and platform = 'slack' and unit = 'all'"
    ) == [(26, 26, 30, 1.0)]


@pytest.mark.parametrize("row", ["B106"])
def test_roster_smaller_than_its_active_people_gives_no_ratio_in_the_release(row: str, outgrown: Whole):
    rows = outgrown.analysts.rows(
        "select platform, unit, n_eligible, n_outside, n_contributors, contributor_ratio, n_none, gini_ratio "
        f"from rel_contributor_ratios where {MONTHLY} order by all"
    )
    hidden = (None,) * 4
    assert [row[:3] + row[4:] for row in rows if row[0] != "yammer"] == [
        ("all", "Basalt", 10, *hidden), ("all", "Granite", 15, *hidden), ("all", "all", 25, *hidden),
        ("slack", "all", 25, *hidden),
    ]  # fmt: skip
    # all 26 contribute: of a group that is told as a band, here as neither count nor share
    assert [row[4:6] for row in rows if row[0] == "yammer"] == [(None, None)]
    for table in ("rel_active_users", "rel_executive_participation"):
        assert {n for (n,) in outgrown.analysts.rows(
            f"select n_contributors from {table} where {MONTHLY} and platform <> 'yammer'")} == {None}  # fmt: skip


@pytest.mark.parametrize("row", ["B106"])
def test_roster_smaller_than_its_active_people_is_a_banner_on_every_page(row: str, outgrown: Whole):
    pages = outgrown.pages()
    assert set(pages) == {*dict(MENU), "brief", "unit-basalt", "unit-granite"}
    said = r"<(?:li|p)>More people were active on Slack than are on the roster, in \d+ weeks and 1 month"
    for text in pages.values():
        assert re.search(said, re.sub("<span[^>]*>|</span>", "", text))
    assert "<h1>No complete month can be shown yet</h1>" in pages["active"]


@pytest.fixture(scope="module")
def small_groups(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Units of 4, 50 and 60 people, of whom three are executives."""
    folder = tmp_path_factory.mktemp("small")
    return whole(company(folder, {"Quartz": 4, "Basalt": 50, "Granite": 60}, n_executives=3), folder / "out")


NOTES = {
    "B107": (r"^PPL-PRV-010 .*executive group has fewer than 5 people", ["5"]),
    "B108": (r"^PPL-PRV-011 .*fewer than 10 people", ["10"]),
}


@pytest.mark.parametrize("row", NOTES)
def test_groups_that_are_too_small_are_noted_without_their_size(row: str, small_groups: Whole):
    pattern, numbers = NOTES[row]
    assert (small_groups.code, small_groups.err) == (0, [])
    (line,) = [line for line in small_groups.out.splitlines() if re.match(pattern, line)]
    assert re.findall(r"\d+", line.partition(" ")[2]) == numbers
    assert "Quartz" not in small_groups.out
    assert small_groups.live.one("select bool_and(n_read = n_accepted and status = 'loaded') from export_file")


@pytest.mark.parametrize("row", ["B107"])
def test_three_executives_have_no_figure_in_any_output(row: str, small_groups: Whole):
    true = f"select n_eligible from mart_executive_participation where {MONTHLY} and platform = 'all' and unit = 'all'"
    assert small_groups.live.rows(f"{true} and is_executive") == [(3,)]
    assert small_groups.analysts.one("select count(*) from rel_executive_participation") == 0
    page = small_groups.pages()["executives"]
    assert "Too few executives to show as a group" in page
    assert '"charts":{}' in page
    index = json.loads((small_groups.folder / "latest/site/index.json").read_text(encoding="utf-8"))
    assert [one["value"] for one in index["numbers"] if one["metric"] == "executive_contributor_ratio"] == [None]


@pytest.mark.parametrize("row", ["B108"])
def test_unit_of_four_is_in_no_output_and_follows_from_none(row: str, small_groups: Whole):
    true = f"select unit, n_eligible from mart_active_users where {MONTHLY} and platform = 'all'"
    sizes = {"Quartz": 4, "Basalt": 50, "Granite": 60}
    assert dict(small_groups.live.rows(true)) == sizes | {"all": 114}
    for table in ("rel_active_users", "rel_contributor_ratios"):
        query = f"select distinct platform, unit, n_eligible from {table} where period_kind <> 'day' order by all"
        shown = small_groups.analysts.rows(query)
        assert shown == [
            ("all", "Granite", 60), ("all", "Other units", 55), ("all", "all", 115), ("slack", "all", 115),
            ("yammer", "all", 115),
        ]  # fmt: skip
    for path in (small_groups.folder / "latest").rglob("*"):
        if path.is_file():
            assert not {b"Quartz", b"Basalt"} & set(re.findall(rb"Quartz|Basalt", path.read_bytes())), path.name
