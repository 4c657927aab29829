"""What must hold before a run touches the warehouse: the same key, kept apart, the same zone, the same contract."""

from pathlib import Path

from models.problems import SettingsRefused
from models.schemas import SCHEMA_VERSION
from pipelines.keys import KeyRing, keep_apart
from pipelines.warehouse import Warehouse, columns_of, frame_of


def admit(warehouse: Warehouse, ring: KeyRing, *, zone: str) -> None:
    """Refuses a foreign key, or one among the results; forgets a warehouse of another zone or contract.

    The lake rebuilds what is forgotten. The warehouse is that of an output folder: `OUT/work/turnout.duckdb`.
    """
    keep_apart(ring, warehouse.path.parent.parent)
    if not warehouse.path.exists():
        return
    with warehouse.connect() as connection:
        if not columns_of(connection, "meta"):
            return
        was = frame_of(connection, "from meta").row(0, named=True)
    if was["key_id"] != ring.key_id:
        raise SettingsRefused(
            f"PPL-KEY-002 key id {ring.key_id} is not that of this output folder (the warehouse has {was['key_id']}); "
            "nothing was read; restore the old key file, or start with an empty output folder"
        )
    if was["reporting_zone"] != zone or was["schema_version"] != SCHEMA_VERSION:
        forget(warehouse.path)


def forget(path: Path) -> None:
    """Removes a warehouse; the lake rebuilds it."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
