"""All SQL models in the order in which they depend on each other; the Dagster assets run the same ones one by one."""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Final

from models.queries import queries, tables_read
from pipelines.gate import Written, write_query
from pipelines.warehouse import Warehouse

MODELS: Final = tuple(
    TopologicalSorter(
        {table: [one for one in tables_read(table) if one in queries()] for table in queries()}
    ).static_order()
)


def build_models(warehouse: Warehouse) -> Iterator[Written]:
    """Rebuilds every model; a model with faults keeps its old rows and is yielded with them."""
    for table in MODELS:
        yield write_query(warehouse, table, queries()[table])
