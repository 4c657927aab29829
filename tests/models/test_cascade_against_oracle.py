"""Participation by layer: the analysis gives what the definitions say, on firms, on large ones, and by hand."""

import random
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from models.analyses.cascade import estimate
from models.schemas import TABLES
from models.validation import find_faults
from tests.oracle.cascading import (
    Worker,
    bosses,
    difference,
    drawn_again,
    is_estimable,
    layer_row,
    months_of,
    verdict_of,
)
from tests.oracle.company import companies
from tests.oracle.compare import assert_same_rows
from tests.oracle.firm import Firm, busy_firm, stage_firm
from tests.oracle.layering import ruled
from tests.oracle.staged import empty_warehouse, rows_of, run_models

KEY = ("period_start", "layer")
MONTH, LAST = date(2024, 3, 1), date(2024, 3, 31)
LAYERS = range(5)
EXACT = ("n_eligible", "n_contributors", "contributor_ratio", "contributor_ratio_low", "contributor_ratio_high",
         "n_without_layer", "drop_pp", "drop_pp_low", "drop_pp_high")  # fmt: skip


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def assert_as_defined(found: list[dict[str, object]], months) -> None:
    """Every month has a row for every layer, with the figures of its people."""
    layers = sorted({one.layer for _, people in months for one in people or () if one.layer is not None})
    wanted = []
    for start, people in months:
        for layer in layers:
            known = layer_row(people, layer) if people is not None else dict.fromkeys(EXACT)
            wanted.append({"period_start": start["period_start"], "layer": layer, **known})
    shown = [{name: row[name] for name in (*KEY, *EXACT)} for row in found if row["layer"] in layers]
    for row in (*shown, *wanted):
        row |= {name: round(row[name], 9) for name in EXACT if isinstance(row[name], float)}
    unseen = {start["period_start"] for start, people in months if people is None}
    for row in (*shown, *wanted):
        if row["period_start"] in unseen:
            row["n_eligible"] = None
    assert_same_rows(shown, wanted, KEY)
    of = {start["period_start"]: people for start, people in months}
    for row in found:
        people, layer = of[row["period_start"]], row["layer"]
        if people is None:
            assert row["verdict"] == "cannot tell"
            continue
        led = bosses(people, layer)
        is_telling = is_estimable(led)
        assert (row["association_pp"] is not None) == is_telling
        if is_telling:
            assert row["association_pp"] == pytest.approx(100 * float(difference(led)))
            assert row["n_managers"] == len(led)
            assert row["n_active_managers"] == sum(one.is_active for one in led)
            assert row["n_reports"] == sum(one.n for one in led)
        assert row["verdict"] == verdict_of(row, people, layer, is_telling=is_telling)
        assert (row["reason"] is not None) == (row["verdict"] == "cannot tell")
        drops = [one["layer"] for one in found
                 if one["period_start"] == row["period_start"] and one["verdict"] == "drops"]  # fmt: skip
        assert row["stops_at"] == min(drops, default=None)


def assert_firm_as_defined(connection, firm: Firm) -> None:
    stage_firm(connection, firm)
    run_models(connection, "mart_cascade")
    found = rows_of(connection, "mart_cascade")
    months = months_of(firm)
    for row in found:
        start = next(start for start, _ in months if start["period_start"] == row["period_start"])
        assert {name: row[name] for name in start} == start
    assert_as_defined(found, months)


