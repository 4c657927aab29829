"""Pairs of units that never meet: the analysis gives what the definition says, in small companies and by hand."""

from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from models.metrics.unit_pairs import CANNOT_TELL, MET, NEVER, SELDOM
from tests.oracle.by_hand import JANUARY, LONG_AGO, at, did, world
from tests.oracle.company import Company, Coverage, Spell, companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.definitions import ALL, periods_of
from tests.oracle.dense import dense_company
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage
from tests.oracle.unit_pairs import KEY, adjusted, chances, is_drawn_from, unit_pairs

DRAWN = ("verdict", "none_by_chance_ratio", "so_few_p", "so_few_adjusted_p", "n_pairs_apart_by_chance",
         "n_pairs_never", "n_pairs_seldom")  # fmt: skip
Row = dict[str, object]


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def built(connection, company: Company) -> list[Row]:
    stage(connection, company)
    run_models(connection, "mart_unit_pairs")
    return rows_of(connection, "mart_unit_pairs")


def assert_as_defined(company: Company, rows: list[Row]) -> int:
    """The rows equal the oracle's, and what is drawn is near what it must be; how many months could be tried."""
    assert_same_rows([{k: v for k, v in row.items() if k not in DRAWN} for row in rows], unit_pairs(company), KEY)
    n_tried = 0
    for month in periods_of(company, "month", ALL):
        own = [row for row in rows if row["period_start"] == month.start]
        known = [row for row in own if row["n_ties"] is not None]
        assert all(row[name] is None for row in own if row not in known for name in DRAWN)
        assert_judged(known)
        exact = chances(company, month) if known else None
        if exact:
            n_tried += any(row["n_ties"] for row in known)
            for row in known:
                few, none = exact[row["one_unit"], row["other_unit"]]  # type: ignore[index]
                assert is_drawn_from(few, row["so_few_p"]), row
                assert is_drawn_from(none, row["none_by_chance_ratio"]), row
    return n_tried


def assert_judged(rows: list[Row]) -> None:
    """Verdicts and counts follow from the figures beside them."""
    tested = [row for row in rows if row["n_ties_by_chance"] >= 3]  # type: ignore[operator]
    fair = adjusted([row["so_few_p"] for row in tested])  # type: ignore[misc]
    assert [row["so_few_adjusted_p"] for row in tested] == pytest.approx(fair)
    assert all(row["so_few_adjusted_p"] is None for row in rows if row not in tested)
    for row in rows:
        is_no_chance = row in tested and row["so_few_adjusted_p"] <= 0.05  # type: ignore[operator]
        if row["n_ties"] == 0:
            wanted = NEVER if is_no_chance else CANNOT_TELL
        else:
            wanted = SELDOM if is_no_chance and row["n_ties"] < row["n_ties_by_chance"] / 2 else MET  # type: ignore[operator]
        assert row["verdict"] == wanted
        assert row["n_pairs_never"] == sum(one["verdict"] == NEVER for one in rows)
        assert row["n_pairs_seldom"] == sum(one["verdict"] == SELDOM for one in rows)
        assert row["n_pairs_apart_by_chance"] == pytest.approx(sum(one["none_by_chance_ratio"] for one in rows))  # type: ignore[misc]


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies())
def test_pairs_are_as_defined(warehouse, company: Company) -> None:
    assert_as_defined(company, built(warehouse, company))


def test_pairs_are_as_defined_where_much_happens(warehouse) -> None:
    assert sum(assert_as_defined(company, built(warehouse, company)) for company in map(dense_company, range(4))) > 2


# ---- by hand ---------------------------------------------------------------------------------------------------------


def talking(pairs: list[tuple[str, str]], *, spare: str = "", coverage: tuple[Coverage, ...] = (JANUARY,)) -> Company:
    """A company in which the first of each pair answers the second on 3 January; a person's unit is the first letter.

    People of the units in `spare` are there and say nothing.
    """
    names = sorted({name for pair in pairs for name in pair} | {f"{unit}-silent" for unit in spare})
    accounts = {name: at("alpha", name) for name in names}
    spells = [Spell(name, LONG_AGO, None, name[0].upper()) for name in names]
    events = [did(accounts[one], 3, "reply", to=accounts[other]) for one, other in pairs]
    return world(list(accounts.values()), spells, events, coverage=coverage)


def verdicts(rows: list[Row]) -> dict[str, object]:
    return {f"{row['one_unit']}{row['other_unit']}": row["verdict"] for row in rows}


def crowd(unit: str, other: str, n: int) -> list[tuple[str, str]]:
    """n ties between as many people of one unit and of the other."""
    return [(f"{unit}{i}", f"{other}{i}") for i in range(n)]


def test_two_units_that_keep_apart_are_told(warehouse) -> None:
    """A meets C, B meets D, eight ties each: by chance A and B would share 16 * 2 * 8 * 8 / (32^2 - 32) = 2.06."""
    rows = built(warehouse, talking(crowd("a", "c", 8) + crowd("b", "d", 8)))
    assert verdicts(rows) == {"AB": CANNOT_TELL, "AC": MET, "AD": CANNOT_TELL, "BC": CANNOT_TELL, "BD": MET,
                              "CD": CANNOT_TELL}  # fmt: skip
    assert rows[0]["n_ties_by_chance"] == pytest.approx(16 * 2 * 64 / (32**2 - 32))
    # with twice as many ties it is 4.06 ties, and no chance
    rows = built(warehouse, talking(crowd("a", "c", 16) + crowd("b", "d", 16)))
    assert verdicts(rows) == {"AB": NEVER, "AC": MET, "AD": NEVER, "BC": NEVER, "BD": MET, "CD": NEVER}
    (first, *_) = rows
    assert (first["n_pairs"], first["n_pairs_apart"], first["n_pairs_never"], first["n_pairs_seldom"]) == (6, 4, 4, 0)
    assert first["n_pairs_apart_by_chance"] < 0.5  # type: ignore[operator]


