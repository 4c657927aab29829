"""Interrupted time series against statsmodels called directly, a published figure, and what it refuses."""

import csv
from datetime import date
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from scipy.linalg import toeplitz
from scipy.optimize import minimize_scalar
from statsmodels.regression.linear_model import GLS, OLS

from models.statistics.cannot_tell import CannotTell
from models.statistics.interrupted import LABEL, Interruption, design, interruption, lags_of, likeliest_correlation

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def series(seed: int, n: int = 40, correlation: float = 0.4) -> list[float]:
    random = np.random.default_rng(seed)
    values = [0.0]
    for noise in random.standard_normal(n + 20):
        values.append(correlation * values[-1] + noise)
    return [10 + 0.1 * i + value for i, value in enumerate(values[-n:])]


def told(values: list[float], n_before: int, **how: object) -> Interruption:
    found = interruption(values, n_before, **how)
    assert isinstance(found, Interruption)
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n_lags", [None, 0, 6])
def test_newey_west_equals_statsmodels(seed: int, n_lags: int | None) -> None:
    y, t = series(seed), np.arange(1, 41)
    x = np.column_stack([np.ones(40), t, t > 15, (t > 15) * (t - 16)])
    peer = OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": 4 if n_lags is None else n_lags}, use_t=True)
    found = told(y, 15, errors="newey_west", n_lags=n_lags)
    for i, change in ((2, found.level), (3, found.slope)):
        ours = [change.value, change.low, change.high, change.p_value, change.standard_error]
        assert ours == pytest.approx([peer.params[i], *peer.conf_int()[i], peer.pvalues[i], peer.bse[i]], rel=1e-9)
    assert (found.degrees_of_freedom, found.correlation, found.n_before, found.n_after) == (36, None, 15, 25)
    assert found.label == LABEL == "no comparison group"


@pytest.mark.parametrize("seed", range(4))
def test_autoregressive_equals_generalised_least_squares_at_the_likeliest_correlation(seed: int) -> None:
    y, x = np.array(series(seed, correlation=0.6)), design(40, 20)

    def slow(r: float) -> float:
        """The restricted likelihood from the covariance itself, without any whitening."""
        v = toeplitz(r ** np.arange(40)) / (1 - r * r)
        inverse = np.linalg.inv(v)
        fisher = x.T @ inverse @ x
        rest = y - x @ np.linalg.solve(fisher, x.T @ inverse @ y)
        return (
            np.linalg.slogdet(v)[1] + np.linalg.slogdet(fisher)[1] + 36 * np.log(rest @ inverse @ rest)
        )

    best = minimize_scalar(slow, bounds=(0, 0.98), method="bounded").x
    found = told(y.tolist(), 20)
    assert found.correlation == pytest.approx(best, abs=0.011)
    peer = GLS(y, x, sigma=toeplitz(found.correlation ** np.arange(40))).fit()
    assert [found.level.value, found.level.standard_error] == pytest.approx([peer.params[2], peer.bse[2]])
    assert found.degrees_of_freedom == min(36, 40 * (1 - found.correlation) / (1 + found.correlation))


def test_without_correlation_it_is_least_squares() -> None:
    # neighbours alternate, so that the likeliest correlation from 0 on is 0
    y = [5 + (-1) ** i * (1 + i % 3) for i in range(30)]
    assert likeliest_correlation(np.array(y, dtype=float), design(30, 15)) == 0
    peer = OLS(y, design(30, 15)).fit()
    assert told(y, 15).level.low == pytest.approx(peer.conf_int()[2][0])


def test_a_planted_change_is_found() -> None:
    random = np.random.default_rng(3)
    y = [10 + 0.2 * t + (3 + 0.5 * (t - 31) if t > 30 else 0) + random.normal(0, 0.3) for t in range(1, 61)]
    found = told(y, 30)
    assert found.level.low <= 3 <= found.level.high
    assert found.slope.low <= 0.5 <= found.slope.high
    assert found.level.p_value < 1e-6
    # 80 % power: t(97.5 %) + t(80 %) standard errors, a little above 2.8 of them
    assert 2.8 < found.level.detectable / found.level.standard_error < 3


def test_lags_of_weeks() -> None:
    assert [lags_of(n) for n in (24, 52, 104, 500)] == [4, 4, 4, 5]


@pytest.mark.parametrize(("values", "n_before", "reason"), [
    ([1.0, 2.0] * 12, 11, "too few periods on one side of the event"),
    ([1.0, 2.0] * 12, 30, "too few periods on one side of the event"),
    ([*[1.0, 2.0] * 12, None], 12, "some periods are not observed"),
    ([7.0] * 30, 15, "the series does not vary around its lines"),
    ([float(i) for i in range(30)], 15, "the series does not vary around its lines"),
])  # fmt: skip
def test_it_refuses(values: list[float | None], n_before: int, reason: str) -> None:
    found = interruption(values, n_before)
    assert isinstance(found, CannotTell)
    assert found.reason == reason


@pytest.mark.real_data
@pytest.mark.skipif(not DATA.is_dir(), reason="the real data does not lie beside the checkout")
def test_the_published_figures_of_collaboration_hours() -> None:
    weeks: dict[date, list[float]] = {}
    with (DATA / "roster" / "pq_data.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            weeks.setdefault(date.fromisoformat(row["MetricDate"]), []).append(float(row["Collaboration_hours"]))
    values = [fmean(weeks[week]) for week in sorted(weeks)]
    n_before = sum(week <= date(2024, 6, 30) for week in weeks)
    published = told(values, n_before, errors="newey_west", n_lags=0).level
    assert round(published.value, 6) == -0.592277
    assert round(published.p_value, 6) == 0.001405
    assert (round(published.low, 4), round(published.high, 4)) == (-0.9367, -0.2479)
    # with errors that may depend on each other much of that certainty is gone
    honest = told(values, n_before).level
    assert (round(honest.low, 2), round(honest.high, 2), round(honest.p_value, 3)) == (-1.11, -0.08, 0.025)
