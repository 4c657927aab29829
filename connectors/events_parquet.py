"""The records of a mapped Parquet file: only the named columns are ever decompressed.

A record's line is its row, from 1.
"""

import io
from collections.abc import Iterator
from functools import partial
from typing import IO, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from connectors.events_fields import Names, Record, check_columns, dig, pruned
from connectors.settings import EventMapping
from connectors.source import Member, Source
from connectors.streams_text import Unpacked, read_whole

_BATCH: Final = 5_000
_FAULTS: Final = (pa.ArrowException, OSError, ValueError, KeyError, TypeError, OverflowError)


def parquet_records(
    source: Unpacked, member: Member, mapping: EventMapping, names: Names
) -> Iterator[tuple[int, Record]]:
    """Every row of a member; refuses a file that is no sound Parquet or lacks a column."""
    with Source.open(source, member) as stream:
        file = _opened(source, member, stream)
        header = list(file.schema_arrow.names)
        check_columns(source, member, mapping, header)
        wanted = {*names.columns, *names.nested}
        columns = [name for name in header if name in wanted or any(one.startswith(f"{name}.") for one in wanted)]
        number = 0
        for rows in _batches(source, member, file, columns):
            for row in rows:
                number += 1
                yield number, pruned(partial(dig, row), names)


def _opened(source: Unpacked, member: Member, stream: IO[bytes]) -> pq.ParquetFile:
    if source.kind == "zip":
        stream = io.BytesIO(read_whole(source, member, stream, "Unpack the archive."))
    try:
        return pq.ParquetFile(stream)
    except _FAULTS as error:
        raise _damaged(source, member) from error


def _batches(
    source: Unpacked, member: Member, file: pq.ParquetFile, columns: list[str]
) -> Iterator[list[dict[str, object]]]:
    batches = file.iter_batches(batch_size=_BATCH, columns=columns, use_threads=False)
    while True:
        try:
            batch = next(batches, None)
            if batch is None:
                return
            rows = _in_microseconds(batch).to_pylist() if columns else [{}] * batch.num_rows
        except _FAULTS as error:
            raise _damaged(source, member) from error
        yield rows


def _in_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Python has no nanoseconds; the fraction beyond is cut."""
    columns = [
        column.cast(pa.timestamp("us", column.type.tz), safe=False)
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns" else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _damaged(source: Unpacked, member: Member) -> Exception:
    return source.refuse("PPL-EVT-001", "not a Parquet file, or a damaged one", "Export or copy the file again.",
                         member=member.name)
