"""The leadership blog: a few executives post, staff comment, and there is what must not be counted.

How WordPress exports it is `blog_files`' business.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from data_samples.accounts import Account, Accounts
from data_samples.blog_files import Item, Remark, write_blog
from data_samples.company import Company, Person
from data_samples.period import SECOND, WORDPRESS
from data_samples.regulars import Occasion, occasions
from data_samples.truth import Recorder
from data_samples.words import sentence

EXPORT = "wordpress/leadership-blog.zip"
POSTS = 30  # at most
OPEN_DAYS = 14  # a post can be commented on for so long
SPAMMERS = ("win@casino.invalid", "seo@links.invalid", "pills@shop.invalid")
N_SPAM, N_UNAPPROVED, N_MENU = 12, 2, 3


@dataclass
class Blog:
    """The blog while it is filled."""

    company: Company
    accounts: Accounts
    rng: Random
    recorder: Recorder
    items: list[Item] = field(default_factory=list)
    authors: dict[str, Account] = field(default_factory=dict)  # person -> account
    readers: dict[str, Account] = field(default_factory=dict)
    last_id: int = 100
    last_remark: int = 0

    def write(self, out: Path) -> None:
        """Fill the blog and write the export."""
        rng = self.rng
        leaders = occasions(self.recorder, self.company, "engaged")
        staff = occasions(self.recorder, self.company)
        first, rest = leaders[:1], leaders[1:]
        chosen = first + rng.sample(rest, min(len(rest), POSTS - 1))
        for one in sorted(chosen, key=lambda one: one.day):
            self._post(one)
        posts = list(self.items)
        if posts:
            self._extras(leaders[len(leaders) // 2])
        for post in posts:
            self._discuss(post, staff)
            post.remarks.sort(key=lambda remark: remark.at)
        write_blog(out / EXPORT, self.company.period.end, self.items, list(self.authors.values()))
        remarks = sum(len(item.remarks) for item in self.items)
        self.recorder.files[EXPORT].update(authors=len(self.authors), items=len(self.items), comments=remarks)

    def _post(self, one: Occasion) -> Item:
        item = self._item("post", self._author(one.person), self._second(one))
        self._count(item.account, item.at, "create")
        return item

    def _extras(self, one: Occasion) -> None:
        """A page and an upload by a leader; two drafts and a menu; spam, a pingback, comments that wait."""
        rng, posts = self.rng, list(self.items)
        page = self._item("page", self._author(one.person), self._second(one))
        self._count(page.account, page.at, "create", "pages")
        upload = self._item("attachment", page.account, page.at + 60 * SECOND, status="inherit")
        self._count(upload.account, upload.at, "upload")
        for _ in range(2):
            self._aside(self._item("post", page.account, page.at, status="draft").at, "draft")
        for _ in range(N_MENU):
            self._aside(self._item("nav_menu_item", page.account, page.at).at, "nav_menu_item")
        for number in range(N_SPAM + N_UNAPPROVED + 1):
            post = rng.choice(posts)
            kind = "spam" if number < N_SPAM else "unapproved" if number < N_SPAM + N_UNAPPROVED else "pingback"
            approved = {"spam": "spam", "unapproved": "0"}.get(kind, "1")
            address = "" if kind == "pingback" else rng.choice(SPAMMERS)
            self.last_remark += 1
            at = post.at + rng.randint(60, 36_000) * SECOND
            form = "pingback" if kind == "pingback" else "comment"
            post.remarks.append(Remark(self.last_remark, at, "Somebody", address, approved=approved, form=form))
            self._aside(post.at, kind)

    def _discuss(self, post: Item, staff: list[Occasion]) -> None:
        """Some who contribute elsewhere in the two weeks after comment, a few twice."""
        rng = self.rng
        day = post.day
        near = [one for one in staff if day < one.day <= day + timedelta(OPEN_DAYS)]
        for one in rng.sample(near, min(len(near), rng.randint(2, 9))):
            account, at = self._reader(one.person), self._second(one)
            self.last_remark += 1
            remark = Remark(self.last_remark, at, account.name, account.email)
            post.remarks.append(remark)
            self._count(account, at, "comment")

    def _count(self, account: Account, at: int, action: str, *traits: str) -> None:
        self.recorder.record(WORDPRESS, at, "records", action, *traits)
        self.recorder.contribution(account, at, action)

    def _aside(self, at: int, kind: str) -> None:
        self.recorder.record(WORDPRESS, at, "records", kind)

    def _item(self, kind: str, account: Account, at: int, *, status: str = "publish") -> Item:
        self.last_id += self.rng.randint(1, 9)
        item = Item(self.last_id, kind, account, at, status, sentence(self.rng, 3, 6).capitalize())
        self.items.append(item)
        return item

    def _second(self, one: Occasion) -> int:
        return one.instant(self.rng) // SECOND * SECOND

    def _author(self, person: Person) -> Account:
        if person.id not in self.authors:
            email = person.assignments[0].email
            login = email.partition("@")[0]
            name = f"{person.first} {person.last}"
            account = Account(WORDPRESS, login, name, email, "human", person, person)
            self.authors[person.id] = self.accounts.add(account)
        return self.authors[person.id]

    def _reader(self, person: Person) -> Account:
        if person.id not in self.readers:
            email = person.assignments[0].email
            account = Account(WORDPRESS, email, f"{person.first} {person.last}", email, "human", person, person)
            self.readers[person.id] = self.accounts.add(account)
        return self.readers[person.id]
