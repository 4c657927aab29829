"""The file that remembers what was published of closed periods: the only state that a release depends on."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final

import polars as pl

from models.release import Policy
from models.release.history import FROZEN, nothing, with_release
from pipelines import state_file
from pipelines.warehouse import Warehouse, frame_of, quoted

FILE: Final = "release_history.parquet"


def read(state: Path) -> pl.DataFrame:
    """What was published so far; nothing before the first release."""
    path = state / FILE
    return pl.read_parquet(path) if path.is_file() else nothing()


def after(warehouse: Warehouse, state: Path, policy: Policy) -> pl.DataFrame:
    """What will have been published once the released tables of the warehouse are."""
    with warehouse.connect() as connection:
        as_of: date = frame_of(connection, "select as_of_on from meta").item() or date.min
        tables = {table: frame_of(connection, f"from {quoted(table)}") for table in sorted(FROZEN)}
    return with_release(read(state), tables, as_of=as_of, policy=policy)


def write(state: Path, history: pl.DataFrame) -> None:
    """Replaces the file."""
    content = BytesIO()
    history.write_parquet(content)
    state_file.replace(state / FILE, content.getvalue())
