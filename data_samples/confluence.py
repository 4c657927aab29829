"""What two units keep in Confluence: pages with versions, comments, uploads and likes, and what must not be counted.

How an export looks is `confluence_files`' business.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from data_samples.accounts import Account, Accounts
from data_samples.company import Company, Person
from data_samples.confluence_files import write_export
from data_samples.confluence_model import Comment, Like, Page, Space, Upload, Version
from data_samples.period import CONFLUENCE, DAY, SECOND, day_of, micros
from data_samples.regulars import Occasion, occasions
from data_samples.truth import Recorder
from data_samples.words import guid, sentence

EXPORT = "confluence/acme-confluence-export.zip"
SPACES = {"ENG": "Engineering", "CARE": "Customer Care"}
SHARED = ("HOW", "How we work")
CHANCE = 0.07  # that somebody of these units who contributes on a day also does so in Confluence
FIRST_ID = 917700001


@dataclass
class Confluence:
    """The site while it is filled."""

    company: Company
    accounts: Accounts
    rng: Random
    recorder: Recorder
    spaces: dict[str, Space] = field(default_factory=dict)
    users: dict[str, Account] = field(default_factory=dict)  # person -> account
    last_id: int = FIRST_ID

    def write(self, out: Path) -> None:
        """Fill the spaces and write the export."""
        before = self.company.period.share(355)
        chosen = [
            one for one in occasions(self.recorder, self.company)
            if one.person.on(one.day).unit in SPACES.values() and one.day < before
        ]  # fmt: skip
        for key, name in (*SPACES.items(), SHARED):
            self.spaces[key] = Space(self._id(), key, name, self._user(chosen[0].person), "global")
        for number, one in enumerate(chosen):
            if number == 0 or self.rng.random() < CHANCE:
                self._act(one)
        self.spaces = {key: space for key, space in self.spaces.items() if space.pages}
        for space in self.spaces.values():
            self._folder(space)
        self._strangers()
        self._drafts()
        self._personal(chosen)
        write_export(out / EXPORT, list(self.spaces.values()), list(self.users.values()), before, self._id)
        self.recorder.record(CONFLUENCE, self._live()[0].versions[0].at, "records", "internal")
        self.recorder.files[EXPORT].update(self._objects())

    def _act(self, one: Occasion) -> None:
        rng = self.rng
        account, at = self._user(one.person), one.instant(rng)
        own = next(key for key, unit in SPACES.items() if unit == one.person.on(one.day).unit)
        space = self.spaces[own if rng.random() < 0.7 else SHARED[0]]
        pages = [page for page in space.pages[-25:] if page.versions[-1].at < at]
        luck = rng.random()
        if not pages or luck < 0.14:
            page = self._page(space, account, at)
            self._count(account, at, "create")
        elif luck < 0.65:
            page = rng.choice(pages)
            self._edit(page, account, at)
            self._count(account, at, "edit")
        elif luck < 0.92:
            page = rng.choice(pages)
            answered = page.comments[-1] if page.comments and page.comments[-1].at < at and luck < 0.72 else None
            page.comments.append(Comment(self._id(), at, account, sentence(rng), answered))
            self._count(account, at, "comment")
        else:
            page = rng.choice(pages)
            page.uploads.append(Upload(self._id(), at, account, f"{sentence(rng, 1, 2)}.pdf"))
            self._count(account, at, "upload")
        if rng.random() < 0.5:
            self._like(page, at)

    def _count(self, account: Account, at: int, action: str) -> None:
        self._record(at, action)
        self.recorder.contribution(account, at, action)

    def _record(self, at: int, kind: str) -> None:
        self.recorder.record(CONFLUENCE, at, "records", kind)

    def _like(self, page: Page, at: int) -> None:
        """A few others like the page or its newest comment on the same day."""
        rng = self.rng
        liked = page.comments[-1] if page.comments and page.comments[-1].at <= at and rng.random() < 0.4 else page
        day = day_of(at // DAY)
        end = micros(day) + 23 * 3600 * SECOND
        users = [a for a in self.users.values() if a.owner and a.owner.employed(day)]
        known = {like.account.id for like in liked.likes}
        for account in rng.sample(users, min(len(users), rng.randint(1, 3))):
            if account.id not in known:
                when = rng.randrange(at // 1000 + 1, end // 1000) * 1000
                liked.likes.append(Like(self._id(), when, account))
                self._record(when, "like")
                self.recorder.reaction(account, when)

    def _page(self, space: Space, account: Account, at: int) -> Page:
        title = f"{sentence(self.rng, 2, 4).capitalize()} {self.last_id}"
        page = Page(space, title, [Version(self._id(), at, account, "")])
        space.pages.append(page)
        return page

    def _edit(self, page: Page, account: Account, at: int) -> None:
        """The live page keeps its id; what it was becomes another object."""
        old = page.versions[-1]
        comment = sentence(self.rng, 0, 3)
        page.versions[-1] = Version(self._id(), old.at, old.account, old.comment)
        page.versions.append(Version(old.id, at, account, comment))

    def _live(self) -> list[Page]:
        pages = [page for space in self.spaces.values() if not space.owner for page in space.pages]
        return sorted((p for p in pages if not p.is_folder), key=lambda page: page.versions[0].at)

    def _folder(self, space: Space) -> None:
        """Cloud's folders are pages of their own kind."""
        first = space.pages[0].versions[0]
        self._page(space, first.account, first.at).is_folder = True
        self._record(first.at, "folder")

    def _strangers(self) -> None:
        """Two comments without an author."""
        for page in self._live()[-2:]:
            at = page.versions[-1].at + 60 * SECOND
            page.comments.append(Comment(self._id(), at, None, sentence(self.rng), None))
            self._record(at, "anonymous")

    def _drafts(self) -> None:
        """Two pages are being changed when the export is made."""
        for page in self._live()[:2]:
            page.draft = Version(self._id(), page.versions[-1].at + 90 * SECOND, page.versions[-1].account, "")
            self._record(page.draft.at, "draft")

    def _personal(self, chosen: list[Occasion]) -> None:
        """Somebody's own space, where others comment too."""
        rng = self.rng
        days = chosen[len(chosen) // 4 : len(chosen) * 3 // 4]
        owner = days[len(days) // 2].person
        account = self._user(owner)
        space = Space(self._id(), f"~{account.id.partition(':')[2][:8]}", account.name, account, "personal")
        self.spaces[space.key] = space
        self._record(self._noon(days[0].day, 0), "personal")
        dates = sorted({one.day for one in days if one.person is owner})
        for number, day in enumerate((dates * 3)[:3]):
            at = self._noon(day, number)
            page = self._page(space, account, at)
            self._edit(page, account, at + 3600 * SECOND)
            page.comments.append(Comment(self._id(), at + 7200 * SECOND, self._user(rng.choice(days).person), "", None))
            page.likes.append(Like(self._id(), at + 7300 * SECOND, account))
            page.uploads.append(Upload(self._id(), at + 7400 * SECOND, account, "list.pdf"))
            for shift in (0, 3600, 7200, 7300, 7400):
                self._record(at + shift * SECOND, "personal")

    def _objects(self) -> dict[str, int]:
        """How many objects of each class that matters stand in the export."""
        pages = [page for space in self.spaces.values() for page in space.pages]
        comments = [comment for page in pages for comment in page.comments]
        return {
            "spaces": len(self.spaces), "users": len(self.users),
            "pages": sum(len(page.versions) + (page.draft is not None) for page in pages),
            "comments": len(comments), "attachments": sum(len(page.uploads) for page in pages),
            "likes": sum(len(p.likes) for p in pages) + sum(len(c.likes) for c in comments), "internal": 1,
        }  # fmt: skip

    def _noon(self, day: date, number: int) -> int:
        return micros(day) + (10 * 3600 + number) * SECOND

    def _user(self, person: Person) -> Account:
        """The account of a person; the address is the one of the roster."""
        if person.id not in self.users:
            email = person.assignments[0].email
            name = f"{person.first} {person.last}"
            account = Account(CONFLUENCE, f"712020:{guid(self.rng)}", name, email, "human", person, person)
            self.users[person.id] = self.accounts.add(account)
        return self.users[person.id]

    def _id(self) -> int:
        self.last_id += 1
        return self.last_id
