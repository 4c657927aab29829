"""Turns acts into wiki pages and revisions, with reverts, null edits and talk pages, and counts them.

How a dump looks is `wiki_files`' business.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

from data_samples.accounts import Account, Accounts
from data_samples.behaviour import AURORA_SECTION, Act
from data_samples.company import Company
from data_samples.period import DAY, SECOND, WIKI, day_of, micros
from data_samples.truth import CONTRIBUTIONS, Recorder, person_key
from data_samples.wiki_files import Page, Revision, write_dump
from data_samples.words import sentence

RADIUS = 15
NIGHTLY_SHARE = 0.6
DUMP = "wiki/acmewiki-history.xml.gz"
AURORA_NS = 3000


@dataclass
class Wiki:
    """The wiki while time passes."""

    company: Company
    accounts: Accounts
    rng: Random
    recorder: Recorder
    pages: list[Page] = field(default_factory=list)
    by_section: dict[str, list[Page]] = field(default_factory=dict)
    n_revisions: int = 0
    n_nightly: int = 0

    def week(self, monday: date, acts: list[Act]) -> None:
        """Everything that happens in one week; the nightly reports last, as a dump is ordered by page."""
        for act in acts:
            self._contribute(act)
        self._oddities(monday)
        self._night(monday)

    def write(self, out: Path) -> None:
        """Write the dump."""
        write_dump(out / DUMP, self.pages, self.accounts.all[WIKI])
        self.recorder.files[DUMP].update({"pages": len(self.pages), "revisions": self.n_revisions})

    def _contribute(self, act: Act) -> None:
        rng = self.rng
        section = act.topic or act.unit or "General"
        page = self._choose_page(section, act)
        if page is None:
            self._create(section, act)
        elif act.intent == "reply" and rng.random() < 0.35:
            self._discuss(page, act)
        else:
            self._edit(page, act)

    def _choose_page(self, section: str, act: Act) -> Page | None:
        own = self.by_section.get(section, [])
        enough = 11 if section == AURORA_SECTION else 400
        chance = 1.0 if not own else 0.0 if len(own) > enough else 0.5 if act.topic and len(own) < 6 else 0.13
        return None if self.rng.random() < chance else self.rng.choice(own[-30:])

    def _create(self, section: str, act: Act) -> None:
        rng = self.rng
        prefix = {AURORA_SECTION: AURORA_NS}.get(section, 0)
        luck = rng.random()
        words = f"{sentence(rng, 2, 3).title()} {len(self.pages)}"
        if prefix == 0 and luck < 0.04:
            page = self._page(4, f"{section} {words}", section)
        elif prefix == 0 and luck < 0.08:
            page = self._page(10, words, section)
        elif prefix == 0 and luck < 0.14:
            page = self._page(2, f"{act.account.id}/{words}", section)
        else:
            page = self._page(prefix, words, section)
        self._revise(page, act.account, act.at, f"{sentence(rng)} {self.n_revisions}", "")

    def _discuss(self, page: Page, act: Act) -> None:
        if page.talk is None:
            page.talk = self._page(page.namespace | 1, page.title, "")
        comment = f"/* {sentence(self.rng, 1, 2)} */ new section"
        self._revise(page.talk, act.account, act.at, f"{sentence(self.rng)} {self.n_revisions}", comment)

    def _edit(self, page: Page, act: Act) -> None:
        rng, old = self.rng, page.revisions
        luck = rng.random()
        if luck < 0.05 and (target := self._revertible(page, act.account)) is not None:
            self._revise(page, act.account, act.at, old[target].text, f"Undo revision {old[target + 1].id}")
            return
        if luck < 0.07 and not old[-1].is_revert:
            self._revise(page, act.account, act.at, old[-1].text, "Changed protection level")
            return
        text = f"{sentence(rng)} {self.n_revisions}"
        self._revise(page, act.account, act.at, text, sentence(rng, 0, 3), minor=rng.random() < 0.15)
        if (
            rng.random() < 0.03
            and len(old) > 1
            and day_of(act.at // DAY) == day_of((act.at + 300 * SECOND) // DAY)
        ):
            self._revise(page, act.account, act.at + 300 * SECOND, old[-2].text, "self-revert")

    def _revertible(self, page: Page, account: Account) -> int | None:
        """The revision before the last one to three, if these are all by others."""
        steps = self.rng.randint(1, 3)
        last = page.revisions[-steps:]
        if len(page.revisions) <= steps or any(
            r.account is account or r.is_revert or r.is_null for r in last
        ):
            return None
        return len(page.revisions) - steps - 1

    def _oddities(self, monday: date) -> None:
        """A bot tidies up, pages are moved; once an unknown address edits, once a name is hidden later."""
        rng, period = self.rng, self.company.period
        day = monday + timedelta(2)
        if not (period.start <= day <= period.ends_on(WIKI)) or not self.pages:
            return
        at = micros(day) + 13 * 3600 * SECOND
        articles = [
            p for p in self.pages if p.namespace == 0 and p.redirect == "" and p.revisions[-1].at < at
        ]
        week = (monday - period.mondays()[0]).days // 7
        if not articles:
            return
        page = rng.choice(articles)
        bot = self.accounts.special["cleanup"]
        self._revise(page, bot, at, f"{sentence(rng)} {self.n_revisions}", "tidy", minor=True)
        if week == 3:
            self._revise(
                page, None, at + 60 * SECOND, f"{sentence(rng)} {self.n_revisions}", "", address="203.0.113.7"
            )
        if week == 5:
            self._revise(page, None, at + 120 * SECOND, f"{sentence(rng)} {self.n_revisions}", "")
        if week % 6 == 4:
            owned = [(a, a.owner) for a in self.accounts.humans(WIKI) if a.owner]
            movers = [a for a, owner in owned if owner.role == "staff" and owner.employed(day)]
            self._move(page, rng.choice(movers), at + 180 * SECOND)

    def _move(self, page: Page, account: Account, at: int) -> None:
        old = page.title
        page.title = f"{old} (moved)"
        comment = f"{account.id} moved page {old} to {page.title}"
        self._revise(page, account, at, page.revisions[-1].text, comment, minor=True)
        stub = self._page(0, old, "")
        stub.redirect = page.title
        self._revise(stub, account, at, f"#REDIRECT [[{page.title}]]", comment)

    def _night(self, monday: date) -> None:
        """The service account writes reports until it has made its share of all revisions."""
        rng, period, account = self.rng, self.company.period, self.accounts.special["nightly"]
        nights = [
            d for d in (monday + timedelta(n) for n in range(7)) if period.start <= d <= period.ends_on(WIKI)
        ]
        if not nights:
            return
        wanted = (
            int(NIGHTLY_SHARE / (1 - NIGHTLY_SHARE) * (self.n_revisions - self.n_nightly)) - self.n_nightly
        )
        reports = self.by_section.setdefault("reports", [])
        for number in range(max(len(nights), wanted)):
            night = nights[number * len(nights) // max(len(nights), wanted)]
            at = micros(night) + 7200 * SECOND + number * SECOND
            is_new = len(reports) < 15
            page = (
                self._page(4, f"Nightly report {len(reports) + 1}", "reports")
                if is_new
                else rng.choice(reports)
            )
            self._revise(page, account, at, f"status {rng.getrandbits(24)} {self.n_revisions}", "nightly")

    def _page(self, namespace: int, title: str, section: str) -> Page:
        page = Page(len(self.pages) + 1, namespace, title)
        self.pages.append(page)
        if section:
            self.by_section.setdefault(section, []).append(page)
        return page

    def _revise(
        self, page: Page, account: Account | None, at: int, text: str, comment: str,
        *, minor: bool = False, address: str = "",
    ) -> None:  # fmt: skip
        """Add a revision and count it."""
        self.n_revisions += 1
        old = page.revisions
        at = max(at, old[-1].at + SECOND) if old else at
        revision = Revision(
            self.n_revisions + 4000, at // SECOND * SECOND, account, text, comment, minor, address
        )
        revision.digest = hashlib.sha1(text.encode(), usedforsecurity=False).digest()
        self._compare(page, revision)
        old.append(revision)
        self._record(page, revision, is_first=len(old) == 1)

    def _compare(self, page: Page, revision: Revision) -> None:
        before = page.revisions[-RADIUS:]
        revision.is_null = bool(before) and before[-1].digest == revision.digest
        same = [n for n, old in enumerate(before) if old.digest == revision.digest]
        if same and not revision.is_null:
            revision.is_revert = True
            undone = before[same[-1] + 1 :]
            revision.is_self_revert = all(old.account is revision.account for old in undone)

    def _record(self, page: Page, revision: Revision, *, is_first: bool) -> None:
        kind = self._kind(page, revision, is_first=is_first)
        traits = {
            "pages": is_first,
            "reverts": revision.is_revert,
            "self_reverts": revision.is_self_revert,
            "null_edits": revision.is_null,
        }
        named = (name for name, has in traits.items() if has)
        self.recorder.record(WIKI, revision.at, "revisions", kind, *named)
        self.n_nightly += kind == "service"
        account = revision.account
        if account is None or kind not in CONTRIBUTIONS:
            return
        self.recorder.contribution(account, revision.at, kind)
        if page.namespace in (AURORA_NS, AURORA_NS + 1):
            self.recorder.aurora.append((day_of(revision.at // DAY).isoformat(), person_key(account)))

    def _kind(self, page: Page, revision: Revision, *, is_first: bool) -> str:
        if revision.account is None:
            return "address" if revision.address else "hidden"
        if revision.account.kind != "human":
            return revision.account.kind
        if revision.is_null:
            return "null_edits_by_people"
        return "comment" if page.namespace % 2 else "create" if is_first else "edit"
