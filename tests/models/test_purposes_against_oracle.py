"""Uses of spaces in SQL are what their definition says, on invented companies and by hand."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.oracle.by_hand import JANUARY, LONG_AGO, at, day, did, table, world
from tests.oracle.company import Account, Coverage, Event, Spell
from tests.oracle.compare import assert_same_rows
from tests.oracle.purposes import Named, named_at_random, stage_named, uses
from tests.oracle.staged import empty_warehouse, rows_of, run_models
from tests.oracle.stewardship import scattered_talk
from tests.oracle.talk import Space, Talk, talks

KEY = ("period_kind", "period_start", "platform", "unit", "purpose")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def mart_of(warehouse, named: Named) -> list[dict[str, object]]:
    stage_named(warehouse, named)
    run_models(warehouse, "mart_purposes")
    return rows_of(warehouse, "mart_purposes")


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(talk=talks(), seed=st.integers(0, 99))
def test_purposes_equal_the_oracle(warehouse, talk: Talk, seed: int) -> None:
    named = named_at_random(talk, seed)
    assert_same_rows(mart_of(warehouse, named), uses(named), KEY)


@pytest.mark.parametrize("seed", range(4))
def test_purposes_equal_the_oracle_over_fourteen_months(warehouse, seed: int) -> None:
    named = named_at_random(scattered_talk(seed), seed)
    assert_same_rows(mart_of(warehouse, named), uses(named), KEY)


def within(space: str, events: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple(replace(event, space_id=space) for event in events)


def test_purposes_by_hand(warehouse) -> None:
    # January to 20 February of alpha, January of beta
    files = (replace(JANUARY, last=day(51)), Coverage("beta", "w0", day(1), day(31)))
    ann, bob, bot = at("alpha", "ann"), at("alpha", "bob"), at("alpha", None, kind="bot", name="bot")
    eve = Account("beta-eve", "beta", "w0", "human", None)  # not on the roster
    spells = [Spell("ann", LONG_AGO), Spell("bob", LONG_AGO), Spell("cy", LONG_AGO)]
    events = [
        within("main", did(ann, 3, n=2)), within("main", did(bob, 40)), within("main", did(ann, 5, "react")),
        within("new", did(ann, 33)), within("help", did(bot, 4)), within("closed", did(ann, 6)),
        within("wiki", did(eve, 7, "edit")), did(bob, 8), within("twin", did(ann, 9)),
    ]  # fmt: skip
    spaces = (
        Space("main", "alpha", "w0", "public"), Space("new", "alpha", "w0", "public"),
        Space("help", "alpha", "w0", "public"), Space("closed", "alpha", "w0", "private"),
        Space("twin", "alpha", "w0", "public"), Space("never", "alpha", "w0", "public"),
        Space("wiki", "beta", "w0", "public"),
    )  # fmt: skip
    labels = {"main": "Ideas", "new": "ideas too", "help": "help", "closed": "Ideas", "twin": "Ideas", "wiki": "Ideas"}
    purposes = {("alpha", "Ideas"): "ideas", ("alpha", "ideas too"): "ideas", ("alpha", "help"): "learning"}
    # help was created on 31 January; never has no birthday and nobody in it
    named = Named(Talk(world([ann, bob, bot, eve], spells, events, coverage=files), spaces), labels,
                  {"help": day(31)}, purposes)  # fmt: skip
    rows = mart_of(warehouse, named)
    columns = "n_spaces n_alive alive_ratio n_contributions n_contributors contributor_ratio"

    def uses_of(platform: str, purpose: str) -> list[tuple[object, ...]]:
        return table(rows, columns, platform=platform, purpose=purpose)

    # main and twin; in February main and new, and twin lies still
    assert uses_of("alpha", "ideas") == [(2, 2, 1.0, 3, 1, 1 / 3), (3, 2, 2 / 3, 2, 2, 2 / 3)]
    # a bot does not keep a space alive
    assert uses_of("alpha", "learning") == [(1, 0, 0.0, 0, 0, 0.0)] * 2
    assert uses_of("alpha", "events") == [(0, 0, None, 0, 0, 0.0)] * 2
    # the same name on another platform has no purpose; eve is nobody's colleague, yet what she writes is there
    assert uses_of("beta", "unlabelled") == [(1, 1, 1.0, 1, 0, 0.0), (None,) * 6]
    # over all platforms beta is out in February, where it was not observed
    assert uses_of("all", "unlabelled") == [(1, 1, 1.0, 1, 0, 0.0), (0, 0, None, 0, 0, 0.0)]
    assert uses_of("all", "ideas") == uses_of("alpha", "ideas")
    assert {row["n_eligible"] for row in rows} == {3}


def test_a_space_is_there_on_the_day_on_which_it_was_created(warehouse) -> None:
    space = Space("late", "alpha", "w0", "public")
    company = world([at("alpha", "ann")], [Spell("ann", LONG_AGO)], [], as_of=day(20))
    for created, n_spaces in ((day(20), 1), (day(21), 0)):
        named = Named(Talk(company, (space,)), {}, {"late": created}, {})
        rows = mart_of(warehouse, named)
        assert table(rows, "n_spaces", platform="alpha", purpose="unlabelled") == [(n_spaces,)], created
