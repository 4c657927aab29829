"""The lead-by-example estimate on simulated panels, beside what is usually done: the truth is known in each world.

`naive` is the mean of each unit's 8 weeks after its start less the 8 before (t test over units), `series` an
interrupted time series of the started units' mean share at the median start (statsmodels OLS with a change of level
and of slope, Newey-West covariance with lag 4, t distribution; the change of level is tested). Neither has a
comparison group.
`interval` and `bootstrap` are how often the interval holds the truth, `least pp` the smallest detectable effect.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import statsmodels.api as sm
from scipy import stats

from models.statistics.panel import AFTER, BEFORE, Panel
from tests.models.effect_rates import SEED, measure
from tests.models.simulated_panels import (
    CAMPAIGN_STARTS,
    CAMPAIGN_WORLD,
    EARLY_GROW,
    EARLY_HALF_GROWS,
    JOINERS_GROW,
    NULL,
    PLANTED,
    PLANTED_EARLY,
    RAMP,
    REVERSE,
    simulate,
)

WORLDS = (
    NULL,
    CAMPAIGN_WORLD,
    CAMPAIGN_STARTS,
    JOINERS_GROW,
    EARLY_GROW,
    EARLY_HALF_GROWS,
    REVERSE,
    PLANTED,
    PLANTED_EARLY,
    RAMP,
    replace(PLANTED, name="5 points, 40 units of 10 to 60", n_units=40, people=(10, 60)),
)
LAG = 4
PANELS = 300
"""Of each world; a share of 5 % is then known to within 2.5 points."""


def rows(n_panels: int) -> Iterator[dict[str, str]]:
    """Per world: how often each way finds an effect, how often ours declines, and how often its intervals are right."""
    for world in WORLDS:
        rates = measure(world, n_panels, n_draws=199)
        rng = np.random.default_rng(SEED)
        panels = [simulate(world, rng) for _ in range(n_panels)]
        sizes = [one.sample.n_treated for one in rates.estimates]
        yield {
            "world": world.name,
            "starts": f"{np.mean(sizes):.0f} of {world.n_units}",
            "naive": _percent([before_after(panel) for panel in panels]),
            "series": _percent([interrupted_series(panel) for panel in panels]),
            "ours": f"{rates.found:.1%}",
            "flagged": f"{rates.flagged:.1%}",
            "refused": f"{rates.refused:.1%}",
            "mean pp": f"{np.mean([one.effect.value_pp for one in rates.estimates]):+.2f}",
            "interval": f"{rates.covered:.1%}",
            "bootstrap": f"{rates.covered_by_bootstrap:.1%}",
            "least pp": f"{rates.minimum_pp:.1f}",
        }


def power_rows(n_panels: int) -> Iterator[dict[str, str]]:
    """Whether the smallest detectable effect is found in 80 % of the panels, as it says."""
    for n_units in (30, 60, 120):
        empty = replace(CAMPAIGN_WORLD, n_units=n_units)
        smallest = measure(empty, n_panels).minimum_pp
        rates = measure(replace(empty, effect_pp=smallest), n_panels)
        estimated = 1 - rates.flagged - rates.refused
        yield {
            "units": str(n_units),
            "starts": f"{np.mean([one.sample.n_treated for one in rates.estimates]):.0f}",
            "smallest detectable pp": f"{smallest:.2f}",
            "found of the estimated": f"{rates.found / estimated:.1%}",
        }


def before_after(panel: Panel) -> float:
    """The p of the mean difference between the weeks from the start on and those before."""
    differences = [
        panel.shares[unit, start : start + AFTER].mean() - panel.shares[unit, start - BEFORE : start].mean()
        for unit, start in enumerate(panel.start.tolist())
        if BEFORE <= start <= panel.n_weeks - AFTER
    ]
    return float(stats.ttest_1samp(differences, 0).pvalue)


def interrupted_series(panel: Panel) -> float:
    """The p of the change of level at the median start."""
    started = panel.start >= 0
    week = np.arange(panel.n_weeks)
    begin = int(np.median(panel.start[started]))
    since = (week >= begin).astype(float)
    terms = sm.add_constant(np.column_stack([week, since, since * (week - begin)]))
    model = sm.OLS(panel.shares[started].mean(axis=0), terms)
    return float(model.fit(cov_type="HAC", cov_kwds={"maxlags": LAG}, use_t=True).pvalues[2])


def _percent(p_values: list[float]) -> str:
    return f"{np.mean(np.array(p_values) <= 0.05):.1%}"
