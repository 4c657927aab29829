"""Do an executive's own people take part more once the executive does? One estimate per platform, or why there is none.

The design is `models.statistics.event_study`'s.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from models.analyses.analysis import Analysis, Row, Tables, as_mart, histories
from models.analyses.lead_panel import lead_panel
from models.metrics.lead_effect import ESTIMATED, FLAGGED, REFUSED
from models.statistics.event_study import Estimate, Finding, Flagged, Refusal, Result, study

READS: Final = ("meta", "prep_period", "prep_lead_week")
NOBODY: Final = "no executive has people of their own"
_ELSEWHERE: Final = "n_elsewhere"


def estimate(tables: Tables) -> pl.DataFrame:
    """The rows of `mart_lead_effect`."""
    rows = [head | _figures(weeks) for head, weeks in lead_platforms(tables)]
    return as_mart("mart_lead_effect", rows)


def lead_platforms(tables: Tables) -> Iterator[tuple[Row, pl.DataFrame]]:
    """For each platform and all of them together, the first columns of its row and its part of `prep_lead_week`."""
    for head, _ in histories(tables, "week"):
        of_platform = tables["prep_lead_week"].filter(pl.col("platform") == head["platform"])
        last = of_platform.filter(pl.col("is_observed"))["period_start"].max()
        people = of_platform.filter(pl.col("period_start") == last)["n_eligible"].sum() if last else 0
        yield head | {
            "n_eligible": int(people), "n_leaders": of_platform["leader_person_id"].n_unique(),
        }, of_platform  # fmt: skip


def result_of(weeks: pl.DataFrame) -> Result | None:
    """The study of one platform; None where no executive has people of their own."""
    if weeks.is_empty():
        return None
    other = lead_panel(weeks, column=_ELSEWHERE) if weeks[_ELSEWHERE].is_not_null().any() else None
    return study(lead_panel(weeks), other=other)


def _figures(weeks: pl.DataFrame) -> Row:
    result = result_of(weeks)
    if result is None:
        return {"verdict": REFUSED, "reason": NOBODY}
    figures: Row = {
        "n_starts": result.sample.n_treated,
        "n_later_starts": result.sample.n_controls,
        "n_never_started": result.sample.n_left_out("never started"),
        "minimum_pp": result.minimum_pp,
    }
    match result:
        case Refusal():
            return figures | {
                "verdict": REFUSED,
                "reason": result.reason,
                "n_needed_starts": result.n_needed,
                "n_needed_later_starts": result.n_needed_later_starts,
                "n_needed_people": result.n_needed_eligible,
            }
        case Flagged():
            return figures | {
                "verdict": FLAGGED,
                "reason": "people were taking part more, or less, already before the executive did",
                "before_p": result.before_p,
                **_finding("reverse", result.reverse),
            }
        case Estimate():
            return figures | {
                "verdict": ESTIMATED,
                "wording": result.wording,
                "unadjusted_pp": result.unadjusted_pp,
                "resampled_pp_low": result.bootstrap_low_pp,
                "resampled_pp_high": result.bootstrap_high_pp,
                "before_p": result.before_p,
                **_finding("effect", result.effect),
                **_finding("reverse", result.reverse),
                **_finding("fake_dates", result.fake_dates),
                **_finding("elsewhere", result.other_outcome),
            }


def _finding(name: str, found: Finding | None) -> Row:
    if found is None:
        return {}
    return {
        f"{name}_pp": found.value_pp, f"{name}_pp_low": found.low_pp, f"{name}_pp_high": found.high_pp,
        f"{name}_p": found.p,
    }  # fmt: skip


ANALYSIS: Final = Analysis("do an executive's own people take part more once the executive does?", READS, estimate)
