"""Stewardship in SQL is what its definition says, on invented companies and by hand."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.oracle.by_hand import LONG_AGO, NUMBER, at, world
from tests.oracle.company import Account, Coverage, Event, Spell
from tests.oracle.compare import assert_same_rows
from tests.oracle.staged import empty_warehouse, rows_of, run_models
from tests.oracle.stewardship import scattered_talk, stewardship
from tests.oracle.talk import Space, Talk, stage_talk, talks

KEY = ("period_kind", "period_start", "platform", "unit")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def mart_of(warehouse, talk: Talk) -> list[dict[str, object]]:
    stage_talk(warehouse, talk)
    run_models(warehouse, "mart_stewardship")
    return rows_of(warehouse, "mart_stewardship")


# small companies do not last a year: here all is unknown
@settings(
    max_examples=4, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(talk=talks())
def test_stewardship_equals_the_oracle(warehouse, talk: Talk) -> None:
    assert_same_rows(mart_of(warehouse, talk), stewardship(talk), KEY)


@pytest.mark.parametrize("seed", range(6))
def test_stewardship_equals_the_oracle_over_fourteen_months(warehouse, seed: int) -> None:
    talk = scattered_talk(seed)
    assert_same_rows(mart_of(warehouse, talk), stewardship(talk), KEY)


ANN, BOB, CY, DEE = (at("alpha", name) for name in ("ann", "bob", "cy", "dee"))
YEAR = Coverage("alpha", "w0", date(2023, 1, 1), date(2023, 12, 31))


def wrote(who: Account, space: str, month: int, n: int = 1, on: int = 15) -> list[Event]:
    return [
        Event(who.platform, "w0", next(NUMBER), datetime(2023, month, on, 9), "own", "post", is_contribution=True,
              account_id=who.account_id, space_id=space)
        for _ in range(n)
    ]  # fmt: skip


def test_stewardship_by_hand(warehouse) -> None:
    # As of 31 December 2023 the 90th day back is 3 October. ann writes all along, bob up to 2 October, cy and dee left.
    spells = [Spell("ann", LONG_AGO), Spell("bob", LONG_AGO), Spell("cy", LONG_AGO, date(2023, 12, 31)),
              Spell("dee", LONG_AGO, date(2023, 6, 1))]  # fmt: skip
    events = [
        *wrote(ANN, "one", 2, 3), *wrote(BOB, "one", 2, 2), *wrote(CY, "one", 2),  # 3 of 6 is half: ann alone
        *wrote(BOB, "quiet", 10, 4, on=2), *wrote(ANN, "quiet", 12, 3),  # bob alone, silent since 2 October
        *wrote(CY, "left", 5, 2), *wrote(DEE, "left", 5, 2), *wrote(ANN, "left", 11, 1),  # two equals, both gone
        *wrote(DEE, "mixed", 5, 2), *wrote(BOB, "mixed", 5, 2),  # one gone, one silent; dead for months
        *wrote(ANN, "even", 3, 1), *wrote(BOB, "even", 3, 1),  # two equals: on two, and one of them is not silent
        *wrote(ANN, "hidden", 3, 1),
    ]  # fmt: skip
    listed = [Space(name, "alpha", "w0", "private" if name == "hidden" else "public")
              for name in ("one", "quiet", "left", "mixed", "even", "hidden", "unused")]  # fmt: skip
    company = world([ANN, BOB, CY, DEE], spells, [tuple(events)], coverage=(YEAR,))
    columns = ("n_spaces", "n_alive", "n_left", "left_ratio", "n_silent", "silent_ratio", "n_on_one", "on_one_ratio")

    def december(talk: Talk) -> dict[str, tuple[object, ...]]:
        rows = mart_of(warehouse, talk)
        assert all(row["n_spaces"] is None for row in rows if row["period_start"] != date(2023, 12, 1))
        return {str(row["platform"]): tuple(row[column] for column in columns)
                for row in rows if row["period_start"] == date(2023, 12, 1)}  # fmt: skip

    expected = (5, 2, 1, 1 / 5, 2, 2 / 5, 2, 2 / 5)  # only quiet and left are alive
    assert december(Talk(company, tuple(listed))) == {"alpha": expected, "all": expected}
    # one day of October to December missing: 89 observed days since bob was last seen
    gap = (replace(YEAR, last=date(2023, 11, 4)), replace(YEAR, first=date(2023, 11, 6)))
    assert december(Talk(replace(company, coverage=gap), tuple(listed)))["alpha"][4:6] == (0, 0.0)
    # the same if another platform misses that day, on which bob may have been there
    other = (YEAR, *(replace(one, platform="beta") for one in gap))
    assert december(Talk(replace(company, coverage=other), tuple(listed)))["all"][4:6] == (0, 0.0)
    # without a roster nobody leaves; dee has been silent since May, cy too
    strangers = tuple(replace(one, person_id=None) for one in company.accounts)
    alone = replace(company, accounts=strangers, spells=())
    assert december(Talk(alone, tuple(listed)))["all"] == (5, 2, None, None, 3, 3 / 5, 2, 2 / 5)
