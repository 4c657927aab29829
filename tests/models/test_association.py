"""Managers and reports: a slow check from the definition, by hand, false positives and what it refuses."""

import random as plain_random
from fractions import Fraction

import numpy as np
import pytest

from models.statistics.association import Association, Manager, association, permuted
from models.statistics.cannot_tell import CannotTell


def firm(random: np.random.Generator, n: int = 60, effect: float = 0.0, strata: int = 4) -> list[Manager]:
    """Strata differ in the rates of managers and of reports alike, so that a plain comparison would be misled."""
    managers = []
    for number in range(n):
        stratum = number % strata
        is_active = bool(random.random() < 0.25 + 0.15 * stratum)
        n_reports = int(random.integers(2, 10))
        rate = 0.15 + 0.15 * stratum + effect * is_active + random.normal(0, 0.05)
        n_active = int(random.binomial(n_reports, float(np.clip(rate, 0, 1))))
        managers.append(Manager(f"s{stratum}", is_active, n_reports, n_active))
    return managers


def told(managers: list[Manager]) -> Association:
    found = association(managers)
    assert isinstance(found, Association)
    return found


def slow(managers: list[Manager]) -> Fraction:
    """The adjusted difference: shares by stratum, each weighted by n1 n0 / n."""
    top, bottom = Fraction(0), Fraction(0)
    for stratum in {manager.stratum for manager in managers}:
        own = [manager for manager in managers if manager.stratum == stratum]
        n = {s: sum(m.n_reports for m in own if m.is_active == s) for s in (True, False)}
        a = {s: sum(m.n_active_reports for m in own if m.is_active == s) for s in (True, False)}
        if n[True] and n[False]:
            weight = Fraction(n[True] * n[False], n[True] + n[False])
            top += weight * (Fraction(a[True], n[True]) - Fraction(a[False], n[False]))
            bottom += weight
    return top / bottom


def shuffled(managers: list[Manager], random: plain_random.Random) -> list[Manager]:
    states: dict[str, list[bool]] = {}
    for manager in managers:
        states.setdefault(manager.stratum, []).append(manager.is_active)
    for own in states.values():
        random.shuffle(own)
    return [Manager(m.stratum, states[m.stratum].pop(), m.n_reports, m.n_active_reports) for m in managers]


@pytest.mark.parametrize(("seed", "effect"), [(1, 0.0), (2, 0.08), (3, 0.2)])
def test_estimate_p_value_and_interval_equal_the_slow_ones(seed: int, effect: float) -> None:
    managers, random = firm(np.random.default_rng(seed), effect=effect), plain_random.Random(seed)
    found = told(managers)
    exact = slow(managers)
    assert found.adjusted == pytest.approx(float(exact))
    drawn = [slow(shuffled(managers, random)) for _ in range(800)]
    tail = min(sum(one >= exact for one in drawn), sum(one <= exact for one in drawn))
    assert found.p_value == pytest.approx(min(1, 2 * (1 + tail) / 801), abs=0.07)
    assert found.detectable == pytest.approx(2.8016 * np.std([float(one) for one in drawn]), rel=0.1)
    again = sorted(float(slow(random.choices(managers, k=60))) for _ in range(800))
    assert (found.low, found.high) == pytest.approx((again[20], again[779]), abs=0.03)


def test_strata_do_not_mislead() -> None:
    # in each stratum reports are alike (1 of 10; 9 of 10), but active managers are mostly in the second
    managers = [
        *[Manager("a", True, 10, 1)] * 4, *[Manager("a", False, 10, 1)] * 16,
        *[Manager("b", True, 10, 9)] * 16, *[Manager("b", False, 10, 9)] * 4,
    ]  # fmt: skip
    found = told(managers)
    # 148 of 200 less 52 of 200
    assert found.difference == pytest.approx(0.48)
    assert (found.adjusted, found.p_value) == (pytest.approx(0), 1.0)
    assert (found.n_active_managers, found.n_silent_managers, found.n_reports, found.n_strata) == (20, 20, 400, 2)
    assert told(managers[::-1]) == found


def test_states_are_shuffled_within_strata() -> None:
    stratum = np.array([0, 0, 0, 1, 1, 2])
    drawn = permuted(np.array([1.0, 0, 0, 1, 1, 0]), stratum, np.random.default_rng(1))
    assert {tuple(row @ np.eye(3)[stratum]) for row in drawn} == {(1, 2, 0)}
    # each of the first three as often as the others
    assert drawn[:, :3].mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.05)


def test_false_positives_power_and_coverage() -> None:
    random = np.random.default_rng(7)
    null = [told(firm(random)) for _ in range(120)]
    assert 0.01 <= np.mean([found.p_value <= 0.05 for found in null]) <= 0.1
    planted = [told(firm(random, effect=0.2)) for _ in range(60)]
    assert np.mean([found.p_value <= 0.05 for found in planted]) >= 0.85
    held = [found.low <= 0 <= found.high for found in null] + [one.low <= 0.2 <= one.high for one in planted]
    assert np.mean(held) == pytest.approx(0.94, abs=0.035)


def test_it_refuses_with_too_few_managers_side_by_side() -> None:
    active, silent = Manager("a", True, 3, 1), Manager("a", False, 3, 1)
    few = association([*[active] * 4, *[silent] * 30])
    assert few == CannotTell("too few active or too few silent managers side by side", 4, 5)
    assert association([*[active] * 9, *[silent] * 9]) == CannotTell("too few managers", 18, 20)
    # apart they cannot be compared, and managers without reports do not count
    apart = association([*[active] * 30, *[Manager("b", False, 3, 1)] * 30, *[Manager("a", False, 0, 0)] * 30])
    assert apart == CannotTell("too few active or too few silent managers side by side", 0, 5)
    alike = association([*[Manager("a", True, 3, 3)] * 10, *[Manager("a", False, 3, 3)] * 10])
    assert alike == CannotTell("all reports are in the same state")
