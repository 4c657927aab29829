"""What changed at declared events: as defined on invented companies, planted changes found, and every way to refuse."""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean

import duckdb
import numpy as np
import polars as pl
import pytest

from models.analyses import ANALYSES
from models.analyses.happenings import first_week, happenings
from models.schemas import TABLES
from models.statistics.panel import Panel
from models.validation import find_faults
from tests.models.simulated_panels import CAMPAIGN_WORLD, FEW, PLANTED, REVERSE, simulate
from tests.oracle.before_after import Occasion, before_after, events_of, starting_week
from tests.oracle.beginners import START, beginning_firm
from tests.oracle.company import Company
from tests.oracle.event_study import curve
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

TABLE = "mart_before_after"
MONDAY = date(2024, 1, 1)
TEXTS = ("reason", "assumption")
ESTIMABLE = (1, 2)
"""Seeds with enough weeks in a row; in that of 0 they lack a few, and 3 has no roster."""


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def mart_of(connection: duckdb.DuckDBPyConnection, company: Company, occasions: Sequence[Occasion]):
    stage(connection, company)
    for one in occasions:
        for unit in one.units:
            connection.execute("insert into stg_occasion values (?, ?, ?, ?)", [one.day, one.kind, one.title, unit])
    run_models(connection, TABLE)
    return rows_of(connection, TABLE)


