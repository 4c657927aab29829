"""A tiny organisation on five platforms, written with or without the own records of some people. No test is here.

What others did stays: their replies, and their reactions to messages that are then tombstones.
"""

from base64 import b32decode
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl

from pipelines.keys import KeyRing
from tests.pipelines import tiny
from tests.pipelines.runs import FULL, KEY
from tests.pipelines.tiny import csv_text

RING = KeyRing(KEY)
MONDAY = date(2024, 1, 1)
UNTIL = date(2024, 4, 1)
PEOPLE = tuple(f"person-{letter}" for letter in "abcdefghijklmn")
ANN, BOSS, CHIEF = "person-c", "person-b", "person-a"
"""ann is in a trial; the boss manages her and others; the chief, an executive, manages the boss."""
TRIAL = f'[[trial]]\nplatform = "slack"\nstart = 2024-02-01\nend = 2024-02-29\npeople = {list(PEOPLE[2:13])}\n'
_USAGE = ["Report Refresh Date", "User Principal Name", "User State", "Last Activity Date", "Posted Count",
          "Read Count", "Liked Count", "Report Period"]  # fmt: skip


def email(person: str) -> str:
    """The address on the roster and in the exports."""
    return f"{person}.canary@t.example"


def slack_id(person: str) -> str:
    """The account on Slack."""
    return f"U0CANARY{PEOPLE.index(person):03}"


def yammer_id(person: str) -> int:
    """The account on Yammer."""
    return 77_000_100 + PEOPLE.index(person)


def wiki_name(person: str) -> str:
    """The account on the wiki, which only the mapping file joins with the person."""
    return f"Canary {person} of the wiki"


def natives(person: str) -> set[str]:
    """All that exports call the person."""
    return {person, email(person), slack_id(person), str(yammer_id(person)), wiki_name(person)}


def write(folder: Path, *, gone: Collection[str] = ()) -> Path:
    """The drop folder; `gone` are people whose own records are not in it, and whom nobody is managed by."""
    staff = [person for person in PEOPLE if person not in gone]
    tiny.roster_csv(folder / "hr" / "roster.csv", [_roster_row(person, gone) for person in staff])
    _slack(folder / "slack.zip", staff)
    _yammer(folder / "yammer.zip", staff)
    _wiki(folder / "wiki.xml", staff)
    rows = [_usage_row(person) for person in staff]
    (folder / "usage.csv").write_text(csv_text(_USAGE, rows), encoding="utf-8")
    mapped = "".join(f"mediawiki,tinywiki,{wiki_name(person)},{person}\n" for person in staff)
    (folder / "mapping.csv").write_text(f"platform,workspace,account,person_id\n{mapped}", encoding="utf-8")
    people = [person for person in (CHIEF, "person-d") if person not in gone]
    trial = TRIAL
    for person in gone:
        trial = trial.replace(f"'{person}', ", "")
    (folder / "turnout.toml").write_text(
        '[roster]\ndate_format = "%Y-%m-%d"\ncolumns.left_on = "TerminationDate"\ncolumns.email = "Email"\n'
        f'exec.people = {people}\n[people]\nmapping = "mapping.csv"\n{trial}{FULL}',
        encoding="utf-8",
    )
    return folder


def _roster_row(person: str, gone: Collection[str]) -> dict[str, str]:
    manager = {CHIEF: "", BOSS: CHIEF}.get(person, BOSS)
    unit = "A" if PEOPLE.index(person) < 7 else "B"
    return tiny.roster_row(
        person, date(2023, 1, 1), unit, ManagerId="" if manager in gone else manager, Layer="", Email=email(person)
    )


def _acts(person: str) -> list[int]:
    """Days on which the person is active; those at the edges of the period belong to the last two people."""
    number = PEOPLE.index(person)
    inner = [day for day in range(3, 88) if (day * 7 + number * 11) % (9 + number) == 0]
    return [1, *inner, 90] if number >= len(PEOPLE) - 2 else inner


def _day(number: int) -> date:
    return MONDAY + timedelta(days=number - 1)


