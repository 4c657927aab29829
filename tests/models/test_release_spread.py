"""What leadership may see of pockets and of pairs of units: nothing about a unit that is not shown on its own."""

from datetime import date

import polars as pl
import pytest

from models.analyses import pockets
from models.metrics.unit_pairs import CANNOT_TELL, MET, NEVER, SELDOM
from models.release import OTHER_UNITS, Policy
from models.release.pockets import release_pockets
from models.release.unit_pairs import release_unit_pairs
from models.schemas import TABLES
from models.validation import find_faults

MONTH, AS_OF = date(2026, 1, 1), date(2026, 1, 31)
HEAD = {"period_kind": "month", "period_start": MONTH, "period_end": AS_OF, "platform": "all", "unit": "all",
        "is_complete": True, "n_observed_days": 31, "n_eligible": 300}  # fmt: skip
POLICY = Policy()
Row = dict[str, object]


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    schema = {name: column.dtype.type for name, column in TABLES[table].to_schema().columns.items()}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def shown_units(*names: str, **head: object) -> pl.DataFrame:
    return frame("mart_active_users", [HEAD | {"n_eligible": 20} | head | {"unit": name} for name in (*names, "all")])


def pairs(verdicts: dict[str, str | None], **head: object) -> pl.DataFrame:
    """A pair per key, such as AB: A, and a second unit that may have a longer name."""
    figures = {"n_ties_by_chance": 4.4, "n_ties": 7, "none_by_chance_ratio": 0.25, "so_few_p": 0.5,
               "so_few_adjusted_p": 0.5, "n_pairs": 99, "n_pairs_apart": 99, "n_pairs_apart_by_chance": 99.0,
               "n_pairs_never": 99, "n_pairs_seldom": 99}  # fmt: skip
    return frame("mart_unit_pairs", [
        HEAD | head | (figures if verdict else {}) | {"one_unit": pair[0], "other_unit": pair[1:], "verdict": verdict}
        for pair, verdict in verdicts.items()
    ])  # fmt: skip


def released(mart: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    rows = release_unit_pairs(mart, units, as_of=AS_OF, policy=POLICY)
    assert find_faults(rows, TABLES["rel_unit_pairs"]) == []
    return rows


def test_only_pairs_of_units_with_figures_of_their_own_are_shown_and_counted() -> None:
    hidden = dict.fromkeys(("0A", "AX", "BX", "XY", f"A{OTHER_UNITS}"), NEVER)
    mart = pairs({"BC": SELDOM, "AB": NEVER, "AC": CANNOT_TELL} | hidden)
    rows = released(mart, shown_units("A", "B", "C", OTHER_UNITS))
    assert rows.select("one_unit", "other_unit", "verdict").rows() == [
        ("A", "B", NEVER), ("A", "C", CANNOT_TELL), ("B", "C", SELDOM),
    ]  # fmt: skip
    counts = rows.select("n_pairs", "n_pairs_apart", "n_pairs_apart_by_chance", "n_pairs_never", "n_pairs_seldom")
    assert set(counts.rows()) == {(3, 2, 0.75, 1, 1)}


def test_no_count_of_ties_and_nothing_to_work_it_out_from_is_released() -> None:
    rows = released(pairs({"AB": MET}), shown_units("A", "B"))
    told = [name for name in rows.columns if rows[name].null_count() == 0]
    assert set(told) - set(HEAD) == {
        "one_unit", "other_unit", "verdict", "n_ties_by_chance", "n_pairs", "n_pairs_apart", "n_pairs_apart_by_chance",
        "n_pairs_never", "n_pairs_seldom",
    }  # fmt: skip
    assert rows["n_ties_by_chance"].to_list() == [4.0]


def test_a_unit_is_only_shown_in_months_in_which_it_has_a_row_by_name() -> None:
    mart = pairs({"AB": MET})
    assert released(mart, shown_units("A", "B", period_start=date(2025, 12, 1))).is_empty()
    assert released(mart, shown_units("A", "B", platform="slack")).is_empty()
    assert released(mart, shown_units("A", "B", period_kind="week")).is_empty()
    assert released(mart, shown_units("A")).is_empty()


@pytest.mark.parametrize("head", [{"n_eligible": 199}, {"period_end": date(2026, 2, 1)}])
def test_small_organisations_and_open_months_are_not_shown(head: Row) -> None:
    assert released(pairs({"AB": MET}, **head), shown_units("A", "B")).is_empty()


def test_pairs_of_which_nothing_is_known_stay_unknown() -> None:
    rows = released(pairs({"AB": None}), shown_units("A", "B"))
    assert rows.select("verdict", "n_pairs", "n_pairs_apart", "n_pairs_apart_by_chance").rows() == [(None,) * 4]


# ---- pockets ---------------------------------------------------------------------------------------------------------


def tables(sizes: dict[str, tuple[int, int]]) -> dict[str, pl.DataFrame]:
    """What the analysis reads: per unit how many people, and how many of them write once."""
    people = [
        {"period_kind": "month", "period_start": MONTH, "platform": "all", "person_id": f"{unit}{i}", "unit": unit,
         "is_executive": False, "n_contributions": int(i < k)}
        for unit, (n, k) in sizes.items() for i in range(n)
    ]  # fmt: skip
    period = HEAD | {"previous_start": date(2025, 12, 1), "next_start": date(2026, 2, 1), "is_previous_seen": False,
                     "n_seen_days": 31}  # fmt: skip
    return {"prep_eligible": frame("prep_eligible", people), "prep_period": frame("prep_period", [period])}


def released_pockets(sizes: dict[str, tuple[int, int]], *merged: str) -> pl.DataFrame:
    given = tables(sizes)
    rows = release_pockets(pockets.estimate(given), given, merged, as_of=AS_OF, policy=POLICY)
    assert find_faults(rows, TABLES["rel_pockets"]) == []
    return rows


LARGE = {unit: (50, k) for unit, k in zip("ABCDE", (5, 10, 20, 25, 40), strict=True)}


def test_what_goes_on_within_the_merged_units_changes_nothing_that_is_released() -> None:
    cuts = [released_pockets(LARGE | {"x": (8, k), "y": (6, 7 - k)}, "x", "y") for k in (1, 4, 7)]
    assert cuts[0].height == 1
    assert cuts[0]["n_units"].item() == 6
    assert cuts[0].equals(cuts[1])
    assert cuts[0].equals(cuts[2])


def test_without_merged_units_the_mart_is_released_as_it_is() -> None:
    given = tables(LARGE)
    mart = pockets.estimate(given).with_columns(pl.lit(0.125).alias("dissimilarity_ratio"))
    rows = release_pockets(mart, {}, (), as_of=AS_OF, policy=POLICY)
    assert rows.equals(mart)


def test_pockets_of_small_organisations_are_not_shown() -> None:
    assert released_pockets(dict.fromkeys("ABCDE", (39, 5))).is_empty()
    assert released_pockets(dict.fromkeys("ABCDE", (40, 5))).height == 1
