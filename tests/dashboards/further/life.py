"""How long spaces of the made-up companies live: large ones have figures, but too few wikis."""

from typing import Any

from models.metrics.space_life import AS_FEW, PUBLISHED_CONTINUOUS
from models.statistics.intervals import wilson_bounds
from tests.dashboards.companies import Company

Row = dict[str, Any]
_TOO_FEW = "too few are followed from their launch on"


def lives_of_spaces(company: Company) -> dict[str, list[Row]]:
    """Rows of `rel_space_life` and `rel_space_curve`; none of a small organisation. Without a roster wikis are many."""
    if company.people < 200:
        return {}
    head = {
        "period_kind": "history", "period_start": company.first.replace(day=1), "period_end": company.as_of,
        "platform": "all", "unit": "all", "is_complete": False, "n_observed_days": 400, "n_eligible": company.people,
    }  # fmt: skip
    many = 0 if company.units else 40
    kinds = {"wiki_space": (4 + many, 0), "page": (410, 286), "channel": (28, 17), "community": (12, 10)}
    if company.unknown:
        kinds = {"wiki_space": (9, 0), "page": (410, 286), "channel": (28, 9)}
    life = [head | {"subject": kind} | _life(kind, *sizes, company) for kind, sizes in kinds.items()]
    # the wiki as well, of which only its own page speaks, here and in the curves
    wiki = next((name for name in company.lag if name not in ("slack", "yammer")), next(iter(company.lag)))
    life.append(life[1] | {"platform": wiki, "n_spaces": 319})
    curve = [head | {"subject": kind} | point
             for kind, (_, n) in kinds.items() if n >= 10 for point in _points(kind, n)]  # fmt: skip
    curve += [point | {"platform": wiki} for point in curve if point["subject"] == "page"]
    return {"rel_space_life": life, "rel_space_curve": curve}


def _life(kind: str, n_spaces: int, n_followed: int, company: Company) -> Row:
    n_unknown = 3 if company.unknown else 0
    row: Row = {"n_spaces": n_spaces, "n_unknown": n_unknown, "n_followed": n_followed, "n_ended": n_followed // 2}
    if n_spaces - n_unknown >= 10:
        row |= _states(n_spaces - n_unknown)
    if kind == "wiki_space":
        row["published_continuous_ratio"] = PUBLISHED_CONTINUOUS
        if n_spaces >= 10:
            row |= {"n_year_old": 40, "n_continuous": 2, "continuous_ratio": 0.05, "continuous_ratio_low": 0.014,
                    "continuous_ratio_high": 0.165, "continuity_verdict": AS_FEW}  # fmt: skip
    if n_followed < 10:
        return row | {"survival_reason": _TOO_FEW, "half_life_reason": _TOO_FEW}
    if kind == "community":
        return row | {"n_ended": 0, "survival_90d_ratio": 1.0, "half_life_reason": "too few events"}
    return row | {
        "survival_90d_ratio": 0.61, "survival_90d_ratio_low": 0.545, "survival_90d_ratio_high": 0.669,
        "median_life_days": 110, "median_life_days_low": 80, "half_life_weeks": 14.0, "half_life_weeks_low": 12.6,
        "median_life_days_high": None if company.unknown or kind == "channel" else 127,
        "half_life_weeks_high": None if kind == "channel" else 15.7,
    }  # fmt: skip


def _states(n: int) -> Row:
    counts = {"revived": n // 30, "fading": n // 6, "forgotten": n // 8}
    counts["alive"] = n - sum(counts.values())
    low, high = wilson_bounds(counts["forgotten"], n)
    shares = {f"{state}_ratio": k / n for state, k in counts.items()}
    bounds = {"forgotten_ratio_low": low, "forgotten_ratio_high": high}
    return {f"n_{state}": k for state, k in counts.items()} | shares | bounds


def _points(kind: str, n: int) -> list[Row]:
    """A share that falls by steps; communities all live on, and channels are not followed so long."""
    points = []
    for day in range(0, 301 if kind == "channel" else 393, 7):
        share = 1.0 if kind == "community" else (0.95 if kind == "channel" else 0.88) * 0.9965**day
        low, high = (None, None) if share == 1 else (share * 0.85, 1 - (1 - share) * 0.8)
        points.append({
            "age_days": day, "survival_ratio": share, "survival_ratio_low": low, "survival_ratio_high": high,
            "n_followed": n * (400 - day) // 400,
        })  # fmt: skip
    return points