def _slack(path: Path, staff: list[str]) -> None:
    messages = []
    for person in PEOPLE:
        others = [one for one in PEOPLE if one != person]
        for number in _acts(person):
            second = 1_000 * (PEOPLE.index(person) + 1)
            at = _ts(number, second)
            likers = [slack_id(one) for one in others[number % 5 : number % 5 + 3] if one in staff]
            own: tiny.Json = {"type": "message", "ts": at, "text": "-", "reply_count": 1, "thread_ts": at}
            if person in staff:
                own |= {"user": slack_id(person)}
            else:
                own |= {"user": "USLACKBOT", "subtype": "tombstone", "hidden": True}
            if person in staff or likers:
                messages.append(own | {"reactions": [{"name": "+1", "users": likers, "count": len(likers)}]})
            answerer = others[(number * 3) % len(others)]
            if answerer in staff:
                reply: tiny.Json = {"type": "message", "ts": _ts(number, second + 60), "text": "-", "thread_ts": at,
                                    "user": slack_id(answerer)}  # fmt: skip
                messages.append(reply | ({"parent_user_id": slack_id(person)} if person in staff else {}))
    users = [tiny.slack_user(slack_id(person), email(person)) for person in staff]
    tiny.slack_zip(path, users, {"general": messages})


def _ts(day: int, second: int) -> str:
    return f"{1_704_067_200 + (day - 1) * 86_400 + second}.{day:03}000"


def _yammer(path: Path, staff: list[str]) -> None:
    rows = []
    for place, person in enumerate(PEOPLE):
        for number in _acts(person)[::2]:
            own = 1_000 * (place + 1) + number
            if person in staff:
                rows.append(tiny.yammer_row(own, _day(number), yammer_id(person)))
            answerer = PEOPLE[(place + number) % len(PEOPLE)]
            if answerer in staff:
                rows.append(tiny.yammer_row(own + 100_000, _day(number), yammer_id(answerer), to=own))
    users = [tiny.yammer_user(yammer_id(person), email(person)) for person in staff]
    tiny.yammer_zip(path, MONDAY, UNTIL, users, rows)


def _wiki(path: Path, staff: list[str]) -> None:
    """Everybody ends a page that the last person began, so that nobody's revision changes what another one is."""
    pages = []
    for place, person in enumerate(PEOPLE[:-1]):
        revisions = [(10 * place + 1, _day(1 + place), wiki_name(PEOPLE[-1]), "begun")]
        if person in staff:
            revisions.append((10 * place + 2, _day(20 + place), wiki_name(person), "begun and ended"))
        pages.append(tiny.wiki_page(place + 1, f"Page {place}", revisions))
    tiny.wiki_dump(path, pages)


def _usage_row(person: str) -> dict[str, str]:
    place = PEOPLE.index(person)
    return {"Report Refresh Date": "2024-03-31", "User Principal Name": email(person), "User State": "Activated",
            "Last Activity Date": "2024-03-30", "Posted Count": str(place), "Read Count": str(2 * place),
            "Liked Count": "1", "Report Period": "7"}  # fmt: skip


def pseudonyms(*people: str) -> set[str]:
    """What the key makes of everything that exports call these people."""
    found = set()
    for person in people:
        found |= {RING.person(person), RING.pseudonym("identifier", "email", email(person)),
                  RING.account("slack", tiny.TEAM, slack_id(person)),
                  RING.account("yammer", "network", str(yammer_id(person))),
                  RING.account("m365", "tenant", email(person)),
                  RING.account("mediawiki", "tinywiki", wiki_name(person))}  # fmt: skip
    return found


def texts_in_tables(out: Path) -> Iterator[tuple[str, object]]:
    """Every value of every column of every Parquet and DuckDB file below a folder."""
    for path in out.rglob("*"):
        if path.suffix == ".parquet":
            for row in pl.read_parquet(path).iter_rows():
                yield from ((path.name, value) for value in row)
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
                    for row in connection.execute(f'from "{table}"').fetchall():
                        yield from ((table, value) for value in row)


def assert_absent(out: Path, *people: str) -> None:
    names = set().union(*(natives(person) for person in people))
    keys = pseudonyms(*people)
    raw = [b32decode(key.upper() + "======") for key in keys]
    for path in out.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for needle in [*raw, *(text.encode() for text in keys | names)]:
                assert needle not in content, path
    for place, value in texts_in_tables(out):
        for part in value if isinstance(value, list) else [value]:
            assert part not in raw, place
            assert not any(needle in str(part) for needle in keys | names), place


def assert_there(out: Path, person: str) -> None:
    """The search of `assert_absent` finds somebody who is there: each of the pseudonyms stands in some column."""
    values = {str(value) for _, value in texts_in_tables(out)}
    assert pseudonyms(person) <= values
