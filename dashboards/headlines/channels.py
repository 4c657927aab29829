"""The sentences about open platforms against e-mail and shared files: see `dashboards.headlines` for the rules."""

from collections.abc import Mapping
from typing import Any, Final

from dashboards import words
from models.comparison import SMALLEST_CHANGE
from models.metrics.channel_shift import ADDED, CANNOT_TELL, FELL, NO_CHANGE, REPLACED

CLOSED: Final = {"email": "e-mail", "files": "shared files"}


def shift(row: Mapping[str, Any] | None) -> str:
    """Since a declared start: replaced, added, or no change, as the verdict says, which allows for chance."""
    if row is None or row["verdict"] == CANNOT_TELL or row["verdict"] is None:
        return "Whether open platforms replace e-mail and shared files cannot be told"
    since = f"since {words.day(row['started_on'])}"
    return {
        REPLACED: f"More people take part in the open {since}, and fewer use {words.listed(_fallen(row))}",
        ADDED: f"More people take part in the open {since}, without giving up {_known(row)} for it",
        NO_CHANGE: f"About as many people take part in the open as before {words.day(row['started_on'])}",
        FELL: f"Fewer people take part in the open {since}",
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
