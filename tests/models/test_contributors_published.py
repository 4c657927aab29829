"""Published figures of inequality, roles and survival, from the same SQL as the marts; and roles and breadth by hand.

Figures of real data are skipped where it does not lie beside the checkout.
"""

import csv
import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from models.queries import queries, tables_read
from pipelines.build import MODELS
from tests.oracle.by_hand import LONG_AGO, Spell, at, day, did, table, world
from tests.oracle.company import Account, Company, Coverage
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
EXPECTED = DATA / "expected" / "vivainsights"
# the five weeks from 26 August end in September 2024, on its five Sundays
WEEKS = [date(2024, 8, 26) + timedelta(days=7 * n) for n in range(5)]
MONTH = {"period_kind": "month", "period_start": date(2024, 9, 1), "platform": "alpha", "unit": "all"}
JANUARY = {"period_kind": "month", "platform": "alpha", "unit": "all"}


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def run_after(connection, changed: str, *wanted: str) -> None:
    """The models between a table that a test has filled itself and the wanted ones, both without the former."""
    needed, found = set(wanted), set[str]()
    while needed:
        found |= needed
        needed = {one for name in needed for one in tables_read(name) if one in queries()} - found - {changed}
    for name in [one for one in MODELS if one in found]:
        connection.execute(f"create or replace table {name} as {queries()[name]}")


def fill(connection, name: str, rows: Iterable[dict[str, object]]) -> None:
    shape = connection.sql(f"from {name} limit 0").pl().schema
    connection.register("given", pl.DataFrame(list(rows), schema=shape))
    connection.execute(f"delete from {name}")
    connection.execute(f"insert into {name} by name select * from given")
    connection.unregister("given")


def contributed(connection, amounts: dict[str, list[int]]) -> dict[str, object]:
    """The month's row of people who contribute these amounts, one in each week that ends in September 2024."""
    people = [Spell(person, LONG_AGO) for person in amounts]
    covered = (Coverage("alpha", "w0", WEEKS[0], date(2024, 9, 30)),)
    stage(connection, world([], people, [], coverage=covered))
    run_models(connection, "fct_person_day")
    # the last day of each week, so that all of it lies in September
    fill(connection, "fct_person_day", (
        {"person_id": person, "is_matched": True, "platform": "alpha", "occurred_on": monday + timedelta(days=6),
         "n_posts": n, "n_replies": 0, "n_creates": 0, "n_edits": 0, "n_comments": 0, "n_shares": 0, "n_uploads": 0,
         "n_contributions": n, "n_reacts": 0}
        for person, weekly in amounts.items() for monday, n in zip(WEEKS, weekly, strict=True)
    ))  # fmt: skip
    run_after(connection, "fct_person_day", "mart_contributor_ratios", "mart_roles")
    (row,) = (r for r in rows_of(connection, "mart_contributor_ratios") if r.items() >= MONTH.items())
    return row


