"""How an asset reports a validated write to Dagster: counts, column descriptions and checks, never a value."""

from collections.abc import Iterator, Sequence

import dagster as dg
import polars as pl

from models.schemas import TABLES
from models.validation import Fault
from pipelines.gate import STEP, Written

Event = dg.AssetCheckResult | dg.MaterializeResult
CONTRACT = "contract"
ROW_EQUATION = "row_equation"
ON_ROSTER = "on_roster"


def asset_key(table: str) -> dg.AssetKey:
    """The key under which Dagster shows a table: its name, but `meta` is a word that Dagster keeps for itself."""
    return dg.AssetKey(["run", table] if table == "meta" else [table])


def check_specs(table: str) -> list[dg.AssetCheckSpec]:
    """The checks of a table; all but that of the roster are blocking.

    A step on the way to a mart has none: it is validated all the same, and its asset fails with what is wrong.
    """
    if table.startswith(STEP):
        return []
    specs = [
        dg.AssetCheckSpec(
            CONTRACT, asset=asset_key(table), blocking=True, description="Columns, types, ranges and keys."
        )
    ]
    if table == "export_file":
        specs.append(
            dg.AssetCheckSpec(
                ROW_EQUATION,
                asset=asset_key(table),
                blocking=True,
                description="For every file: records read = accepted + duplicate + excluded + quarantined.",
            )
        )
    if table == "rel_contributor_ratios":
        specs.append(
            dg.AssetCheckSpec(
                ON_ROSTER,
                asset=asset_key(table),
                blocking=False,
                description="PPL-ROS-003: in no closed week or month are more people active than on the roster.",
            )
        )
    return specs


def on_roster(outnumbered: pl.DataFrame) -> dg.AssetCheckResult:
    """Fails where figures about people are withheld because the roster is too small; the release goes on."""
    periods = outnumbered.group_by("platform").len().sort("platform")
    return dg.AssetCheckResult(
        asset_key=asset_key("rel_contributor_ratios"),
        check_name=ON_ROSTER,
        passed=outnumbered.is_empty(),
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={f"{platform}: periods with more people active": n_periods for platform, n_periods in periods.rows()},
    )


def reported(written: Written, preview: str | None = None) -> Iterator[Event]:
    """Check results, then either the materialization or a failure: a table with faults was not written.

    Each names its table, so that one step may write several.
    """
    equation = [fault for fault in written.faults if fault.rule == ROW_EQUATION]
    contract = [fault for fault in written.faults if fault.rule != ROW_EQUATION]
    if not written.table.startswith(STEP):
        yield _result(written.table, CONTRACT, contract)
    if written.table == "export_file":
        yield _result(written.table, ROW_EQUATION, equation)
    if written.faults:
        raise dg.Failure(
            f"{written.table} was not written: " + "; ".join(map(str, written.faults)), allow_retries=False
        )
    metadata: dict[str, object] = {
        "dagster/row_count": written.n_rows,
        "dagster/column_schema": _column_schema(written),
    }
    if preview:
        metadata["preview"] = dg.MetadataValue.md(preview)
    yield dg.MaterializeResult(asset_key=asset_key(written.table), metadata=metadata)


def _result(table: str, name: str, faults: Sequence[Fault]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=asset_key(table),
        check_name=name,
        passed=not faults,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={f"{fault.column}: {fault.rule}": fault.n_rows for fault in faults},
    )


def _column_schema(written: Written) -> dg.TableSchema:
    described = TABLES[written.table].to_schema().columns
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name,
                kind,
                described[name].description,
                constraints=dg.TableColumnConstraints(nullable=described[name].nullable, unique=described[name].unique),
            )
            for name, kind in written.columns.items()
        ]
    )
