"""Public spaces by name: SQL and analysis together give what the definition says."""

from dataclasses import replace

import polars as pl
import pytest

from models.schemas import TABLES
from models.validation import find_faults
from tests.oracle.compare import assert_same_rows
from tests.oracle.places import Places, invented_places, stage_places
from tests.oracle.spaces import spaces
from tests.oracle.staged import empty_warehouse, rows_of, run_models

KEY = ("platform", "subject", "workspace", "label")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def named(seed: int) -> Places:
    """Invented spaces with names, some of which several share and some are not known."""
    places = invented_places(seed)
    listed = [replace(one, label=f"name {at % 19}" if at % 11 else None) for at, one in enumerate(places.listed)]
    return replace(places, listed=tuple(listed))


@pytest.mark.parametrize("seed", range(8))
def test_spaces_by_name_equal_the_oracle(warehouse, seed: int) -> None:
    places = named(seed)
    stage_places(warehouse, places)
    run_models(warehouse, "mart_spaces")
    expected = spaces(places)
    found = warehouse.sql("from mart_spaces").pl()
    assert find_faults(found, TABLES["mart_spaces"]) == []
    without = [{name: value for name, value in row.items() if name != "n_people"} for row in expected]
    assert_same_rows(found.to_dicts(), without, KEY)
    people = pl.DataFrame(rows_of(warehouse, "prep_space_people"), infer_schema_length=None)
    of_name = {row[:-1]: row[-1] for row in people.select(*KEY, "n_people").rows()} if people.height else {}
    assert all(of_name[tuple(row[name] for name in KEY)] == row["n_people"] for row in expected)
