"""Validation against the table schemas, with reports that hold counts and rules but never a value."""

from dataclasses import dataclass

import polars as pl
from pandera.errors import SchemaErrors

from models.schemas.base import Table


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that some rows of a table break."""

    column: str
    rule: str
    n_rows: int

    def __str__(self) -> str:
        return f"{self.column}: {self.rule} ({self.n_rows} rows)"


def find_faults(rows: pl.DataFrame, schema: type[Table]) -> list[Fault]:
    """Every rule of `schema` that `rows` break; empty if they are valid. Rows must be eager: pandera skips the values
    of lazy frames.
    """
    try:
        schema.validate(rows, lazy=True)
    except SchemaErrors as error:
        counts = error.failure_cases.group_by("column", "check", maintain_order=True).len()
        return [Fault(str(column), _rule(str(check)), n) for column, check, n in counts.rows()]
    return []


def find_shape_faults(rows: pl.DataFrame, schema: type[Table]) -> list[Fault]:
    """The columns that `rows` lack, have too much, or have in another type."""
    wanted = {name: column.dtype.type for name, column in schema.to_schema().columns.items()}
    faults = [Fault(name, "column_in_dataframe", 1) for name in wanted if name not in rows.columns]
    faults += [Fault(name, "column_in_schema", 1) for name in rows.columns if name not in wanted]
    faults += [
        Fault(name, "dtype", 1) for name, dtype in rows.schema.items() if name in wanted and dtype != wanted[name]
    ]
    return faults


def range_assertions(schema: type[Table]) -> dict[str, str]:
    """`schema` as SQL for tables too large for a frame: rule -> condition that a bad row satisfies."""
    conditions: dict[str, str] = {}
    for name, column in schema.to_schema().columns.items():
        if not column.nullable:
            conditions[f"{name}: not_nullable"] = f'"{name}" is null'
        for check in column.checks:
            bounds = check.statistics
            if check.name == "isin":
                allowed = ", ".join(f"'{value}'" for value in bounds["allowed_values"])
                conditions[f"{name}: isin"] = f'"{name}" not in ({allowed})'
            elif check.name == "greater_than_or_equal_to":
                conditions[f"{name}: at least {bounds['min_value']}"] = f'"{name}" < {bounds["min_value"]}'
            elif check.name == "less_than_or_equal_to":
                conditions[f"{name}: at most {bounds['max_value']}"] = f'"{name}" > {bounds["max_value"]}'
            else:
                raise NotImplementedError(f"no SQL for the check {check.name} of {name}")
    return conditions


def key_columns(schema: type[Table]) -> list[str]:
    """The columns that together identify a row, empty if the schema names none."""
    built = schema.to_schema()
    single = [name for name, column in built.columns.items() if column.unique]
    return list(built.unique or single)


def _rule(check: str) -> str:
    # pandera quotes the offending name of a wrong dtype or column; the rule's name is enough
    return check.split("(", maxsplit=1)[0].strip()
