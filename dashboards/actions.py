"""What is working, and what leaders can do: sentences that the released figures call for, or none at all.

A rule speaks only where the figures leave no doubt: an interval wholly on one side, or two months that say the same.
What works may be named, units among it; what lags is counted. Nobody is ever named, and no cause is claimed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards.newcomers import TABLE as NEWCOMERS
from dashboards.cards.newcomers import latest_answered
from dashboards.cards.space_life import LIFE, life_facts
from dashboards.cards.space_scope import WIKI_KINDS
from dashboards.cards.stewardship import TABLE as STEWARDSHIP
from dashboards.cards.stewardship import latest_kept
from dashboards.cards.units import unit_rows
from dashboards.facts import cells
from dashboards.headlines.life import NOUNS, known
from dashboards.numbers import Fact
from dashboards.pages.executives import STAFF, executive_months, executive_verdict, told_of_both
from dashboards.pages.executives import TABLE as EXECUTIVES
from dashboards.periods import is_recent, when
from dashboards.released import ALL, Released, Row, latest, reference
from models.comparison import LARGE_DIFFERENCE
from models.release import SMALLEST_COUNT

MOST: Final = 2
"""So many sentences a page has at the most."""
MOST_NAMES: Final = 2
ANSWERED: Final = 0.75
"""From here on newcomers count as answered, and as left alone where their share is below it for certain."""
ANNOUNCING: Final = 0.5
"""Who starts more threads than they write replies announces more than they answer."""
FORGOTTEN: Final = 0.25
"""Forgotten pages of wikis are spoken of where their share is above it for certain."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that the figures of a page call for, the measure that it rests on, and the numbers that it says."""

    page: str
    text: str
    metric: str
    facts: tuple[Fact, ...] = ()


Rule = Callable[[Released], Sentence | None]


def actions(released: Released) -> list[Sentence]:
    """What leaders can do, by what all pages show."""
    return [sentence for rule in ACTIONS if (sentence := rule(released))]


def of_page(found: Sequence[Sentence], page: str) -> list[Sentence]:
    """Those about what a page shows; on the overview, the first of all pages."""
    return [one for one in found if page in ("index", one.page)][:MOST]


def working(released: Released) -> list[Sentence]:
    """What the figures show to work."""
    return [sentence for rule in WORKING if (sentence := rule(released))]


def answer_newcomers(released: Released) -> Sentence | None:
    """Newcomers whose first post nobody answers, for certain more than one in four."""
    share, row = latest_answered(released) or (None, None)
    if share is None or share.bounds[1] >= ANSWERED or not is_recent(released, row):
        return None
    n_alone = share.n_whole - share.n_part
    return Sentence(
        "enabling",
        f"Answer newcomers: {words.of(n_alone, share.n_whole)} first posts of {when('month', row)} had no answer "
        "after two working days. Ask in each unit who could look out for them.", "newcomers_answered",
        cells(NEWCOMERS, row),
    )  # fmt: skip


def reply(released: Released) -> Sentence | None:
    """Executives who start more threads than they reply, and clearly more than everybody else does, two months long."""
    months = executive_months(released)
    own, others = "own_broadcast_ratio", f"own_broadcast_ratio{STAFF}"
    if not {own, others} <= set(months.columns):
        return None
    last = months.filter(pl.col("is_complete") & pl.col(own).is_not_null() & pl.col(others).is_not_null()).tail(2)
    announces = (pl.col(own) > ANNOUNCING) & (pl.col(own) - pl.col(others) >= LARGE_DIFFERENCE)
    if last.height < 2 or not last.select(announces.all()).item():
        return None
    row = last.row(-1, named=True)
    if not is_recent(released, row):
        return None
    return Sentence(
        "executives",
        f"Reply more than you announce: of what executives wrote to others in {when('month', row)}, "
        f"{words.percent(row[own])} began a thread; among everybody else {words.percent(row[others])}.", "broadcast",
        cells(EXECUTIVES, row),
    )  # fmt: skip


def lead_by_example(released: Released) -> Sentence | None:
    """Executives of whom a smaller share contributes than of everybody else."""
    row = told_of_both(executive_months(released))
    if executive_verdict(released) != "lower" or not is_recent(released, row):
        return None
    return Sentence(
        "executives", "Take part yourselves: a smaller share of executives than of everybody else contributes. A reply "
        "to what somebody wrote is a beginning.", "executive_contributor_ratio",
    )  # fmt: skip


