"""Whom a request is about: the pseudonyms of one person, their accounts and their identifiers, as the lake has them.

Accounts belong to people by the rules of `models/sql/dim_account.sql`. Who asks to be forgotten is known by more than
these join: an account that nobody else owns is theirs too if it carries an address, number or directory id of theirs,
and so is one that an older export shows in place of theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import polars as pl

from models.problems import SettingsRefused
from pipelines.erasure.ledger import Ledger
from pipelines.keys import canonical
from pipelines.lake import Lake

_BY_TRUST: Final = ("directory_id", "employee_number", "email", "login")
_STRONG: Final = frozenset({"directory_id", "employee_number", "email"})
"""What belongs to one person wherever it occurs; the same login may be somebody else's on another platform."""

Mapped = Mapping[str, str | None]
"""Account -> person by the mapping file; None: nobody's."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Pseudonyms; `identifiers` are those that nobody else has. Nothing at all: the lake knows no such person."""

    people: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()

    @property
    def pseudonyms(self) -> frozenset[str]:
        """All of them."""
        return self.people | self.accounts | self.identifiers


@dataclass(slots=True)
class _Known:
    """What the lake and the mapping file say of people, accounts and identifiers."""

    mapped: Mapped
    people: set[str] = field(default_factory=set)
    owners: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Identifier -> people on the roster who have it."""
    kinds: dict[str, str] = field(default_factory=dict)
    carried: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Account -> its identifiers."""

    def owner(self, account: str) -> str | None:
        """The person behind an account; the account itself where the mapping splits it off; None if nothing says."""
        if account in self.mapped:
            return self.mapped[account] or account
        for kind in _BY_TRUST:
            of_kind = [self.owners.get(one, set()) for one in self.carried[account] if self.kinds[one] == kind]
            candidates = {person for owners in of_kind if len(owners) == 1 for person in owners}
            if len(candidates) == 1:
                return candidates.pop()
        return None


def keys_of(lake: Lake, text: str) -> tuple[str, str]:
    """The pseudonyms that the text has as a roster id and as an e-mail address."""
    return lake.ring.person(text), lake.ring.pseudonym("identifier", "email", canonical("email", text))


def find(lake: Lake, text: str, mapped: Mapped) -> Subject:
    """The person with this roster id or e-mail address.

    Raises `SettingsRefused` (PPL-ERA-003) for an address that several people on the roster have.
    """
    known = _known(lake, mapped)
    by_id, by_email = keys_of(lake, text)
    owners = {by_id} if by_id in known.people else known.owners.get(by_email, set())
    if len(owners) > 1:
        raise SettingsRefused(
            "PPL-ERA-003 PERSON: several people on the roster have this address; nothing was done; name the roster id"
        )
    person = next(iter(owners), None)
    if person is None and not any(by_email in carried for carried in known.carried.values()):
        return Subject()
    identifiers, accounts = _closure(known, person, by_email)
    accounts |= _earlier_names(lake, accounts, known)
    shared = {one for account, carried in known.carried.items() if account not in accounts for one in carried}
    return Subject(frozenset({person} if person else ()), frozenset(accounts), frozenset(identifiers - shared))


def requests_of(ledger: Ledger, pseudonyms: Iterable[str]) -> set[int]:
    """The requests in the ledger by which any of these is left out already."""
    return {number for one in pseudonyms if (number := ledger.number_of(one)) is not None}


def _known(lake: Lake, mapped: Mapped) -> _Known:
    known = _Known(mapped)
    for entry in lake.entries():
        for rows in lake.parts(entry, "person"):
            known.people |= set(rows["person_id"].unique())
        for rows in lake.parts(entry, "person_identifier"):
            for person, kind, identifier in rows.select("person_id", "kind", "identifier_key").unique().rows():
                known.owners[identifier].add(person)
                known.kinds[identifier] = kind
        for rows in lake.parts(entry, "account_identifier"):
            for account, kind, identifier in rows.select("account_id", "kind", "identifier_key").unique().rows():
                known.carried[account].add(identifier)
                known.kinds[identifier] = kind
    known.people |= set(chain.from_iterable(known.owners.values()))
    return known


def _closure(known: _Known, person: str | None, by_email: str) -> tuple[set[str], set[str]]:
    """Identifiers and accounts of a person, each found by the other until there are no more."""
    accounts = {one for one in {*known.carried, *known.mapped} if person is not None and known.owner(one) == person}
    identifiers = {one for one, owners in known.owners.items() if owners == {person}} if person else {by_email}
    while True:
        theirs = {
            one
            for account in accounts
            for one in known.carried[account]
            if known.kinds[one] in _STRONG and known.owners.get(one, set()) <= {person}
        }
        more = {
            account
            for account, carried in known.carried.items()
            if account not in accounts and carried & (identifiers | theirs) and known.owner(account) in (None, person)
        }
        identifiers |= theirs
        if not more:
            return identifiers, accounts
        accounts |= more


def _earlier_names(lake: Lake, accounts: set[str], known: _Known) -> set[str]:
    """Accounts, nobody's, all of whose records another version gives to one of `accounts`: renamed since."""
    theirs = _records(lake, pl.col("account_id").is_in(list(accounts)))["event_id"].unique()
    is_theirs = pl.col("event_id").is_in(theirs.implode())
    candidates = set(_records(lake, is_theirs)["account_id"].unique()) - accounts
    candidates = {one for one in candidates if known.owner(one) is None}
    others = _records(lake, ~is_theirs & pl.col("account_id").is_in(list(candidates)))
    return candidates - set(others["account_id"].unique())


def _records(lake: Lake, condition: pl.Expr) -> pl.DataFrame:
    """Account and event of the source records that meet a condition, each once."""
    found = [pl.DataFrame(schema={"account_id": pl.String, "event_id": pl.Binary})]
    for entry in lake.entries():
        for rows in lake.parts(entry, "event"):
            records = rows.filter(pl.col("is_record") & pl.col("account_id").is_not_null())
            found.append(records.filter(condition).select("account_id", "event_id").unique())
    return pl.concat(found).unique()
