"""What must hold before a run touches the warehouse: a whole audit trail, the same key, kept apart, zone, contract."""

from collections.abc import Mapping
from pathlib import Path

from models.problems import SettingsRefused
from models.schemas import SCHEMA_VERSION
from pipelines import trail_check
from pipelines.erasure.sweep import REBUILD
from pipelines.keys import KeyRing, keep_apart
from pipelines.lake import Lake
from pipelines.warehouse import Warehouse, columns_of, frame_of


def admit(warehouse: Warehouse, ring: KeyRing, *, zone: str) -> None:
    """Refuses a broken audit trail, a foreign key, or one among the results; forgets a warehouse of another zone or
    contract, and one that holds people whom the lake no longer holds.

    The lake rebuilds what is forgotten. The warehouse is that of an output folder: `OUT/work/turnout.duckdb`.
    """
    trail_check.admit(warehouse.path.parent / "state")
    keep_apart(ring, warehouse.path.parent.parent)
    was = refuse_other_key(warehouse, ring)
    is_other = was is not None and (was["reporting_zone"] != zone or was["schema_version"] != SCHEMA_VERSION)
    asked = warehouse.path.parent / "state" / REBUILD
    if is_other or asked.exists():
        forget(warehouse.path)
        asked.unlink(missing_ok=True)


def refuse_other_key(warehouse: Warehouse, ring: KeyRing) -> Mapping[str, object] | None:
    """Raises `SettingsRefused` (PPL-KEY-002) for a warehouse, or a lake beside it, made with another key; returns the
    `meta` of the warehouse, None if it has none.
    """
    for entry in Lake(warehouse.path.parent / "lake", ring).entries():
        if entry.key_id not in ("", ring.key_id):
            raise _other_key(ring, f"the lake has {entry.key_id}")
    if not warehouse.path.exists():
        return None
    with warehouse.connect() as connection:
        if not columns_of(connection, "meta"):
            return None
        was = frame_of(connection, "from meta").row(0, named=True)
    if was["key_id"] != ring.key_id:
        raise _other_key(ring, f"the warehouse has {was['key_id']}")
    return was


def _other_key(ring: KeyRing, found: str) -> SettingsRefused:
    return SettingsRefused(
        f"PPL-KEY-002 key id {ring.key_id} is not that of this output folder ({found}); nothing was read; restore the "
        "old key file, or start with an empty output folder"
    )


def forget(path: Path) -> None:
    """Removes a warehouse; the lake rebuilds it."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
