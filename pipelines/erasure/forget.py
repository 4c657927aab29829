"""`turnout forget`: the ledger first, then lake, warehouse, releases, Dagster's storage and backups, then a search.

Each step may be interrupted: the ledger has the person, so that the same command finishes what is left.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from models.problems import SettingsRefused
from pipelines import trail
from pipelines.erasure import dagster_storage
from pipelines.erasure.folders import erase, remove_releases, treat_backup
from pipelines.erasure.request import Output, opened
from pipelines.erasure.search import Needles, Searched, search

if TYPE_CHECKING:
    from pipelines.job import Outcome


@dataclass(slots=True)
class Report:
    """What was done and searched; `exports` are the paths of those that hold the person, `notes` lines to show."""

    number: int
    searched: Searched = field(default_factory=Searched)
    exports: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_released: bool = False
    n_rewritten: int = 0
    n_releases: int = 0

    @property
    def is_clean(self) -> bool:
        """Nothing that was searched holds the person, and everything could be searched."""
        return not self.searched.hits and not self.searched.unreadable

    @property
    def counts(self) -> dict[str, int]:
        """All that is written down of it."""
        return {
            "n_files": self.searched.n_files,
            "n_bytes": self.searched.n_bytes,
            "n_tables": self.searched.n_tables,
            "n_columns": self.searched.n_columns,
            "n_hits": len(self.searched.hits),
            "n_unreadable": len(self.searched.unreadable),
            "n_exports_holding": len(self.exports),
            "n_exports_rewritten": self.n_rewritten,
            "n_releases_removed": self.n_releases,
        }

    def lines(self) -> Iterator[str]:
        """The report in words. Places are named, values never."""
        yield from self.notes
        found = self.searched
        yield (
            f"Searched {found.n_files:,} files of {found.n_bytes:,} bytes and {found.n_columns:,} columns of "
            f"{found.n_tables:,} tables; rewritten: {self.n_rewritten} exports in the lake; removed: {self.n_releases} "
            "releases"
        )
        for export in self.exports:
            yield (
                f"PPL-ERA-009 {export}: this export holds the person; it was not changed, the ledger keeps them out "
                "of every run; delete or edit it if nobody may keep it"
            )
        for path, place in found.hits:
            yield f"PPL-ERA-008 {path}: {place} still holds the person; it was not changed; delete or rename the file"
        for path in found.unreadable:
            yield f"PPL-ERA-008 {path}: it cannot be searched; it was not changed; look into it, or delete it"
        if self.is_clean:
            yield "The person is in none of these files"


def forget(
    out: Path,
    text: str,
    *,
    exports: Path | None,
    backups: Sequence[Path],
    dagster_home: Path | None,
    now: datetime,
    run: "Callable[[], Outcome] | None",
) -> Report:
    """Erases the person with this roster id or e-mail address; `run` makes a new release, None: there will be none.

    Raises `SettingsRefused` if there is no such person, or the folder or its key is not the right one. Exports are
    looked at and never changed.
    """
    output = opened(out)
    erased = erase(output, text, exports, now.date())
    report = Report(erased.request.number, exports=erased.exports, n_rewritten=len(erased.exports))
    _record(output, "begun", {}, now)
    _publish(report, run)
    report.n_releases = remove_releases(out, keep=_standing(out))
    names = [text, *erased.shown]
    needles = Needles(erased.request.known_as, names, output.lake.ledger(), [report.number])
    if dagster_home is not None:
        report.notes += dagster_storage.scrub(dagster_home, needles)
    _clear_release(out, needles, report)
    report.searched.add(search([out, *([dagster_home] if dagster_home else [])], needles))
    for backup in backups:
        found, n_removed = treat_backup(backup, text, output, needles, now.date())
        report.searched.add(found)
        report.n_releases += n_removed
    if exports is not None:
        report.exports = sorted({*report.exports, *_exports_naming(exports, names)})
    _write(output, report, now)
    return report


def _publish(report: Report, run: "Callable[[], Outcome] | None") -> None:
    if run is None:
        report.notes.append("No new release was made, for --exports is not given: run `turnout run`")
        return
    try:
        outcome = run()
    except SettingsRefused as refused:
        report.notes.append(str(refused))
    else:
        report.is_released = outcome.release is not None
        report.notes += outcome.problems
    if not report.is_released:
        report.notes.append("No new release could be made; the person is erased all the same")


def _standing(out: Path) -> Path | None:
    return (out / "latest").resolve() if (out / "latest").exists() else None


def _clear_release(out: Path, needles: Needles, report: Report) -> None:
    """Deletes files of the release that stands, where no new one took its place and they hold the person."""
    if held := search([out / "releases"], needles).files:
        for path in held:
            path.unlink()
        report.notes.append("Files of the last release held the person and are deleted: run `turnout run`")


def _exports_naming(exports: Path, names: Sequence[str]) -> set[str]:
    """Files of the drop folder in which the name is found as it was typed or shown, settings and mapping file too."""
    held = search([exports], Needles((), names)).files
    return {path.relative_to(exports).as_posix() if exports.is_dir() else path.name for path in held}


def _write(output: Output, report: Report, now: datetime) -> None:
    path = output.state / f"forgotten-{report.number}.json"
    with open(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as stream:
        json.dump({"on": str(now.date()), "key_id": output.ring.key_id, **report.counts}, stream, indent=1)
    _record(output, "done" if report.is_clean else "left", report.counts, now)


def _record(output: Output, outcome: str, counts: dict[str, int], now: datetime) -> None:
    """Nobody is named: the trail outlives the person's data."""
    event = trail.Event("forget", outcome, output.ring.key_id, details=counts)
    trail.record(output.state, event, now=now, who=trail.current_user())
