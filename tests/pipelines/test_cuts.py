"""Each released table names what it is cut from, so that Dagster draws the lineage that there is."""

import re

import pytest

from models.queries import modeled
from models.release import Policy
from models.release.held_back import SHARES
from models.schemas import TABLES
from models.schemas.marts import RELEASED_SCHEMAS
from pipelines import roster_size
from pipelines.assets.cuts import ALWAYS_READ, CUTS, Marts
from pipelines.warehouse import Warehouse
from tests.pipelines.runs import Run


def test_every_released_table_has_one_cut_from_tables_that_exist() -> None:
    others = {"rel_named_champions", "rel_named_executives", "rel_withheld"}
    assert sorted(cut.table for cut in CUTS) == sorted({*RELEASED_SCHEMAS, *others})
    assert {one for cut in CUTS for one in (*ALWAYS_READ, *cut.reads)} <= modeled() | set(SHARES)


def test_the_size_of_the_roster_is_told_from_the_tables_that_it_names() -> None:
    named = set(re.findall(r"\b(?:from|join) ([a-z_]+)", roster_size._QUERY))
    assert named & set(TABLES) == set(roster_size.READS)


def test_a_cut_reads_nothing_that_it_does_not_name(company_models: Run) -> None:
    marts = Marts(Warehouse(company_models.path), Policy(), ("mart_pockets",))
    assert marts.read("mart_pockets").columns
    with pytest.raises(LookupError, match="mart_trial is not among"):
        marts.read("mart_trial")
