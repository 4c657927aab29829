"""What must hold before a run touches the warehouse: the same key, the same reporting zone, the same contract."""

from pathlib import Path

from models.problems import SettingsRefused
from models.schemas import SCHEMA_VERSION
from pipelines.keys import KeyRing
from pipelines.warehouse import Warehouse, columns_of, frame_of


def admit(warehouse: Warehouse, ring: KeyRing, *, zone: str) -> None:
    """Refuses a foreign key; forgets a warehouse of another zone or contract, which the lake then rebuilds."""
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
