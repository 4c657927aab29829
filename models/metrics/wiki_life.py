"""How many pages and spaces live on, and how long they live."""

from typing import Final

from models.metrics.entry import MINIMUM_GROUP, Mart, Metric, count, key, share

_MONTH: Final = "month, as of its last day of which exports tell"
_GRAIN: Final = "month, platform, page or space; all units together"
_LEFT_OUT: Final = (
    "edits by bots, null edits, uploads; talk pages as pages; what no person ever edited; wikis whose exports do not "
    "show all edits. Reading is not seen: forgotten by editors is not unused"
)
_COHORT: Final = f"{_LEFT_OUT}; whose creation is not in the exports or is followed by a day of which none tells"
_SOURCES: Final = "full histories (MediaWiki, Confluence); unknown elsewhere"

MART: Final = Mart(
    "mart_wiki_life",
    "How many pages and spaces live on, and how long they live.",
    (
        Metric(
            "wiki_states", 1, "Alive, fading, forgotten, revived", "How many pages and spaces are still cared for?",
            "pages or spaces by days since the last creation, edit (minor ones too) or comment by a person: up to 90 "
            "alive, or revived if ever forgotten before; 91 to 180 fading; more forgotten",
            "forgotten_ratio: those in a known state", _MONTH, _GRAIN, _LEFT_OUT, _SOURCES, MINIMUM_GROUP,
            (
                count("n_subjects", "Pages or spaces that people have edited; the sum of the five states."),
                count("n_alive", "Edited in the last 90 days, never forgotten before."),
                count("n_revived", "Edited in the last 90 days, forgotten at some time before."),
                count("n_fading", "Last edited 91 to 180 days ago."),
                count("n_forgotten", "Last edited more than 180 days ago."),
                count("n_unknown", "Silent, but a day of which no export tells could have changed the state."),
                share("forgotten_ratio", "n_forgotten / (n_subjects - n_unknown)."),
            ),
        ),
        Metric(
            "wiki_survival", 1, "Survival of pages and spaces", "How long do pages and spaces live?",
            "Kaplan-Meier share whose life from the first to the last edit by a person is longer than 14, 90, 365 "
            "days; ended: silent for more than 90 days to the end of the month; the others are followed to 91 days "
            "before it",
            "pages or spaces created in observed time, more than 90 days before", _MONTH, _GRAIN, _COHORT, _SOURCES,
            MINIMUM_GROUP,
            (
                count("n_followed", "Pages or spaces in the curve."),
                count("n_ended", "Those of them whose life ended; one that is taken up again lives on."),
                share("survival_14d_ratio", "Live longer than 14 days; NULL where none is followed that long."),
                share("survival_90d_ratio", "Live longer than 90 days."),
                share("survival_365d_ratio", "Live longer than 365 days."),
                count("median_life_days", "First day on which at most half live on; NULL if not reached."),
            ),
            reference="Kaplan and Meier 1958; dead after 90 days without an edit",
        ),
        Metric(
            "wiki_half_life", 1, "Half-life of activity", "How soon is half of the work on a page or space done?",
            "first week of life by which half of the edits of the first 52 weeks were made",
            None, _MONTH, _GRAIN, f"{_COHORT}; younger than 52 weeks", _SOURCES, MINIMUM_GROUP,
            (count("half_life_weeks", "Week of life, the first is 1; NULL without any old enough.", at_least=1),),
        ),
        Metric(
            "wiki_continuity", 1, "Continuous pages and spaces", "Which share is edited month after month?",
            "pages or spaces with an edit in every one of the last 12 months",
            "pages or spaces first edited in the first of them or before", "12 months to the end of the month", _GRAIN,
            f"{_LEFT_OUT}; NULL unless all 12 months are observed", _SOURCES, MINIMUM_GROUP,
            (
                count("n_year_old", "Pages or spaces at least 12 months old."),
                count("n_continuous", "Those of them with an edit in every month."),
                share("continuous_ratio", "n_continuous / n_year_old."),
            ),
            reference="in the spirit of Arazy et al. 2009 on continuous corporate wikis",
        ),
    ),
    keys=(key("subject", "text", "Pages, or spaces.", one_of=("page", "space")),),
)