@settings(
    max_examples=5, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(company=companies(), seed=st.integers(0, 999))
def test_layers_of_firms_are_as_defined(warehouse, company, seed: int) -> None:
    assert_firm_as_defined(warehouse, ruled(Firm(company), seed))


@pytest.mark.parametrize("seed", range(2))
def test_layers_are_as_defined_where_much_happens(warehouse, seed: int) -> None:
    assert_firm_as_defined(warehouse, ruled(busy_firm(seed), seed))


# ---- large ones: 1 at the top, 12 below, then 40, 160 and 500 --------------------------------------------------------


def large(seed: int, *, rates=(1.0, 0.6, 0.5, 0.45, 0.4), handed_on: float = 0.0) -> list[Worker]:
    """People of five layers; reports contribute more by `handed_on` where their manager does."""
    dice = random.Random(seed)
    found: list[Worker] = []
    above: list[Worker] = []
    for layer, size in enumerate((1, 12, 40, 160, 500)):
        own = []
        for number in range(size):
            boss = dice.choice(above) if above else None
            rate = rates[layer] + (handed_on * (boss.is_active - rates[layer - 1]) if boss else 0)
            unit = dice.choice(("Law", "Ops", "Care", None)) if layer < 3 or boss is None else boss.unit
            own.append(Worker(f"{layer}-{number:03}", unit, layer, boss and boss.person, dice.random() < rate))
        found += own
        above = own
    found += [Worker(f"x-{number}", "Law", None, "4-000", number % 2 == 0) for number in range(7)]
    return found


def tables(people: list[Worker]) -> dict[str, pl.DataFrame]:
    """What the analysis reads, of one month; and rows of a week and of a platform, which are none of its business."""
    names = {"period_kind": "month", "period_start": MONTH}
    period = names | {"period_end": LAST, "platform": "all", "is_complete": True, "n_observed_days": 31,
                      "n_seen_days": 31}  # fmt: skip
    active = [names | {"platform": "all", "person_id": p.person, "unit": p.unit, "is_executive": False,
                       "n_contributions": 3 * p.is_active} for p in people]  # fmt: skip
    members = [names | {"platform": None, "person_id": p.person, "layer": p.layer} for p in people]
    stays = [names | {"platform": None, "person_id": p.person, "last_on": LAST} for p in people]
    early = {"valid_from": date(2020, 1, 1), "valid_to": LAST}
    late = {"valid_from": LAST, "valid_to": None}
    spells = [late | {"person_id": p.person, "manager_person_id": p.manager} for p in people]
    spells += [early | {"person_id": p.person, "manager_person_id": "0-000"} for p in people]
    other = {"platform": "alpha"}
    week = {"period_kind": "week"}
    return {
        "prep_period": pl.DataFrame([period, period | other, period | week]),
        "prep_eligible": pl.DataFrame([*active, *(r | other for r in active), *(r | week for r in active)],
                                      infer_schema_length=None),
        "prep_membership": pl.DataFrame([*members, *(r | week for r in members)], infer_schema_length=None),
        "prep_stay": pl.DataFrame([*stays, *(r | week for r in stays)], infer_schema_length=None),
        "dim_person": pl.DataFrame(spells, infer_schema_length=None),
    }  # fmt: skip


def rows(people: list[Worker]) -> list[dict[str, object]]:
    found = estimate(tables(people))
    assert find_faults(found, TABLES["mart_cascade"]) == []
    return found.to_dicts()


@pytest.mark.parametrize(("seed", "handed_on"), [(1, 0.0), (2, 0.1), (4, 0.5), (5, -0.5)])
def test_large_ones_are_as_defined(seed: int, handed_on: float) -> None:
    # now and then somebody is their own manager, and thereby nobody's report
    people = [replace(one, manager=one.person) if one.person.startswith("3-") and one.person.endswith("0") else one
              for one in large(seed, handed_on=handed_on)]  # fmt: skip
    found = rows(people)
    assert_as_defined(found, [({"period_start": MONTH}, people)])
    row = found[3]
    p, low, high = drawn_again(bosses(people, 3), 400)
    assert row["association_p"] == pytest.approx(p, abs=0.15)
    assert (row["association_pp_low"], row["association_pp_high"]) == pytest.approx((low, high), abs=4)
    assert rows(people[::-1]) == found


def test_each_verdict_is_reached() -> None:
    """Handed on from the third layer; all the same below it; and a clear drop below the fourth."""
    assert [row["verdict"] for row in rows(large(5, handed_on=0.6))][1:4] == ["cannot tell", "goes on", "goes on"]
    assert {row["stops_at"] for row in rows(large(5, handed_on=0.6))} == {None}
    falling = rows(large(6, rates=(1.0, 0.6, 0.6, 0.6, 0.2)))
    assert [row["verdict"] for row in falling][3] == "drops"
    assert {row["stops_at"] for row in falling} == {3}
    half = rows(large(7, rates=(1.0, 0.6, 0.2, 0.15, 0.05)))
    assert half[3]["verdict"] == "drops"
    assert 0 < half[3]["drop_pp"] < 10  # type: ignore[operator]
    against = rows(large(9, handed_on=-0.6))[3]
    assert against["association_p"] <= 0.05  # type: ignore[operator]
    assert against["verdict"] == "unrelated"
    wide = rows([*large(8), *(Worker(f"4-more-{n}", None, 4, f"3-{n % 160:03}", n % 7 < 3) for n in range(4000))])
    assert wide[3]["verdict"] == "unrelated"
    assert wide[4]["reason"] == "nobody is in the next layer"


def test_a_drop_below_the_top_layer_is_never_told() -> None:
    """However many the roster says to be at the top."""
    people = large(10, rates=(1.0, 1.0, 0.2, 0.2, 0.2))
    lifted = [replace(one, layer=one.layer - 1) for one in people if one.layer]
    top = rows(lifted)[0]
    assert (top["n_eligible"], top["verdict"], top["stops_at"]) == (12, "cannot tell", None)
    assert top["drop_pp_low"] > 0  # type: ignore[operator]


def test_where_nothing_is_handed_on_it_is_rarely_shown() -> None:
    verdicts = [rows(large(seed, rates=(1.0, 0.5, 0.45, 0.45, 0.45)))[3]["verdict"] for seed in range(100, 112)]
    assert verdicts.count("goes on") <= 2
    assert verdicts.count("drops") <= 1
