"""What leadership sees of a start: the whole organisation, large enough, on a roster that holds everybody."""

from datetime import date, timedelta

import polars as pl
import pytest

from models.metrics.channel_shift import ADDED, CANNOT_TELL, NO_SOURCE, TOO_FEW
from models.release import ROSTER_TOO_SMALL, Policy
from models.release.channel_mix import release_channel_shift
from models.schemas.marts import MART_SCHEMAS, RELEASED_SCHEMAS

AS_OF = date(2026, 9, 30)
SCHEMA = {name: column.dtype.type for name, column in MART_SCHEMAS["mart_channel_shift"].to_schema().columns.items()}
START = date(2026, 3, 2)
FIGURES = [
    name for name, kind in SCHEMA.items() if name.startswith(("n_", "open_", "email_", "files_", "minimum_"))
    and name not in {"n_observed_days", "n_eligible"}
] + ["compared_by", "before_from_on", "after_to_on"]  # fmt: skip


def shift(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {name: 7 if kind == pl.Int64 else 0.5 for name, kind in SCHEMA.items()}
    return row | {
        "period_kind": "history", "period_start": date(2025, 10, 1), "period_end": AS_OF, "platform": "all",
        "unit": "all", "is_complete": False, "n_eligible": 1200, "started_on": START, "title": "Guide",
        "verdict": ADDED, "reason": None, "compared_by": "week", "before_from_on": date(2025, 12, 1),
        "after_to_on": date(2026, 5, 31), "n_cohort": 200, **changes,
    }  # fmt: skip


def released(*rows: dict[str, object], outnumbered: list[tuple[str, date, date]] | None = None) -> pl.DataFrame:
    periods = pl.DataFrame(
        outnumbered or [], orient="row",
        schema={"platform": pl.String, "period_start": pl.Date, "period_end": pl.Date},
    )  # fmt: skip
    found = release_channel_shift(pl.DataFrame(rows, schema=SCHEMA), periods, as_of=AS_OF, policy=Policy())
    return RELEASED_SCHEMAS["rel_channel_shift"].validate(found)


def is_blank(row: dict[str, object]) -> bool:
    return all(row[name] is None for name in FIGURES)


def test_the_whole_organisation_is_shown_as_it_is_and_no_unit() -> None:
    rows = released(shift(started_on=date(2026, 4, 1)), shift(), shift(unit="Sales"), shift(unit="Law", n_eligible=900))
    assert rows.to_dicts() == [shift(), shift(started_on=date(2026, 4, 1))]


def test_a_small_organisation_shows_nothing() -> None:
    assert released(shift(n_eligible=199)).is_empty()
    assert released(shift(n_eligible=200)).height == 1


def test_a_comparison_of_few_says_only_that_they_are_few() -> None:
    (row,) = released(shift(n_cohort=199)).to_dicts()
    assert (row["verdict"], row["reason"], is_blank(row)) == (CANNOT_TELL, TOO_FEW, True)


def test_without_a_verdict_only_the_reason_is_told() -> None:
    (row,) = released(shift(verdict=CANNOT_TELL, reason="because")).to_dicts()
    assert (row["verdict"], row["reason"], row["title"], is_blank(row)) == (CANNOT_TELL, "because", "Guide", True)
    unknown = shift(verdict=CANNOT_TELL, reason=NO_SOURCE, n_cohort=None, before_from_on=None, after_to_on=None)
    (row,) = released(unknown, outnumbered=[("all", date(2025, 10, 6), date(2026, 9, 27))]).to_dicts()
    assert row["reason"] == NO_SOURCE


@pytest.mark.parametrize(
    ("platform", "first", "n_days", "is_told"),
    [
        ("all", date(2026, 3, 2), 6, False),
        ("all", date(2025, 11, 25), 6, False),  # ends on the first day compared
        ("all", date(2025, 11, 24), 6, True),
        ("all", date(2026, 5, 31), 6, False),  # begins on the last
        ("all", date(2026, 6, 1), 29, True),
        ("slack", date(2026, 3, 2), 6, True),
    ],
)
def test_a_roster_that_is_too_small_at_the_time_blanks_it(platform, first, n_days, is_told) -> None:
    (row,) = released(shift(), outnumbered=[(platform, first, first + timedelta(days=n_days))]).to_dicts()
    expected = (ADDED, None) if is_told else (CANNOT_TELL, ROSTER_TOO_SMALL)
    assert ((row["verdict"], row["reason"]), is_blank(row)) == (expected, not is_told)
