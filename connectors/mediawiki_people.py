"""Who a contributor of a wiki is: an account and its kind. Addresses of anonymous visitors are never kept.

Nothing is merged here: MediaWiki distinguishes `Chaals` from `chaals`, so names stay exactly as written.
"""

import re
from ipaddress import ip_address
from typing import Final, NamedTuple
from unicodedata import normalize

_BOT: Final = re.compile(r"(?:Bot|(?<![^\W_])(?:bot|BOT))$")
"""`SineBot`, `my bot`, `import-bot`; but `Abbot` and `Talbot` are people."""
_VISITOR: Final = re.compile(r"~\d{4}-[\d-]+|\d{1,3}\.\d{1,3}\.\d{1,3}\.(?:\d{1,3}|x{1,3})", re.IGNORECASE)
"""Temporary accounts (`~2024-123-4`) and masked addresses of old wikis."""
_SYSTEM: Final = frozenset({
    "MediaWiki default", "MediaWiki message delivery", "Maintenance script", "Conversion script", "Redirect fixup",
    "Template namespace initialisation script", "ScriptImporter", "Delete page script", "Move page script",
    "Command line script", "Unknown user", "Flow talk page manager", "Abuse filter",
})
"""Names that MediaWiki reserves for itself."""


class Contributor(NamedTuple):
    """`account` is null where the dump names nobody."""

    account: str | None
    kind: str


NOBODY: Final = Contributor(None, "unknown")


def contributor(name: str | None) -> Contributor:
    """The contributor with this user name; null where the dump gives an address or hides the name."""
    if not name or not name.strip():
        return NOBODY
    account = normalize("NFC", name)
    local = account.rpartition(">")[2]
    if _is_visitor(local.strip()):
        return NOBODY
    if local != account:  # imported>Name: an account of another wiki, `>` is not allowed in names
        return Contributor(account, "external")
    if account in _SYSTEM:
        return Contributor(account, "system")
    return Contributor(account, "bot" if _BOT.search(account) else "human")


def _is_visitor(name: str) -> bool:
    if _VISITOR.fullmatch(name):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
