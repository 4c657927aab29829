"""Notes in a whole run: in its summary and on the page, as counts, without the place where they were found."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.job import Outcome
from tests.pipelines import tiny
from tests.pipelines.runs import Run, contents, run_whole
from tests.pipelines.test_usage_reports import APRIL, DIGESTS, JUNE, company, usage_csv

CONCEALED = "user names are concealed: the report cannot be matched to people, and only totals were loaded"
UNDATED = "messages outside the file date; each kept at its own time"
SECRET = "mergertalks"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, Run, Path]:
    """Two reports whose names are all concealed, and a private channel that is read and has messages of other days."""
    folder = tmp_path_factory.mktemp("notes")
    config = '\n[source."slack.zip"]\ninclude = ["public", "private"]\n'
    config += '[[event]]\ndate = 2024-05-02\nkind = "policy"\nunits = ["Nowhere"]\n'
    drop = company(folder / "drop", {f"{last}.csv": usage_csv(last, is_concealed=True) for last in (APRIL, JUNE)},
                   config=config)  # fmt: skip
    users = [tiny.slack_user("U1", "ann@t.example")]
    group = {"id": "G0SECRET", "name": SECRET, "created": 1_700_000_000, "members": ["U1"]}
    packed = tiny.slack_zip(drop / "slack.zip", users, {"general": [tiny.slack_message(APRIL, "U1")]}, groups=[group])
    messages = json.dumps([tiny.slack_message(APRIL, "U1"), tiny.slack_message(JUNE, "U1")])
    tiny.zipped(packed, tiny.members_of(packed) | {f"{SECRET}/2024-05-15.json": messages})
    return *run_whole(drop, folder / "out"), folder / "out"


def page(out: Path) -> str:
    text = html.unescape((out / "latest" / "site" / "data.html").read_text(encoding="utf-8"))
    return text.partition('aria-labelledby="notes-title"')[2].partition("</section>")[0]


def texts(out: Path) -> Iterator[str]:
    """All that leadership gets."""
    for path in (out / "latest" / "site").glob("*.*"):
        yield contents(path).decode("utf-8")


def test_wholly_concealed_reports_are_named_in_the_summary_and_on_the_page(done: tuple[Outcome, Run, Path]):
    outcome, run, out = done
    assert run.rows("select n_exports, n_records from rel_note where rule = 'PPL-YAM-003'") == [(2, 6)]
    (line,) = [line for line in outcome.summary.splitlines() if line.startswith("PPL-YAM-003")]
    assert line.startswith(f"PPL-YAM-003 m365: {CONCEALED}; ask the administrator to have names shown")
    assert line.endswith(" (6 records in 2 exports)")
    assert f"U{CONCEALED[1:]}; ask the administrator" in page(out)
    assert not [digest for digest in DIGESTS.values() if digest in outcome.summary + page(out)]


def test_a_note_about_a_private_space_shows_neither_its_name_nor_its_file(done: tuple[Outcome, Run, Path]):
    outcome, run, out = done
    assert run.rows("select platform, message, n_records from rel_note where rule = 'PPL-SLK-004'") == [
        ("slack", UNDATED, 2)]  # fmt: skip
    assert f"{UNDATED} (2 records in 1 export)" in outcome.summary
    assert re.search(rf'data-value="2">2</td><td[^>]*>M{UNDATED[1:]}</td>', page(out))
    assert not [text for text in (outcome.summary, *texts(out)) if SECRET in text or "private space>" in text]


def test_an_event_of_a_unit_that_does_not_exist_is_named_in_the_summary(done: tuple[Outcome, Run, Path]):
    outcome, _, out = done
    run = Run(out / "work" / "turnout.duckdb")
    (line,) = [line for line in outcome.summary.splitlines() if line.startswith("PPL-DEC-007")]
    assert line.startswith('PPL-DEC-007 turnout.toml: [[event]] names the unit "Nowhere", in which nobody')
    assert {tuple(row) for row in run.rows("select title, method, reason from mart_before_after")} == {
        ("policy", "not estimable", "nobody on the roster is in a unit that it is declared for")}  # fmt: skip


def test_what_is_left_out_for_want_of_a_browser_is_told(done: tuple[Outcome, Run, Path]):
    outcome, _, out = done
    assert outcome.summary.splitlines()[-1].startswith("To take away: release.pdf and summary.png are left out: no ")
    assert not {"release.pdf", "summary.png"} & {path.name for path in (out / "latest" / "site").iterdir()}
