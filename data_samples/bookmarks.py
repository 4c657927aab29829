"""Bookmarks of ten people, one Netscape file each, some of them private.

The files name nobody: `turnout.toml` says whose they are.
"""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from data_samples.accounts import Account, Accounts
from data_samples.archive import write_text
from data_samples.company import Company
from data_samples.period import BOOKMARKS, SECOND
from data_samples.regulars import Occasion, occasions
from data_samples.truth import Recorder
from data_samples.words import LOREM, sentence

OWNERS = 10
LEAST, MOST = 8, 24  # bookmarks of one person
PRIVATE = 0.2
_HEAD = """\
<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<!-- This is an automatically generated file.
     It will be read and overwritten.
     Do Not Edit! -->
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>"""


@dataclass
class Bookmarks:
    """The files and, for the configuration, their owners."""

    company: Company
    accounts: Accounts
    rng: Random
    recorder: Recorder
    owners: dict[str, str] = field(default_factory=dict)  # file -> address

    def write(self, out: Path) -> None:
        """The files of those who contribute most and are still there."""
        days: dict[str, list[Occasion]] = {}
        for one in occasions(self.recorder, self.company):
            if one.person.left is None:
                days.setdefault(one.person.id, []).append(one)
        most = sorted(days.values(), key=lambda found: (-len(found), found[0].person.id))[:OWNERS]
        for number, found in enumerate(most, start=1):
            self._write(out, f"bookmarks/bookmarks-{number:02d}.html", found)

    def _write(self, out: Path, path: str, days: list[Occasion]) -> None:
        rng, person = self.rng, days[0].person
        self.owners[path] = email = person.on(self.company.period.end).email
        account = Account(BOOKMARKS, email, f"{person.first} {person.last}", email, "human", person, person)
        self.accounts.add(account)
        lines = [_HEAD]
        chosen = [rng.choice(days) for _ in range(rng.randint(LEAST, MOST))]
        for one in sorted(chosen, key=lambda one: one.day):
            at = one.instant(rng) // SECOND * SECOND
            is_private = rng.random() < PRIVATE
            tags = ",".join(sorted(set(rng.choices(LOREM, k=3))))
            lines.append(
                f'<DT><A HREF="https://{rng.choice(LOREM)}.example/{rng.getrandbits(40)}" ADD_DATE="{at // SECOND}" '
                f'PRIVATE="{is_private:d}" TAGS="{tags}">{sentence(rng)}</A>'
            )
            if rng.random() < 0.3:
                lines.append(f"<DD>{sentence(rng)}")
            self.recorder.record(BOOKMARKS, at, "records", "private" if is_private else "share")
            if not is_private:
                self.recorder.contribution(account, at, "share")
        write_text(out / path, [*lines, "</DL><p>"])
        self.recorder.files[path]["bookmarks"] = len(chosen)
