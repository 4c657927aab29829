"""The first half of a rotation: everything under the new key, beside what is in use. Interrupted, it is thrown away."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.registry import CONNECTORS
from models.problems import SettingsRefused
from pipelines import declared, ingest
from pipelines.config import Settings
from pipelines.erasure.ledger import Ledger
from pipelines.erasure.request import Output
from pipelines.erasure.sweep import keep_out
from pipelines.keys import destroy, new_key
from pipelines.rotation.carry import CarryingLake, CarryingRing
from pipelines.warehouse import Warehouse

FOLDER = "rotation"
"""In `OUT/work`, beside the lake."""


@dataclass(frozen=True, slots=True)
class Losses:
    """What cannot be had under the new key: exports that are not in the drop folder, lines in the ledger."""

    n_exports: int
    n_lines: int


def prepare(
    output: Output, exports: Path, settings: Settings, *, names: Sequence[str], now: datetime,
    progress: Callable[[str], None],
) -> tuple[Path, Losses]:
    """A folder with a new key, the lake and the ledger under it, and what is missing from them.

    `names` are people who are left out and whom the exports may no longer name.
    """
    folder = output.folder / "work" / FOLDER
    discard(folder)
    old = output.lake.ledger()
    ring = CarryingRing(new_key(folder / "state" / "key").secret, output.ring, old)
    lake = CarryingLake(folder / "lake", ring)
    for name in names:
        ring.name(name)
    _read_all(Warehouse(folder / "turnout.duckdb"), lake, exports, settings, now=now, progress=progress)
    declared.keyed_mapping(exports, settings, ring)
    keep_out(lake)
    if not old.rows.is_empty():
        _settle(lake.ledger())
    missing = {entry.file_id for entry in output.lake.entries()} - {entry.file_id for entry in lake.entries()}
    return folder, Losses(len(missing), sum(ring.n_unnamed().values()))


def discard(folder: Path) -> None:
    """Removes what an interrupted rotation had prepared; its key was never in use."""
    destroy(folder / "state" / "key")
    shutil.rmtree(folder, ignore_errors=True)


def refuse(losses: Losses, *, missing_exports: bool, unnamed_lines: bool) -> None:
    """Raises `SettingsRefused` (PPL-KEY-004, PPL-KEY-005) where something would be lost that was not accepted."""
    if losses.n_exports and not missing_exports:
        raise SettingsRefused(
            f"PPL-KEY-004 --exports: {losses.n_exports} exports of the lake cannot be read again, for they are not in "
            "this drop folder; nothing was changed; put them back, or go on without them with --drop-missing"
        )
    if losses.n_lines and not unnamed_lines:
        raise SettingsRefused(
            f"PPL-KEY-005 --exports: {losses.n_lines} accounts, people or identifiers that are left out are named "
            "nowhere in this drop folder, so they cannot be kept out under another key; nothing was changed; put the "
            "exports back that name them, name the people with --person, or go on without with --drop-unnamed"
        )


def _read_all(
    warehouse: Warehouse, lake: CarryingLake, exports: Path, settings: Settings, *, now: datetime,
    progress: Callable[[str], None],
) -> None:
    with warehouse.held():
        ingest.survey(warehouse, exports, settings)
        for connector in CONNECTORS:
            ingest.read_exports(warehouse, lake, exports, settings, connector, now=now, progress=progress)
    warehouse.path.unlink()


def _settle(ledger: Ledger) -> None:
    """Writes the ledger even if nobody of the old one could be named, for the old one is of no use any more."""
    if ledger.rows.is_empty():
        ledger.written()
