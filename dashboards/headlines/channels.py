"""The sentences about open platforms against e-mail and shared files: see `dashboards.headlines` for the rules."""

from collections.abc import Mapping
from typing import Any, Final

from dashboards import words
from models.comparison import SMALLEST_CHANGE
from models.metrics.channel_shift import ADDED, CANNOT_TELL, FELL, NO_CHANGE, REPLACED

CLOSED: Final = {"email": "e-mail", "files": "shared files"}


def shift(row: Mapping[str, Any] | None) -> str:
    """The time after a declared start beside that before, as the verdict says: the day of a change is not known."""
    if row is None or row["verdict"] == CANNOT_TELL or row["verdict"] is None:
        return "Whether open platforms replace e-mail and shared files cannot be told"
    kind = row["compared_by"]
    after, before = words.count(row["n_after"], kind), words.count(row["n_before"], kind)
    start = f"In the {after} after {words.day(row['started_on'])}"
    levels = f"{words.percent(row['open_after_ratio'])} and {words.percent(row['open_before_ratio'])}"
    then = f"in the {before} before ({levels})"
    return {
        REPLACED: f"{start} more people took part in the open than {then}, and fewer used {words.listed(_fallen(row))}",
        ADDED: f"{start} more people took part in the open than {then}, without giving up {_known(row)} for it",
        NO_CHANGE: f"{start} about as many people took part in the open as {then}",
        FELL: f"{start} fewer people took part in the open than {then}",
    }[row["verdict"]]


def mix(row: Mapping[str, Any] | None, *, period: str) -> str:
    """One period, where nothing is known of before and after."""
    if row is None:
        return shift(None)
    told = [f"{words.percent(row[f'{name}_ratio'])} used {text}"
            for name, text in CLOSED.items() if row[f"{name}_ratio"] is not None]  # fmt: skip
    start = f"In {period} {words.percent(row['open_ratio'])} of people took part in the open"
    return f"{start} and {told[0]}" if len(told) == 1 else f"{start}, {' and '.join(told)}"


def _fallen(row: Mapping[str, Any]) -> list[str]:
    """The channels that fewer people use, beyond chance."""
    return [
        text for name, text in CLOSED.items()
        if row[f"{name}_change_pp"] is not None
        and row[f"{name}_change_pp"] <= -100 * SMALLEST_CHANGE and row[f"{name}_change_pp_high"] < 0
    ]  # fmt: skip


def _known(row: Mapping[str, Any]) -> str:
    return " or ".join(text for name, text in CLOSED.items() if row[f"{name}_change_pp"] is not None)
