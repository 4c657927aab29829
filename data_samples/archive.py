"""Writes zips, gzips and comma-separated files so that the same content gives the same bytes.

Timestamps come from the caller, never from the clock.
"""

import gzip
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import msgspec


class Archive:
    """A zip that is written member by member, each stamped with the same day."""

    def __init__(self, path: Path, stamp: date) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        self._stamp = (stamp.year, stamp.month, stamp.day, 6, 0, 0)

    def add(self, name: str, content: str) -> None:
        """Append one member."""
        info = zipfile.ZipInfo(name, self._stamp)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system = 3
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, content.encode("utf-8"), compresslevel=9)

    def add_json(self, name: str, content: object) -> None:
        """Append one member of indented JSON in ASCII, as Slack does."""
        compact = json.dumps(content, separators=(",", ":"))
        self.add(name, msgspec.json.format(compact, indent=4))

    def close(self) -> None:
        """Write the directory of the zip."""
        self._zip.close()


@contextmanager
def open_gzip(path: Path) -> Iterator[gzip.GzipFile]:
    """A gzip stream without a time or a name in its header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=9) as stream,
    ):
        yield stream


def quoted_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Every field quoted, quotes doubled, rows ended by a line feed: the network export's way."""
    lines = ['"' + '","'.join(value.replace('"', '""') for value in row) + '"\n' for row in (header, *rows)]
    return "".join(lines)


def write_text(path: Path, lines: Iterable[str]) -> None:
    """A small text file of lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
