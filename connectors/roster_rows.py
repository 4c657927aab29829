"""Rows of people from the rows of a roster: one value or one fault at a time.

Columns are found in `roster_columns`, whole-table rules are in `roster`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from unicodedata import normalize

from connectors.csvtext import RowFault
from connectors.roster_columns import IDENTIFIERS, Places
from connectors.roster_dates import Orders, read_date

_MISSING: Final = frozenset({"", "na", "n/a", "null"})
_TRUE: Final = frozenset({"true", "yes", "1", "y"})
_FALSE: Final = frozenset({"false", "no", "0", "n"})


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows of one table: where the cells are and how its dates are written."""

    places: Places
    orders: Orders
    date_format: str | None
    is_dated: bool  # some row has a valid_from, so all must

    def person(self, cells: Sequence[str]) -> dict[str, object]:
        """The row of the `person` frame, without its place."""
        person = self.text(cells, "person_id")
        if person is None:
            raise RowFault("PPL-ROS-004", "no person id")
        valid_from = self._date(cells, "valid_from")
        if self.is_dated and valid_from is None:
            raise RowFault("PPL-ROS-005", "no valid_from, though other rows have one")
        hired_on, left_on = self._date(cells, "hired_on"), self._date(cells, "left_on")
        if hired_on is not None and left_on is not None and left_on < hired_on:
            raise RowFault("PPL-ROS-006", "left_on lies before hired_on")
        manager = self.text(cells, "manager_id")
        is_root = manager is not None and canonical(manager) == canonical(person)
        return {
            "person": person, "valid_from": valid_from, "org_path": self._texts(cells, "org_path") or None,
            "level": self.text(cells, "level"), "layer": self._layer(cells), "manager": None if is_root else manager,
            "location": self.text(cells, "location"), "hired_on": hired_on, "left_on": left_on,
            "is_comms": self._is_comms(cells),
        }

    def identifiers(self, cells: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Kind and value of everything that identifies the person on some platform."""
        person = self.text(cells, "person_id")
        if person is not None:
            if self.places["person_id"] != self.places.get("directory_id"):
                yield "employee_number", person
            if "@" in person:
                yield "email", person
        for kind in IDENTIFIERS:
            for value in self._texts(cells, kind):
                yield kind, value

    def outsider(self, cells: Sequence[str]) -> tuple[str, str] | None:
        """Rule and reason if the row is of nobody who is employed here."""
        if (self.text(cells, "user_type") or "").casefold() == "guest":
            return "guest", "a guest of the directory is no employee"
        if (self.text(cells, "is_enabled") or "").casefold() in _FALSE:
            return "account_disabled", "the account is disabled: a leaver, a room or a shared mailbox"
        return None

    def text(self, cells: Sequence[str], key: str) -> str | None:
        """The value of a column, null if it is missing."""
        return next(iter(self._texts(cells, key)), None)

    def _texts(self, cells: Sequence[str], key: str) -> list[str]:
        values = (cells[place].strip() for place in self.places.get(key, ()))
        return [value for value in values if value.casefold() not in _MISSING]

    def _date(self, cells: Sequence[str], key: str) -> date | None:
        text = self.text(cells, key)
        if text is None:
            return None
        day = read_date(text, date_format=self.date_format, is_day_first=self.orders[key])
        if day is None:
            raise RowFault("PPL-TIM-004", f"{key} is not a date")
        return day

    def _layer(self, cells: Sequence[str]) -> int | None:
        text = self.text(cells, "layer")
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise RowFault("PPL-CSV-008", "layer is not an integer from 0 up")
        return int(text)

    def _is_comms(self, cells: Sequence[str]) -> bool:
        stated, function = self.text(cells, "is_comms"), self.text(cells, "function")
        return (stated or "").casefold() in _TRUE or "communication" in (function or "").casefold()


def canonical(person: str) -> str:
    """A person's id as it is compared: writings that differ in case or composition are one."""
    return normalize("NFC", person).casefold()
