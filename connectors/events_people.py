"""Who acts in a mapped export: the kind of an account and what identifies it.

Keeps which identifiers were told already; stores nothing else.
"""

from collections.abc import Mapping
from typing import Final

from connectors.events_fields import Fields, Record, as_text
from connectors.events_mapping import IDENTIFIERS, is_listed
from connectors.events_patterns import pattern_of
from connectors.settings import EventMapping, SourceSettings

_GUEST: Final = "#ext#"


class People:
    """The accounts of one export, as far as they were seen."""

    def __init__(self, settings: SourceSettings, mapping: EventMapping, workspace: str) -> None:
        self._workspace, self._accounts = workspace, mapping.accounts
        self._bots = pattern_of(mapping.bots)
        self._home_domains = frozenset(domain.casefold() for domain in settings.home_domains)
        self._declared: dict[str, str] = {}
        self._told: set[tuple[str, str, str]] = set()
        self._rows: list[dict[str, object]] = []

    def is_wanted(self, account: str | None) -> bool:
        """Whether this account may be loaded; without a list all may."""
        return not self._accounts or (account is not None and is_listed(account, self._accounts))

    def kind(self, account: str | None, identifiers: Mapping[str, str], stated: str) -> str:
        """Kind of an actor: stated or declared, a bot by pattern, external by the domain of its address."""
        if stated != "human":
            return stated
        if account is None:
            return "unknown"
        if account in self._declared:
            return self._declared[account]
        if self._bots is not None and self._bots.fullmatch(account):
            return "bot"
        is_guest = _GUEST in account.casefold() or self._is_at_home(account, identifiers) is False
        return "external" if is_guest else "human"

    def is_guest(self, account: str, identifiers: Mapping[str, str], kind: str) -> bool | None:
        """Who is external is a guest, who has an address of a home domain is none; of others nothing says."""
        return True if kind == "external" else False if self._is_at_home(account, identifiers) else None

    def declare(self, account: str, kind: str) -> None:
        """What the export itself says of an account, for the events that follow."""
        self._declared[account] = kind

    def identify(self, account: str, identifiers: Mapping[str, str]) -> None:
        """Keeps what identifies an account, once."""
        for kind, identifier in identifiers.items():
            if (account, kind, identifier) not in self._told:
                self._told.add((account, kind, identifier))
                self._rows.append({"workspace": self._workspace, "account": account, "kind": kind,
                                   "identifier": identifier})

    def rows(self) -> list[dict[str, object]]:
        """The identifiers that were seen since."""
        rows, self._rows = self._rows, []
        return rows

    def _is_at_home(self, account: str, identifiers: Mapping[str, str]) -> bool | None:
        address = identifiers.get("email", account)
        return domain_of(address) in self._home_domains if self._home_domains and "@" in address else None


def identifiers_of(fields: Fields, record: Record, account: str | None) -> dict[str, str]:
    """Kind and value of what a record says about the account; an account that is an address identifies by it."""
    found = {kind: value for kind in IDENTIFIERS
             if kind in fields.columns and (value := as_text(fields.value(record, kind), kind)) is not None}
    if "email" not in found and account is not None and is_address(account):
        found["email"] = account
    return found


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address, not the name by which a directory files a guest."""
    if "@" not in text:
        return False
    local, _, domain = text.rpartition("@")
    return bool(local) and "." in domain and " " not in text and _GUEST not in text.casefold()


def domain_of(address: str) -> str:
    """The domain of an address in small letters."""
    return address.rpartition("@")[2].strip().casefold()
