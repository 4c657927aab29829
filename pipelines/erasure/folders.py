"""One output folder, or a copy of one, without the person: ledger, lake, warehouse, old releases."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from models.problems import SettingsRefused
from pipelines.erasure.request import Output, Request, left_out, mapped_accounts, remove_warehouse, shown_names
from pipelines.erasure.search import Needles, Searched, search
from pipelines.erasure.sweep import keep_out
from pipelines.keys import open_key


@dataclass(frozen=True, slots=True)
class Erased:
    """Whom it was about, the paths of the exports whose parse in the lake held them, and what pages called them."""

    request: Request
    exports: list[str]
    shown: list[str]


def erase(output: Output, text: str, exports: Path | None, today: date) -> Erased:
    """Enters the person into the ledger, rewrites the lake and removes the warehouse, which the lake rebuilds.

    `exports` is where the mapping file lies. Raises `SettingsRefused` if there is no such person.
    """
    mapped = mapped_accounts(output, exports)
    with output.warehouse.held():  # no run may read or write meanwhile
        request = left_out(output, text, mapped, kind="forget", today=today)
        changed = keep_out(output.lake)
        named = Needles([], [text])
        for entry in output.lake.entries():
            if named.in_value(entry.path):
                output.lake.describe(msgspec.structs.replace(entry, path=f"export {entry.file_id[:8]}"))
        shown = shown_names(output, request.known_as)
    remove_warehouse(output)
    return Erased(request, [entry.path for entry in changed], shown)


def remove_releases(out: Path, *, keep: Path | None) -> int:
    """Removes all releases but one, also unfinished ones; returns how many."""
    older = [path for path in (out / "releases").glob("*") if path.resolve() != keep]
    for path in older:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return len(older)


def treat_backup(path: Path, text: str, output: Output, needles: Needles, today: date) -> tuple[Searched, int]:
    """Erases the person from a copy of an output folder; anything else is only searched.

    What the search found, and how many releases were removed: all of the copy's, for none can be made anew there.
    """
    if not ((path / "work" / "lake").is_dir() or (path / "releases").is_dir()):
        return search([path], needles), 0
    own_key = path / "work" / "state" / "key"
    copy = Output(path, open_key(own_key.parent) if own_key.exists() else output.ring)
    copy.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    theirs = None
    try:
        request = erase(copy, text, None, today).request
        theirs = Needles(request.known_as, [text], copy.lake.ledger(), [request.number])
    except SettingsRefused:  # the copy does not know them: what stands there all the same is searched for
        remove_warehouse(copy)
    (path / "latest").unlink(missing_ok=True)
    n_removed = remove_releases(path, keep=None)
    found = search([path], needles)
    if theirs is not None and copy.ring != output.ring:
        found.add(search([path], theirs))
    return found, n_removed
