"""The accounts of a Yammer network: Users.csv, completed by senders that a dated Users.csv does not list.

Names, titles and departments are never read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from connectors.csvtext import Notes, integer, non_null


def _domain(email: str) -> str:
    return email.rpartition("@")[2].strip().casefold()


@dataclass(slots=True)
class Accounts:
    """Kind of every account; without configured home domains nobody is known to be a guest."""

    workspace: str
    home_domains: frozenset[str]
    kinds: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, object]] = field(default_factory=list)
    identifiers: list[dict[str, object]] = field(default_factory=list)
    _owners: dict[str, dict[str, str]] = field(default_factory=dict)

    def note_shared_addresses(self, notes: Notes, member: str) -> None:
        """Counts the addresses that several accounts have; such accounts stay apart, whoever they belong to."""
        for spellings in self._owners.values():
            if len(spellings) > 1:
                is_one = len(set(spellings.values())) == 1
                notes.add(member, *(("PPL-IDN-002", "e-mail address of several accounts; each was kept") if is_one else
                                    ("PPL-IDN-001", "e-mail address of several accounts in several spellings; each "
                                                    "account was kept")))

    def add_user(self, row: Sequence[str], places: dict[str, int], member: str, line: int) -> None:
        """A row of Users.csv; raises `RowFault` if its id is none."""

        def value(name: str) -> str | None:
            return non_null(row[places[name]]) if name in places else None

        account = row[places["id"]]
        integer(account, "id")
        email = value("email")
        state = value("state")
        is_deactivated = state == "soft_delete" or any(value(name) for name in ("suspended_at", "deleted_at"))
        self.add(account, self.kind_of("user", email), email, member, line, is_record=True,
                 is_deactivated=True if is_deactivated else None if state is None else False)
        directory_id = value("office_user_id")
        if directory_id is not None:
            self.identifiers.append({"workspace": self.workspace, "account": account, "kind": "directory_id",
                                     "identifier": directory_id})

    def sender_kind(self, account: str, sender_type: str, email: str | None, member: str, line: int) -> str:
        """The kind of a message's sender, who is added if Users.csv does not list him or her."""
        kind = self.kinds.get(account)
        if kind is None:
            kind = self.kind_of(sender_type, email)
            self.add(account, kind, email, member, line, is_record=False, is_deactivated=None)
        return kind if sender_type == "user" else "bot"

    def kind_of(self, sender_type: str, email: str | None) -> str:
        """Bot, human, or external for an address of another domain than home."""
        if sender_type != "user":
            return "bot"
        return "external" if self._is_at_home(email) is False else "human"

    def add(self, account: str, kind: str, email: str | None, member: str, line: int, *, is_record: bool,
            is_deactivated: bool | None, is_guest: bool | None = None) -> None:
        """One account, as its record or first message tells; unless stated, its address says if it is a guest."""
        self.kinds[account] = kind
        if kind == "external":
            is_guest = True
        elif is_guest is None and self._is_at_home(email):
            is_guest = False
        self.rows.append({
            "workspace": self.workspace, "account": account, "kind": kind, "is_guest": is_guest,
            "is_deactivated": is_deactivated, "is_record": is_record, "member": member, "line": line,
        })
        if email is not None:
            owners = self._owners.setdefault(normalize("NFC", email).strip().casefold(), {})
            if account not in owners:
                owners[account] = email
                self.identifiers.append({"workspace": self.workspace, "account": account, "kind": "email",
                                         "identifier": email})

    def _is_at_home(self, email: str | None) -> bool | None:
        """Whether an address is of a home domain; unknown without an address or home domains."""
        return _domain(email) in self.home_domains if self.home_domains and email is not None else None
