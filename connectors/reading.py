"""An export as it enters the lake: what its reader yields, without records that are dated when they cannot have been.

This is the only place where days are judged, for all formats alike; that a text is no time at all, readers see.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import polars as pl

from connectors.contract import FRAMES, Connector, Frame, frame
from connectors.possible import ANCIENT, EARLIEST, FUTURE, Bounds
from connectors.settings import SourceSettings
from connectors.source import Source

DOUBTED: Final = "PPL-TIM-010"
_RECORDS: Final = ("event", "usage", "person")
_LAST: Final = ("coverage", "person_identifier")
"""What can only be said when all records are known."""
_WHY: Final = {
    FUTURE: "a time of it lies in the future of the export; it was not loaded",
    ANCIENT: "a time of it is earlier than any platform, or any employment; it was not loaded",
}
_CREATED: Final = "spaces whose day of creation cannot be; it counts as unknown"
_BESIDE: Final = "totals and further acts of a day that cannot be; left out"
_STATED: Final = "a stated period with a day that cannot be; that of the first or last record was taken"


def read_export(connector: Connector, source: Source, settings: SourceSettings, *, now: datetime) -> Iterator[Frame]:
    """The frames of one export, of which every dated record is possible; `now` is naive UTC.

    Records before `possible.EARLIEST`, or more than a day after the export was made, are quarantined. When it was made
    the export may say; it was by `now`. Raises what the reader raises.
    """
    made_at = connector.made_at(source)
    bounds = Bounds(now if made_at is None else min(now, made_at), now)
    yield from _Judge(bounds).frames(connector.read(source, settings))


@dataclass(slots=True)
class _Judge:
    """What is learned of one export while its frames pass."""

    bounds: Bounds
    has_refused: bool = False
    gone: set[str] = field(default_factory=set)
    staff: set[str] = field(default_factory=set)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    days: dict[str, tuple[date, date]] = field(default_factory=dict)
    """Of each workspace those of its first and its last event that is kept."""

    def frames(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        held: list[Frame] = []
        for one in frames:
            if one.table in _LAST:
                held.append(one)
            elif one.table == "space":
                yield self._space(one)
            elif one.table in _RECORDS:
                yield from self._records(one)
            else:
                yield one
        for one in held:
            yield self._coverage(one.rows) if one.table == "coverage" else self._identifiers(one.rows)
        yield frame("note", [
            {"member": member, "rule": DOUBTED, "message": message, "n_records": n_records}
            for (member, message), n_records in self.notes.items()
        ])

    def _records(self, given: Frame) -> Iterator[Frame]:
        """A record goes with all its rows, unless its line has several records: then each row is judged by itself."""
        judged = given.rows.with_columns(self.bounds.fault(given.table).alias("_fault"))
        if judged["_fault"].null_count() < judged.height:
            place = ["member", "line"]
            of_record = pl.when(pl.col("is_record").sum().over(place) == 1).then(
                pl.col("_fault").drop_nulls().first().over(place)
            )
            judged = judged.with_columns(pl.coalesce("_fault", of_record))
            yield self._quarantined(given.table, judged.filter(pl.col("_fault").is_not_null()))
        kept = judged.filter(pl.col("_fault").is_null()).drop("_fault")
        self._learn(given.table, kept)
        yield Frame(given.table, kept)

    def _quarantined(self, table: str, rows: pl.DataFrame) -> Frame:
        self.has_refused = True
        records = rows.filter("is_record")
        if table == "person":
            self.gone |= set(records["person"])
        beside = rows.filter(~pl.col("is_record")).join(records, on=["member", "line"], how="anti")
        self._note(beside, _BESIDE)
        return frame("quarantine", [
            {"member": member, "line": line, "rule": rule, "message": _WHY[rule]}
            for member, line, rule in records.select("member", "line", "_fault").rows()
        ])

    def _note(self, rows: pl.DataFrame, message: str) -> None:
        for member in rows["member"]:
            self.notes[member, message] += 1

    def _learn(self, table: str, kept: pl.DataFrame) -> None:
        if table == "person":
            self.staff |= set(kept["person"])
        elif table == "event":
            day = pl.col("occurred_at").dt.date()
            of_workspace = kept.drop_nulls("occurred_at").group_by("workspace")
            for workspace, first, last in of_workspace.agg(day.min(), day.max().alias("last")).rows():
                known = self.days.get(workspace, (first, last))
                self.days[workspace] = min(first, known[0]), max(last, known[1])

    def _space(self, given: Frame) -> Frame:
        judged = given.rows.with_columns(self.bounds.fault("space").alias("_fault"))
        self._note(judged.filter(pl.col("_fault").is_not_null()), _CREATED)
        created_at = pl.when(pl.col("_fault").is_null()).then("created_at").alias("created_at")
        return Frame("space", judged.with_columns(created_at).drop("_fault"))

    def _identifiers(self, rows: pl.DataFrame) -> Frame:
        """Who has no row left is not on the roster."""
        gone = pl.Series(sorted(self.gone - self.staff), dtype=pl.String)
        return Frame("person_identifier", rows.filter(~pl.col("person").is_in(gone.implode())))

    def _coverage(self, rows: pl.DataFrame) -> Frame:
        periods = (
            self._period(workspace, start, end, is_stated=is_stated)
            for workspace, start, end, is_stated in rows.select(*FRAMES["coverage"]).rows()
        )
        return frame("coverage", [period for period in periods if period is not None])

    def _period(self, workspace: str, start: date, end: date, *, is_stated: bool) -> dict[str, object] | None:
        """With the day of the first or last record for an edge that cannot be; nothing if there is none."""
        latest = self.bounds.latest if self.has_refused and not is_stated else self.bounds.newest
        is_possible = EARLIEST <= start <= latest, EARLIEST <= end <= latest
        if not all(is_possible):
            if is_stated:
                self.notes["", _STATED] += 1
            if start == end or workspace not in self.days:  # of a damaged dump each day is a period by itself
                return None
            first, last = self.days[workspace]
            start, end = start if is_possible[0] else first, end if is_possible[1] else last
            is_stated = False
        return {"workspace": workspace, "covered_from": start, "covered_to": end, "is_stated": is_stated}
