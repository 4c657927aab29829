"""On how many platforms people contribute, where one of them was not observed: figures worked out by hand."""

from tests.oracle.by_hand import LONG_AGO, MON, at, day, did, world
from tests.oracle.company import Coverage, Spell
from tests.oracle.staged import empty_warehouse, rows_of, run_models, stage

ALPHA, BETA, GAMMA = (at(platform, "ann") for platform in ("alpha", "beta", "gamma"))


def test_what_happens_on_a_platform_in_a_period_that_no_export_shows_is_not_counted() -> None:
    """No export tells of beta in the week of the 8th, and yet a stray message of that week is there."""
    coverage = (
        Coverage("alpha", "w0", MON, day(21)), Coverage("gamma", "w0", MON, day(21)),
        Coverage("beta", "w0", MON, day(7)), Coverage("beta", "w0", day(15), day(21)),
    )  # fmt: skip
    events = [did(ALPHA, 2), did(BETA, 3), did(GAMMA, 3), did(ALPHA, 9), did(BETA, 10), did(BETA, 16)]
    company = world([ALPHA, BETA, GAMMA], [Spell("ann", LONG_AGO, None, "Ops")], events, coverage=coverage)
    with empty_warehouse() as connection:
        stage(connection, company)
        run_models(connection, "mart_platform_overlap")
        found = [row for row in rows_of(connection, "mart_platform_overlap")
                 if row["period_kind"] == "week" and row["unit"] == "all"]  # fmt: skip
    columns = ("period_start", "n_platforms", "n_on_1", "n_on_2", "n_on_3_or_more")
    assert sorted(tuple(row[name] for name in columns) for row in found) == [
        (MON, 3, 0, 0, 1),
        (day(8), 2, 1, 0, None),
        (day(15), 3, 1, 0, 0),
    ]