def test_units_that_meet_less_than_half_as_often_as_by_chance_meet_seldom(warehouse) -> None:
    within = [(f"{unit}{i}", f"{unit}{i + 100}") for unit in "ab" for i in range(20)]
    one = [("a500", "b500")]
    (row,) = built(warehouse, talking(within + one))
    assert (row["verdict"], row["n_ties"], row["n_pairs_seldom"]) == (SELDOM, 1, 1)
    # 50 of 75 are no chance either, but more than half
    within = [(f"{unit}{i}", f"{unit}{i + 100}") for unit in "ab" for i in range(50)]
    (row,) = built(warehouse, talking(within + [(f"a{i + 200}", f"b{i + 200}") for i in range(50)]))
    assert row["n_ties_by_chance"] == pytest.approx(150 * 2 * 150 * 150 / (300**2 - 300))
    assert row["so_few_adjusted_p"] < 0.01  # type: ignore[operator]
    assert row["verdict"] == MET


def test_one_thread_that_many_answer_is_no_finding(warehouse) -> None:
    """Forty people of A and B answer c1, who alone is answered: A and B share no tie, but that is the thread's doing.

    Ties taken one by one would give A and B 40 * 2 * 20 * 20 / (80^2 - 40^2 - 40) = 6.7 ties, and a chance of 0.1 % for
    none. But in no shuffle of people do two who answer meet.
    """
    rows = built(warehouse, talking([(f"{unit}{i}", "c1") for unit in "ab" for i in range(20)]))
    (row,) = [row for row in rows if (row["one_unit"], row["other_unit"]) == ("A", "B")]
    assert row["n_ties_by_chance"] == pytest.approx(40 * 2 * 20 * 20 / (80**2 - 40**2 - 40))
    assert (row["so_few_p"], row["none_by_chance_ratio"], row["verdict"]) == (1, 1, CANNOT_TELL)


def test_a_unit_that_says_nothing_cannot_be_told(warehouse) -> None:
    rows = built(warehouse, talking(crowd("a", "b", 20), spare="z"))
    assert verdicts(rows) == {"AB": MET, "AZ": CANNOT_TELL, "BZ": CANNOT_TELL}
    assert [row["n_ties_by_chance"] for row in rows if row["other_unit"] == "Z"] == [0, 0]


def test_a_month_that_nobody_saw_is_unknown_and_one_unit_has_no_pair(warehouse) -> None:
    march = Coverage("alpha", "w0", date(2024, 3, 1), date(2024, 3, 31))
    rows = built(warehouse, talking(crowd("a", "b", 20), coverage=(JANUARY, march)))
    assert {row["period_start"].month: row["verdict"] for row in rows} == {1: MET, 2: None, 3: CANNOT_TELL}  # type: ignore[attr-defined]
    assert [row["n_pairs"] for row in rows if row["verdict"] is None] == [None]
    assert built(warehouse, talking([("a1", "a2")])) == []


def test_of_many_units_the_largest_are_compared_and_the_ties_of_all_count(warehouse, monkeypatch) -> None:
    company = talking(crowd("b", "c", 3) + crowd("b", "d", 9) + crowd("a", "d", 5))  # b 9, d 9, a 5, c 3
    whole = built(warehouse, company)
    monkeypatch.setattr("models.analyses.unit_pairs.MOST_UNITS", 3)
    rows = built(warehouse, company)
    assert verdicts(rows).keys() == {"AB", "AD", "BD"}
    kept = [row for row in whole if "C" not in (row["one_unit"], row["other_unit"])]
    for one, other in zip(rows, kept, strict=True):
        for name in ("one_unit", "other_unit", "n_ties", "n_ties_by_chance"):
            assert one[name] == other[name]
        # drawn anew: of 1999 draws, by up to 1 in 40
        for name in ("so_few_p", "none_by_chance_ratio"):
            assert one[name] == pytest.approx(other[name], abs=0.025)
    assert {row["n_pairs"] for row in rows} == {3}


def test_who_says_whom_they_answer_is_needed(warehouse) -> None:
    ann, bob = at("alpha", "ann"), at("alpha", "bob")
    spells = [Spell("ann", LONG_AGO, None, "A"), Spell("bob", LONG_AGO, None, "B")]
    (row,) = built(warehouse, world([ann, bob], spells, [did(ann, 3), did(bob, 4, "reply")]))
    assert row["verdict"] is row["n_ties"] is row["n_pairs"] is None


@pytest.mark.parametrize("p_values", [[0.01], [0.04, 0.01, 0.03, 0.5], [0.02, 0.02, 1.0], []])
def test_adjusted_p_values_of_the_oracle_are_those_of_scipy(p_values: list[float]) -> None:
    from models.statistics.mixing import adjusted as by_scipy

    assert by_scipy(p_values) == pytest.approx(adjusted(p_values))
