"""On how few people first answers rest in SQL is what its definition says, on invented companies and by hand."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle.by_hand import LONG_AGO, at, day, did, table, world
from tests.oracle.champions import champions
from tests.oracle.company import Account, Coverage, Event, Spell
from tests.oracle.compare import assert_same_rows
from tests.oracle.firm import Firm
from tests.oracle.staged import empty_warehouse, rows_of, run_models
from tests.oracle.talk import Talk, long_talk, stage_talk, talks

KEY = ("period_kind", "period_start", "platform", "unit", "asked_by")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def mart_of(warehouse, talk: Talk) -> list[dict[str, object]]:
    stage_talk(warehouse, talk)
    run_models(warehouse, "mart_champions")
    return rows_of(warehouse, "mart_champions")


@settings(
    max_examples=8, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(talk=talks())
def test_champions_equal_the_oracle(warehouse, talk: Talk) -> None:
    assert_same_rows(mart_of(warehouse, talk), champions(Firm(talk.company)), KEY)


@pytest.mark.parametrize("seed", range(4))
def test_champions_equal_the_oracle_over_fourteen_months(warehouse, seed: int) -> None:
    talk = long_talk(seed)
    assert_same_rows(mart_of(warehouse, talk), champions(Firm(talk.company)), KEY)


def asked(who: Account, on: int, *answering: Account) -> tuple[Event, ...]:
    """A thread of somebody, with answers on the next days."""
    (post,) = did(who, on)
    answers = [replace(did(one, on + n, "reply")[0], thread=post.number) for n, one in enumerate(answering, 1)]
    return (replace(post, thread=post.number), *answers)


def test_champions_by_hand(warehouse) -> None:
    # From Monday 1 January on, day(91) = 31 March is the first on which anybody may be new; April is days 92 to 121.
    names = ("ann", "bob", "cy", "dee", "new")
    ann, bob, cy, dee, new = who = [at("alpha", name) for name in names]
    spells = [Spell(name, LONG_AGO, None, "Law" if name == "dee" else "Ops") for name in names]
    events = [
        did(ann, 3), did(bob, 3), did(cy, 3), did(dee, 3),
        asked(ann, 95, bob, cy), asked(ann, 96, bob), asked(ann, 97, cy), asked(bob, 98, dee), asked(cy, 99),
        asked(ann, 100, ann),  # oneself answers nothing
        asked(new, 100, dee), asked(new, 100 + 28, bob), asked(new, 100 + 29, bob),
        asked(dee, 101, ann),
    ]  # fmt: skip
    company = world(who, spells, events, coverage=(Coverage("alpha", "w0", day(1), day(140)),))
    rows = mart_of(warehouse, Talk(company, ()))

    def month(start: int, unit: str, asked_by: str) -> list[tuple[object, ...]]:
        return table(rows, "n_questions n_answered n_answerers n_champions", platform="all", period_kind="month",
                     period_start=day(start), unit=unit, asked_by=asked_by)  # fmt: skip

    # First answers in Ops: bob 2, cy 1, dee 2. Two of five is less than half, four of five is more.
    assert month(92, "Ops", "anybody") == [(7, 5, 3, 2)]
    assert month(92, "Ops", "newcomers") == [(1, 1, 1, 1)]
    assert month(92, "all", "anybody") == [(8, 6, 4, 2)]  # bob 2, dee 2, cy 1, ann 1: four of six
    assert month(92, "Law", "newcomers") == [(0, 0, 0, None)]
    assert month(122, "Ops", "anybody") == [(2, 2, 1, 1)]
    assert month(122, "Ops", "newcomers") == [(1, 1, 1, 1)]  # the 28th day, not the 29th
    assert month(1, "Ops", "newcomers") == [(None, None, None, None)]
    assert month(1, "Ops", "anybody") == [(0, 0, 0, None)]  # what they began with was under no thread of its own
    askers = {"platform": "all", "period_kind": "month", "period_start": day(92), "asked_by": "anybody"}
    assert table(rows, "n_askers", unit="Ops", **askers) == [(4,)]  # ann four times, bob, cy, new
    assert table(rows, "n_askers", unit="all", **askers) == [(5,)]
