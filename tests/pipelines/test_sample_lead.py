"""The planted effect of department heads on their people: found where it is, gone where their dates are shuffled."""

import numpy as np
import polars as pl
import pytest

from models.analyses.lead_panel import lead_panel
from models.statistics.event_study import Estimate, Refusal, study
from models.statistics.panel import Panel


@pytest.fixture(scope="module")
def weeks(acme_live) -> pl.DataFrame:
    names = (
        "period_start", "platform", "leader_person_id", "is_observed", "n_eligible", "n_contributors", "n_elsewhere",
        "is_leader_active",
    )  # fmt: skip
    rows = acme_live.rows(f"select {', '.join(names)} from prep_lead_week where platform = 'all'")
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def test_the_interval_of_the_effect_holds_the_planted_one(acme, truth):
    planted = 100 * truth["planted"]["heads"]["planted_rise"]
    low, high, wording, n_starts = acme.rows(
        "select effect_pp_low, effect_pp_high, wording, n_starts from rel_lead_effect where platform = 'all'"
    )[0]
    assert 0 < low < planted < high
    assert wording == "associated"
    assert n_starts >= 10


def test_with_shuffled_dates_the_effect_vanishes(weeks):
    """999 of the reshuffles are the test itself; these are drawn apart and go through all of it."""
    panel, rng = lead_panel(weeks), np.random.default_rng(20_261_128)
    dated = np.flatnonzero(panel.start >= 0)
    values = []
    for _ in range(20):
        start = panel.start.copy()
        start[dated] = rng.permutation(start[dated])
        found = study(Panel(panel.k, panel.n, panel.observed, start), n_permutations=199, n_draws=1)
        if isinstance(found, Estimate):
            values.append(found.effect)
    true = study(panel)
    assert isinstance(true, Estimate)
    assert len(values) >= 10
    assert abs(np.mean([effect.value_pp for effect in values])) < true.effect.value_pp / 2
    assert sum(effect.is_different for effect in values) <= len(values) / 5


def test_with_too_few_leaders_there_is_no_estimate_but_a_need(weeks):
    few = sorted(weeks["leader_person_id"].unique())[:8]
    found = study(lead_panel(weeks.filter(pl.col("leader_person_id").is_in(few))))
    assert isinstance(found, Refusal)
    assert found.sample.n_treated < found.n_needed


def test_heads_who_never_begin_are_no_starts(weeks, truth):
    panel = lead_panel(weeks)
    planted = truth["planted"]["heads"]
    large = [d for d in planted["departments"].values() if d["members"] >= 15]
    n_found = int(np.sum(panel.start >= 0))
    # departments of one to four people have heads with starts too; one head or two may miss a week
    assert len(large) - 2 <= n_found <= planted["n_begin"]


def test_people_who_rise_in_the_week_in_which_their_head_begins_give_no_order(acme):
    """The heads' people gain in that very week and keep it: both sides go with the other's past, and neither leans."""
    verdict, people_p, leaders_p, lean_p = acme.rows(
        "select verdict, people_follow_p, leaders_follow_p, lean_p from rel_direction where platform = 'all'"
    )[0]
    assert verdict == "both"
    assert max(people_p, leaders_p) <= 0.05 < lean_p


def test_layers_are_shown_below_the_two_upper_ones(acme):
    layers = acme.rows("select layer, min(n_eligible) from rel_cascade group by layer order by layer")
    assert [layer for layer, _ in layers] == [2, 3, 4]
    assert min(n for _, n in layers) >= 10
