"""The reports of e-mail and shared files name everybody employed, and say who was active, as the generator counted."""

import calendar
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from . import plain_reader as plain
from . import plain_usage as usage

Sample = tuple[Path, dict[str, Any]]
KINDS = {"Email": "email", "SharePoint": "files"}
COUNTS = {
    "email": ("Send", "Read", "Meeting Created", "Meeting Interacted"),
    "files": ("Viewed Or Edited File", "Synced File", "Shared Internally File", "Shared Externally File",
              "Visited Page"),
}  # fmt: skip


def reports(folder: Path) -> dict[tuple[str, str], list[dict[str, str]]]:
    """The rows by channel and first day of the month."""
    found = {}
    with zipfile.ZipFile(folder / "m365-office/office-activity.zip") as archive:
        for name in archive.namelist():
            rows = plain.table(archive.read(name).removeprefix(b"\xef\xbb\xbf"))
            kind, _, refreshed = name.removesuffix(".csv").split("_")
            assert {(row["Report Refresh Date"], row["Report Period"]) for row in rows} == {(refreshed, "30")}
            found[KINDS[kind.removesuffix("ActivityUserDetail")], refreshed[:8] + "01"] = rows
    return found


def test_the_active_people_of_each_month_are_those_that_were_counted(sample: Sample) -> None:
    folder, truth = sample
    people = plain.People(folder)
    found: dict[str, dict[str, int]] = {}
    for (channel, month), rows in reports(folder).items():
        n_days = calendar.monthrange(*map(int, month.split("-")[:2]))[1]
        since = (date.fromisoformat(month) + timedelta(n_days - 30)).isoformat()
        listed = [people.of("yammer", "", row["User Principal Name"]) for row in rows]
        assert len(set(listed)) == len(rows)
        assert all(person.startswith("E") for person in listed)
        active = set()
        for person, row in zip(listed, rows, strict=True):
            is_active = any(int(row[f"{name} Count"]) for name in COUNTS[channel])
            assert (since <= row["Last Activity Date"] <= row["Report Refresh Date"]) == is_active
            active |= {person} if is_active else set()
        in_month = usage.span(month, n_days)
        found.setdefault(month, {})[channel] = len(active & usage.eligible(people, in_month))
    assert found == truth["planted"]["office"]["months"]


def test_fewer_use_shared_files_since_the_guide_and_as_many_use_e_mail(acme: Sample) -> None:
    office = acme[1]["planted"]["office"]
    before, after = ([month for start, month in office["months"].items() if (start > office["guide_on"]) == is_after]
                     for is_after in (False, True))  # fmt: skip
    assert len(before) == len(after) == 3
    assert max(month["files"] for month in after) < min(month["files"] for month in before) - 60
    assert abs(sum(month["email"] for month in after) - sum(month["email"] for month in before)) < 45
