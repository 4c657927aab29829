"""What a reader yields as whole tables, after checking what holds for every reader."""

from collections.abc import Iterable

import polars as pl

from connectors.contract import FRAMES, Frame

Tables = dict[str, pl.DataFrame]


def tables_of(frames: Iterable[Frame], *, canary: str | None = None) -> Tables:
    """Frames by table, each in its exact layout; asserts that no record was lost and no canary got out."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for frame in frames:
        assert dict(frame.rows.schema) == dict(FRAMES[frame.table])
        assert canary is None or canary not in frame.rows.write_json()
        parts.setdefault(frame.table, []).append(frame.rows)
    tables = {name: pl.concat(parts[name]) if name in parts else pl.DataFrame(schema=dict(schema))
              for name, schema in FRAMES.items()}
    n_records = sum(tables[name]["is_record"].sum() for name in ("event", "account", "space", "person", "usage"))
    n_records += tables["quarantine"].height + tables["exclusion"]["n_records"].sum()
    assert tables["part"]["n_read"].sum() == n_records
    assert tables["capability"].height == 1
    return tables
