"""The table of definitions of "active" holds what each product publishes, on invented companies and on one by hand."""

from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from models.metrics.definitions import DEFINITIONS
from models.queries import queries
from tests.oracle.by_hand import LONG_AGO, A, B, C, E, at, did, table, world
from tests.oracle.company import Coverage, Spell
from tests.oracle.compare import assert_same_rows
from tests.oracle.multiverse import (
    HALF_YEAR,
    MONTH,
    RULES,
    Observed,
    Report,
    definitions,
    dense_observed,
    observed_companies,
)
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

KEY = ("period_kind", "period_start", "platform", "unit", "definition")


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def built(connection, observed: Observed) -> list[dict[str, object]]:
    """The rows of the mart."""
    stage(connection, observed.company)
    rows = [
        {
            "file_id": "usage", "platform": "office", "workspace": "w0", "used_platform": one.platform,
            "account_id": one.account_id, "period_from": one.first, "period_to": one.last, "reported_on": one.last,
            "report": "detail", "is_active": one.is_active, "is_record": True, "member": "", "line": line,
        }
        for line, one in enumerate(observed.reports, 1)
    ]  # fmt: skip
    if rows:
        shape = connection.sql("from stg_usage limit 0").pl().schema
        connection.register("given", pl.DataFrame([dict.fromkeys(shape) | row for row in rows], schema=shape))
        connection.execute("insert into stg_usage by name select * from given")
        connection.unregister("given")
    run_models(connection, "mart_definitions")
    return rows_of(connection, "mart_definitions")


