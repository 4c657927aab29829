"""The units that a message trace is summed by come from the newest row of each person on the roster."""

from datetime import date
from pathlib import Path

from connectors.source import Source, open_source
from pipelines.config import Settings, load_settings
from pipelines.directory import units_by_address
from tests.pipelines.runs import NOW
from tests.pipelines.tiny import CONFIG, roster_csv, roster_row

JANUARY, MAY = date(2024, 1, 1), date(2024, 5, 1)


def opened(folder: Path, *names: str) -> tuple[list[Source], Settings]:
    (folder / "turnout.toml").write_text(CONFIG, encoding="utf-8")
    return [open_source(folder / name, name) for name in names], load_settings(folder)


def test_the_newest_row_of_a_person_tells_the_unit_of_every_address(tmp_path):
    roster_csv(tmp_path / "hr.csv", [
        roster_row("ann", MAY, "Sales"), roster_row("ann", JANUARY, "Legal", Email="Ann.Old@T.example"),
        roster_row("bob", JANUARY, "Legal"), roster_row("cy", JANUARY, ""),
    ])  # fmt: skip
    assert dict(units_by_address(*opened(tmp_path, "hr.csv"), now=NOW)) == {
        "ann@t.example": "Sales", "ann.old@t.example": "Sales", "bob@t.example": "Legal",
    }  # fmt: skip


def test_a_roster_that_is_refused_tells_nothing_and_stops_nothing(tmp_path):
    roster_csv(tmp_path / "good.csv", [roster_row("bob", JANUARY, "Legal")])
    roster_csv(tmp_path / "bad.csv", [roster_row("ann", JANUARY, "Sales"), roster_row("ann", JANUARY, "Legal")])
    assert dict(units_by_address(*opened(tmp_path, "bad.csv", "good.csv"), now=NOW))["bob@t.example"] == "Legal"
