"""Organisations over two months and two releases, made by hand: who was known to be where, and what everybody did.

The first release is cut at the end of January, the second at the end of February. What is known of January may have
changed in between: the roster was corrected, or data came late.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from random import Random

import polars as pl

from models.audit import Limits, audit
from models.audit.atoms import ATOM_SCHEMA
from models.audit.measures import BASIC
from models.release import Policy, Rule
from models.release.history import MEMBERS, nothing, with_release
from models.release.withdrawal import Panel, withdrawn
from pipelines.assets.cuts import CUTS, rows_of
from tests.models.organisations import CUT, EMPTY, MANY, Given, Tables, marts, truth

LABELS = ("unit", "department", "layer", "location", "tenure", "is_executive")
Roster = Mapping[str, Mapping[str, str | bool]]
"""Labels by person."""


@dataclass(frozen=True)
class Period:
    """A week or month of a platform, and the month whose roster says who is counted in it."""

    kind: str
    start: date
    end: date
    platform: str
    month: int

    @property
    def key(self) -> tuple[str, date, str]:
        return self.kind, self.start, self.platform


JANUARY = Period("month", date(2026, 1, 1), date(2026, 1, 31), "all", 0)
FEBRUARY = Period("month", date(2026, 2, 1), date(2026, 2, 28), "all", 1)
MONTHS = (JANUARY, FEBRUARY)
PLATFORMS = ("slack", "wiki")
WEEKS = (
    Period("week", date(2026, 1, 5), date(2026, 1, 11), "all", 0),
    Period("week", date(2026, 1, 12), date(2026, 1, 18), "all", 0),
)
CUBES = (*MONTHS, *(Period("month", one.start, one.end, name, one.month) for one in MONTHS for name in PLATFORMS),
         *WEEKS)  # fmt: skip
AS_OF = (date(2026, 1, 31), date(2026, 2, 28))


@dataclass
class World:
    """What is known at each release: a roster of each month, and how much everybody did in each period.

    `late` are the people of whom data came between the two releases.
    """

    rosters: tuple[tuple[Roster, ...], ...]
    made: tuple[Mapping[Period, Mapping[str, int]], ...]
    periods: Sequence[Period] = MONTHS
    late: frozenset[str] = field(default_factory=frozenset)

    def known(self, release: int, period: Period) -> Roster:
        return self.rosters[release][period.month]

    def told_in(self, release: int) -> list[Period]:
        return [period for period in self.periods if period.end <= AS_OF[release]]

    def people(self, release: int, period: Period) -> pl.DataFrame:
        """One row per counted person: labels and n_contributions."""
        made = self.made[release][period]
        return pl.DataFrame([
            {"person_id": person, **labels, "named": None, "n_contributions": made.get(person, 0)}
            for person, labels in self.known(release, period).items()
        ], schema_overrides={"named": pl.String})  # fmt: skip


def company(random: Random, sizes: Mapping[str, int], places: Sequence[str]) -> dict[str, dict[str, str | bool]]:
    """A roster of units of these sizes, with two departments each, places and layers; unit A has the executives."""
    roster = {}
    for unit, n in sizes.items():
        for number in range(n):
            is_executive = unit == "A" and number < 7
            roster[f"{unit}{number}"] = {
                "unit": unit, "department": f"{unit} / {'x' if number < 0.7 * n else 'y'}",
                "layer": "2" if is_executive else random.choice("334"),
                "location": random.choice(places), "tenure": "1 to 3 years",
                "is_executive": is_executive,
            }  # fmt: skip
    return roster


def activity(random: Random, people: Sequence[str], periods: Sequence[Period], rates: Mapping[str, float],
             ) -> dict[Period, dict[str, int]]:  # fmt: skip
    """What everybody did: by week and platform where these are told, added up to months; `rates` by unit letter."""
    made: dict[Period, dict[str, int]] = {period: {} for period in periods}
    for person in people:
        for month in MONTHS:
            if random.random() >= rates[person[0]]:
                continue
            n = 1 + int(random.paretovariate(1.1))
            on = random.choice(PLATFORMS)
            weeks = [week for week in WEEKS if week.month == month.month]
            week = random.choice([*weeks, None])
            for period in periods:
                if period.month != month.month or (period.kind == "week" and period != week):
                    continue
                if period.platform in ("all", on):
                    made[period][person] = min(n, 60)
    return made


def releases(world: World, *without: Rule, min_group: int = 10, is_audited: bool = True) -> list[Tables]:
    """The tables of both releases, the second one cut with the history of the first."""
    policy = Policy(min_group=min_group, without=frozenset(without))
    history, told = nothing(), []
    for number in range(2):
        tables = _marts(world, number)
        members = _members(world, number)
        given = Given(tables, policy, history, as_of=AS_OF[number], members=members)
        cut = EMPTY | {one.table: rows_of(one, given) for one in CUTS if one.table in CUT}
        if is_audited:
            cut, _ = withdrawn(cut, _objections(world, number, tuple(told), Limits(smallest_group=min_group)))
        told.append(cut)
        history = with_release(
            history, {name: cut[name] for name in CUT}, as_of=AS_OF[number], policy=policy, members=members
        )
    return told


def _objections(
    world: World, release: int, earlier: Sequence[Tables], limits: Limits
) -> Callable[[Mapping[str, pl.DataFrame]], Set[Panel]]:
    people, amounts = _truth(world, release)
    return lambda rows: audit(people, amounts, [rows, *earlier], limits).objected


def _members(world: World, release: int) -> pl.DataFrame:
    """What stands for the digests of the roster."""
    rows = {(one.kind, one.start): repr(sorted(world.known(release, one).items())) for one in world.told_in(release)}
    return pl.DataFrame([(*key, text) for key, text in rows.items()], schema=MEMBERS, orient="row")


def _before(world: World, period: Period) -> Period | None:
    earlier = [
        one for one in world.periods
        if (one.kind, one.platform) == (period.kind, period.platform) and one.start < period.start
    ]  # fmt: skip
    return max(earlier, key=lambda one: one.start) if earlier else None


def _marts(world: World, release: int) -> Tables:
    """The true figures of all periods of a release."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for period in world.told_in(release):
        is_broken_down = period.kind == "month" and period.platform == "all"
        for table, rows in marts(world.people(release, period)).items():
            if table in ("mart_breakdown", "prep_standing") and not is_broken_down:
                continue
            moved = _in_period(rows, period)
            parts.setdefault(table, []).append(
                _with_growth(moved, world, release, period) if table == "mart_active_users" else moved
            )
    return {table: pl.concat(rows) for table, rows in parts.items()}


