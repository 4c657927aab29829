"""What a careful person writes in an afternoon: zipfile, json, csv and ElementTree, one tuple per record.

It keeps the same few fields and classifies nothing, so it does less than a connector.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final
from xml.etree import ElementTree

from connectors.streams import decompressed

Record = tuple[str | None, str | None, datetime | None]
"""Author, place, time."""


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The files of an export as streams of inflated bytes."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    with archive.open(info) as stream:
                        yield info.filename, stream
    else:
        with path.open("rb") as raw, decompressed(raw) as stream:
            yield path.name.removesuffix(".gz").removesuffix(".zst"), stream


def read_plainly(path: Path) -> int:
    """The number of records of an export, each held as a tuple."""
    records: list[Record] = []
    for name, stream in members(path):
        reader = READERS.get(Path(name).suffix.lower())
        if reader is not None:
            records.extend(reader(name, stream))
    return len(records)


def _json(name: str, stream: IO[bytes]) -> Iterator[Record]:
    for item in filter(lambda one: isinstance(one, dict), json.load(stream)):
        seconds = item.get("ts")
        yield item.get("user"), name.partition("/")[0], datetime.fromtimestamp(float(seconds), UTC) if seconds else None


def _csv(name: str, stream: IO[bytes]) -> Iterator[Record]:
    for row in csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig", newline="")):
        text = row.get("created_at") or row.get("EffectiveDate")
        at = datetime.fromisoformat(text.replace(" UTC", "")) if text else None
        yield row.get("sender_id") or row.get("PersonId"), row.get("group_id") or name, at


def _xml(_: str, stream: IO[bytes]) -> Iterator[Record]:
    page = None
    for _event, element in ElementTree.iterparse(stream):
        tag = element.tag.rpartition("}")[2]
        if tag == "title":
            page = element.text
        elif tag == "revision":
            found = {child.tag.rpartition("}")[2]: child for child in element.iter()}
            at = datetime.fromisoformat(str(found["timestamp"].text))
            author = found.get("username", found.get("ip"))
            yield (None if author is None else author.text), page, at
            element.clear()
        elif tag == "page":
            element.clear()


READERS: Final[Mapping[str, Callable[[str, IO[bytes]], Iterator[Record]]]] = {
    ".json": _json,
    ".csv": _csv,
    ".xml": _xml,
}
