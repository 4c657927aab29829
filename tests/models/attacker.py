"""Somebody who keeps every release, knows who was where, and works out by linear programming who contributed.

Nothing of the release policy and nothing of the audit is used here: only what docs/privacy.md tells everybody, that
counts of groups are multiples of five or a band, and that those of a whole of 200 people or more are exact.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, vstack

from tests.models.worlds import Period, Roster, World

CROWD, STEP = 200, 5
ALL = "all"
People = frozenset[str]
EXACT = ("rel_active_users", "rel_contributor_ratios")
"""Tables with rows about the whole."""


@dataclass(frozen=True)
class Narrow:
    """A group of which more is known than may be: how many people, and between what its contributors lie."""

    name: Hashable
    n: int
    low: int
    high: int


@dataclass
class Facts:
    """`low <= sum of columns <= high`, collected row by row."""

    columns: list[list[int]] = field(default_factory=list)
    values: list[list[float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, plus: Sequence[int], low: float, high: float, minus: Sequence[int] = ()) -> None:
        self.columns.append([*plus, *minus])
        self.values.append([1.0] * len(plus) + [-1.0] * len(minus))
        self.low.append(low)
        self.high.append(high)

    def matrix(self, n_columns: int) -> dict[str, Any]:
        """As `linprog` takes them: equations, and what is at most something."""
        starts = np.cumsum([0, *(len(one) for one in self.columns)])
        joined = np.concatenate(self.columns).astype(int), np.concatenate(self.values)
        rows = csr_matrix((joined[1], joined[0], starts), shape=(len(self.columns), n_columns))
        low, high = np.array(self.low), np.array(self.high)
        is_equation = low == high
        above, below = ~is_equation & np.isfinite(high), ~is_equation & np.isfinite(low)
        return {
            "A_eq": rows[is_equation], "b_eq": high[is_equation],
            "A_ub": vstack([rows[above], -rows[below]]), "b_ub": np.concatenate([high[above], -low[below]]),
        }  # fmt: skip


class Attacker:
    """All that can be known of one world from what was released of it.

    The attacker knows of everybody where they were, as it is told at each release, and of `mates` what they did.
    """

    def __init__(self, world: World, told: Sequence[Mapping[str, pl.DataFrame]], mates: Sequence[str] = ()) -> None:
        self.world, self.told, self.mates = world, told, frozenset(mates)
        self.facts = Facts()
        self.wholes: list[tuple[Period, People, int]] = []
        self._places = [roster for rosters in world.rosters for roster in rosters]
        self._executives = frozenset(
            person for roster in self._places for person, labels in roster.items() if labels["is_executive"]
        )
        self._atoms = self._alike()
        self._size = np.bincount(list(self._atoms.values()))
        self._is_late = {self._atoms[person] for person in world.late}
        self._at: dict[Hashable, int] = {}
        self._most: list[float] = []
        self._answers: list[npt.NDArray[np.float64]] = []
        for release in range(len(told)):
            for period in world.told_in(release):
                self._columns("contributors", period, release, frozenset(world.known(release, period)))
                self._read(release, period)
        self._tie()
        self._solver = self.facts.matrix(len(self._most))

    def narrow(self, *, least: int, width: int = 3) -> Iterator[Narrow]:
        """The groups of fewer than `least` people (executives 5) of whose contributors more follows than may.

        An interval of `width` people must stay possible, or of all if they are fewer; or of what a total of the whole
        leaves possible by itself.
        """
        for period in self.world.periods:
            for name, people in self._nameable(period).items():
                if len(people) >= (5 if people <= self._executives else least):
                    continue
                floor, ceiling = self._by_a_whole_alone(period, people)
                for release in self._releases_of(period) if people & self.world.late else (0,):
                    enough = min(width, len(people), ceiling - floor)
                    low, high = self.between(period, people, release, enough=enough)
                    if high - low < enough:
                        yield Narrow((period.key, name), len(people), low, high)

    def _releases_of(self, period: Period) -> list[int]:
        return [release for release in range(len(self.told)) if period in self.world.told_in(release)]

    def between(self, period: Period, people: People, release: int = 0, *, enough: float = np.inf) -> tuple[int, int]:
        """Least and greatest number of contributors of a group that all facts allow.

        Once two answers that all facts allow are `enough` people apart, no more is asked.
        """
        goal = np.zeros(len(self._most))
        goal[self._columns("contributors", period, release, people)] = 1
        for sign in (1, -1):
            low, high = self._seen(goal)
            if high - low >= enough:
                break
            found = linprog(sign * goal, **self._solver, bounds=np.array([np.zeros(len(goal)), self._most]).T)
            assert found.status == 0, found.message
            self._answers.append(found.x)
        return self._seen(goal)

    def _seen(self, goal: npt.NDArray[np.float64]) -> tuple[int, int]:
        values = [float(answer @ goal) for answer in self._answers] or [0.0]
        return int(np.ceil(min(values) - 1e-6)), int(np.floor(max(values) + 1e-6))

    def _alike(self) -> dict[str, int]:
        """The atom of everybody: people of one are in the same groups wherever anybody could look."""
        numbers: dict[Hashable, int] = {}
        atoms = {}
        for person in sorted({person for roster in self._places for person in roster}):
            places = tuple(tuple(sorted(roster.get(person, {}).items())) for roster in self._places)
            key = places, person in self.world.late, person if person in self.mates else None
            atoms[person] = numbers.setdefault(key, len(numbers))
        return atoms

    def _column(self, what: str, period: Period, release: int, atom: int) -> int:
        """The unknown count of an atom; where data came late, another one in each release."""
        key = what, period, release if atom in self._is_late else 0, atom
        if key not in self._at:
            self._at[key] = len(self._at)
            self._most.append(float(self._size[atom]))
        return self._at[key]

    def _columns(self, what: str, period: Period, release: int, people: People) -> list[int]:
        return [self._column(what, period, release, atom) for atom in sorted({self._atoms[one] for one in people})]

    def _read(self, release: int, period: Period) -> None:
        known = self.world.known(release, period)
        for table, rows in self.told[release].items():
            here = _of(rows, period)
            if release and _is_as_before(here, _of(self.told[release - 1][table], period)):
                continue  # nothing new, and of those who were there then
            slack = {name: _slack(table, here, name) for name in ("n_contributors", "n_heavy") if name in here.columns}
            for people, row in _groups(table, here.to_dicts(), known):
                is_exact = table in EXACT and row["unit"] == ALL and len(people) >= CROWD
                one = self._columns("contributors", period, release, people)
                for name, by in slack.items():
                    if row[name] is not None:
                        of_row = self._columns(name.removeprefix("n_"), period, release, people)
                        by_whole = 0 if is_exact else by
                        self.facts.add(of_row, row[name] - by_whole, row[name] + by_whole)
                low, high = row.get("contributor_ratio_low"), row.get("contributor_ratio_high")
                if row.get("n_contributors") is None and low is not None and high is not None:
                    self.facts.add(one, low * len(people), high * len(people))
                if is_exact and table == EXACT[0]:
                    if row["n_contributors"] is not None:
                        self.wholes.append((period, people, row["n_contributors"]))
                    self._read_growth(release, period, people, row)

    def _read_growth(self, release: int, period: Period, people: People, row: Mapping[str, Any]) -> None:
        """Who came and went since the period before, of which is counted what is known by now."""
        before = self._before(period)
        if before is None:
            return
        then = frozenset(self.world.known(release, before))
        both, first, second = (
            self._columns(what, one, release, then & people)
            for what, one in (("retained", period), ("contributors", before), ("contributors", period))
        )
        for atom, one, other in zip(both, first, second, strict=True):
            self.facts.add([one], 0, np.inf, [atom])
            self.facts.add([other], 0, np.inf, [atom])
            self.facts.add([one, other], -np.inf, self._most[one], [atom])
        left = self._columns("contributors", before, release, then - people)
        self._add_if_told(row["n_retained"], both)
        self._add_if_told(row["n_left"], left)
        # where it is not told how many left, they are among those who fell silent
        self._add_if_told(row["n_lapsed"], first if row["n_left"] is not None else [*first, *left], both)

    def _add_if_told(self, told: int | None, plus: Sequence[int], minus: Sequence[int] = ()) -> None:
        if told is not None and (plus or minus):
            self.facts.add(plus, told, told, minus)

    def _tie(self) -> None:
        """How the counts of the same people hang together, person by person."""
        for what, period, release, atom in list(self._at):
            if what == "contributors" and period.kind == "month" and period.platform == ALL:
                one = self._column(what, period, release, atom)
                parts = [other for other in self.world.periods if other != period and other.month == period.month]
                for part in parts:
                    self.facts.add([one], 0, np.inf, [self._column(what, part, release, atom)])
                platforms = [self._column(what, part, release, atom) for part in parts if part.kind == "month"]
                if platforms:
                    self.facts.add([one], -np.inf, 0, platforms)
            if what == "heavy":
                self.facts.add([self._column("contributors", period, release, atom)], 0, np.inf,
                               [self._column(what, period, release, atom)])  # fmt: skip
        for person in self.mates:
            for period in self.world.periods:
                does = float(self.world.made[-1][period].get(person, 0) > 0)
                own = self._columns("contributors", period, len(self.told) - 1, frozenset([person]))
                self.facts.add(own, does, does)
        for what, period, release, atom in list(self._at):
            if release:
                # what came late came on top
                first = self._column(what, period, 0, atom)
                self.facts.add([self._at[what, period, release, atom]], 0, np.inf, [first])

    def _before(self, period: Period) -> Period | None:
        alike = [one for one in self.world.periods if (one.kind, one.platform) == (period.kind, period.platform)]
        return max((one for one in alike if one.start < period.start), key=lambda one: one.start, default=None)

    def _nameable(self, period: Period) -> dict[Hashable, People]:
        """The groups that somebody who knows where everybody was can name, of people who may count in the period."""
        rosters = {(release, period.month): self.world.known(release, period) for release in self._releases_of(period)}
        everybody = frozenset().union(*rosters.values())
        groups: dict[Hashable, set[str]] = {}
        for person in everybody:
            groups.setdefault(("alike", self._atoms[person]), set()).add(person)
            was = [roster.get(person, {}) for roster in self._places]
            # who joined, left or moved between any two places
            for label in ("unit", "department", "location"):
                groups.setdefault(("way", label, *(place.get(label, "") for place in was)), set()).add(person)
        for key, roster in rosters.items():
            for person, labels in roster.items():
                for name, value in labels.items():
                    groups.setdefault((name, value, key), set()).add(person)
                for one, other in combinations(("unit", "layer", "location", "department", "is_executive"), 2):
                    groups.setdefault((f"{one} and {other}", labels[one], labels[other], key), set()).add(person)
        each_once = {frozenset(people - self.mates): name for name, people in groups.items()}
        return {name: people for people, name in each_once.items() if people}

    def _by_a_whole_alone(self, period: Period, people: People) -> tuple[int, int]:
        floor, ceiling = 0, len(people)
        for one, whole, n in self.wholes:
            if one == period and people <= whole:
                floor = max(floor, n - (len(whole) - len(people)))
                ceiling = min(ceiling, n)
        return floor, ceiling


def _of(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    kind, start, platform = period.key
    return rows.filter(
        (pl.col("period_kind") == kind) & (pl.col("period_start") == start) & (pl.col("platform") == platform)
    )


def _is_as_before(rows: pl.DataFrame, before: pl.DataFrame) -> bool:
    """Whether these are the same rows, maybe with less in them."""
    if rows.height != before.height:
        return False
    order = [name for name in ("unit", "dimension", "value", "is_executive") if name in rows.columns]
    pairs = zip(rows.sort(order).iter_rows(), before.sort(order).iter_rows(), strict=True)
    return all(one in (None, other) for row, was in pairs for one, other in zip(row, was, strict=True))


def _slack(table: str, rows: pl.DataFrame, name: str) -> int:
    """By how much a count of groups may be off: a column that is no multiple of five everywhere is exact."""
    groups = rows.filter((pl.col("unit") != ALL) | (pl.col("n_eligible") < CROWD)) if table in EXACT else rows
    return STEP // 2 if (groups[name].drop_nulls() % STEP == 0).all() else 0


def _groups(table: str, rows: Sequence[Mapping[str, Any]], known: Roster) -> Iterator[tuple[People, Mapping[str, Any]]]:
    """Whom each row is of. A name that nobody has stands for all who are in no row of their own."""
    column, within = "unit", [("unit", "")]
    if table == "rel_breakdown":
        within = sorted({(row["dimension"], row["unit"]) for row in rows})
        column = "value"
    for dimension, unit in within:
        here = [row for row in rows if column == "unit" or (row["dimension"], row["unit"]) == (dimension, unit)]
        inside = {person for person, labels in known.items() if unit in ("", ALL) or labels["unit"] == unit}
        named = {row[column] for row in here}
        for row in here:
            if table == "rel_executive_participation":
                yield frozenset(one for one in known if known[one]["is_executive"] == row["is_executive"]), row
            elif table in EXACT and row["unit"] == ALL:
                yield frozenset(known), row
            elif any(labels[dimension] == row[column] for labels in known.values()):
                yield frozenset(one for one in inside if known[one][dimension] == row[column]), row
            else:
                yield frozenset(one for one in inside if known[one][dimension] not in named), row
