"""Accounts on all platforms, and which person each one can be matched to.

Guests, bots and service accounts belong to nobody on the roster.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from data_samples.cast import Cast
from data_samples.company import Company, Person
from data_samples.period import EVERY_PLATFORM, PLATFORMS, SLACK, WIKI, YAMMER
from data_samples.words import FIRST, LAST, upper_id, vary_case

TEAM = "T0ACMEHQ01"
WIKI_NAME = "acmewiki"
SHARE = {SLACK: 0.9, YAMMER: 0.85, WIKI: 0.5}
PARTNERS = ("partner.example", "supplier.example", "agency.example")
UNMAPPED = 0.06  # share of wiki accounts without a line in the mapping file


@dataclass(eq=False, slots=True)
class Account:
    """One account. `owner` is who uses it, `person` whom an analyst can match it to."""

    platform: str
    id: str
    name: str
    email: str
    kind: str  # human, guest, bot or service
    owner: Person | None = None
    person: Person | None = None
    since: date | None = None  # None: before the period
    until: date | None = None
    mapping: str | None = None  # None: no line; "": a line that splits it off; else a person id


@dataclass
class Accounts:
    """All accounts, and those of each person."""

    all: dict[str, list[Account]] = field(default_factory=lambda: {p: [] for p in EVERY_PLATFORM})
    of: dict[str, dict[str, list[Account]]] = field(default_factory=dict)
    special: dict[str, Account] = field(default_factory=dict)

    def add(self, account: Account) -> Account:
        """Register an account and its owner."""
        self.all[account.platform].append(account)
        if account.owner:
            self.of.setdefault(account.owner.id, {}).setdefault(account.platform, []).append(account)
        return account

    def humans(self, platform: str) -> list[Account]:
        """People's and guests' accounts."""
        return [a for a in self.all[platform] if a.kind in ("human", "guest")]


def open_accounts(company: Company, cast: Cast, rng: Random) -> Accounts:
    """Accounts for most people, a second one for some, guests, bots and services."""
    accounts = Accounts()
    number = 36425097217
    for person in company.people:
        email, start = person.assignments[0].email, company.period.start
        since = person.hired if person.hired > start else None
        always = person.role in ("head", "champion", "broadcaster", "engaged", "regular", "react_only")
        for platform in PLATFORMS:
            number += rng.randint(1, 9000)
            if rng.random() >= SHARE[platform] and not (always and platform != WIKI):
                continue
            native = {SLACK: upper_id(rng, "U0"), YAMMER: str(number), WIKI: _wiki_name(email)}[platform]
            accounts.add(
                Account(
                    platform, native, f"{person.first} {person.last}", vary_case(rng, email), "human", person,
                    None if platform == WIKI else person, since, person.left,
                )
            )  # fmt: skip
    _second_accounts(company, cast, accounts, rng)
    _map_wiki(accounts, rng)
    _guests(company, accounts, rng, number)
    _machines(accounts, rng)
    return accounts


def _wiki_name(email: str) -> str:
    return email.partition("@")[0].capitalize()


def _second_accounts(company: Company, cast: Cast, accounts: Accounts, rng: Random) -> None:
    """Second Slack accounts: some joined by a mapping line only, and the married person's new one."""
    for person in cast.two_accounts:
        address = f"{person.first}.{person.last}.lab@acme.example".lower().replace("ü", "ue")
        second = Account(SLACK, upper_id(rng, "U0"), f"{person.first} Lab", address, "human", person, person)
        accounts.add(second).mapping = person.id
    if company.married:
        day = company.period.share(120)
        old = accounts.of[company.married.id][SLACK][0]
        old.until = day - timedelta(1)
        name = f"{company.married.first} Newname"
        new = Account(
            SLACK, upper_id(rng, "U0"), name, company.married.assignments[-1].email, "human",
            company.married, company.married, day,
        )  # fmt: skip
        accounts.add(new)


def _map_wiki(accounts: Accounts, rng: Random) -> None:
    known = [a for a in accounts.all[WIKI] if a.owner and a.owner.role in ("staff", "regular", "champion")]
    for account in accounts.all[WIKI]:
        if account.owner and (rng.random() >= UNMAPPED or account.owner.role not in ("staff", "silent")):
            account.person, account.mapping = account.owner, account.owner.id
    if known:
        split = max(known, key=lambda a: (a.owner.rate if a.owner and a.owner.role == "staff" else 0, a.id))
        split.person, split.mapping = None, ""


def _guests(company: Company, accounts: Accounts, rng: Random, number: int) -> None:
    for index in range(max(2, len(company.people) // 60)):
        first, last = rng.choice(FIRST), rng.choice(LAST)
        email = f"{first}.{last}{index}@{rng.choice(PARTNERS)}".lower().replace("ü", "ue")
        native = {SLACK: upper_id(rng, "U0"), YAMMER: str(number + 5000 + index * 17)}
        platforms = (SLACK, YAMMER) if index % 5 == 0 else (SLACK,) if index % 2 else (YAMMER,)
        for platform in platforms:
            accounts.add(Account(platform, native[platform], f"{first} {last}", email, "guest"))


def _machines(accounts: Accounts, rng: Random) -> None:
    for key, platform, native, name, kind in (
        ("backup", SLACK, upper_id(rng, "U0"), "svc.backup", "service"),
        ("standup", SLACK, upper_id(rng, "U0"), "standup", "bot"),
        ("deploy", SLACK, upper_id(rng, "U0"), "deploybot", "bot"),
        ("welcome", YAMMER, "36425000001", "Welcome Guide", "bot"),
        ("nightly", WIKI, "Svc.nightly", "Svc.nightly", "service"),
        ("cleanup", WIKI, "CleanupBot", "CleanupBot", "bot"),
    ):
        accounts.special[key] = accounts.add(Account(platform, native, name, f"{name}@acme.example", kind))
