"""No name from an export, a roster or a settings file steers the terminal that shows it."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines import cli
from pipelines.ask import as_text
from pipelines.terminal import clean, say
from tests.pipelines import tiny

STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Everything that is not shown as a letter, but the end of a line."""
CLEAR = "\x1b[2J\x1b[H"
CLIPBOARD = "\x1b]52;c;cm0gLXJm\x07"
OTHERS = ("\r", "\b\b\b", "\x9b31m", "\x00", "\u202etxt.", "\u2028", "\x1b[1A")
TEXT = f"a{CLEAR}b{CLIPBOARD}c" + "".join(OTHERS)


def test_control_characters_are_spelled_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert clean("two\nlines, caf\u00e9 \u4e2d\u6587") == "two\nlines, caf\u00e9 \u4e2d\u6587"
    assert clean(f"{CLEAR}x") == "\\x1b[2J\\x1b[Hx"
    assert not STEERING.search(clean(TEXT + "\udc81"))
    say(TEXT, 5, "last")
    shown = capsys.readouterr().out
    assert shown.endswith("\n5\nlast\n")
    assert not STEERING.search(shown)


def test_a_name_cannot_add_a_row_to_an_answer() -> None:
    rows = pl.DataFrame({"unit": ["Sales\nall  5000", "IT\r\x1b[1A"], "n": [1, 2]})
    lines = list(as_text(rows))
    assert len(lines) == 3
    assert not STEERING.search("".join(lines))


def hostile_drop(folder: Path) -> Path:
    """A drop folder in which everything that can have a name has a hostile one."""
    folder.mkdir()
    user = tiny.slack_user("U1", f"{CLEAR}ann@t.example")
    channel = f"general{CLIPBOARD}"
    path = tiny.slack_zip(folder / "slack.zip", [user], {channel: [tiny.slack_message(date(2024, 1, 2), "U1")]})
    members = tiny.members_of(path)
    tiny.zipped(path, members | {f"{channel}/2024-01-03.json": "[{"} | {f"x{CLEAR}.zip": "PK"})
    (folder / f"evil{CLEAR}.csv").write_text("id;x\n", encoding="utf-8")
    (folder / f"turned{OTHERS[4]}csv").write_text("nothing", encoding="utf-8")
    name = CLEAR + CLIPBOARD
    rows = [tiny.roster_row("p1", date(2024, 1, 1), name, Email=name, Location=name, LevelDesignation=name)]
    tiny.roster_csv(folder / "roster.csv", rows)
    tiny.wiki_dump(folder / "wiki.xml", [tiny.wiki_page(1, "T", [(1, date(2024, 1, 2), "bo\u202etxt", "x")])])
    settings = tiny.CONFIG + f'\n[source."{"".join(f"{chr(92)}u{ord(c):04x}" for c in CLEAR)}"]\nplatform = "slack"\n'
    (folder / "turnout.toml").write_text(settings, encoding="utf-8")
    return folder


def test_a_check_of_hostile_names_prints_letters(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    drop = hostile_drop(tmp_path / "drop")
    assert cli.main(["check", str(drop), "--show-identifiers"]) == cli.RELEASED_WITH_REFUSALS
    shown = capfd.readouterr()
    assert not STEERING.search(shown.out)
    assert "\\x1b[2J" in shown.out
    assert "bo\\x202etxt" in shown.out


def test_a_refusal_prints_letters(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "turnout.toml").write_text('"\\u001b[2J" = 1\n', encoding="utf-8")
    assert cli.main(["check", str(tmp_path)]) == cli.USAGE
    assert not STEERING.search(re.sub("\x1b\\[[0-9;]*m", "", capfd.readouterr().err))