def declared(seed: int) -> list[Occasion]:
    """Events of everybody, two of one title, of units on the same and on different days, of none that exists."""
    def day(n: int) -> date:
        return START + timedelta(days=n + seed)

    return [
        Occasion(day(100)), Occasion(day(130)), Occasion(day(3), "launch", "Early"),
        Occasion(day(500), "launch", "Late"),
        Occasion(day(104), "workshop", "Two", ("Law", "Sales")), Occasion(day(110), "campaign", "Roll", ("Law",)),
        Occasion(day(122), "campaign", "Roll", ("Ops", "Nowhere")), Occasion(day(90), "campaign", "Rest", ("Ops",)),
        Occasion(day(118), "campaign", "Rest"), Occasion(day(120), "incentive", "Lost", ("Nowhere",)),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_rows_are_as_defined(warehouse, seed: int) -> None:
    company, occasions = beginning_firm(seed).company, declared(seed)
    found = {(row["platform"], row["event"]): row for row in mart_of(warehouse, company, occasions)}
    expected = before_after(company, occasions)
    assert len(found) == len(expected)
    for row in expected:
        actual = found[row["platform"], row["event"]]
        for name, value in actual.items():
            if name not in TEXTS:
                wanted = row.get(name)
                assert value == (pytest.approx(wanted, abs=1e-7) if isinstance(wanted, float) else wanted), (name, row)
        assert (actual["reason"] is None) <= (actual["method"] == "event study")
    methods = {row["method"] for row in expected}
    assert methods == ({"not estimable", "interrupted series"} if seed in ESTIMABLE else {"not estimable"})


def test_days_from_friday_on_begin_with_the_next_week() -> None:
    for n in range(7):
        day = MONDAY + timedelta(days=n)
        assert first_week(day) == starting_week(day) == (MONDAY if n < 4 else MONDAY + timedelta(days=7))


def test_declarations_of_one_title_are_one_event_only_where_they_name_units() -> None:
    occasions = [
        Occasion(date(2024, 5, 2), title="b"), Occasion(date(2024, 5, 1), title="b"),
        Occasion(date(2024, 5, 3), title="a", units=("Ops",)), Occasion(date(2024, 5, 1), title="a", units=("Ops",)),
        Occasion(date(2024, 6, 1), title="a"), Occasion(date(2024, 5, 1), "launch", "a"),
    ]  # fmt: skip
    rows = [(one.day, one.kind, one.title, unit) for one in occasions for unit in one.units]
    frame = pl.DataFrame(rows, schema=["occurred_on", "kind", "title", "unit"], orient="row")
    found = happenings(frame)
    assert [(one.kind, one.title, one.days) for one in found] == events_of(occasions) == [
        ("launch", "a", {"all": date(2024, 5, 1)}),
        ("policy", "a", {"Ops": date(2024, 5, 1), "all": date(2024, 6, 1)}),
        ("policy", "b", {"all": date(2024, 5, 1)}), ("policy", "b", {"all": date(2024, 5, 2)}),
    ]  # fmt: skip
    of_units = found[1]
    assert of_units.is_everywhere
    assert (of_units.day_in("Ops"), of_units.day_in("Law")) == (date(2024, 5, 1), date(2024, 6, 1))


# ---- hand-made tables ------------------------------------------------------------------------------------------------


Cells = Sequence[tuple[int, int] | None]
"""People who contribute, and people, week by week; None where not observed."""


def tables(
    counts: dict[str, Cells], occasions: Sequence[tuple[int, str]], *, has_roster: bool = True
) -> dict[str, pl.DataFrame]:
    """`occasions`: the place of the week in which an event begins, and the unit."""
    n_weeks = len(next(iter(counts.values())))
    weeks = [MONDAY + timedelta(weeks=i) for i in range(n_weeks)]
    seen = [all(series[i] is not None for series in counts.values()) for i in range(n_weeks)]
    rows = [
        (week, "all", unit, has_roster, *reversed(cell))
        for unit, series in counts.items() for week, cell in zip(weeks, series, strict=True) if cell
    ]  # fmt: skip
    events = [(MONDAY + timedelta(weeks=place), "launch", "It", unit) for place, unit in occasions]
    return {
        "meta": pl.DataFrame({"as_of_on": [weeks[-1] + timedelta(days=6)]}),
        "prep_period": pl.DataFrame({
            "period_kind": ["week"] * n_weeks, "period_start": weeks, "platform": ["all"] * n_weeks,
            "is_complete": seen, "n_observed_days": [7 * flag for flag in seen],
        }),
        "prep_week_count": pl.DataFrame(
            rows, orient="row",
            schema=["period_start", "platform", "unit", "has_roster", "n_eligible", "n_contributors"],
        ),
        "stg_occasion": pl.DataFrame(events, orient="row", schema=["occurred_on", "kind", "title", "unit"]),
    }  # fmt: skip


def answer(*args: object, **how: object) -> dict[str, object]:
    mart = ANALYSES[TABLE].estimate(tables(*args, **how))  # type: ignore[arg-type]
    assert find_faults(mart, TABLES[TABLE]) == []
    return mart.row(0, named=True)


def series(*, step: float = 0.0, slope: float = 0.0, n: int = 48, start: int = 24) -> list[tuple[int, int] | None]:
    """Around 300 of 1000 people, with a step and a new slope (people a week) at the start."""
    random = np.random.default_rng(8)
    noise = random.normal(0, 8, n)
    return [(round(300 + noise[t] + (t >= start) * (step + slope * (t - start))), 1000) for t in range(n)]


def test_a_planted_step_is_found_and_has_no_comparison() -> None:
    row = answer({"all": series(step=60)}, [(24, "all")])
    assert (row["method"], row["has_comparison"], row["reason"]) == ("interrupted series", False, "no comparison group")
    assert row["effect_pp_low"] <= 6 <= row["effect_pp_high"]  # type: ignore[operator]
    assert (row["wording"], row["slope_wording"]) == ("more", "nothing shown")
    assert (row["n_weeks_before"], row["n_weeks_after"], row["n_other_events"]) == (24, 24, 0)
    assert "straight line" in str(row["assumption"])
    assert "holidays" in str(row["assumption"])
    assert 0 < row["minimum_pp"] < 6  # type: ignore[operator]
    assert answer({"all": series(step=-60)}, [(24, "all")])["wording"] == "fewer"


def test_a_planted_slope_is_found_and_nothing_is_made_of_nothing() -> None:
    row = answer({"all": series(slope=6)}, [(24, "all")])
    assert row["slope_pp_low"] <= 0.6 <= row["slope_pp_high"]  # type: ignore[operator]
    assert row["slope_wording"] == "more"
    assert answer({"all": series(slope=-6)}, [(24, "all")])["slope_wording"] == "fewer"
    calm = answer({"all": series()}, [(24, "all")])
    assert (calm["wording"], calm["slope_wording"]) == ("nothing shown", "nothing shown")


def test_weeks_beyond_a_gap_are_left_out() -> None:
    values = series(step=60)
    values[5] = values[40] = None
    row = answer({"all": values}, [(24, "all")])
    assert (row["n_weeks_before"], row["n_weeks_after"], row["method"]) == (18, 16, "interrupted series")
    values[30] = None
    row = answer({"all": values}, [(24, "all")])
    assert (row["method"], row["n_weeks_after"]) == ("not estimable", 6)
    assert row["reason"] == "too few weeks in a row are observed after it"
    assert row["effect_pp"] is row["wording"] is row["has_comparison"] is None


@pytest.mark.parametrize(("place", "reason", "before", "after"), [
    (11, "too few weeks in a row are observed before it", 11, 37),
    (37, "too few weeks in a row are observed after it", 37, 11),
    (60, "too few weeks in a row are observed after it", 48, 0),
    (-9, "too few weeks in a row are observed before it", 0, 48),
])  # fmt: skip
def test_too_few_weeks_refuse(place: int, reason: str, before: int, after: int) -> None:
    row = answer({"all": series()}, [(place, "all")])
    assert (row["method"], row["reason"]) == ("not estimable", reason)
    assert (row["n_weeks_before"], row["n_weeks_after"]) == (before, after)


def test_without_a_roster_or_a_known_unit_nothing_is_estimated() -> None:
    assert "no roster" in str(answer({"all": series()}, [(24, "all")], has_roster=False)["reason"])
    row = answer({"all": series(), "Ops": series()}, [(24, "Law")])
    assert (row["reason"], row["n_units_unknown"], row["n_units"], row["n_concerned"]) == (
        "nobody on the roster is in a unit that it is declared for", 1, 0, 0,
    )  # fmt: skip
    assert "does not vary" in str(answer({"all": [(30, 100)] * 48}, [(24, "all")])["reason"])


def test_an_event_of_some_units_is_measured_in_these() -> None:
    ops, law = series(step=60), series()
    both = [(a[0] + b[0], 2000) if a and b else None for a, b in zip(ops, law, strict=True)]
    row = answer({"all": both, "Ops": ops, "Law": law}, [(24, "Ops")])
    assert row["effect_pp_low"] <= 6 <= row["effect_pp_high"]  # type: ignore[operator]
    assert (row["n_concerned"], row["n_eligible"], row["is_everywhere"], row["n_units"]) == (1000, 2000, False, 1)


def test_other_events_in_the_weeks_used_are_counted() -> None:
    mart = ANALYSES[TABLE].estimate({
        **tables({"all": series()}, [(24, "all")]),
        "stg_occasion": pl.DataFrame({
            "occurred_on": [MONDAY + timedelta(weeks=place) for place in (-1, 0, 24, 47, 48)], "kind": ["launch"] * 5,
            "title": [f"It {place}" for place in range(5)], "unit": ["all"] * 5,
        }),
    })  # fmt: skip
    # those in the week before the first and after the last one used are not
    assert mart.filter(pl.col("event") == 3)["n_other_events"].to_list() == [2]


# ---- units that differ in date ---------------------------------------------------------------------------------------


def rolled_out(panel: Panel) -> tuple[dict[str, Cells], list[tuple[int, str]]]:
    """A panel as units, an event that begins in each at its start; without those in which it never does."""
    counts: dict[str, Cells] = {
        f"unit {unit:02}": [(int(k), int(n)) for k, n in zip(panel.k[unit], panel.n[unit], strict=True)]
        for unit in range(panel.n_units)
    }
    counts["all"] = [(int(k), int(n)) for k, n in zip(panel.k.sum(axis=0), panel.n.sum(axis=0), strict=True)]
    return counts, [(int(start), f"unit {unit:02}") for unit, start in enumerate(panel.start) if start >= 0]


def test_units_that_differ_in_date_are_compared_with_later_ones() -> None:
    panel = simulate(PLANTED, np.random.default_rng(1))
    row = answer(*rolled_out(panel))
    assert (row["method"], row["has_comparison"], row["reason"], row["wording"]) == ("event study", True, None, "more")
    assert row["effect_pp_low"] <= 5 <= row["effect_pp_high"]  # type: ignore[operator]
    shares = [[k / n for k, n in zip(panel.k[unit], panel.n[unit], strict=True)] for unit in range(panel.n_units)]
    defined = curve(shares, panel.start.tolist())
    assert defined is not None
    adjusted, _, treated, controls = defined
    assert row["effect_pp"] == pytest.approx(100 * fmean(adjusted[8:]))
    assert (row["n_units"], row["n_weeks_before"], row["n_weeks_after"]) == (len(treated | controls), 8, 8)
    assert row["slope_pp"] is row["slope_wording"] is None
    assert "later" in str(row["assumption"])


def test_an_organisation_wide_campaign_is_no_effect_of_the_dates() -> None:
    row = answer(*rolled_out(simulate(CAMPAIGN_WORLD, np.random.default_rng(2))))
    assert (row["method"], row["wording"]) == ("event study", "nothing shown")


def test_units_that_moved_before_it_began_have_no_estimate_at_all() -> None:
    row = answer(*rolled_out(simulate(REVERSE, np.random.default_rng(5))))
    assert (row["method"], row["effect_pp"], row["effect_p"]) == ("not estimable", None, None)
    assert row["reason"] == "units were taking part more, or less, already before it began in them"


def test_with_too_few_units_the_first_date_is_looked_at_alone() -> None:
    counts, dates = rolled_out(simulate(FEW, np.random.default_rng(4)))
    row = answer(counts, dates)
    assert (row["method"], row["has_comparison"]) == ("interrupted series", False)
    assert row["reason"] == "no comparison group: too few starts"
    assert row["n_weeks_before"] == min(place for place, _ in dates)
    # in one week there is nothing to compare, however many units
    counts, dates = rolled_out(simulate(PLANTED, np.random.default_rng(1)))
    together = answer(counts, [(26, unit) for _, unit in dates])
    assert together["reason"] == "no comparison group"


def test_a_unit_that_began_before_the_data_is_no_comparison() -> None:
    counts, dates = rolled_out(simulate(PLANTED, np.random.default_rng(1)))
    plain = answer(counts, dates)
    moved = answer({**counts, "unit 99": counts["unit 00"]}, [*dates, (-30, "unit 99")])
    assert moved["effect_pp"] == pytest.approx(plain["effect_pp"], abs=1.5)
    assert moved["n_units"] == plain["n_units"]
