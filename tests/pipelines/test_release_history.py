"""What was published of a closed period stands, in whole runs into one output folder."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines import release_history
from tests.pipelines import tiny
from tests.pipelines.runs import Run, frame_of, run_whole

JANUARY, FEBRUARY = date(2024, 1, 1), date(2024, 2, 1)
PEOPLE = [f"p{n:03}" for n in range(220)]
FIRST = 60
"""Who contributes in January, in the first export."""


def exports(folder: Path, name: str, *days: tuple[date, range]) -> None:
    """A Slack export in which these people write on these days, and the roster of two units."""
    units = {person: "North" if n < 110 else "South" for n, person in enumerate(PEOPLE)}
    rows = [tiny.roster_row(person, date(2023, 1, 1), units[person]) for person in PEOPLE]
    tiny.roster_csv(folder / "hr" / "roster.csv", rows)
    (folder / "turnout.toml").write_text(tiny.CONFIG, encoding="utf-8")
    users = [tiny.slack_user(f"U0{person.upper()}", f"{person}@t.example") for person in PEOPLE]
    messages = [tiny.slack_message(day, str(users[n]["id"])) for day, people in days for n in people]
    tiny.slack_zip(folder / name, users, {"general": messages})


def january(run: Run, unit: str = "all") -> tuple[object, ...]:
    (row,) = run.rows(
        "select n_eligible, n_contributors from rel_active_users where period_kind = 'month' and unit = $unit "
        "and platform = 'all' and period_start = date '2024-01-01'", unit=unit,
    )  # fmt: skip
    return row


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three nights: January; one latecomer of January, with February; thirty more latecomers."""
    drop, out = tmp_path_factory.mktemp("drop"), tmp_path_factory.mktemp("out")
    last, found = date(2024, 1, 31), {}
    exports(drop, "january.zip", (JANUARY + timedelta(days=8), range(FIRST)), (last, range(FIRST)))
    outcome, _ = run_whole(drop, out)
    assert outcome.release, outcome.problems
    found["january"] = outcome.release
    exports(drop, "february.zip", (last, range(FIRST, FIRST + 1)), (date(2024, 2, 29), range(40)))
    outcome, _ = run_whole(drop, out)
    found["one more"] = outcome.release
    exports(drop, "march.zip", (last, range(FIRST + 1, FIRST + 31)), (date(2024, 3, 31), range(50)))
    outcome, _ = run_whole(drop, out)
    found["many more"] = outcome.release
    return {name: release / "turnout.duckdb" for name, release in found.items()} | {"state": out / "work" / "state"}


def test_a_latecomer_does_not_show(releases: dict[str, Path]):
    assert january(Run(releases["january"])) == january(Run(releases["one more"])) == (220, FIRST)
    # nobody of South contributes, which North's count would tell beside everybody's; one more person changes nothing
    assert january(Run(releases["january"]), "North") == january(Run(releases["one more"]), "North") == (110, None)
    assert Run(releases["one more"]).rows("from rel_revision") == []


def test_everything_that_was_told_of_january_is_told_again(releases: dict[str, Path]):
    query = "from rel_contributor_ratios where period_end < date '2024-02-01' order by all"
    before, after = (frame_of(Run(releases[name]), query) for name in ("january", "one more"))
    assert before.height > 0
    assert after.equals(before)


def test_many_latecomers_restate_the_month_visibly(releases: dict[str, Path]):
    run = Run(releases["many more"])
    assert january(run) == (220, FIRST + 31)
    restated = frame_of(run, "from rel_revision where metric = 'rel_active_users' and period_kind = 'month'")
    assert set(restated.select("period_start", "revision").rows()) == {(JANUARY, 2), (FEBRUARY, 2)}


def test_who_lapsed_is_not_told_beside_a_month_of_which_one_more_came_late(releases: dict[str, Path]):
    query = (
        "select n_contributors, n_lapsed from rel_active_users where period_kind = 'month' and unit = 'all' "
        "and platform = 'all' and period_start = date '2024-02-01'"
    )
    before, after = (Run(releases[name]).rows(query) for name in ("one more", "many more"))
    # 61 contributed in January as it is known by then, and 60 were told: 40 retained and 21 lapsed would tell of one;
    # once January is told anew, with 91, who lapsed is told with it
    assert (before, after) == ([(40, None)], [(40, 51)])


def test_the_history_is_for_its_owner_and_holds_nobody(releases: dict[str, Path]):
    path = releases["state"] / release_history.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    history = pl.read_parquet(path)
    assert history.filter(pl.col("period_kind") == "history").is_empty()
    assert set(history["revision"]) == {1, 2}
