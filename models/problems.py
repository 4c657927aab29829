"""How a fault in an export is reported: one sentence that names the place, the outcome and the cure.

A problem never carries a value read from the export; only places, rules and counts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`CODE file!member:line: what is wrong; what was done; how to fix it`.

    `code` is stable and documented (docs/errors.md), `file` is relative to the drop folder, `member` is the file
    inside an archive or folder, `line` counts from 1 (a CSV or XML line, or the item of a JSON list).
    """

    code: str
    what: str
    done: str
    fix: str
    file: str = ""
    member: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = self.file
        if self.member:
            place += f"!{self.member}"
        if self.line is not None:
            place += f":{self.line}"
        return f"{self.code} {place}: {self.what}; {self.done}; {self.fix}"


class ExportRefused(Exception):
    """An export that cannot be loaded at all: nothing of it reaches any table, the rest of the run goes on."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class SettingsRefused(Exception):
    """`turnout.toml`, the command line or the launchpad asks for something that is not allowed or not understood."""
