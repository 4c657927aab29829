"""The file that remembers what was published of closed periods: the only state that a release depends on."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from models.release import Policy
from models.release.history import FROZEN, MEMBERS, nothing, with_release
from pipelines import state_file
from pipelines.warehouse import Warehouse, frame_of, quoted

FILE: Final = "release_history.parquet"
READS: Final = ("prep_membership", "prep_standing")
_MEMBERS: Final = """
select
    m.period_kind,
    m.period_start,
    cast(bit_xor(md5_number(cast(row(
        m.person_id, m.is_eligible, m.is_executive, m.unit, m.layer, s.department, s.location, s.tenure
    ) as varchar))) as varchar) as members
from prep_membership as m
left join prep_standing as s
    on m.period_kind = 'month' and s.period_start = m.period_start and s.person_id = m.person_id
where m.platform is null
group by m.period_kind, m.period_start
"""
"""Without a roster, everybody is there per platform: then there is no digest."""


def read(state: Path) -> pl.DataFrame:
    """What was published so far; nothing before the first release."""
    path = state / FILE
    return pl.read_parquet(path) if path.is_file() else nothing()


def members(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """A digest of who is on the roster in which group, by period (`models.release.history.MEMBERS`)."""
    return frame_of(connection, _MEMBERS).cast(MEMBERS)  # type: ignore[arg-type]  # types by column


def after(warehouse: Warehouse, state: Path, policy: Policy) -> pl.DataFrame:
    """What will have been published once the released tables of the warehouse are."""
    with warehouse.connect() as connection:
        as_of: date = frame_of(connection, "select as_of_on from meta").item() or date.min
        tables = {table: frame_of(connection, f"from {quoted(table)}") for table in sorted(FROZEN)}
        known = members(connection)
    return with_release(read(state), tables, as_of=as_of, policy=policy, members=known)


def write(state: Path, history: pl.DataFrame) -> None:
    """Replaces the file."""
    content = BytesIO()
    history.write_parquet(content)
    state_file.replace(state / FILE, content.getvalue())