def organisation_data(column: str, scale: int) -> dict[str, list[int]]:
    """A column of pq_data by person and week, in whole units of 1/scale. The Gini does not change with the unit."""
    found: dict[str, list[int]] = {}
    with (DATA / "roster" / "pq_data.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: (row["PersonId"], row["MetricDate"])):
            found.setdefault(row["PersonId"], []).append(round(float(row[column]) * scale))
    assert (len(found), {len(weeks) for weeks in found.values()}) == (300, {35})
    return found


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real data does not lie beside the checkout")
@pytest.mark.parametrize(
    "column", ["Emails_sent", "Channel_message_posts", "Collaboration_hours", "Copilot_actions_taken_in_Teams"]
)
def test_gini_over_people_and_over_person_weeks_is_that_of_vivainsights(warehouse, column: str) -> None:
    expected = json.loads((EXPECTED / "expected.json").read_text(encoding="utf-8"))
    weeks = organisation_data(column, 10**8)
    # a month has five of the 35 weeks, so seven of them go together; the totals of the people are the same
    people = contributed(warehouse, {who: [sum(n[i::5]) for i in range(5)] for who, n in weeks.items()})
    assert people["gini_ratio"] == pytest.approx(expected["gini_person_total"][column], abs=1e-9)
    # the person-weeks are the same if each five of them belong to somebody of their own
    blocks = {f"{who}/{i}": n[i : i + 5] for who, n in weeks.items() for i in range(0, 35, 5)}
    person_weeks = contributed(warehouse, blocks)
    assert person_weeks["n_eligible"] == 2100
    assert person_weeks["gini_person_week_ratio"] == pytest.approx(expected["gini_row_level"][column], abs=1e-9)


def test_gini_does_not_change_with_the_unit_of_counting(warehouse) -> None:
    amounts = {"ann": [3, 0, 1, 0, 0], "bob": [0, 0, 0, 7, 0], "cy": [0] * 5, "dan": [1] * 5}
    columns = ("gini_ratio", "gini_corrected_ratio", "gini_person_week_ratio")
    plain = contributed(warehouse, amounts)
    scaled = contributed(warehouse, {who: [1000 * n for n in weekly] for who, weekly in amounts.items()})
    assert [plain[name] for name in columns] == [scaled[name] for name in columns]
    # people 0 4 5 7: (2 * (2*4 + 3*5 + 4*7) - 5*16) / (4*16) = 22/64, corrected 22/48
    # person-weeks: 12 of 20 are 0, then 1 six times, 3, 7: sum(i x) = 13+...+18 + 3*19 + 7*20 = 290, sum(x) = 16,
    # (2*290 - 21*16) / (20*16) = 244/320
    assert plain["gini_ratio"] == pytest.approx(22 / 64)
    assert plain["gini_corrected_ratio"] == pytest.approx(22 / 48)
    assert plain["gini_person_week_ratio"] == pytest.approx(244 / 320)


CHAOSS = (1000, 202, 90, 33, 332, 343, 42, 433)


def spread(amounts: Iterable[int]) -> dict[str, list[int]]:
    return {f"p{i}": [n, 0, 0, 0, 0] for i, n in enumerate(amounts)}


def test_the_example_of_chaoss(warehouse) -> None:
    row = contributed(warehouse, spread(CHAOSS))
    # half of 2475 is 1237.5; 1000 is not more, 1000 + 433 is
    assert row["absence_factor"] == 2
    assert row["gini_ratio"] == pytest.approx(0.4855050505, abs=1e-10)
    assert row["gini_corrected_ratio"] == pytest.approx(0.4855050505 * 8 / 7, abs=1e-10)


def roles_of(connection, amounts: Iterable[int]) -> list[str]:
    """The role of each, in the order given."""
    contributed(connection, spread(amounts))
    found = {row["person_id"]: row["role"] for row in rows_of(connection, "prep_role") if row["platform"] == "alpha"}
    return [found[f"p{i}"] for i, _ in enumerate(amounts)]


def by_share_after(amounts: list[int]) -> list[str]:
    """The roles of the peer (cereslib 1.1.11): by the cumulative share that holds the person too."""
    order = sorted(range(len(amounts)), key=lambda i: -amounts[i])
    held, roles = 0, [""] * len(amounts)
    for i in order:
        held += amounts[i]
        percent = 100 * held / sum(amounts)
        roles[i] = "core" if percent <= 80 else "regular" if percent <= 95 else "casual"
    return roles


@pytest.mark.parametrize(("amounts", "ours", "peer"), [
    # who holds 97 % is the core, whatever the share including them; the others stand below 97 and 99 %
    ([97, 2, 1], ["core", "casual", "casual"], ["casual", "casual", "casual"]),
    ([5], ["core"], ["casual"]),
    # equals have the same role: nobody stands above any of them
    ([1, 1, 1, 1], ["core"] * 4, ["core", "core", "core", "casual"]),
    # above: 0, 80, 95: exactly 80 % and 95 % are no longer less
    ([80, 15, 5], ["core", "regular", "casual"], ["core", "regular", "casual"]),
])  # fmt: skip
def test_roles_beside_those_of_the_peer(warehouse, amounts: list[int], ours: list[str], peer: list[str]) -> None:
    assert (roles_of(warehouse, amounts), by_share_after(amounts)) == (ours, peer)


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real data does not lie beside the checkout")
def test_roles_of_the_example_of_chaoss_beside_those_of_the_peer(warehouse) -> None:
    with (DATA / "expected" / "onion_chaoss_example.csv").open(encoding="utf-8", newline="") as file:
        peer = {row["m"]: row["onion_role"] for row in csv.DictReader(file)}
    assert by_share_after(list(CHAOSS)) == [peer[f"p{i}"] for i in range(8)]
    # percent held by those with more: 0 for 1000, 40.4, 57.9, 71.8 for 332, 85.2, 93.3 for 90, 97.0, 98.7 for 33
    ours = {"p0": "core", "p7": "core", "p5": "core", "p4": "core", "p1": "regular", "p2": "regular", "p6": "casual",
            "p3": "casual"}  # fmt: skip
    assert roles_of(warehouse, CHAOSS) == [ours[f"p{i}"] for i in range(8)]
    # with 332 the share passes 80 %, with 90 it passes 95 %: the peer puts both behind the limit, we do not
    assert {who for who in ours if ours[who] != peer[who]} == {"p4", "p2"}


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real data does not lie beside the checkout")
def test_survival_is_that_of_vivainsights(warehouse) -> None:
    """Time to the first week with at least 8 Copilot actions in Teams, in weeks: what the days of a cohort are here."""
    weeks = organisation_data("Copilot_actions_taken_in_Teams", 1)
    first = {who: next((i for i, n in enumerate(own, 1) if n >= 8), None) for who, own in weeks.items()}
    stage(warehouse, world([], [Spell("ann", LONG_AGO)], []))
    run_models(warehouse, "prep_conversion")
    fill(warehouse, "prep_conversion", (
        {"period_start": date(2024, 3, 1), "platform": "alpha", "person_id": who, "unit": None,
         "n_days": week or 35, "is_converted": week is not None}
        for who, week in first.items()
    ))  # fmt: skip
    run_after(warehouse, "prep_conversion", "prep_survival")
    got = sorted(table(rows_of(warehouse, "prep_survival"), "n_days survival_ratio n_at_risk n_events"))
    with (EXPECTED / "survival_copilot_teams_ge8.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if int(row["events"])]
    assert sum(week is not None for week in first.values()) == 298
    assert [one[1] for one in got[:5]] == pytest.approx([0.826667, 0.706667, 0.633333, 0.56, 0.493333], abs=1e-6)
    expected = [(float(r["time"]), float(r["survival"]), int(r["at_risk"]), int(r["events"])) for r in rows]
    assert [(float(days), at_risk, events) for days, _, at_risk, events in got if events] == [
        (days, at_risk, events) for days, _, at_risk, events in expected
    ]
    assert [share for _, share, _, events in got if events] == pytest.approx([one[1] for one in expected], abs=1e-12)


# ---- breadth, units and merged people --------------------------------------------------------------------------------

ANN = {platform: at(platform, "ann") for platform in ("alpha", "beta", "gamma")}
BOB = {platform: at(platform, "bob") for platform in ("alpha", "beta", "gamma")}
FILES = tuple(Coverage(platform, "w0", day(1), day(31)) for platform in ANN)


def overlap(connection, company: Company, mapped: dict[Account, str] | None = None) -> tuple[list, list]:
    stage(connection, company)
    for account, person in (mapped or {}).items():
        connection.execute("insert into stg_mapping values (?, ?)", [account.account_id, person])
    run_models(connection, "mart_platform_overlap", "mart_platform_pairs")
    breadth = table(rows_of(connection, "mart_platform_overlap"), "n_platforms n_on_1 n_on_2 n_on_3_or_more",
                    period_kind="month", unit="all")  # fmt: skip
    pairs = table(rows_of(connection, "mart_platform_pairs"), "other_platform n_either n_on_each overlap_ratio",
                  **JANUARY)  # fmt: skip
    return breadth, sorted(pairs)


# ann is on alpha and beta, bob on alpha only
DEEDS = [did(ANN["alpha"], 2), did(ANN["beta"], 9, n=3), did(BOB["alpha"], 3)]
KNOWN = ([(3, 1, 1, 0)], [("beta", 2, 1, 0.5), ("gamma", 2, 0, 0.0)])


def test_breadth_by_hand_with_a_roster(warehouse) -> None:
    company = world([*ANN.values(), *BOB.values()], [Spell("ann", LONG_AGO), Spell("bob", LONG_AGO)], DEEDS,
                    coverage=FILES)  # fmt: skip
    assert overlap(warehouse, company) == KNOWN


def test_breadth_without_a_roster_needs_a_mapping_file(warehouse) -> None:
    company = world([*ANN.values(), *BOB.values()], [], DEEDS, coverage=FILES)
    unknown = ([(3, None, None, None)], [("beta", None, None, None), ("gamma", None, None, None)])
    assert overlap(warehouse, company) == unknown
    assert overlap(warehouse, company, dict.fromkeys(ANN.values(), "ann")) == KNOWN


def test_two_platforms_show_nobody_on_three_and_one_shows_nothing(warehouse) -> None:
    accounts = [ANN["alpha"], ANN["beta"], BOB["alpha"]]
    company = world(accounts, [Spell("ann", LONG_AGO), Spell("bob", LONG_AGO)], DEEDS, coverage=FILES[:2])
    assert overlap(warehouse, company) == ([(2, 1, 1, None)], [("beta", 2, 1, 0.5)])
    alone = world([ANN["alpha"]], [Spell("ann", LONG_AGO)], DEEDS[:1], coverage=FILES[:1])
    assert overlap(warehouse, alone) == ([(1, None, None, None)], [])


def test_the_elephant_factor_counts_units_of_the_day(warehouse) -> None:
    # ann: 3 in Law, then 4 in Ops; bob: 2 in Sales; cy: 10 without a unit. Units: Ops 4, Law 3, Sales 2 of 9
    bob, cy = BOB["alpha"], at("alpha", "cy")
    spells = [Spell("ann", LONG_AGO, day(10), "Law"), Spell("ann", day(10), None, "Ops"),
              Spell("bob", LONG_AGO, None, "Sales"), Spell("cy", LONG_AGO)]  # fmt: skip
    events = [did(ANN["alpha"], 2, n=3), did(ANN["alpha"], 20, n=4), did(bob, 5, n=2), did(cy, 5, n=10)]
    stage(warehouse, world([ANN["alpha"], bob, cy], spells, events))
    run_models(warehouse, "mart_contributor_ratios")
    rows = rows_of(warehouse, "mart_contributor_ratios")
    # 4 is not more than half of 9, 4 + 3 is; by person it would rest on cy alone
    assert table(rows, "elephant_factor absence_factor", **JANUARY) == [(2, 1)]
    assert {row["elephant_factor"] for row in rows if row["unit"] != "all"} == {None}


@pytest.mark.parametrize("gone", ["bob", "cy"])
def test_to_merge_two_people_never_raises_a_distinct_count(warehouse, gone: str) -> None:
    def counts(merged: dict[str, str]) -> list[tuple[object, ...]]:
        accounts = [at(platform, name) for platform in ("alpha", "beta") for name in ("ann", "bob", "cy")]
        owned = [Account(a.account_id, a.platform, a.workspace, a.kind, merged.get(str(a.person_id), a.person_id))
                 for a in accounts]  # fmt: skip
        events = [did(one, n, n=i) for i, one in enumerate(owned, 1) for n in (2, 12, 22)]
        spells = [Spell("ann", LONG_AGO), Spell("bob", LONG_AGO), Spell("cy", LONG_AGO, day(8))]
        stage(warehouse, world(owned, spells, events, coverage=FILES[:2]))
        run_models(warehouse, "mart_contributor_ratios", "mart_platform_overlap")
        rows = rows_of(warehouse, "mart_contributor_ratios")
        return sorted((*row, row[-1] + row[-2]) for row in table(
            rows, "period_kind period_start platform unit n_contributors n_outside"))  # fmt: skip

    for before, after in zip(counts({}), counts({gone: "ann"}), strict=True):
        assert before[:4] == after[:4]
        assert after[-1] <= before[-1]
