"""First steps in SQL are what their definitions say, on invented companies and by hand."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle.beginners import beginning_firm
from tests.oracle.by_hand import LONG_AGO, at, day, did, table, world
from tests.oracle.company import Account, Company, Coverage, Event, Spell, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.dense import dense_company
from tests.oracle.firm import Firm, stage_firm
from tests.oracle.first_steps import first_steps
from tests.oracle.staged import empty_warehouse, rows_of, run_models

KEY = ("period_kind", "period_start", "platform", "unit", "step", "space_size")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def mart_of(warehouse, firm: Firm) -> list[dict[str, object]]:
    stage_firm(warehouse, firm)
    run_models(warehouse, "mart_first_steps")
    return rows_of(warehouse, "mart_first_steps")


@settings(
    max_examples=10, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies())
def test_first_steps_equal_the_oracle(warehouse, company: Company) -> None:
    assert_same_rows(mart_of(warehouse, Firm(company)), first_steps(Firm(company)), KEY)


@pytest.mark.parametrize("seed", range(8))
def test_first_steps_equal_the_oracle_where_many_begin(warehouse, seed: int) -> None:
    firm = beginning_firm(seed)
    assert_same_rows(mart_of(warehouse, firm), first_steps(firm), KEY)


@pytest.mark.parametrize("seed", [0, 1])
def test_first_steps_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    firm = Firm(dense_company(seed))
    assert_same_rows(mart_of(warehouse, firm), first_steps(firm), KEY)


def placed(events: tuple[Event, ...], space: str = "hall") -> tuple[Event, ...]:
    return tuple(replace(event, space_id=space) for event in events)


def test_first_steps_by_hand(warehouse) -> None:
    # From Monday 1 January 2024 on, day(91) = 31 March is the 91st observed day; as of day(190), 8 July.
    # In the 28 days before day 95 (4 April), days 67 to 94, 15 people of the crowd write in the hall; the 16th and ann
    # write on day 95, so that the hall is large from day 96 on (days 68 to 95).
    crowd = [at("alpha", f"crowd-{i:02}") for i in range(16)]
    names = ("ann", "bob", "cy", "dee", "eve", "fay", "gus", "hal")
    ann, bob, cy, dee, eve, fay, gus, hal = who = [at("alpha", name) for name in names]
    spells = [Spell(one.person_id or "", LONG_AGO, None, "Crowd") for one in crowd]
    spells += [
        Spell(name, day(100) if name == "hal" else LONG_AGO, day(150) if name == "dee" else None, "Ops")
        for name in names
    ]
    events = [
        *(placed(did(one, 80)) for one in crowd[:15]), placed(did(crowd[0], 70), "nook"), placed(did(crowd[15], 95)),
        placed(did(ann, 95)), placed(did(ann, 95 + 27)), placed(did(ann, 95 + 56)),  # a post; weeks 4 and 9
        placed(did(bob, 96, "comment")), placed(did(bob, 96 + 55)),  # an answer in the large hall; week 8
        placed(did(cy, 96, "react", basis="target"), "nook"), placed(did(cy, 97)), placed(did(cy, 124, "react")),
        placed(did(dee, 96, "edit"), "nook"), placed(did(dee, 96 + 30)),  # leaves before the 84 days are over
        did(eve, 108, "upload"), did(eve, 108 + 84),  # nowhere; seen for 83 days to day 190, so not followed
        placed(did(fay, 90), "nook"), placed(did(fay, 95), "nook"),  # first seen on the 90th day: unknown, in March
        # an answer and a post of one's own at the same noon: the post
        placed(did(gus, 106, "reply")), placed(did(gus, 106), "nook"), placed(did(gus, 106 + 83)),
        placed(did(hal, 99, "react", basis="target")),  # to a message from before the first day: may be of any day
        placed(did(hal, 107, "create")), placed(did(hal, 107 + 28)),
    ]  # fmt: skip
    files = (Coverage("alpha", "w0", day(1), day(190), has_reactions=True),)
    company = world([*crowd, *who], spells, events, coverage=files)
    got = mart_of(warehouse, Firm(company))

    def april(columns: str, unit: str = "Ops", start: int = 92, **where: object) -> list[tuple[object, ...]]:
        return table(got, columns, platform="all", unit=unit, period_start=day(start), **where)

    steps = {row[0]: row[1:] for row in april(
        "step n_starters n_unknown start_ratio n_followed n_on_5_8 n_on_9_12 weeks_9_12_ratio", space_size="any")}
    assert steps == {
        # ann, bob, cy, dee, eve, gus, hal; fay is none of them. dee and eve are not followed: 108 + 83 is day 191.
        "any": (7, 0, 1.0, 5, 2, 2, 2 / 5),
        "post": (2, 0, 2 / 7, 2, 0, 2, 1.0),  # ann in week 9, gus on day 83
        "reply": (1, 0, 1 / 7, 1, 1, 0, 0.0),  # bob on day 55, in week 8
        "reaction": (1, 0, 1 / 7, 1, 0, 0, 0.0),  # cy posts on the next day, then only reacts
        "page": (2, 0, 2 / 7, 1, 1, 0, 0.0),  # dee, who leaves, and hal on day 28, in week 5
        "share": (1, 0, 1 / 7, 0, 0, 0, None),
    }
    sizes = {row[:2]: row[2] for row in april("step space_size n_starters") if row[0] != "any" and row[2]}
    assert sizes == {
        ("post", "any"): 2, ("post", "small"): 2,  # ann: 15 people; gus in the nook
        ("reply", "any"): 1, ("reply", "large"): 1,  # bob, a day later: 17
        ("reaction", "any"): 1, ("reaction", "small"): 1,
        # hal on day 107: of days 79 to 106 the 15 of day 80, the 16th, ann and others: large
        ("page", "any"): 2, ("page", "small"): 1, ("page", "large"): 1,
        ("share", "any"): 1,
    }  # fmt: skip
    # in March fay is first seen on day 90, and nobody may be new before day 91; nothing is known of January's newcomers
    assert april("n_starters n_unknown n_followed", start=61, step="post", space_size="any") == [(0, 1, 0)]
    assert april("n_starters n_unknown n_followed", start=1, step="post", space_size="any") == [(None, 0, None)]
    # where no export shows reactions, who began with one is seen by the next step; the row of reactions is unknown
    blind = replace(company, coverage=(replace(files[0], has_reactions=False),))
    got = mart_of(warehouse, Firm(blind))
    assert april("n_starters n_unknown start_ratio", step="reaction", space_size="any") == [(None, None, None)]
    assert april("n_starters", step="post", space_size="any") == [(3,)]


def test_what_a_delegate_writes_is_nobodys_first_step(warehouse) -> None:
    ann = at("alpha", "ann")
    events = [did(ann, 95), did(ann, 130, "comment")]
    files = (Coverage("alpha", "w0", day(1), day(150)),)
    company = world([ann, Account("alpha-bot", "alpha", "w0", "bot")], [Spell("ann", LONG_AGO)], events, coverage=files)
    firm = Firm(company, delegated=frozenset({events[0][0].number}))
    got = mart_of(warehouse, firm)
    where = {"platform": "alpha", "unit": "all", "space_size": "any", "step": "reply"}
    assert table(got, "n_starters", **where) == [(None,), (None,), (0,), (0,), (1,)]
