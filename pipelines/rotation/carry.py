"""Who is left out stays so under another key: the ledger's lines are made anew from what the exports still name.

The ledger holds hashes of pseudonyms of the old key, and nothing leads from these to an identifier. But while an export
is read every identifier passes by in clear text: its old pseudonym says whether it is in the ledger, its new one goes
into the new ledger.
"""

from collections import Counter
from dataclasses import dataclass, field

from pipelines.erasure.ledger import Ledger, open_ledger
from pipelines.keys import KeyRing, canonical
from pipelines.lake import Lake

KINDS = ("email", "directory_id", "employee_number", "login")
"""Identifiers that are keyed by kind."""


@dataclass(frozen=True)
class CarryingRing(KeyRing):
    """The new key; it notes which of the pseudonyms that it makes belong to somebody in the old ledger."""

    old: KeyRing
    ledger: Ledger
    found: dict[str, tuple[str, int]] = field(default_factory=dict, repr=False, compare=False)
    """Old pseudonym -> new one, and the request in the ledger."""

    def pseudonym(self, purpose: str, *parts: str) -> str:
        """As `KeyRing`."""
        fresh = KeyRing.pseudonym(self, purpose, *parts)
        if self.ledger.digest:
            was = self.old.pseudonym(purpose, *parts)
            if (number := self.ledger.number_of(was)) is not None:
                self.found[was] = fresh, number
        return fresh

    def name(self, text: str) -> None:
        """Tells of a person whom no export may name any more: by roster id, address, number or login."""
        self.person(text)
        for kind in KINDS:
            self.pseudonym("identifier", kind, canonical(kind, text))

    def n_unnamed(self) -> dict[int, int]:
        """Of each request in the ledger, how many lines nothing has named so far."""
        lines = Counter(self.ledger.rows["number"].to_list())
        lines.subtract(number for _, number in self.found.values())
        return {number: n for number, n in sorted(lines.items()) if n}


@dataclass(frozen=True, slots=True)
class CarryingLake(Lake):
    """A lake under the new key: whoever an export names of the old ledger is in the new one before it is stored."""

    ring: CarryingRing

    def ledger(self) -> Ledger:
        """The new ledger, with everybody who was named so far."""
        # not the noting ring: what the ledger itself hashes is no identifier
        ledger = open_ledger(self.state, KeyRing(self.ring.secret))
        requests = self.ring.ledger.rows.unique("number").sort("number")
        for number, kind, since in requests.select("number", "kind", "since_on").iter_rows():
            named = {fresh: number for fresh, of in self.ring.found.values() if of == number}
            if any(ledger.number_of(one) is None for one in named):
                ledger = ledger.add(named, kind=kind, since=since)
        return ledger
