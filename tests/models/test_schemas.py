"""The table contract itself."""

import polars as pl
import pytest

from models.metrics import METRICS, mart_of, metric_table
from models.schemas import TABLES
from models.schemas.lake import LAKE
from models.schemas.staging import SETTINGS
from models.validation import find_faults, key_columns, range_assertions

EVERY_TABLE = {**TABLES, **{f"lake {name}": model for name, model in LAKE.items()}, **SETTINGS}


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_every_column_is_described(table: str) -> None:
    columns = EVERY_TABLE[table].to_schema().columns
    assert [name for name, column in columns.items() if not column.description] == []
    assert EVERY_TABLE[table].__doc__


def ledger_row(**changes: object) -> pl.DataFrame:
    row: dict[str, object] = {
        "file_id": "f", "path": "a.zip", "platform": "slack", "workspace": "w", "format": "x", "bytes": 1,
        "coverage_from": None, "coverage_to": None, "n_read": 10, "n_accepted": 4, "n_duplicate": 3, "n_excluded": 2,
        "n_quarantined": 1, "status": "loaded", "reason": None, "loaded_at": None,
    }
    schema = {name: column.dtype.type for name, column in TABLES["export_file"].to_schema().columns.items()}
    return pl.DataFrame([row | changes], schema=schema)


def test_row_equation_holds_or_is_a_fault() -> None:
    assert find_faults(ledger_row(), TABLES["export_file"]) == []
    faults = find_faults(ledger_row(n_read=11), TABLES["export_file"])
    assert [fault.rule for fault in faults] == ["row_equation"]


def test_fault_names_column_and_rule_but_no_value() -> None:
    faults = find_faults(ledger_row(status="secret-value", bytes=-1), TABLES["export_file"])
    assert {(fault.column, fault.rule) for fault in faults} == {
        ("status", "isin"), ("bytes", "greater_than_or_equal_to"),
    }
    assert "secret-value" not in " ".join(map(str, faults))


def test_column_too_many_too_few_or_of_another_type_is_a_fault() -> None:
    schema = TABLES["export_file"]
    assert find_faults(ledger_row().with_columns(pl.lit(1).alias("extra")), schema)
    assert find_faults(ledger_row().drop("path"), schema)
    assert find_faults(ledger_row().with_columns(pl.col("bytes").cast(pl.Int32)), schema)


def test_sql_assertions_cover_every_check_of_every_fact() -> None:
    for table in ("fct_event", "fct_person_day"):
        assert range_assertions(TABLES[table])
    assert key_columns(TABLES["fct_person_day"]) == ["person_id", "platform", "occurred_on"]


def test_registry_is_valid_and_points_at_existing_columns() -> None:
    schema = TABLES["dim_metric"]
    assert find_faults(metric_table().select(list(schema.to_schema().columns)), schema) == []
    for metric in METRICS:
        names = {column.name for column in metric.columns}
        assert names <= set(TABLES[mart_of(metric)].to_schema().columns), metric.id
