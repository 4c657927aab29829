"""The sentences of the page on wikis: see `dashboards.headlines` for the rules. Reading is never spoken of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboards import words
from dashboards.headlines import against
from dashboards.headlines.life import NOUNS, STATES, fate, known, of_known
from models.comparison import Change, Share, ratio_of

Row = Mapping[str, Any]
MOST: Final = 2
"""So many wikis a sentence speaks of; the chart has the others."""
NO_WIKI: Final = "No wiki is measured here"


@dataclass(frozen=True, slots=True)
class Wrote:
    """Who contributed to one wiki in its last whole month, beside an earlier one. The texts follow the word "in"."""

    name: str
    share: Share
    period: str
    change: Change | None = None
    before: str = ""


def title(rows: Sequence[Row], *, has_wiki: bool) -> str:
    """How many pages are in use and how long new ones are. `rows` are of `rel_space_life`, the most telling first."""
    if not has_wiki:
        return NO_WIKI
    states = next((row for row in rows if _in_use(row) is not None), None)
    parts = []
    if states is not None:
        shown = words.share(_in_use(states) or 0.0, of_known(NOUNS[states["subject"]][1], states))
        parts.append(f"{shown} are in use")
    new = next((said for row in rows if (said := fate(row))), None)
    parts += [new] if new else []
    return words.sentence("; ".join(parts)) or "What lives in the wikis cannot be told yet"


def people(wrote: Sequence[Wrote], *, noun: str) -> str:
    """Which share of people contributes to the wikis, those with most first."""
    if not wrote:
        return "How many people contribute to the wikis cannot be told yet"
    first, *others = sorted(wrote, key=lambda one: (-one.share.ratio, one.name))[:MOST]
    parts = [
        f"{words.percent(first.share.ratio)} of {noun} contributed on {first.name} in {first.period}"
        f"{against(first.change, first.before)}"
    ]
    for one in others:
        period = "" if one.period == first.period else f" in {one.period}"
        parts.append(f"{words.percent(one.share.ratio)} on {one.name}{period}{against(one.change, one.before)}")
    return "; ".join(parts)


def accounts(wrote: Sequence[Wrote], *, nouns: tuple[str, str]) -> str:
    """How many accounts contribute; without a roster they only gather, so nothing is compared."""
    if not wrote:
        return f"How many {nouns[1]} contribute to the wikis cannot be told yet"
    ranked = sorted(wrote, key=lambda one: (-one.share.n_part, one.name))[:MOST]
    said = [
        f"{words.count(one.share.n_part, *nouns, is_coarse=one.share.is_coarse)} contributed on {one.name} in "
        f"{one.period}"
        for one in ranked
    ]
    return words.sentence("; ".join(said))


def written(counts: Sequence[tuple[str, int, str]]) -> str:
    """How much is written: name, number and month of each wiki. A volume has no interval, so no verdict."""
    if not counts:
        return "How much is written in the wikis cannot be told yet"
    (name, n, period), *others = sorted(counts, key=lambda one: (-one[1], one[0]))[:MOST]
    verb = "was" if n == 1 else "were"
    parts = [f"{words.count(n, 'contribution')} {verb} made on {name} in {period}"]
    parts += [
        f"{words.count(m)} on {other}{'' if month == period else f' in {month}'}" for other, m, month in others
    ]
    return "; ".join(parts)


def _in_use(row: Row) -> float | None:
    """The share of those alive or revived among those whose state is known."""
    if any(row[f"n_{state}"] is None for state in STATES):
        return None
    return ratio_of(row["n_alive"] + row["n_revived"], known(row))
