"""Two runs over the same exports with different keys: the same figures to the last digit, no pseudonym in common."""

import re
from pathlib import Path

import polars as pl
import pytest

from models.schemas.marts import MART_SCHEMAS, RELEASED_SCHEMAS
from tests.pipelines.runs import Run, give_key, run_whole

OTHER = bytes(range(100, 132))
PSEUDONYM = re.compile(r"[a-z2-7]{26}")
EVENT_BYTES = 16


@pytest.fixture(scope="module")
def other_out(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the whole job on the small company, under another key than `company_out`."""
    out = tmp_path_factory.mktemp("other") / "out"
    give_key(out, OTHER)
    outcome, _ = run_whole(company, out)
    assert outcome.release is not None, outcome.problems
    return out


def figures(out: Path, table: str) -> list[tuple[object, ...]]:
    """All rows of a table of the live warehouse, without the columns that hold pseudonyms."""
    run = Run(out / "work" / "turnout.duckdb")
    columns = ", ".join(f'"{name}"' for name in run.table(table)[0] if not str(name).endswith("_id"))
    return sorted(run.rows(f'select {columns} from "{table}"'), key=repr)


@pytest.mark.parametrize("table", sorted({*MART_SCHEMAS, *RELEASED_SCHEMAS, "rel_note", "rel_source", "rel_withheld"}))
def test_every_figure_is_the_same_under_another_key(table: str, company_out: Path, other_out: Path):
    assert figures(other_out, table) == figures(company_out, table)


def test_every_page_is_the_same_under_another_key(company_out, other_out):
    sites = [out / "latest" / "site" for out in (company_out, other_out)]
    pages = [{path.name: path.read_bytes() for path in site.glob("*.html")} for site in sites]
    assert pages[0]
    assert pages[1] == pages[0]


def is_pseudonym(value: object) -> bool:
    """Whether a value looks like the keyed hash of a name or an encrypted event number."""
    if isinstance(value, bytes):
        return len(value) == EVENT_BYTES
    return isinstance(value, str) and PSEUDONYM.fullmatch(value) is not None


def all_pseudonyms(out: Path) -> set[object]:
    """Whatever looks like one in any column of the lake and of the live warehouse."""
    run = Run(out / "work" / "turnout.duckdb")
    parts = [pl.read_parquet(path).rows() for path in (out / "work" / "lake").rglob("*.parquet")]
    tables = [run.table(table)[1:] for table in run.tables()]
    return {value for rows in [*parts, *tables] for row in rows for value in row if is_pseudonym(value)}


def test_two_keys_share_no_pseudonym(company_out, other_out):
    one, other = all_pseudonyms(company_out), all_pseudonyms(other_out)
    assert len(one) == len(other)
    assert sum(isinstance(name, bytes) for name in one) > 1000
    assert sum(isinstance(name, str) for name in one) > 200
    assert not one & other
