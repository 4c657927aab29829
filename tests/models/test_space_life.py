"""Lives of pages and spaces by hand: edges of states and lives, refusals, the published share, and lifelines' curve."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times

from benchmarks import coverage
from models.analyses import ANALYSES
from models.analyses.lives import followed
from models.release import Policy, release_large_organisation
from models.schemas import TABLES
from models.validation import find_faults

FIRST = date(2024, 1, 1)
N_DAYS = 731  # to the end of 2025
Row = dict[str, Any]


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


class Spaces:
    """Spaces of one kind in one workspace, seen for two years but for the `missing` days."""

    def __init__(self, subject: str = "channel", *, missing: Sequence[int] = (), n_days: int = N_DAYS) -> None:
        self.subject, self.missing, self.n_days = subject, set(missing), n_days
        self.launches: list[Row] = []
        self.uses: list[Row] = []

    def add(self, *uses: int, created: int | None = None, launched: int | None = None, n: int = 1) -> "Spaces":
        """n spaces with these days of contributions; launched when created unless said otherwise."""
        for _ in range(n):
            key = {"subject": self.subject, "platform": "slack", "workspace": "w", "thread_id": None,
                   "space_id": f"space {len(self.launches)}"}  # fmt: skip
            start = created if launched is None else launched
            days = {"created_on": created, "launched_on": start}
            self.launches.append(key | {name: None if at is None else day(at) for name, at in days.items()})
            self.uses += [key | {"occurred_on": day(use), "n_contributions": 2} for use in uses]
        return self

    def tables(self) -> dict[str, pl.DataFrame]:
        coverage = [
            {"platform": "slack", "workspace": "w", "occurred_on": day(n),
             "state": "missing" if n in self.missing else "observed"} for n in range(self.n_days)
        ]  # fmt: skip
        period = {"period_kind": "month", "period_start": day(0), "platform": "slack", "is_complete": True,
                  "n_observed_days": 31, "n_seen_days": 31}  # fmt: skip
        unseen = {"period_start": day(31), "platform": "all", "n_observed_days": 0, "n_seen_days": 0}
        people = [{"period_kind": "month", "period_start": day(0), "platform": "all", "person_id": "p"}] * 200
        return {
            "meta": pl.DataFrame({"as_of_on": [day(self.n_days - 1)]}),
            "prep_space_month": pl.DataFrame([period, period | {"platform": "all"}, period | unseen]),
            "prep_eligible": pl.DataFrame(people),
            "prep_space_day": pl.DataFrame(coverage),
            "prep_space_launch": _frame("prep_space_launch", self.launches),
            "prep_space_use": _frame("prep_space_use", self.uses),
        }

    def mart(self, table: str = "mart_space_life", platform: str = "all") -> list[Row]:
        found = ANALYSES[table].estimate(self.tables())
        assert find_faults(found, TABLES[table]) == []
        return found.filter(pl.col("platform") == platform).to_dicts()

    def life(self) -> Row:
        (row,) = self.mart()
        return row


def _frame(table: str, rows: list[Row]) -> pl.DataFrame:
    columns = TABLES[table].to_schema().columns
    return pl.DataFrame(rows, schema={name: column.dtype.type for name, column in columns.items()})


END = N_DAYS - 1


def test_states_change_after_90_and_after_180_days() -> None:
    spaces = Spaces().add(END - 90, n=4).add(END - 91, n=3).add(END - 180, n=2).add(END - 181, n=2)
    # two were silent for 180 and for 181 days before they were taken up again
    row = spaces.add(END - 181, END).add(END - 182, END).life()
    names = ("n_spaces", "n_alive", "n_revived", "n_fading", "n_forgotten", "n_unknown")
    assert [row[name] for name in names] == [13, 5, 1, 5, 2, 0]
    assert row["forgotten_ratio"] == pytest.approx(2 / 13)
    assert (row["alive_ratio"], row["revived_ratio"], row["fading_ratio"]) == pytest.approx((5 / 13, 1 / 13, 5 / 13))
    assert 0.04 < row["forgotten_ratio_low"] < 2 / 13 < row["forgotten_ratio_high"] < 0.43


def test_a_missing_day_hides_what_could_have_changed_a_state() -> None:
    hidden = Spaces(missing=[END - 100]).add(END - 300, n=10).add(END - 20, n=10).life()
    assert (hidden["n_unknown"], hidden["n_forgotten"], hidden["n_alive"]) == (10, 0, 10)
    assert (hidden["forgotten_ratio"], hidden["alive_ratio"]) == (0, 1)
    # silent for 249 days before it was taken up again, if nobody wrote on the hidden one
    assert Spaces(missing=[END - 100]).add(END - 250, END, n=10).life()["n_revived"] == 0
    # forgotten before the hidden day, whatever happened on it; 180 days are not enough
    assert Spaces(missing=[END - 10]).add(END - 250, END, n=10).life()["n_revived"] == 10
    assert Spaces(missing=[END - 69]).add(END - 250, END, n=10).life()["n_revived"] == 0
    assert Spaces(missing=[END - 68]).add(END - 250, END, n=10).life()["n_revived"] == 10
    assert Spaces().add(END - 250, END, n=10).life()["n_revived"] == 10
    # hidden, but in time to be surely silent ever since
    sure = Spaces(missing=[END - 181]).add(END - 300, n=10).life()
    assert (sure["n_unknown"], sure["n_forgotten"]) == (0, 10)
    # never used, and it is not told since when it is there: in a short history nobody can tell
    assert Spaces(n_days=150).add(n=10).life()["n_unknown"] == 10
    assert Spaces().add(n=10).life()["n_forgotten"] == 10
    # what begins after the last seen day is not there yet
    assert Spaces(missing=[END - 1, END]).add(END, n=10).mart() == []


def test_what_rests_on_fewer_than_ten_is_refused() -> None:
    row = Spaces().add(0, 20, created=0, n=9).add(10, 300).life()
    assert (row["n_spaces"], row["n_followed"], row["n_ended"]) == (10, 9, 9)
    assert row["survival_reason"] == row["half_life_reason"] == "too few are followed from their launch on"
    assert row["survival_90d_ratio"] is row["median_life_days"] is row["half_life_weeks"] is None
    assert row["forgotten_ratio"] == 1
    row = Spaces("wiki_space").add(0, 20, created=0, n=9).life()
    assert row["n_spaces"] == row["n_year_old"] == 9
    assert row["n_forgotten"] is row["forgotten_ratio"] is row["n_continuous"] is row["continuity_verdict"] is None
    assert Spaces().add(0, created=0, n=9).mart("mart_space_curve") == []
    assert len(Spaces().add(0, created=0, n=10).mart("mart_space_curve")) == 1  # all ended on their first day


def lives_of(spaces: Spaces) -> tuple[int, int, int | None]:
    """Of ten alike: how many are followed, how many ended, and after how many days."""
    row = spaces.life()
    return row["n_followed"], row["n_ended"], row["median_life_days"]


@pytest.mark.parametrize(
    ("uses", "created", "missing", "expected"),
    [
        ((0, 60), 0, (), (10, 10, 60)),
        ((0, 60, 151, 700), 0, (), (10, 10, 151)),  # 90 silent days are borne, then more follow
        ((0, 60, 152, 700), 0, (), (10, 10, 60)),  # 91 are not, whatever comes later
        ((), 0, (), (10, 10, 0)),  # launched and never used
        ((91,), 0, (), (10, 10, 91)),
        ((92,), 0, (), (10, 10, 0)),
        ((END,), END - 91, (), (10, 0, None)),  # followed for 91 days: an end on the first would be known
        ((END,), END - 90, (), (0, 0, None)),
        ((0, 60), -1, (), (0, 0, None)),  # created before anything is seen
        ((0, 60), 0, (152,), (10, 10, 60)),  # seen for 91 days after the last contribution
        ((0, 60), 0, (151,), (10, 0, None)),  # seen for 90 only
        ((0,), 0, (91,), (0, 0, None)),
        ((100, 160), 100, (99,), (10, 10, 60)),  # what was missing before the launch does not matter
        ((100, 160), 100, (100,), (0, 0, None)),
    ],
)
def test_a_life_ends_with_the_first_long_silence(
    uses: Sequence[int], created: int, missing: Sequence[int], expected: tuple[int, int, int | None]
) -> None:
    assert lives_of(Spaces(missing=missing).add(*uses, created=created, n=10)) == expected


def test_without_a_launch_there_is_no_life_but_a_state() -> None:
    spaces = Spaces().add(END, n=10)
    assert lives_of(spaces) == (0, 0, None)
    assert spaces.life()["n_alive"] == 10


YEAR = tuple(range(366 + 15, N_DAYS, 28))  # from 15 January 2025 on, in every month


def test_continuity_is_compared_with_the_published_share_only_where_its_interval_tells() -> None:
    def verdict(n_continuous: int, n_other: int, subject: str = "wiki_space") -> tuple[object, ...]:
        row = Spaces(subject).add(*YEAR, n=n_continuous).add(0, n=n_other).life()
        assert (row["n_year_old"], row["n_continuous"]) == (n_continuous + n_other, n_continuous)
        return row["continuity_verdict"], row["published_continuous_ratio"]

    assert verdict(9, 9) == ("more than published", 0.2)
    assert verdict(0, 16) == ("as few as published", 0.2)
    assert verdict(0, 15) == verdict(4, 16) == ("not told apart from published", 0.2)
    assert verdict(9, 9, "channel") == (None, None)


def test_only_what_is_a_year_old_can_be_continuous_and_only_over_seen_months() -> None:
    def continuity(spaces: Spaces) -> tuple[object, ...]:
        row = spaces.life()
        return row["n_year_old"], row["n_continuous"]

    assert continuity(Spaces().add(*YEAR[1:], n=10)) == (0, None)  # begun in February
    assert continuity(Spaces().add(*YEAR[1:], created=366 + 30, n=10)) == (10, 0)  # in January, then unused
    assert continuity(Spaces().add(*[d for d in YEAR if d != YEAR[6]], n=10)) == (10, 10)  # twice in July
    assert continuity(Spaces().add(*YEAR[:5], *YEAR[7:], n=10)) == (10, 0)
    assert continuity(Spaces(missing=[400]).add(*YEAR, n=10)) == (None, None)
    assert continuity(Spaces(missing=[365]).add(*YEAR, n=10)) == (10, 10)
    # without 31 December the year is that of the twelve months before
    assert continuity(Spaces(missing=[END]).add(366, *YEAR, n=10)) == (0, None)


def test_curve_interval_and_median_are_those_of_lifelines() -> None:
    random = np.random.default_rng(5)
    spaces, durations, is_ended = Spaces(), [], []
    for start, length in zip(random.integers(0, 600, 80).tolist(), random.exponential(160, 80).tolist(), strict=True):
        last, horizon = min(start + int(length), END), END - start - 91
        spaces.add(*range(start, last, 25), last, created=start)
        durations.append(min(last - start, horizon))
        is_ended.append(last - start <= horizon)
    peer = KaplanMeierFitter(alpha=0.05).fit(durations, is_ended)
    bounds = peer.confidence_interval_
    row, curve = spaces.life(), spaces.mart("mart_space_curve")
    assert (row["n_followed"], row["n_ended"]) == (80, sum(is_ended))
    assert 0 < row["n_ended"] < 80

    def expected(at: int) -> list[float]:
        last = bounds.index[bounds.index <= at][-1]
        return [peer.predict(at), *bounds.loc[last].tolist()]

    ends = ("", "_low", "_high")
    for at in (90, 365):
        assert [row[f"survival_{at}d_ratio{end}"] for end in ends] == pytest.approx(expected(at), abs=1e-9)
    low, high = median_survival_times(bounds).iloc[0]
    assert [row[f"median_life_days{end}"] for end in ends] == [peer.median_survival_time_, low, high]
    # the oldest falls silent as well: by then nobody is left
    assert [point["age_days"] for point in curve] == list(range(0, max(durations) + 7, 7))
    assert curve[-1]["survival_ratio"] == 0
    for point in curve:
        found = [point[f"survival_ratio{end}"] for end in ends]
        if point["survival_ratio"] in (0, 1):
            assert found[1:] == [None, None]
            assert found[0] == pytest.approx(peer.predict(point["age_days"]), abs=1e-12)
        else:
            assert found == pytest.approx(expected(point["age_days"]), abs=1e-9)
        assert point["n_followed"] == sum(one > point["age_days"] for one in durations)


def test_the_half_life_is_that_of_what_was_planted() -> None:
    """64 contributions a week that halve every 10 weeks; the first week holds a burst that does not count."""
    spaces = Spaces(n_days=400)
    for start in range(10):
        rates = [round(64 * 0.5 ** (week / 10)) for week in range(52)]
        spaces.add(*(start + 7 * week for week in range(52)), created=start)
        for use, n in zip(spaces.uses[-52:], [500, *rates[1:]], strict=True):
            use["n_contributions"] = n
    row = spaces.life()
    assert row["half_life_weeks"] == pytest.approx(10, abs=0.2)
    assert row["half_life_weeks_low"] < 10 < row["half_life_weeks_high"]
    assert row["half_life_reason"] is None


def test_with_few_spaces_the_interval_is_rather_too_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the note of the card says of fewer than twenty."""
    monkeypatch.setattr(coverage, "LIVES", (10, 15))
    held = {setting: share for setting, share, _ in coverage.survival(1500)}
    assert min(held.values()) > 0.93
    assert 0.97 < max(held.values()) < 0.99


@pytest.mark.parametrize(("n_days", "n_weeks"), [(98, 14), (97, 13)])
def test_a_week_counts_if_it_is_seen_to_its_end(n_days: int, n_weeks: int) -> None:
    (one,) = followed(Spaces(n_days=n_days).add(0, 6, 7, created=0).tables())
    assert one.life is not None
    assert one.life.weeks == (4, 2, *[0] * (n_weeks - 2))


def test_a_rate_that_stays_the_same_has_no_half_life() -> None:
    row = Spaces(n_days=400).add(*range(0, 400, 7), created=0, n=10).life()
    assert (row["half_life_weeks"], row["half_life_reason"]) == (None, "the rate does not fall with age")


def test_both_marts_are_released_for_a_large_organisation_as_they_are() -> None:
    spaces = Spaces().add(0, 20, created=0, n=12)
    for table in ("mart_space_life", "mart_space_curve"):
        mart = ANALYSES[table].estimate(spaces.tables())
        shown = release_large_organisation(mart, ("subject",), as_of=day(END), policy=Policy())
        assert shown.equals(mart.filter(pl.col("platform") == "all"))  # of slack, nobody was eligible
