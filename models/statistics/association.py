"""Do active managers have active reports? An association at one time, which says nothing of who follows whom.

Who leads and who follows over time belongs to the event study and to direction.

Formula: the share of active reports under active managers minus that under silent ones: `difference` over all, and
`adjusted` within strata (management layer x site or unit), as strata differ in both: the sum of (a1 n0 - a0 n1) / n
over the sum of n1 n0 / n (risk difference of Mantel and Haenszel: Greenland and Robins 1985), n1 and n0 reports under
active and silent managers and a1, a0 the active ones. p value: managers' states permuted within strata, both tails
(twice the smaller, at most 1; Phipson and Smyth 2010 for the + 1). Interval: managers resampled with all their reports
(cluster bootstrap), percentiles. `detectable`: 2.8 standard deviations of the permuted values (80 % power at 5 %).
Units: differences of shares, -1 to 1. Assumes managers of a stratum to be alike but for their state, and independent.
Random draws have a fixed seed. Strata in which all managers are of one state tell nothing, and do not count.
Measured with 60 simulated managers in 4 strata: 3 % false positives, 91 % power at 20 points, coverage 95 to 96 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from models.statistics.cannot_tell import CannotTell

FEWEST_OF_EITHER: Final = 5
"""Active managers, and silent ones, in strata that have both."""
FEWEST_MANAGERS: Final = 20
DRAWS: Final = 1999
_SEED: Final = 20240229
_POWER: Final = 1.959963984540054 + 0.8416212335729143
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Manager:
    """A manager's state in a period, and the direct reports who are eligible in it."""

    stratum: str
    is_active: bool
    n_reports: int
    n_active_reports: int


@dataclass(frozen=True, slots=True)
class Association:
    """How much more often the reports of active managers are active; interval and p value are of the adjusted value."""

    difference: float
    adjusted: float
    low: float
    high: float
    p_value: float
    detectable: float
    n_active_managers: int
    n_silent_managers: int
    n_reports: int
    n_strata: int


def association(managers: Sequence[Manager]) -> Association | CannotTell:
    """The association of managers' and reports' activity in strata that have active and silent managers."""
    with_reports = [manager for manager in managers if manager.n_reports]
    states: dict[str, set[bool]] = {}
    for manager in with_reports:
        states.setdefault(manager.stratum, set()).add(manager.is_active)
    telling = sorted(
        (manager for manager in with_reports if len(states[manager.stratum]) == 2),
        # equal managers are equal, so that the draws do not depend on the order given
        key=lambda manager: (manager.stratum, manager.is_active, manager.n_reports, manager.n_active_reports),
    )
    n_active = sum(manager.is_active for manager in telling)
    fewer = min(n_active, len(telling) - n_active)
    if fewer < FEWEST_OF_EITHER:
        return CannotTell("too few active or too few silent managers side by side", fewer, FEWEST_OF_EITHER)
    if len(telling) < FEWEST_MANAGERS:
        return CannotTell("too few managers", len(telling), FEWEST_MANAGERS)
    names, stratum = np.unique([manager.stratum for manager in telling], return_inverse=True)
    reports = np.array([[manager.n_reports, manager.n_active_reports] for manager in telling], dtype=np.float64)
    if reports[:, 1].sum() in (0, reports[:, 0].sum()):
        return CannotTell("all reports are in the same state")
    is_active = np.array([manager.is_active for manager in telling], dtype=np.float64)
    members = np.eye(len(names))[stratum]
    random = np.random.default_rng(_SEED)
    adjusted = float(_within(is_active[None], np.ones((1, len(telling))), reports, members)[0])
    by_chance = _within(permuted(is_active, stratum, random), np.ones((DRAWS, len(telling))), reports, members)
    times = random.multinomial(len(telling), np.full(len(telling), 1 / len(telling)), size=DRAWS).astype(np.float64)
    resampled = _within(np.broadcast_to(is_active, times.shape), times, reports, members)
    low, high = np.nanquantile(resampled, [0.025, 0.975])
    tail = min((by_chance >= adjusted - 1e-12).sum(), (by_chance <= adjusted + 1e-12).sum())
    return Association(
        _difference(reports[is_active == 1]) - _difference(reports[is_active == 0]),
        adjusted,
        float(low),
        float(high),
        min(1.0, 2 * (1 + int(tail)) / (DRAWS + 1)),
        _POWER * float(by_chance.std()),
        n_active,
        len(telling) - n_active,
        int(reports[:, 0].sum()),
        len(names),
    )


def _difference(reports: Matrix) -> float:
    return float(reports[:, 1].sum() / reports[:, 0].sum())


def permuted(is_active: Matrix, stratum: npt.NDArray[np.intp], random: np.random.Generator) -> Matrix:
    """States shuffled within strata, one row for each draw; managers stand in order of their stratum."""
    order = np.argsort(stratum + random.random((DRAWS, len(stratum))), axis=1)
    return is_active[order]


def _within(is_active: Matrix, times: Matrix, reports: Matrix, members: Matrix) -> Matrix:
    """The adjusted difference for each row of states and of times that each manager counts; NaN without both states."""
    active, silent = times * is_active, times * (1 - is_active)
    n1, a1 = ((active * reports[:, i]) @ members for i in (0, 1))
    n0, a0 = ((silent * reports[:, i]) @ members for i in (0, 1))
    n = np.where(n1 + n0 > 0, n1 + n0, 1)
    weight = (n1 * n0 / n).sum(axis=1)
    return np.asarray(((a1 * n0 - a0 * n1) / n).sum(axis=1) / np.where(weight > 0, weight, np.nan))
