"""Does participation go on below a layer of management, and at which layer does it stop?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    PEOPLE,
    TOLD_COARSELY,
    Column,
    Mart,
    Metric,
    count,
    key,
    number,
    share,
    share_with_bounds,
)

GOES_ON: Final = "goes on"
DROPS: Final = "drops"
UNRELATED: Final = "unrelated"
CANNOT_TELL: Final = "cannot tell"
SMALL_PP: Final = 10.0
"""Percentage points: a smaller drop is none, unless the share falls by half; a smaller association counts as none."""
_SOURCES: Final = f"{EXPORTS}; layers or managers on the roster"
_GRAIN: Final = "month, layer (of the last employed day); the whole organisation, all platforms together"
_EXCLUSIONS: Final = f"{PEOPLE}; people whose layer is not known"

MART: Final = Mart(
    "mart_cascade",
    "Does participation go on below each layer of management? n_eligible are the people of the layer.",
    (
        Metric(
            "layer_step", 1, "Where participation stops", "Below which layer of management does participation stop?",
            "share of contributors in the layer and in the next one; it drops if the 95 % interval of their difference "
            f"lies above 0 and the difference is at least {SMALL_PP:.0f} points or half of the layer's share",
            "people of the layer", "month", _GRAIN,
            f"{_EXCLUSIONS}. Never told of the top layer, nor of fewer than 10 people in the layer or the next; where "
            "layers above cannot be told, the stop is the first one that can", _SOURCES, MINIMUM_GROUP,
            (
                count("n_contributors", "Eligible people of the layer with a contribution."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_eligible."),
                count("n_without_layer", "Eligible people of the month whose layer is not known."),
                number("drop_pp", "The layer's share of contributors less that of the next, percentage points."),
                number("drop_pp_low", "95 % lower bound (Newcombe's hybrid score interval)."),
                number("drop_pp_high", "95 % upper bound."),
                Column("verdict", "text", "Below the layer, participation goes on (reports contribute more under "
                       "contributing managers, and their layer's share is no clear drop), drops, or is unrelated to "
                       "the managers' (any association of 10 points is excluded).",
                       is_nullable=False, one_of=(GOES_ON, DROPS, UNRELATED, CANNOT_TELL)),
                Column("reason", "text", "Why nothing can be told."),
                count("stops_at", "First layer below which it drops; NULL if none is shown."),
            ),
            reference="difference of shares: Newcombe 1998, method 10",
        ),
        Metric(
            "layer_association", 1, "Reports of contributing and of silent managers, by layer",
            "Do people contribute more where their manager does?",
            "share of contributors among direct reports of managers of the layer who contribute, less that among "
            "reports of silent managers, within units (Mantel-Haenszel); managers permuted within units",
            "direct reports whose manager is counted in the month", "month", _GRAIN,
            f"{_EXCLUSIONS}; units in which all managers of the layer contribute, or none. Answers to the manager "
            "count. An association at one time: it does not say who follows whom. Not told of fewer than 20 managers, "
            "or of fewer than 5 who contribute or are silent",
            _SOURCES, MINIMUM_GROUP,
            (
                number("association_pp", "Difference, percentage points of reports."),
                number("association_pp_low", "95 % lower bound: managers resampled with their reports."),
                number("association_pp_high", "95 % upper bound."),
                share("association_p", "Share of the permutations at least as far out, both tails."),
                number("association_minimum_pp", "Smallest difference that would be found in 80 of 100 cases."),
                count("n_managers", "Managers of the layer who are compared."),
                count("n_active_managers", "Of these, managers who contribute."),
                count("n_reports", "Their direct reports."),
            ),
            reference="risk difference: Greenland & Robins 1985; + 1 in permutations: Phipson & Smyth 2010",
        ),
    ),
    keys=(key("layer", "count", "Layer of management, 0 at the top."),),
    released_rows=f"Closed months, the layers that the breakdown shows by name, never the top one. {TOLD_COARSELY}",
)  # fmt: skip