def decide_on_fading(released: Released) -> Sentence | None:
    """The kind of space of which most are fading, if three or more are."""
    rows = _space_rows(released, "n_fading")
    if not rows:
        return None
    row = max(rows, key=lambda one: (one["n_fading"], one["subject"]))
    said = words.count(row["n_fading"], *NOUNS[row["subject"]])
    return Sentence(
        _page_of(row), f"Decide on what fades: to {said} nobody has contributed for 91 to 180 days. Support them, "
        "merge them, or close them openly.", "space_states", cells(LIFE, row),
    )  # fmt: skip


def look_through_wikis(released: Released) -> Sentence | None:
    """Wiki pages of which, for certain, more than one in four is forgotten: what they say may no longer hold."""
    rows = [row for row in _space_rows(released, "n_forgotten") if row["subject"] == "page"]
    if not rows or (rows[0]["forgotten_ratio_low"] or 0) <= FORGOTTEN:
        return None
    said = words.of(rows[0]["n_forgotten"], known(rows[0]))
    return Sentence(
        "wiki", f"Look through old pages: to {said} wiki pages nobody has contributed for more than 180 days. Readers "
        "cannot tell what still holds: confirm it, correct it, or archive it.", "space_states",
        life_facts(rows[:1]),
    )  # fmt: skip


def find_keepers(released: Released) -> Sentence | None:
    """Spaces in use that all their main contributors have left, if three or more."""
    row = latest_kept(released)
    if row is None or (row["n_left"] or 0) < SMALLEST_COUNT or not is_recent(released, row):
        return None
    return Sentence(
        "enabling", f"Find keepers: all main contributors of {words.count(row['n_left'], 'public space')} in use have "
        f"left ({when('month', row)}).", "spaces_left", cells(STEWARDSHIP, row),
    )  # fmt: skip


def risen_units(released: Released) -> Sentence | None:
    """Units of which more people contribute than in the month of comparison, for certain."""
    organisation = released.series("rel_contributor_ratios", "month")
    now = latest(organisation, "n_contributors")
    then = reference(organisation, "n_contributors", now, kind="month")
    if now is None or then is None or not is_recent(released, now):
        return None
    _, changes = unit_rows(released, now, then)
    risen = [(moved.difference, unit) for unit, moved in changes if moved.direction == "up"]
    if not risen:
        return None
    names = [words.clean(unit) for _, unit in sorted(risen, key=lambda one: (-one[0], one[1]))]
    who = words.listed(names) if len(names) <= MOST_NAMES else words.count(len(names), "unit")
    verb = "contributes" if len(names) == 1 else "contribute"
    facts = (Fact("units/judgement/rows with higher", len(names), "count"),)
    return Sentence("index", f"{who} {verb} more than in {when('month', then)}.", "contributor_ratio", facts)


def newcomers_answered(released: Released) -> Sentence | None:
    """Newcomers of whom at least three in four, for certain, are answered."""
    share, row = latest_answered(released) or (None, None)
    if share is None or share.bounds[0] < ANSWERED or not is_recent(released, row):
        return None
    said = f"{words.of(share.n_part, share.n_whole)} first posts of {when('month', row)}"
    return Sentence("enabling", f"Newcomers are answered: {said}.", "newcomers_answered", cells(NEWCOMERS, row))


def revived_spaces(released: Released) -> Sentence | None:
    """The kind of space of which most were forgotten and are used again, if three or more."""
    rows = _space_rows(released, "n_revived")
    if not rows:
        return None
    row = max(rows, key=lambda one: (one["n_revived"], one["subject"]))
    said = words.count(row["n_revived"], *NOUNS[row["subject"]])
    text = f"{words.sentence(said)} that were forgotten are in use again."
    return Sentence(_page_of(row), text, "space_states", cells(LIFE, row))


def _page_of(row: Row) -> str:
    """The page that shows most about a kind of space."""
    return "wiki" if row["subject"] in WIKI_KINDS else "rooted"


def _space_rows(released: Released, column: str) -> Sequence[Row]:
    rows = released.tables[LIFE].filter(
        (pl.col("platform") == ALL) & (pl.col("unit") == ALL) & (pl.col(column) >= SMALLEST_COUNT)
    )
    return rows.to_dicts()


ACTIONS: Final[Sequence[Rule]] = (
    answer_newcomers, lead_by_example, reply, decide_on_fading, look_through_wikis, find_keepers,
)  # fmt: skip
"""In the order in which they matter where there is room for two only."""
WORKING: Final[Sequence[Rule]] = (risen_units, newcomers_answered, revived_spaces)
