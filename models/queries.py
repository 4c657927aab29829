"""The models: one SELECT per file in `models/sql`, named after the table that it fills, and the analyses in Python."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from models.analyses import ANALYSES
from models.schemas import TABLES

SQL: Final = Path(__file__).parent / "sql"
_COMMENT: Final = re.compile(r"--[^\n]*")
_SOURCE: Final = re.compile(r"\b(?:from|join)\s+([a-z_]+)")


@cache
def queries() -> Mapping[str, str]:
    """Table name -> SELECT."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(SQL.glob("*.sql"))}


def modeled() -> frozenset[str]:
    """Every table that a model fills, be it SQL or Python."""
    return frozenset(queries()) | frozenset(ANALYSES)


def question(table: str) -> str:
    """The question that a model says it answers, in the header comment of its SQL or in its analysis."""
    if table in ANALYSES:
        return ANALYSES[table].question
    found = re.search(r"-- question: (.+)", queries()[table])
    if found is None:
        raise ValueError(f"{table}.sql does not say which question it answers")
    return found[1]


def source_of(table: str) -> str:
    """The file, from the root of the project, in which a model stands."""
    if table in ANALYSES:
        return f"models/analyses/{table.removeprefix('mart_')}.py"
    return f"models/sql/{table}.sql"


def tables_read(table: str) -> list[str]:
    """The tables that a model reads, in alphabetical order, without its own common table expressions."""
    if table in ANALYSES:
        return sorted(ANALYSES[table].reads)
    names = set(_SOURCE.findall(_COMMENT.sub("", queries()[table])))
    return sorted(name for name in names if name in TABLES or name.startswith("stg_"))
