"""A plain, slow reading of the usage reports, and who was present by them and by the contributions."""

import gzip
import json
import zipfile
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .plain_reader import Event, People, table

Row = dict[str, str]


def week_of(day: str) -> str:
    """The Monday."""
    at = date.fromisoformat(day)
    return (at - timedelta(at.weekday())).isoformat()


def span(first: str, n_days: int) -> set[str]:
    """So many days from the first on."""
    return {(date.fromisoformat(first) + timedelta(n)).isoformat() for n in range(n_days)}


def yammer_reports(folder: Path) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """The rows of each snapshot by the Monday of its days: with names, and with concealed ones."""
    open_names: dict[str, list[Row]] = {}
    concealed: dict[str, list[Row]] = {}
    for path in (folder / "m365").iterdir():
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                assert content.startswith(b"\xef\xbb\xbfReport Refresh Date,")
                assert content.endswith(b"\r\n\r\n")
                rows = table(content.removeprefix(b"\xef\xbb\xbf"))
                (refreshed,) = {row["Report Refresh Date"] for row in rows}
                assert {row["Report Period"] for row in rows} == {"7"}
                assert date.fromisoformat(refreshed).weekday() == 6
                (concealed if "concealed" in path.name else open_names)[week_of(refreshed)] = rows
    return open_names, concealed


def report_totals(rows: list[Row]) -> dict[str, int]:
    counts = [[int(row[f"{name} Count"]) for name in ("Posted", "Read", "Liked")] for row in rows]
    return {
        "rows": len(rows),
        "active": sum(any(row) for row in counts),
        "posted": sum(row[0] for row in counts),
        "read": sum(row[1] for row in counts),
        "liked": sum(row[2] for row in counts),
        "posting": sum(row[0] > 0 for row in counts),
    }


def slack_days(folder: Path, about: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each daily file about members or channels."""
    texts: dict[str, bytes] = {}
    for path in (folder / "slack-analytics").iterdir():
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                texts |= {name: archive.read(name) for name in archive.namelist()}
        else:
            texts[path.name.removesuffix(".gz")] = gzip.decompress(path.read_bytes())
    days: dict[str, list[dict[str, Any]]] = {}
    for name in sorted(name for name in texts if f" {about} Analytics " in name):
        day = name.removesuffix(".json").rpartition(" ")[2]
        days[day] = [json.loads(line) for line in texts[name].splitlines()]
        assert {row["date"] for row in days[day]} == {day}
    return days


def eligible(people: People, days: set[str]) -> set[str]:
    """Everybody employed on at least half of the days."""
    found = set()
    ends = {row["PersonId"]: row["TerminationDate"] or "9999" for row in people.rows}  # the last row says it
    for row in people.rows:
        employed = sum(row["HireDate"] <= day <= ends[row["PersonId"]] for day in days)
        if 2 * employed >= len(days):
            found.add(row["PersonId"])
    return found


def presence(people: People, days: set[str], reported: set[str], events: list[Event]) -> dict[str, int]:
    employees = eligible(people, days)
    contributors = {person for _, person, day, _ in events if day in days}
    return {
        "eligible": len(employees),
        "reported": len(reported & employees),
        "contributors": len(contributors & employees),
        "present": len((reported | contributors) & employees),
    }


def posts_by_week(rows: dict[str, Row], people: People, users: dict[str, str]) -> dict[tuple[str, str], list[str]]:
    """(Monday, person) -> days of the messages in the network export, deleted and private ones included."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows.values():
        if row["sender_type"] == "user" and row["message_type"] != "system":
            sender = row["sender_id"]
            person = people.of("yammer", sender, row["sender_email"], users.get(sender, ""))
            found[week_of(row["created_at"][:10]), person].append(row["created_at"][:10])
    return found