def _in_period(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    values = {
        "period_kind": period.kind, "period_start": period.start, "period_end": period.end, "platform": period.platform,
    }  # fmt: skip
    return rows.with_columns(**{name: pl.lit(value) for name, value in values.items() if name in rows.columns})


def _with_growth(rows: pl.DataFrame, world: World, release: int, period: Period) -> pl.DataFrame:
    """Where the contributors of the whole came from and went; they were all seen first since the data begin."""
    now = _contributors(world, release, period)
    before = _before(world, period)
    then = _contributors(world, release, before) if before else set()
    here = set(world.known(release, period))
    grown = {
        "n_new": 0, "n_resurrected": 0, "n_unknown": len(now - then), "n_retained": len(now & then),
        "n_lapsed": len(then & here - now) if before else None, "n_left": len(then - here) if before else None,
    }  # fmt: skip
    return rows.with_columns(
        pl.when(pl.col("unit") == "all").then(pl.lit(n, pl.Int64)).alias(name) for name, n in grown.items()
    )


def _contributors(world: World, release: int, period: Period) -> set[str]:
    made = world.made[release][period]
    return {person for person in world.known(release, period) if made.get(person)}


def _truth(world: World, release: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Atoms and amounts for the audit."""
    rows: list[dict[str, object]] = []
    amounts = []
    for period in world.told_in(release):
        people = world.people(release, period)
        amounts.append(_in_period(truth(people)[1], period))
        before = _before(world, period)
        then = world.known(release, before) if before else {}
        gave = _contributors(world, release, before) if before else set()
        head = dict.fromkeys(ATOM_SCHEMA) | dict.fromkeys(BASIC, 0) | dict(
            zip(("period_kind", "period_start", "platform"), period.key, strict=True)
        ) | {"n_people": 1}  # fmt: skip
        is_broken_down = period.kind == "month" and period.platform == "all"
        for person in people.iter_rows(named=True):
            does, did = int(person["n_contributions"] > 0), int(person["person_id"] in gave)
            fine = {name: person[name] for name in LABELS[1:5]} if is_broken_down else {}
            rows.append(head | fine | {
                "kind": "counted", "was_counted": person["person_id"] in then, "unit": person["unit"],
                "previous_unit": then.get(person["person_id"], {}).get("unit"),
                "is_executive": str(person["is_executive"]).lower(), "contributors": does,
                "heavy": int(person["n_contributions"] > MANY), "some": int(0 < person["n_contributions"] <= MANY),
                "retained": does * did, "unknown": does * (1 - did), "lapsed": did * (1 - does),
                "adopted": max(does, did), "own_contributors": does,
            })  # fmt: skip
        rows += [
            head | {"kind": "left", "was_counted": True, "previous_unit": labels["unit"], "left": int(person in gave)}
            for person, labels in then.items() if person not in world.known(release, period)
        ]  # fmt: skip
    atoms = pl.DataFrame(rows, schema=dict(ATOM_SCHEMA), orient="row")
    keys = [name for name in ATOM_SCHEMA if name not in (*BASIC, "n_people")]
    together = atoms.group_by(keys).agg(pl.col("n_people", *BASIC).sum()).select(list(ATOM_SCHEMA)).sort(keys)
    return together, pl.concat(amounts)
