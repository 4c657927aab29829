"""All models in the order in which they depend on each other; the Dagster assets run the same ones one by one."""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Final

from models.analyses import ANALYSES
from models.queries import modeled, queries, tables_read
from pipelines.gate import Written, write_frame, write_query
from pipelines.warehouse import Warehouse, frame_of, quoted

MODELS: Final = tuple(
    TopologicalSorter(
        {table: [one for one in tables_read(table) if one in modeled()] for table in sorted(modeled())}
    ).static_order()
)


def closure_of(*tables: str) -> list[str]:
    """These models and all that they read, in an order in which they can be built."""
    wanted: set[str] = set()
    rest = list(tables)
    while rest:
        if (table := rest.pop()) not in wanted:
            wanted.add(table)
            rest += [one for one in tables_read(table) if one in modeled()]
    return [table for table in MODELS if table in wanted]


def build_models(warehouse: Warehouse) -> Iterator[Written]:
    """Rebuilds every model; a model with faults keeps its old rows and is yielded with them."""
    for table in MODELS:
        yield build_model(warehouse, table)


def build_model(warehouse: Warehouse, table: str) -> Written:
    """Rebuilds one model from the tables that it reads."""
    if table not in ANALYSES:
        return write_query(warehouse, table, queries()[table])
    with warehouse.connect() as connection:
        tables = {one: frame_of(connection, f"from {quoted(one)}") for one in tables_read(table)}
    return write_frame(warehouse, table, ANALYSES[table].estimate(tables))
