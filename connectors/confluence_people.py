"""The users of an export as accounts: by key since Confluence 5, by login name before.

A user whom content names and no list contains is kept: `external` where the export has a list of users, else a
person like any other.
"""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from connectors.confluence_entities import Entity

_BOT: Final = re.compile(r"(?:^|[^a-z0-9])bot$|^addon_|@connect\.atlassian\.com$")
_BY_KEY: Final = "ConfluenceUserImpl"
_INACTIVE: Final = {"true": False, "false": True}


class Actor(NamedTuple):
    """An account and its kind; no account where nobody is named."""

    account: str | None
    kind: str


@dataclass(slots=True)
class _User:
    kind: str
    key: str
    login: str
    email: str
    directory_id: str
    is_inactive: bool | None
    line: int


class People:
    """Collects the users, then tells who acted and gives the account rows."""

    def __init__(self, home_domains: tuple[str, ...]) -> None:
        self._home = frozenset(domain.casefold() for domain in home_domains)
        self._users: list[_User] = []
        self._keys: dict[str, str] | None = None
        self._kinds: dict[str, str] = {}
        self._actors: dict[str | None, Actor] = {None: Actor(None, "unknown")}

    @property
    def has_keys(self) -> bool:
        """Whether the export is of the newer kind, in which users have keys."""
        return any(user.kind == _BY_KEY for user in self._users)

    @property
    def is_cloud(self) -> bool:
        """Whether users have Atlassian accounts, as only Cloud has."""
        return any(user.directory_id for user in self._users)

    def add(self, entity: Entity) -> bool:
        """Take a user in; false if neither key nor name is there."""
        login = entity.text("lowerName", "name").casefold()
        key = entity.key if entity.kind == _BY_KEY else ""
        if not key and not login:
            return False
        self._users.append(_User(
            entity.kind, key, login, entity.text("email", "emailAddress"), entity.text("atlassianAccountId"),
            _INACTIVE.get(entity.text("active").casefold()), entity.line))
        return True

    def actor(self, reference: str | None) -> Actor:
        """Who is meant by a user key or, before 5, a login name."""
        found = self._actors.get(reference)
        if found is None and reference is not None:
            account = self._account(reference)
            kind = self._kinds.get(account) or self._kind_of_unlisted(account)
            found = self._actors[reference] = Actor(account, kind)
        return found or self._actors[None]

    def rows(self, workspace: str, member: str) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        """Account rows, one for each user object, and what identifies them."""
        self._resolve()
        inactive: dict[str, bool] = {}
        guests: dict[str, bool] = {}
        for user in self._users:
            account = self._account(user.key or user.login)
            if user.is_inactive is not None:
                inactive[account] = inactive.get(account, False) or user.is_inactive
            if self._is_at_home(user):
                guests[account] = False
        guests |= {account: True for account, kind in self._kinds.items() if kind == "external"}
        accounts: list[dict[str, object]] = []
        identifiers: dict[tuple[str, str, str], None] = {}
        for user in self._users:
            account = self._account(user.key or user.login)
            accounts.append({
                "workspace": workspace, "account": account, "kind": self._kinds[account], "is_record": True,
                "is_guest": guests.get(account), "is_deactivated": inactive.get(account),
                "member": member, "line": user.line})
            emails = {text for text in (user.email, user.login) if "@" in text}
            login = user.login if user.login != account.casefold() or user.kind != _BY_KEY else ""
            for kind, values in (("login", {login}), ("email", emails), ("directory_id", {user.directory_id})):
                identifiers |= {(account, kind, value): None for value in sorted(values) if value}
        return accounts, [
            {"workspace": workspace, "account": account, "kind": kind, "identifier": value}
            for account, kind, value in identifiers]

    def _resolve(self) -> dict[str, str]:
        """Accounts by key and by login name, once all users are there."""
        if self._keys is None:
            self._keys = {user.login: user.login for user in self._users if user.login}
            self._keys |= {user.login: user.key for user in self._users if user.login and user.key}
            self._keys |= {user.key: user.key for user in self._users if user.key}
            for user in self._users:
                account = self._account(user.key or user.login)
                kind = self._kind_of(user)
                if self._kinds.get(account, "human") == "human":
                    self._kinds[account] = kind
        return self._keys

    def _account(self, reference: str) -> str:
        keys = self._resolve()
        return keys.get(reference) or keys.get(reference.casefold()) or reference

    def _kind_of(self, user: _User) -> str:
        if _BOT.search(user.login) or _BOT.search(user.email.casefold()):
            return "bot"
        return "external" if self._is_at_home(user) is False else "human"

    def _is_at_home(self, user: _User) -> bool | None:
        """Whether the address is of a home domain; unknown without an address or home domains."""
        address = user.email or user.login
        return address.rpartition("@")[2].casefold() in self._home if self._home and "@" in address else None

    def _kind_of_unlisted(self, account: str) -> str:
        if _BOT.search(account.casefold()):
            return "bot"
        return "external" if self._users else "human"
