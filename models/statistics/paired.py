"""How much a share of people changed, when the same people are looked at twice.

Shares of different people are compared in `models.comparison`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class PairedChange:
    """The mean change of a share, in 0 to 1, its interval, and the standard error behind that."""

    change: float
    low: float
    high: float
    error: float


def paired_change(differences: Sequence[float], *, level: float = 0.95) -> PairedChange:
    """The mean of the differences that each person made, each between -1 and 1, and its interval at `level`.

    Wald's interval of a mean after one person more who went all the way up and one who went all the way down, so that
    it never has width 0. For yes-or-no answers, where differences are -1, 0 or 1, this is the adjusted interval of
    Bonett & Price 2012 for paired proportions. The mean itself is not adjusted, and the interval is cut at
    -1 and 1. Raises ValueError without anybody.
    """
    n = len(differences)
    if n == 0:
        raise ValueError("nobody to compare")
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = fsum(differences) / (n + 2)
    variance = (fsum(one * one for one in differences) + 2) / (n + 2) - centre * centre
    error = sqrt(variance / (n + 2))
    return PairedChange(fsum(differences) / n, max(-1.0, centre - z * error), min(1.0, centre + z * error), error)
