"""docs/case-studies.md: every figure in it is what its query gives on the real exports, as they are read today."""

import re
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from models.queries import modeled
from tests.pipelines.runs import Run, drop_folder, run_models

ROOT: Final = Path(__file__).resolve().parents[2]
DATA: Final = ROOT.parent / "shared" / "data"
DOCUMENT: Final = (ROOT / "docs" / "case-studies.md").read_text(encoding="utf-8")
EXPORTS: Final = {
    "WebPlatform Docs": DATA / "wiki" / "webplatform-docs-history.xml.zst",
    "R Contribution Working Group": DATA / "slack" / "rcwg_2026.zip",
}
CASES: Final = {
    title: text for title, text in re.findall(r"^## (.+?)\n(.+?)(?=^## |\Z)", DOCUMENT, re.DOTALL | re.MULTILINE)
    if title in EXPORTS
}  # fmt: skip
QUESTION: Final = re.compile(r"^### (.+?)\n(.+?)(?=^### |\Z)", re.DOTALL | re.MULTILINE)
ANSWER: Final = re.compile(r"```sql\n(.+?)```\n\n((?:\|[^\n]+\|\n)+)", re.DOTALL)
NUMBER: Final = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)")
QUESTIONS: Final = [(case, question) for case, text in CASES.items() for question, _ in QUESTION.findall(text)]

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real exports do not lie beside the checkout"),
]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """The marts that the document asks for, of each case, with the configuration that it states."""
    found = {}
    for case, text in CASES.items():
        folder = tmp_path_factory.mktemp("case")
        config = "".join(re.findall(r"```toml\n(.+?)```", text, re.DOTALL))
        drop = drop_folder(folder / "drop", {EXPORTS[case].name: EXPORTS[case]}, config=config)
        asked = sorted(set(re.findall(r"\b(?:from|join) (\w+)", text)) & modeled())
        found[case] = run_models(drop, folder / "out", tables=asked)
        assert found[case].problems == []
    return found


def answered(text: str) -> list[tuple[str, list[list[str]]]]:
    """Each query with the table below it, its head first."""
    return [
        (query, [[cell.strip() for cell in line.strip("|\n").split("|")] for line in table.splitlines()])
        for query, table in ANSWER.findall(text)
    ]


def said(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else f"{value:g}" if isinstance(value, float) else str(value)


def section(case: str, question: str) -> str:
    return dict(QUESTION.findall(CASES[case]))[question]


def test_both_cases_are_told_and_every_question_has_an_answer() -> None:
    assert set(CASES) == set(EXPORTS)
    assert all(sum(case == one for one, _ in QUESTIONS) >= 4 for case in EXPORTS)
    for case, question in QUESTIONS:
        assert answered(section(case, question)), question


@pytest.mark.parametrize(("case", "question"), QUESTIONS)
def test_the_tables_hold_what_their_queries_give(runs: dict[str, Run], case: str, question: str) -> None:
    for query, (head, _, *rows) in answered(section(case, question)):
        assert [[said(value) for value in row] for row in runs[case].rows(query)] == rows, query
        assert runs[case].rows(f"select count(*) from ({query}) as answer")[0][0] == len(rows)
        assert len(head) == len(rows[0])


@pytest.mark.parametrize(("case", "question"), QUESTIONS)
def test_a_number_in_the_text_stands_in_a_table_beside_it(case: str, question: str) -> None:
    text = section(case, question)
    known = {number for _, table in answered(text) for row in table for cell in row for number in NUMBER.findall(cell)}
    prose = re.sub(r"```.+?```|^\|.+?$|`[^`]+`|\d{4}-\d\d(?:-\d\d)?", "", text, flags=re.DOTALL | re.MULTILINE)
    numbers = {one for one in NUMBER.findall(prose) if not re.fullmatch(r"20[12]\d", one)}
    assert numbers <= known
