"""Nobody who keeps two releases and knows who was where works out what fewer people than a group did."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

import pytest

from models.release import Rule
from tests.models.attacker import Attacker, Narrow
from tests.models.worlds import CUBES, FEBRUARY, JANUARY, MONTHS, Period, Roster, World, activity, company, releases

SEEDS = range(2)
LEAVER = "C3"
PLACES = ("Bern", "Bern", "Rome", "Oslo")
Rates = dict[str, float]


def made_by(random: Random, places: tuple[str, ...] = PLACES) -> tuple[dict[str, dict[str, str | bool]], Rates]:
    """A company of 240 people or more with units of any size, two of them small, and how many of each take part."""
    sizes = {"A": 80, "B": random.randint(60, 75), "C": random.randint(18, 30), "D": random.randint(4, 9),
             "E": random.randint(3, 9), "F": random.randint(70, 90)}  # fmt: skip
    return company(random, sizes, places), {unit: random.uniform(0.25, 0.75) for unit in sizes}


def moved(roster: Roster, people: Mapping[str, Mapping[str, str]], *, without: tuple[str, ...] = ()) -> Roster:
    """The roster with other labels for some people, and without some."""
    return {one: {**labels, **people.get(one, {})} for one, labels in roster.items() if one not in without}


def to_unit(unit: str) -> dict[str, str]:
    return {"unit": unit, "department": f"{unit} / x"}


def world(
    random: Random, rosters: Callable[[Roster], tuple[tuple[Roster, ...], ...]], periods: Sequence[Period] = MONTHS,
    company: tuple[Roster, Rates] | None = None,
) -> World:  # fmt: skip
    """Rosters of both months, as they are known at each release, and what everybody did, which nobody corrects."""
    roster, rates = company or made_by(random, ("Bern",) if periods == CUBES else PLACES)
    known = rosters(roster)
    everybody = sorted({one for months in known for month in months for one in month})
    made = activity(random, everybody, periods, rates)
    return World(known, (made, made), periods)


def a_leaver(random: Random) -> World:
    return world(random, lambda now: ((now, now), (now, moved(now, {}, without=(LEAVER,)))))


def a_leaver_known_late(random: Random) -> World:
    def rosters(now: Roster) -> tuple[tuple[Roster, ...], ...]:
        less = moved(now, {}, without=(LEAVER,))
        return (now, now), (less, less)

    return world(random, rosters)


def a_joiner_known_late(random: Random) -> World:
    def rosters(now: Roster) -> tuple[tuple[Roster, ...], ...]:
        less = moved(now, {}, without=(LEAVER,))
        return (less, less), (now, now)

    return world(random, rosters)


def a_reorganisation(random: Random) -> World:
    """Thirty people are found to have been elsewhere since January; one of another unit too, and one to have left."""

    def rosters(now: Roster) -> tuple[tuple[Roster, ...], ...]:
        moves = {f"F{n}": to_unit("B") for n in range(30)} | {"C4": to_unit("A")}
        then = moved(now, moves, without=("C5",))
        return (now, now), (then, then)

    return world(random, rosters)


def renamed_units(random: Random) -> World:
    """A unit has another name, two are one, and somebody left."""

    def rosters(now: Roster) -> tuple[tuple[Roster, ...], ...]:
        others = {one: to_unit({"C": "Z", "E": "D"}.get(one[0], one[0])) for one in now if one[0] in "CE"}
        then = moved(now, others, without=(LEAVER, "F50"))
        return (now, now), (then, then)

    return world(random, rosters)


def nested_units(random: Random) -> World:
    """Departments inside units are cut anew, and one person is in another one."""

    def rosters(now: Roster) -> tuple[tuple[Roster, ...], ...]:
        parts = {f"F{n}": {"department": f"F / {'xyz'[n % 3]}"} for n in range(60)}
        then = moved(now, parts | {"A70": {"department": "A / x"}, "A71": to_unit("B")})
        return (now, now), (then, then)

    return world(random, rosters)


def filter_cubes(random: Random) -> World:
    """Weeks, platforms and months, and somebody who left."""

    def rosters(now: Roster) -> tuple[tuple[Roster, ...], ...]:
        less = moved(now, {}, without=(LEAVER,))
        return (now, now), (less, less)

    return world(random, rosters, CUBES)


def one_small_unit(random: Random) -> World:
    """A unit of four beside one of many, which somebody leaves."""

    def rosters(now: Roster) -> tuple[tuple[Roster, ...], ...]:
        return (now, now), (now, moved(now, {}, without=("B3",)))

    return world(random, rosters, company=(company(random, {"B": 216, "D": 4}, PLACES), {"B": 0.25, "D": 1.0}))


def a_quiet_unit(random: Random) -> World:
    """A unit in which hardly anybody takes part, in an organisation so small that no total is exact."""

    def rosters(now: Roster) -> tuple[tuple[Roster, ...], ...]:
        return (now, now), (now, moved(now, {}, without=("B3",)))

    sizes = {"B": 70, "C": 30, "F": 80}
    return world(random, rosters, company=(company(random, sizes, PLACES), {"B": 0.5, "C": 0.04, "F": 0.4}))


def late_data(random: Random, late: list[str], share: float) -> World:
    roster, rates = made_by(random)
    made = activity(random, sorted(roster), MONTHS, rates)
    known = [one for one in late if one in roster]
    more = {one: 1 for one in known if random.random() < share}
    then = {JANUARY: {one: n for one, n in made[JANUARY].items() if one not in known}, FEBRUARY: made[FEBRUARY]}
    return World(((roster, roster),) * 2, (then, {**made, JANUARY: then[JANUARY] | more}), late=frozenset(known))


def late_data_of_one(random: Random) -> World:
    return late_data(random, [LEAVER], 1.0)


def late_data_of_many(random: Random) -> World:
    return late_data(random, [f"{unit}{n}" for unit in "ABCDF" for n in range(0, 80, 2)], 0.6)


WORLDS = (
    a_leaver, a_leaver_known_late, a_joiner_known_late, a_reorganisation, renamed_units, nested_units, filter_cubes,
    one_small_unit, a_quiet_unit, late_data_of_one, late_data_of_many,
)  # fmt: skip


def found(world: World, *without: Rule, min_group: int = 10, mates: tuple[str, ...] = ()) -> list[Narrow]:
    told = releases(world, *without, min_group=min_group, is_audited=not without)
    return list(Attacker(world, told, mates).narrow(least=min_group))


@pytest.mark.parametrize("made", WORLDS, ids=lambda one: one.__name__)
def test_nothing_narrow_follows_of_fewer_people_than_a_group_from_two_releases(made):
    for seed in SEEDS:
        assert found(made(Random(seed)), min_group=5 if seed == 1 else 10) == [], seed


@pytest.mark.parametrize("made", [a_leaver, a_leaver_known_late, a_reorganisation], ids=lambda one: one.__name__)
def test_who_left_learns_nothing_narrow_of_the_others_by_knowing_what_they_did(made):
    assert found(made(Random(0)), mates=(LEAVER,)) == []


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        ("closed_periods", a_leaver_known_late), ("closed_periods", a_reorganisation),
        ("closed_periods", late_data_of_one), ("partition", one_small_unit), ("rounding", renamed_units),
        ("tails", a_quiet_unit),
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)  # fmt: skip
def test_without_a_rule_the_attacker_wins(rule, made):
    assert found(made(Random(0)), rule)
