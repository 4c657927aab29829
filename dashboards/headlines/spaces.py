"""The sentence on which public spaces live: see `dashboards.headlines` for the rules. Only what works is named."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards import words

Row = Mapping[str, Any]
NAMED: Final = 2
LONGEST: Final = 60


def spaces(rows: Sequence[Row]) -> str:
    """How many of the spaces by name live. `rows` are of `rel_spaces`; at most two are named, revived ones first."""
    known = [row for row in rows if row["state"] != "unknown"]
    if not known:
        return "Which spaces live cannot be told yet"
    states = ("revived", "alive", "fading", "forgotten")
    of = {state: [row for row in known if row["state"] == state] for state in states}
    parts = []
    if of["revived"]:
        verb = "is" if len(of["revived"]) == 1 else "are"
        parts.append(f"{_some(of['revived'])} {verb} in use again after a long silence")
    n_alive, among = len(of["alive"]), words.count(len(known), "named space")
    if of["revived"] or not n_alive:
        parts.append(f"{words.count(n_alive) if n_alive else 'none'} of {among} {_is(n_alive)} alive")
    else:
        parts.append(f"{_some(of['alive'])} {_is(n_alive)} alive, of {among}")
    silent = [f"{words.count(len(of[state]))} {_is(len(of[state]))} {state}" for state in ("fading", "forgotten")
              if of[state]]  # fmt: skip
    return words.sentence("; ".join([*parts, *([words.listed(silent)] if silent else [])]))


def _is(n: int) -> str:
    return "is" if n <= 1 else "are"


def _some(rows: Sequence[Row]) -> str:
    """The first ones by name, how many more there are."""
    names = [f"\u201c{_short(words.clean(row['label']))}\u201d on {words.platform(row['platform'])}" for row in rows]
    rest = len(names) - NAMED
    return words.listed([*names[:NAMED], *([f"{words.count(rest)} more"] if rest > 0 else [])])


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}\u2026"
