"""The twenty questions of docs/questions.md: every query runs on a default analyst's file and answers."""

import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.publish import RELEASED
from tests.pipelines.runs import Run

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "questions.md"
QUESTIONS = dict(
    re.findall(r"^## \d+\. (.+?)\n.*?```sql\n(.+?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
)


@pytest.fixture(scope="module")
def file(acme_out: Path, tmp_path_factory: pytest.TempPathFactory):
    """What an analyst has by default: the released tables of the sample company and nothing else."""
    path = tmp_path_factory.mktemp("analyst") / "turnout.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{acme_out / 'latest' / 'turnout.duckdb'}' as whole (read_only)")
        for table in RELEASED:
            connection.execute(f'create table "{table}" as from whole."{table}"')
        yield connection


def answer(file: duckdb.DuckDBPyConnection, start: str) -> pl.DataFrame:
    (query,) = [query for question, query in QUESTIONS.items() if question.startswith(start)]
    return file.sql(query).pl()


def test_there_are_twenty_and_each_is_a_question():
    assert len(QUESTIONS) == 20
    assert all(question.endswith("?") for question in QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_an_answer(file, question):
    rows = file.sql(QUESTIONS[question]).pl()
    assert rows.height
    for column in rows.columns:
        assert rows[column].null_count() < rows.height, column


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_is_of_a_group_below_the_minimum(file, question):
    rows = file.sql(QUESTIONS[question]).pl()
    if "n_eligible" in rows.columns:
        minimum = 5 if "is_executive" in rows.columns else 10
        assert rows["n_eligible"].min() >= minimum


def test_units_with_a_third_are_counted_as_one_would(file, acme: Run):
    shares = acme.rows(
        "select contributor_ratio, contributor_ratio_low from rel_contributor_ratios where period_kind = 'month' "
        "and platform = 'all' and unit <> 'all' and period_start = date '2026-08-01'"
    )
    told = [low if share is None else share for share, low in shares if low is not None]
    rows = answer(file, "In how many units")
    assert rows.row(0) == (sum(3 * share >= 1 for share in told), len(told))
    assert 0 < rows["n_units"][0] < rows["n_told_units"][0]


def test_the_parts_of_growth_add_up(file):
    growth, people = answer(file, "Where does the change"), answer(file, "How many people contribute, and")
    rows = growth.join(people, on="period_start")
    parts = rows["n_retained"] + rows["n_resurrected"] + rows["n_new"] + rows["n_unknown"]
    assert parts.to_list() == rows["n_contributors"].to_list()


def test_departments_and_tenure_bands_are_parts_of_the_organisation(file):
    whole = answer(file, "Which share of people").row(-1, named=True)
    tenure = answer(file, "Do people who joined lately")
    contributors = (tenure["n_eligible"] * tenure["contributor_ratio"]).round().sum()
    # each band, and its contributors, may be two people off, and its share is rounded
    most_off = 2 * tenure.height * 2 / tenure["n_eligible"].sum() + 0.005
    assert contributors / tenure["n_eligible"].sum() == pytest.approx(whole["contributor_ratio"], abs=most_off)
    assert tenure["n_eligible"].sum() % 5 == 0
