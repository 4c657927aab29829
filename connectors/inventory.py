"""What lies in the drop folder: every export with the connector that recognised it, or the reason why none did.

Nothing is read beyond what `detect` needs; loading is the pipeline's.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO, Final

from connectors import events
from connectors.contract import Connector
from connectors.registry import CONNECTORS
from connectors.settings import SourceSettings
from connectors.source import UNREADABLE, Source, is_junk, open_source
from connectors.source_names import printable
from connectors.source_settling import Clock, State, once_more, state_of, still_written
from models.problems import ExportRefused, Problem

_DECLARED_FORMATS: Final = {"roster": "roster-csv"}
"""Platforms whose lone files are taken on turnout.toml's word, because any table can be one."""


@dataclass(frozen=True, slots=True)
class Found:
    """One export, or a file that is none: `status` is recognised, refused or unknown."""

    file: str
    source: Source | None
    connector: Connector | None
    format: str | None
    problem: Problem | None
    status: str


def find_exports(
    root: Path,
    settings_for: Callable[[str], SourceSettings],
    *,
    ignore: frozenset[str],
    clock: Clock = Clock(),  # noqa: B008  # it is frozen
) -> list[Found]:
    """Everything under `root`, or `root` itself if it is an export; `ignore` holds relative paths of other files.

    What is still being copied is skipped with a reason; the next run finds it.
    """
    walk = _Walk(root, settings_for, ignore)
    found = list(walk.look_at(root))
    growing = {walk.name_of(path) for path in still_written(walk.states, clock)}
    return [_growing(one.file) if one.file in growing else one for one in found]


def content_id(source: Source) -> str:
    """BLAKE2b-128 of the content: a file's bytes, or the sorted names and bytes of a folder's members."""
    if source.kind != "folder":
        with source.path.open("rb") as stream:
            return _digest(stream).hex()
    digest = blake2b(digest_size=16)
    for member in sorted(source.members, key=lambda member: member.name):
        with source.open(member) as stream:
            content = _digest(stream)
        name = member.name.encode("utf-8", "surrogateescape")
        digest.update(len(name).to_bytes(8) + name + content)
    return digest.hexdigest()


def _digest(stream: IO[bytes]) -> bytes:
    digest = blake2b(digest_size=16)
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    return digest.digest()


@dataclass(slots=True)
class _Walk:
    root: Path
    settings_for: Callable[[str], SourceSettings]
    ignore: frozenset[str]
    visited: set[Path] = field(default_factory=set)
    states: dict[Path, State | None] = field(default_factory=dict)
    """Of every export its size and time as it was found."""

    def look_at(self, path: Path) -> Iterator[Found]:
        """The exports at or below this path, outermost first; what is inside one is not looked at again."""
        file = self.name_of(path)
        if printable(file) != file:
            yield _refused(printable(file), "PPL-FIL-009", "the name is not UTF-8 or holds control characters",
                           "Rename it.")
            return
        try:
            if path.is_dir():
                yield from self._look_at_folder(path, file)
            elif path.is_file():
                self.states[path] = state_of(path)
                yield once_more(lambda source: self._claim(source) or _unclaimed(source), open_source(path, file))
            elif path.is_symlink():
                yield _refused(file, UNREADABLE, "cannot be read: the link leads nowhere", "Restore its target.")
        except ExportRefused as refusal:
            yield Found(file, None, None, None, refusal.problem, "refused")
        except PermissionError:
            yield _refused(file, UNREADABLE, "permission denied", "Let the user who runs Turnout read it.")
        except OSError:
            yield _refused(file, UNREADABLE, "cannot be read", "Check the disk and copy the file again.")

    def _look_at_folder(self, path: Path, file: str) -> Iterator[Found]:
        real = path.resolve()
        if real in self.visited or (path != self.root and path.is_symlink() and _is_inside(real, self.root)):
            return  # its content is found where it lies
        self.visited.add(real)
        children = sorted(os.listdir(path))
        source = open_source(path, file)
        claimed = self._claim(source)
        if claimed is not None:
            self.states[path] = state_of(path)
            yield _unreadable(source) if source.unreadable else claimed
            return
        for name in children:
            child = path / name
            if not name.startswith(".") and not is_junk(name) and self.name_of(child) not in self.ignore:
                yield from self.look_at(child)

    def _claim(self, source: Source) -> Found | None:
        """The export with its one claim; two claims refuse it; null if nobody claims it."""
        settings = self.settings_for(source.file)
        if settings.events is not None and source.kind != "folder":
            return Found(source.file, source, events.CONNECTOR, events.format_of(settings.events), None, "recognised")
        declared = settings.platform
        claims = [
            (connector, name) for connector in CONNECTORS
            if declared in (None, connector.platform)
            and (name := _declared_format(source, declared) or connector.detect(source)) is not None
        ]
        if not claims:
            return None
        if len(claims) > 1:
            names = " and ".join(sorted(connector.platform for connector, _ in claims))
            return _refused(source.file, "PPL-FIL-008", f"looks like an export of {names}",
                            f'Name the platform: [source."{source.file}"] platform in turnout.toml.')
        connector, name = claims[0]
        return Found(source.file, source, connector, name, None, "recognised")

    def name_of(self, path: Path) -> str:
        """The path relative to the drop folder, as every table names it; a lone export has its own name."""
        is_lone = path == self.root and not path.is_dir()
        return path.resolve().name if is_lone else path.relative_to(self.root).as_posix()


def _declared_format(source: Source, declared: str | None) -> str | None:
    return _DECLARED_FORMATS.get(declared or "") if source.kind == "file" else None


def _unclaimed(source: Source) -> Found:
    is_nest = any(member.name.lower().endswith(".zip") for member in source.members)
    fix = "Unpack it: archives inside an archive are not read." if is_nest else "Check what it is, or declare it."
    problem = Problem("PPL-FIL-003", "no recognised kind of export", "it was not loaded", fix, source.file)
    return Found(source.file, source, None, None, problem, "unknown")


def _unreadable(source: Source) -> Found:
    """The whole export is refused, because what lacks a member would be taken for all that there was."""
    refusal = source.refuse(UNREADABLE, "permission denied", "Let the user who runs Turnout read it.",
                            member=source.unreadable[0])
    return Found(source.file, None, None, None, refusal.problem, "refused")


def _growing(file: str) -> Found:
    problem = Problem("PPL-FIL-005", "still being written", "it was skipped", "Run again when it is complete.", file)
    return Found(file, None, None, None, problem, "refused")


def _refused(file: str, code: str, what: str, fix: str) -> Found:
    return Found(file, None, None, None, Problem(code, what, "nothing of this file was loaded", fix, file), "refused")


def _is_inside(path: Path, root: Path) -> bool:
    return path.is_relative_to(root.resolve())
