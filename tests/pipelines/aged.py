"""Three years of exports of channels and pages that begin and fall silent at different times. No test is here."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tests.pipelines import tiny

FIRST, LAST = date(2022, 1, 10), date(2024, 12, 20)
HALF = date(2023, 6, 30)
"""The last day of the earlier of two exports of Slack."""
PEOPLE = [f"p{n:02}" for n in range(15)]
AGAIN = (date(2022, 6, 1), date(2024, 8, 5))
"""The only days on which the last of them writes."""


def write(folder: Path) -> Path:
    """The drop folder: two exports of Slack, one of a wiki, and a roster."""
    slack(folder / "early.zip", FIRST, HALF)
    slack(folder / "late.zip", HALF + timedelta(days=1), LAST)
    wiki(folder / "wiki.xml")
    tiny.roster_csv(folder / "hr.csv", [tiny.roster_row(person, date(2021, 1, 1), "A") for person in PEOPLE])
    keep(folder, "")
    return folder


def keep(folder: Path, periods: str) -> Path:
    """Writes turnout.toml with these lines of `[retention]`; returns the folder."""
    (folder / "turnout.toml").write_text(f"{tiny.CONFIG}[retention]\n{periods}\n", encoding="utf-8")
    return folder


def slack(path: Path, first: date, last: date) -> Path:
    """Twelve channels, each begun a month after the other; half of them fall silent, one for 220 days only."""
    channels: dict[str, list[tiny.Json]] = {}
    for n in range(12):
        begun = FIRST + timedelta(days=30 * n)
        days = [day for day in _every(begun, 11 + n) if n % 2 == 0 or (day - begun).days < 150 + 40 * n]
        if n == 4:
            days = [day for day in days if not 100 < (day - begun).days < 320]
        channels[f"c{n:02}"] = [
            tiny.slack_message(day, f"U{(n + i) % 14:02}", seconds=3_600 + n) for i, day in enumerate(days)
            if first <= day <= last
        ]  # fmt: skip
    channels["c00"] += [tiny.slack_message(day, "U14") for day in AGAIN if first <= day <= last]
    users = [tiny.slack_user(f"U{n:02}", f"{person}@t.example") for n, person in enumerate(PEOPLE)]
    return tiny.slack_zip(path, users, channels)


def wiki(path: Path) -> Path:
    """Twelve pages, one begun every two months, each edited for a while."""
    pages = []
    for n in range(12):
        begun = FIRST + timedelta(days=60 * n)
        days = [day for day in _every(begun, 17) if n % 5 == 0 or (day - begun).days < 60 + 70 * (n % 4)]
        pages.append(tiny.wiki_page(n + 1, f"Page {n}", [
            (1_000 * (n + 1) + i, day, f"Writer {i % 3}", "x" * (i + 1)) for i, day in enumerate(days)
        ]))  # fmt: skip
    return tiny.wiki_dump(path, pages)


def _every(first: date, step: int) -> Iterator[date]:
    for days in range(0, (LAST - first).days + 1, step):
        yield first + timedelta(days=days)
