"""At which layer of management does participation stop, and does it go with that of the manager?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    PEOPLE,
    PERIOD,
    Mart,
    Metric,
    count,
    key,
    number,
    share_with_bounds,
)

_SOURCES: Final = f"{EXPORTS}; layers or managers on the roster"
_GRAIN: Final = "period, platform, layer (of the last employed day); the whole organisation only"

MART: Final = Mart(
    "mart_layers",
    "Contributors by layer of management, and how they go with their managers; n_eligible are the people of the layer.",
    (
        Metric(
            "cascade", 1, "Contributors by layer", "At which layer does participation stop?",
            "contributors of the layer; the share one layer up minus this share", "people of the layer", PERIOD, _GRAIN,
            f"{PEOPLE}; people whose layer is not known", _SOURCES, MINIMUM_GROUP,
            (
                count("n_contributors", "Eligible people of the layer with a contribution."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_eligible."),
                number("drop_from_above", "contributor_ratio one layer up minus this one; below 0 where it rises."),
            ),
        ),
        Metric(
            "manager_association", 1, "Reports of contributing and of silent managers",
            "Do people contribute where their manager does?",
            "people of the layer with a contribution", "people of the layer whose manager contributes; is silent",
            PERIOD, _GRAIN,
            f"{PEOPLE}; people whose manager is not known or not counted in the period. An association: it does not "
            "say who follows whom",
            _SOURCES, MINIMUM_GROUP,
            (
                count("n_boss_active", "People whose manager contributes."),
                *share_with_bounds("p_active_boss_active_ratio", "Share of them who contribute."),
                count("n_boss_silent", "People whose manager is counted and contributes nothing."),
                *share_with_bounds("p_active_boss_silent_ratio", "Share of them who contribute."),
            ),
        ),
    ),
    keys=(key("layer", "count", "Layer of management, 0 at the top."),),
)
