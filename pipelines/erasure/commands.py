"""The commands `turnout forget`, `object` and `access`, which one person may ask for. Siblings hold what they do."""

import argparse
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.problems import SettingsRefused

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

Told = tuple[Sequence[str], bool]
"""The lines to print, and whether everything was done."""
_Act = Callable[[argparse.Namespace], Told]


def add_commands(
    commands: "Commands", existing: Callable[[str], Path], tell: Callable[[_Act, argparse.Namespace], int]
) -> None:
    """Adds the three; `existing` is the type of a path that must be there, `tell` runs a command and prints."""
    person = argparse.ArgumentParser(add_help=False)
    person.add_argument("person", metavar="PERSON", help="roster id or e-mail address")
    person.add_argument("--out", type=existing, required=True, metavar="DIR", help="output folder of a run")
    person.add_argument("--exports", type=existing, metavar="DIR", help="drop folder")

    forget = commands.add_parser("forget", parents=[person], help="erases one person; the exports are not changed")
    forget.add_argument(
        "--backup", type=existing, action="append", default=[], metavar="PATH", help="a copy to treat too (repeatable)"
    )
    forget.add_argument("--again", metavar="PERSON", help="the same once more, instead of typing it")
    forget.set_defaults(command=partial(tell, _forget))

    objecting = commands.add_parser("object", parents=[person], help="leaves one person out from now on")
    objecting.add_argument("--withdraw", action="store_true", help="takes the objection back")
    objecting.set_defaults(command=partial(tell, _object))

    access = commands.add_parser("access", parents=[person], help="writes what is held about one person")
    access.add_argument("--to", type=Path, required=True, metavar="FILE", help="new JSON file, for that person")
    access.set_defaults(command=partial(tell, _access))


def _forget(parsed: argparse.Namespace) -> Told:
    from pipelines.erasure.forget import forget
    from pipelines.job import run_job
    from pipelines.workspace import Workspace

    _ask_again(parsed.person, parsed.again)
    home = os.environ.get("DAGSTER_HOME")
    report = forget(
        parsed.out,
        parsed.person,
        exports=parsed.exports,
        backups=parsed.backup,
        dagster_home=Path(home) if home else None,
        now=_now(),
        run=partial(run_job, Workspace(exports=str(parsed.exports), out=str(parsed.out))) if parsed.exports else None,
    )
    return list(report.lines()), report.is_clean


def _object(parsed: argparse.Namespace) -> Told:
    from pipelines.erasure.objection import object_to, withdraw

    if parsed.withdraw:
        return withdraw(parsed.out, parsed.person, now=_now()), True
    return object_to(parsed.out, parsed.person, exports=parsed.exports, now=_now()), True


def _access(parsed: argparse.Namespace) -> Told:
    from pipelines.erasure.access import NOT_HELD, write_access

    n_rows = write_access(parsed.out, parsed.person, parsed.to, exports=parsed.exports, now=_now())
    return [f"{n_rows:,} rows in {parsed.to}", *NOT_HELD], True


def _ask_again(person: str, again: str | None) -> None:
    """An erasure cannot be undone: whoever asks for it writes twice who is meant."""
    try:
        typed = input("Erase for good. Type the roster id or address again: ") if again is None else again
    except EOFError:
        typed = ""
    if typed.strip() != person:
        raise SettingsRefused(
            "PPL-ERA-002 PERSON: is not the same the second time; nothing was done; type it once more, or use --again"
        )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