# without shrinking, as where the other marts meet their oracle
@settings(
    max_examples=18, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(observed=observed_companies())
def test_definitions_equal_the_oracle(warehouse, observed: Observed) -> None:
    assert_same_rows(built(warehouse, observed), definitions(observed), KEY)


@pytest.mark.parametrize("seed", range(6))
def test_definitions_equal_the_oracle_where_much_happens(warehouse, seed: int) -> None:
    observed = dense_observed(seed)
    assert_same_rows(built(warehouse, observed), definitions(observed), KEY)


WORDS: dict[str, int | str] = {
    "the last day": 1, "the day and the 7 before it": 8, "the day and the 28 before it": 29,
    "the calendar month": MONTH, "6 calendar months": HALF_YEAR,
}  # fmt: skip


def test_registry_model_and_oracle_know_the_same_definitions(warehouse) -> None:
    warehouse.execute(f"create or replace table prep_definition as {queries()['prep_definition']}")
    names = [row["definition"] for row in rows_of(warehouse, "prep_definition")]
    assert names == [one.id for one in DEFINITIONS] == list(RULES)
    assert {one.id: WORDS.get(one.window) or int(one.window.split()[0]) for one in DEFINITIONS} == {
        name: rule.window for name, rule in RULES.items()
    }


# ---- by hand ---------------------------------------------------------------------------------------------------------

LEAP = date(2024, 2, 1)
"""The month of the tables below; its windows of 28, 29, 30 and 31 days begin on 2 and 1 February, 31 and 30 January."""
LEAP_DAY = date(2024, 2, 29)
ROSTER = [Spell(name, LONG_AGO, None, "Law" if name == "ann" else "Ops") for name in ("ann", "bob", "cy", "eve")]
HALF_A_YEAR = Coverage("alpha", "w0", date(2023, 9, 1), date(2024, 2, 29), has_reactions=True)


def on(account, day: date, action: str = "post"):
    """One event on the day; `did` counts days from the first of January 2024."""
    return did(account, (day - date(2023, 12, 31)).days, action, basis="target" if action == "react" else "own")


def daily(account, days: Iterable[date], *, is_active: bool = True) -> tuple[Report, ...]:
    return tuple(Report("alpha", account.account_id, day, day, is_active) for day in days)


def february(n: int = 1, last: int = 29) -> list[date]:
    """The days of February 2024 from the n-th on; 0 is the last of January."""
    return [LEAP + timedelta(days=i - 1) for i in range(n, last + 1)]


def under(rows, columns: str = "definition n_active", **where: object) -> dict[object, object]:
    got = table(rows, columns, **({"period_start": LEAP, "platform": "alpha", "unit": "all"} | where))
    return {row[0]: row[1] if len(row) == 2 else row[1:] for row in got}


def test_one_company_under_every_definition(warehouse) -> None:
    """ann writes on 1 September, bob reacts on 30 January, cy writes on 1 February and reads on 20 to 29 February.

    eve reads on 31 January. So cy alone has written in a month; bob and cy were active for SWOOP in six months and ann
    too; 29 days hold cy's 1 February, 28 do not, but cy reads; 30 days hold eve, 31 days too, 15 days only cy.
    """
    company = world(
        [A, B, C, E], ROSTER,
        [on(A, date(2023, 9, 1)), on(B, date(2024, 1, 30), "react"), on(C, date(2024, 2, 1))], coverage=(HALF_A_YEAR,),
    )  # fmt: skip
    reports = (
        *daily(C, february(-1, 19), is_active=False), *daily(C, february(20)), *daily(E, [date(2024, 1, 31)])
    )  # fmt: skip
    rows = built(warehouse, Observed(company, reports))
    assert under(rows, "definition n_window_days n_active missing") == {
        "turnout_28d": (28, 0, "none"),
        "turnout_month": (29, 1, "none"),
        "turnout_6_months": (182, 2, "none"),  # 30 + 31 + 30 + 31 + 31 + 29 days
        "slack_active_8d": (8, 1, "none"),
        "slack_active_29d": (29, 1, "none"),
        "slack_posting_7d": (7, 0, "none"),
        "slack_posting_28d": (28, 0, "none"),
        "viva_engage_30d": (30, 2, "none"),
        "swoop_28d": (28, 0, "none"),
        "swoop_6_months": (182, 3, "none"),
        "workplace_28d": (28, 1, "none"),
        "workplace_10_of_28d": (28, 1, "none"),
        "mattermost_1d": (1, 1, "none"),
        "mattermost_31d": (31, 2, "none"),
        "zulip_15d": (15, 1, "none"),
    }
    # over six months 3 of 4 are interactive: Wilson gives 30.06 to 95.44 %
    (shares,) = table(
        rows, "n_eligible active_ratio active_ratio_low active_ratio_high", period_start=LEAP, platform="all",
        unit="all", definition="swoop_6_months",
    )  # fmt: skip
    assert shares == (4, 0.75, pytest.approx(0.3006, abs=1e-4), pytest.approx(0.9544, abs=1e-4))
    assert under(rows, unit="Law", definition="turnout_6_months") == {"turnout_6_months": 1}
    assert under(rows, unit="Ops", definition="swoop_6_months") == {"swoop_6_months": 2}


def test_nine_days_are_not_ten(warehouse) -> None:
    company = world([A, B], ROSTER, [], coverage=(HALF_A_YEAR,))
    reports = (*daily(A, february(2, 20), is_active=False), *daily(A, february(21)))
    # a report over several days does not say on which of them
    reports += (Report("alpha", A.account_id, date(2024, 2, 8), date(2024, 2, 14)),)
    assert under(built(warehouse, Observed(company, reports)))["workplace_10_of_28d"] == 0
    written = world([A, B], ROSTER, [on(A, date(2024, 2, 2)), on(A, date(2024, 2, 2))], coverage=(HALF_A_YEAR,))
    assert under(built(warehouse, Observed(written, reports)))["workplace_10_of_28d"] == 1


def test_a_report_over_the_whole_window_says_nothing_of_single_days(warehouse) -> None:
    company = world([A], ROSTER, [], coverage=(HALF_A_YEAR,))
    rows = built(warehouse, Observed(company, (Report("alpha", A.account_id, date(2024, 2, 2), date(2024, 2, 29)),)))
    missing = under(rows, "definition missing")
    assert {name for name, reason in missing.items() if reason == "reading"} == {
        name for name, rule in RULES.items() if rule.is_reading and name != "workplace_28d"
    }
    assert under(rows)["workplace_28d"] == 1


def test_a_report_that_begins_before_the_window_makes_nobody_active_in_it(warehouse) -> None:
    company = world([A, B], ROSTER, [], coverage=(HALF_A_YEAR,))
    reports = (*daily(A, february(22), is_active=False), Report("alpha", B.account_id, date(2024, 2, 23), LEAP_DAY))
    active = under(built(warehouse, Observed(company, reports)))
    assert (active["mattermost_1d"], active["slack_active_8d"]) == (0, 1)


def test_reactions_are_unknown_where_a_source_does_not_name_who_reacted(warehouse) -> None:
    """The first half of the six months comes from an export without reactions; a wiki has none at all."""
    files = (
        Coverage("alpha", "w0", date(2023, 9, 1), date(2023, 11, 30)),
        Coverage("alpha", "w0", date(2023, 12, 1), date(2024, 2, 29), has_reactions=True),
        Coverage("beta", "w0", date(2024, 2, 29), date(2024, 2, 29)),
    )
    wiki = at("beta", "ann")
    rows = built(warehouse, Observed(world([A, wiki], ROSTER, [], coverage=files), ()))
    missing = {platform: under(rows, "definition missing", platform=platform) for platform in ("alpha", "all")}
    assert (missing["alpha"]["swoop_28d"], missing["alpha"]["swoop_6_months"]) == ("none", "reactions")
    assert (missing["all"]["swoop_28d"], missing["all"]["turnout_6_months"]) == ("reactions", "none")


def test_people_of_six_months_were_employed_on_half_of_their_days(warehouse) -> None:
    """Of the 182 days dot has the last 91 and counts; eli has the last 90 and counts in February only.

    fay left on 1 December: 91 days, so she counts in the six months, and in no month since.
    """
    spells = [
        *ROSTER[:1], Spell("dot", date(2023, 12, 1), None, "Ops"), Spell("eli", date(2023, 12, 2), None, "Ops"),
        Spell("fay", LONG_AGO, date(2023, 12, 1), "Ops"),
    ]  # fmt: skip
    fay = at("alpha", "fay")
    company = world([A, fay], spells, [on(fay, date(2023, 9, 1))], coverage=(HALF_A_YEAR,))
    rows = built(warehouse, Observed(company, ()))
    assert under(rows, "definition n_eligible n_active", definition="turnout_6_months") == {"turnout_6_months": (3, 1)}
    assert under(rows, "definition n_eligible n_active", definition="turnout_month") == {"turnout_month": (3, 0)}


def test_a_window_that_holds_a_missing_day_or_ends_after_the_data_is_unknown(warehouse) -> None:
    """10 February is missing: windows of 8 and 15 days do not reach it; March has not ended."""
    files = (
        Coverage("alpha", "w0", date(2023, 9, 1), date(2024, 2, 9)),
        Coverage("alpha", "w0", date(2024, 2, 11), date(2024, 3, 30)),
    )
    rows = built(warehouse, Observed(world([A], ROSTER, [on(A, date(2024, 2, 29))], coverage=files), ()))
    missing = under(rows, "definition missing")
    seen = {"slack_active_8d", "slack_posting_7d", "mattermost_1d", "zulip_15d"}
    assert {name for name, reason in missing.items() if reason != "unobserved days"} == seen
    assert under(rows)["slack_posting_7d"] == 1
    assert set(under(rows, "definition n_active missing", period_start=date(2024, 3, 1)).values()) == {
        (None, "unobserved days")
    }
