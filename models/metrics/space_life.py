"""Which pages and public spaces live on, which are forgotten, and how long they live after their launch."""

from typing import Final

from models.metrics.entry import MINIMUM_GROUP, OF_THE_ORGANISATION, Column, Mart, Metric, count, key, number, share
from models.metrics.entry import share_with_bounds as bounded

SUBJECTS: Final = ("wiki_space", "page", "channel", "community", "blog")
PUBLISHED_CONTINUOUS: Final = 0.2
"""Less than this share of more than 13,000 wikis of one company was continuously active (`PUBLISHED`)."""
PUBLISHED: Final = (
    "Arazy et al., The Life Cycle of Corporate Wikis, WITS 2009, p. 163-168: of more than 13,000 wikis of one company "
    f"over 29 months less than {PUBLISHED_CONTINUOUS:.0%} show continuous activity"
)
MORE: Final = "more than published"
AS_FEW: Final = "as few as published"
UNDECIDED: Final = "not told apart from published"

GRAIN: Final = "platform, pages or kind of space; all units together"
HISTORY: Final = "all of history, as of the last day of which exports of the source tell"
LAUNCH: Final = (
    "creation where exports give its day; else the first contribution by a person: of pages and wikis if the first "
    "change is a creation, of other spaces if more than 90 days were seen before"
)
_LEFT_OUT: Final = (
    "bots, null edits, talk pages as pages; spaces that are not public, their pages, and spaces of one person; wikis "
    "whose exports do not show all edits. Reading is not seen: forgotten by writers is not unused"
)
COHORT: Final = f"{_LEFT_OUT}; launched before exports tell, or 90 days or less before they end or have a gap"
_SOURCES: Final = "lists of spaces and dated contributions; full histories (MediaWiki, Confluence) for wikis and pages"
REFERENCE: Final = (
    "Kaplan and Meier 1958; log-log interval: Kalbfleisch and Prentice 1980; of the median: Brookmeyer and Crowley 1982"
)


MART: Final = Mart(
    "mart_space_life",
    "Which pages and public spaces live on, which are forgotten, and how long they live after their launch. What rests "
    "on fewer than 10 of them is unknown.",
    (
        Metric(
            "space_states", 1, "Alive, fading, forgotten, revived", "Which spaces are still used?",
            "pages or spaces by days since the last contribution by a person (or the creation): up to 90 alive, or "
            "revived if ever forgotten before; 91 to 180 fading; more forgotten",
            "pages or spaces in a known state", HISTORY, GRAIN, _LEFT_OUT, _SOURCES, MINIMUM_GROUP,
            (
                *bounded("forgotten_ratio", "n_forgotten / (n_spaces - n_unknown)."),
                share("alive_ratio", "n_alive / (n_spaces - n_unknown)."),
                share("revived_ratio", "n_revived / (n_spaces - n_unknown)."),
                share("fading_ratio", "n_fading / (n_spaces - n_unknown)."),
                count("n_spaces", "Pages that people have edited, or public spaces, used or not."),
                count("n_alive", "Contributed to in the last 90 days, never forgotten before."),
                count("n_revived", "Contributed to in the last 90 days, forgotten at some time before."),
                count("n_fading", "Last contributed to 91 to 180 days ago."),
                count("n_forgotten", "Last contributed to more than 180 days ago, or never since the creation."),
                count("n_unknown", "Silent, but days of which no export tells could have changed the state."),
            ),
        ),
        Metric(
            "space_survival", 1, "Life after launch", "How long are new pages and spaces used?",
            "Kaplan-Meier share that has not fallen silent by a day after the launch; silent is more than 90 days "
            "without a contribution, counted from the last one before",
            "pages or spaces whose launch is seen, followed for more than 90 days",
            "from the launch to the first day of which no export tells", GRAIN,
            f"{COHORT}; whether it is taken up again later (wiki_survival lets it live on)", _SOURCES, MINIMUM_GROUP,
            (
                *(
                    Column(name, "share", text)
                    for day in (90, 365)
                    for name, text in (
                        (f"survival_{day}d_ratio", f"Used for more than {day} days; NULL if none is followed so long."),
                        (f"survival_{day}d_ratio_low", "95 % lower bound; NULL while none or all have fallen silent."),
                        (f"survival_{day}d_ratio_high", "95 % upper bound."),
                    )
                ),
                count("n_followed", "Pages or spaces in the curve."),
                count("n_ended", "Of these, fallen silent."),
                count("median_life_days", "First day by which at most half are still used; NULL if not reached."),
                count("median_life_days_low", "95 % lower bound."),
                count("median_life_days_high", "95 % upper bound; NULL if not reached."),
                Column("survival_reason", "text", "Why there is no curve."),
            ),
            reference=REFERENCE,
        ),
        Metric(
            "space_half_life", 1, "Half-life of activity", "How fast does activity fade after the launch?",
            "weeks in which the contributions per page or space and week halve: Poisson regression of the weeks 2 to "
            "52 after the launch, with the spread that the weeks show",
            "pages or spaces as in the curve, in each week those that were seen through it", HISTORY, GRAIN,
            f"{COHORT}; the first week, which is the launch itself", _SOURCES, MINIMUM_GROUP,
            (
                number("half_life_weeks", "Weeks in which activity halves."),
                number("half_life_weeks_low", "95 % lower bound."),
                number("half_life_weeks_high", "95 % upper bound; NULL if the decline may be too slow to tell."),
                Column("half_life_reason", "text", "Why there is none."),
            ),
            reference="McCullagh and Nelder 1989, section 6.2 (quasi-Poisson)",
        ),
        Metric(
            "space_continuity", 1, "Continuous activity", "Which share is used month after month?",
            "pages or spaces with a contribution in every one of the last 12 whole months",
            "pages or spaces created, or first contributed to, in the first of them or before",
            "the last 12 calendar months that end by the last day of which exports tell", GRAIN,
            f"{_LEFT_OUT}; sources of which a day of the 12 months is missing", _SOURCES, MINIMUM_GROUP,
            (
                *bounded("continuous_ratio", "n_continuous / n_year_old."),
                count("n_year_old", "Pages or spaces at least 11 months old; NULL where no such year is seen."),
                count("n_continuous", "Of these, with a contribution in every month."),
                share("published_continuous_ratio", "Published: less than this share of corporate wikis."),
                Column("continuity_verdict", "text", "The interval lies wholly above it, below it, or neither.",
                       one_of=(MORE, AS_FEW, UNDECIDED)),
            ),
            reference=PUBLISHED,
        ),
    ),
    keys=(key("subject", "text", "Wiki spaces, their pages, channels, communities or blogs.", one_of=SUBJECTS),),
    released_rows=f"{OF_THE_ORGANISATION} How many fell silent, only of {MINIMUM_GROUP} or more.",
)  # fmt: skip
