"""The sample company's exports with hostile names for all that has one. No test is here.

Accounts, addresses and numbers stay, so everybody is still found on every platform; names that are keys are renamed
wherever they stand.
"""

import csv
import gzip
import html
import io
import json
import re
import zipfile
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

from data_samples import write_company
from tests.pipelines.canaries import CANARY, Change, rewritten
from tests.pipelines.runs import FULL
from tests.pipelines.tiny import csv_text

N_PEOPLE, N_DAYS = 400, 90
"""Enough people for a unit of each name to be shown, and days for a complete month."""
STEERING = "two\nlines\x1b[2J\x1b]52;c;cm0=\x07 \u202etxt.\u2066exe"
"""Clears the screen, sets the clipboard, turns the direction of what follows: no format but CSV can hold all of it."""
UNREADABLE = f"{STEERING}.csv"
SHOWN = (
    "hr:(Department|Location|LevelDesignation)", r"slack/channels.json:\[\].name", r"slack/day:\[\].(old_name|name)",
    "yammer/Messages.csv:group_name", "yammer/Groups.csv:name", r"confluence/.*Space\]/property\[name\]",
    "wiki:mediawiki/siteinfo/(sitename|dbname|namespaces/namespace)", "wordpress/.*:rss/channel/title",
)  # fmt: skip
"""Fields with names of places that a page may show: file, member, field."""
HIDDEN = (
    "hr:FunctionType", "wiki:mediawiki/page/(title|revision/comment)",
    "wiki:mediawiki/page/revision/contributor/username", r"wiki:mediawiki/page/redirect@title",
    r"slack/users.json:\[\].(name|real_name|profile.(title|real_name.*|display_name.*|first_name|last_name|status_text))",
    r"slack/day:\[\].(text|user_profile.(first_name|real_name|display_name|name))", r"slack/canvases.json:\[\].title",
    r"slack/integration_logs.json:\[\].(user_name|app_type)", "m365.*:Display Name",
    "yammer/Messages.csv:(sender_name|title|body)", "yammer/Users.csv:(name|job_title|department)",
    "yammer/Admins.csv:name", r"confluence/.*\[(Page|Attachment)\]/property\[(title|lowerTitle|versionComment)\]",
    "wordpress/.*:rss/channel/(author/author_display_name|item/title|item/encoded|item/comment/comment_author)",
    "bookmarks:(text|@TAGS)",
)  # fmt: skip
"""Fields with names of people and pages, which no page shows: they carry a canary too."""
_SHOWN, _HIDDEN = (re.compile("|".join(f"(?:{one})" for one in kind)) for kind in (SHOWN, HIDDEN))
_DAY = re.compile(r".+/[0-9-]+\.json")


class Names:
    """The same new name for the same old one, with each payload in turn."""

    def __init__(self, payloads: Sequence[str]) -> None:
        self.units = (*payloads, STEERING)
        self._payloads = cycle(payloads)
        self.shown: dict[str, str] = {}
        self.hidden: dict[str, str] = {}

    def unit(self, person: str, unit: str) -> str:
        """People are dealt out to as many units as there are names, and move with the sample's units."""
        return self.units[(int(person[1:]) + sum(map(ord, unit))) % len(self.units)]

    def place(self, name: str) -> str:
        """No slash, as it is a folder or a file as well."""
        if name not in self.shown:
            self.shown[name] = f"{next(self._payloads).replace('/', '')} {name}"
        return self.shown[name]

    def mark(self, name: str) -> str:
        """With a canary, as no page may show it."""
        if name not in self.hidden:
            self.hidden[name] = f"{next(self._payloads)} {CANARY}{len(self.hidden)}"
        return self.hidden[name]


def write_hostile(drop: Path, payloads: Sequence[str]) -> Names:
    """Write the drop folder; returns what everything is called in it. One file of it cannot be read."""
    write_company(drop, people=N_PEOPLE, days=N_DAYS)
    names = Names(payloads)
    files = cycle([one.replace("/", "") for one in payloads if one.isprintable()])
    settings = drop / "turnout.toml"
    settings.write_text(_settings(settings.read_text(encoding="utf-8"), names), encoding="utf-8")
    for path in sorted(drop.rglob("*")):
        if path.is_file() and path.suffix != ".toml":
            content = path.read_bytes()
            path.write_bytes(_renamed(path, content, names))
            if path.parent.name not in ("hr", "bookmarks"):  # the settings name these
                path.rename(path.with_name(f"{next(files)} {path.name}"))
    (drop / UNREADABLE).write_text("id;x\n", encoding="utf-8")
    return names


def _renamed(path: Path, content: bytes, names: Names) -> bytes:
    folder = path.parent.name
    if path.name == "roster.csv":
        return _with_units(rewritten(content, _change("hr", names)), names)
    if path.name == "wiki-accounts.csv":
        return _mapping(content, names)
    if path.suffix == ".gz":
        return gzip.compress(rewritten(gzip.decompress(content), _change(folder, names)), mtime=0)
    if path.suffix != ".zip":
        return rewritten(content, _change(folder, names, is_markup=True))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            above, slash, last = member.rpartition("/")
            kind = f"{folder}/day" if _DAY.fullmatch(member) else f"{folder}/{last}"
            change = _change(kind, names)
            new.writestr(
                (names.place(above) if above else "") + slash + last,
                old.read(member) if last.endswith(".txt") else rewritten(old.read(member), change),
            )
    return stream.getvalue()


def _change(where: str, names: Names, *, is_markup: bool = False) -> Change:
    def change(field: str, value: str) -> str:
        at = f"{where}:{field}"
        if not value.strip() or value in ("Svc.nightly", "Media", "Special"):
            return value
        new = names.place(value) if _SHOWN.fullmatch(at) else names.mark(value) if _HIDDEN.fullmatch(at) else value
        return html.escape(new) if is_markup else new

    return change


def _with_units(content: bytes, names: Names) -> bytes:
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    for row in rows:
        row["Organization"] = names.unit(row["PersonId"], row["Organization"])
    return csv_text(list(rows[0]), rows).encode()


def _mapping(content: bytes, names: Names) -> bytes:
    """Accounts of the wiki are names, and so is the wiki."""
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    for row in rows:
        if row["platform"] == "mediawiki":
            row |= {"workspace": names.place(row["workspace"]), "account": names.mark(row["account"])}
    return csv_text(list(rows[0]), rows).encode()


def _settings(text: str, names: Names) -> str:
    """Names of units, occasions and trials, and of spaces by what is left of their names."""
    for old in ("Executive Office", "Guide to working in the open", "Confluence for Engineering and Research"):
        text = text.replace(f'"{old}"', json.dumps(names.place(old)))
    text = text.replace('["Engineering", "Research"]', f"[{json.dumps(names.units[0])}, {json.dumps(names.units[1])}]")
    text = text.replace('set_by = "Engineering"', f"set_by = {json.dumps(names.units[2])}")
    before, table, purposes = text.partition("[purpose]")
    return before + table + re.sub(r'"(slack|yammer):', r'"\1:*', purposes) + FULL
