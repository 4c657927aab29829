"""One pandera model per table: names, types, ranges and a description of every column.

A table is named after its class, and Dagster groups it by the module in which the class stands.
"""

import re
from collections.abc import Mapping
from types import ModuleType
from typing import Final

from models.schemas import (
    dimensions,
    facts,
    ledger,
    metrics,
    prepared,
    prepared_active,
    prepared_bottom,
    prepared_channel,
    prepared_contributors,
    prepared_conversation,
    prepared_definitions,
    prepared_executive,
    prepared_lead,
    prepared_space,
    prepared_standing,
    prepared_steps,
    prepared_weeks,
    prepared_wiki,
    released,
)
from models.schemas.base import Table
from models.schemas.marts import MART_SCHEMAS, RELEASED_SCHEMAS

SCHEMA_VERSION: Final = 3

_GROUPS: Final[Mapping[str, tuple[ModuleType, ...]]] = {
    "ledger": (ledger,),
    "dimension": (dimensions,),
    "fact": (facts,),
    "prepared": (
        prepared,
        prepared_active,
        prepared_bottom,
        prepared_channel,
        prepared_contributors,
        prepared_conversation,
        prepared_definitions,
        prepared_executive,
        prepared_lead,
        prepared_space,
        prepared_standing,
        prepared_steps,
        prepared_weeks,
        prepared_wiki,
    ),
    "mart": (metrics,),
    "release": (released,),
}
_FROM_REGISTRY: Final = {"mart": MART_SCHEMAS, "release": RELEASED_SCHEMAS}


def _tables_of(modules: tuple[ModuleType, ...]) -> dict[str, type[Table]]:
    return {
        re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower(): found
        for module in modules
        for name, found in vars(module).items()
        if isinstance(found, type) and issubclass(found, Table) and found.__module__ == module.__name__
    }


GROUPS: Final[Mapping[str, Mapping[str, type[Table]]]] = {
    group: {**_tables_of(modules), **_FROM_REGISTRY.get(group, {})} for group, modules in _GROUPS.items()
}
"""Group -> table -> schema."""

TABLES: Final[Mapping[str, type[Table]]] = {
    table: schema for tables in GROUPS.values() for table, schema in tables.items()
}
