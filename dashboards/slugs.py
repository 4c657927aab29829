"""Names of the files of unit pages: readable, of letters, digits and hyphens only, and never the same for two units.

A name decides alone about its file, so a bookmark outlives units that come and go.
"""

import re
import unicodedata
from hashlib import blake2b
from typing import Final

LONGEST: Final = 40
"""Letters of a name that stand in its slug."""
_PLAIN: Final = re.compile(r"[A-Z][a-z]+(?: [A-Z]?[a-z]+)*")
_SMALL: Final = frozenset({"and", "at", "for", "in", "of", "or", "the", "to"})
"""Words that a plain name writes small, unless they begin it."""
_DIGITS: Final = 10**12


def unit_slug(unit: str) -> str:
    """The slug of a unit's page, without `.html`: `unit-customer-care`, or with digits at its end.

    A plain name can be read back from its slug, so no other plain name has the same. Every other name carries digits
    that are made from all of it, and a plain name has none.
    """
    if _is_plain(unit):
        return f"unit-{unit.lower().replace(' ', '-')}"
    letters = unicodedata.normalize("NFKD", unit).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST].strip("-")
    # a name may hold half a surrogate pair, which UTF-8 has no letters for
    digest = blake2b(unit.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    digits = f"{int.from_bytes(digest) % _DIGITS:012d}"
    return "-".join(part for part in ("unit", readable, digits) if part)


def _is_plain(unit: str) -> bool:
    """Whether the capitals of the name are where its words say they are, and it holds nothing but letters."""
    if len(unit) > LONGEST or not _PLAIN.fullmatch(unit):
        return False
    others = unit.split(" ")[1:]
    return all(word == (word.lower() if word.lower() in _SMALL else word.title()) for word in others)
