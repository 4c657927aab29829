"""What changed at a dated event of the organisation?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_DAILY,
    MINIMUM_GROUP,
    PEOPLE,
    Column,
    Mart,
    Metric,
    count,
    key,
    number,
    share,
)

COMPARED: Final = "event study"
ALONE: Final = "interrupted series"
REFUSED: Final = "not estimable"
METHODS: Final = (COMPARED, ALONE, REFUSED)
MORE, FEWER, NOTHING = "more", "fewer", "nothing shown"
_SOURCES: Final = f"{EXPORTS}; [[event]] of turnout.toml; the roster"
_GRAIN: Final = "declared event, platform; the whole organisation only"
_PEOPLE: Final = "people employed on at least half of the week, in the units that the event is declared for, or all"
_WINDOW: Final = (
    "event study: 8 weeks before and 8 from the start on; interrupted series: the longest stretch of wholly observed "
    "weeks around the event, at least 12 on either side, of several dates around the first. A week counts as after if "
    "most of its days do: an event from Monday to Thursday begins with its own week, a later one with the next"
)
_EXCLUSIONS: Final = (
    f"{PEOPLE}; weeks that are not wholly observed; all without a roster. Holidays are not taken off: a series of less "
    "than two years cannot tell them from a change"
)
_REFERENCE: Final = (
    "event study: Cengiz et al. 2019, Callaway & Sant'Anna 2021, permutation of dates (Fisher); interrupted series: "
    "Wagner et al. 2002, generalised least squares with errors of first order, Turner et al. 2021"
)

MART: Final = Mart(
    "mart_before_after",
    "What changed at each declared event of the organisation, beside units whose date comes later or else with nothing "
    "to compare it with; over all of the data.",
    (
        Metric(
            "before_after", 1, "Before and after an event", "Do more people contribute since the event?",
            "share of people who contribute in a week: mean of the 8 weeks from a unit's date on less the 8 before, "
            "less the same of units that begin at least 8 weeks later; where units do not begin in different weeks, or "
            "too few can be compared, the step from the straight line of the weeks before to that of the weeks after",
            _PEOPLE, _WINDOW, _GRAIN, _EXCLUSIONS, _SOURCES, MINIMUM_GROUP,
            (
                number("effect_pp", "Difference, percentage points of people a week."),
                number("effect_pp_low", "95 % lower bound."),
                number("effect_pp_high", "95 % upper bound."),
                share("effect_p", "Chance of at least this difference if nothing had changed."),
                Column("title", "text", "Name of the event.", is_nullable=False),
                Column("kind", "text", "What it was.", is_nullable=False),
                Column("occurred_on", "day", "Its (first) day.", is_nullable=False),
                Column("last_on", "day", "Its last day, where units have different ones.", is_nullable=False),
                Column("is_everywhere", "flag", "Declared for the whole organisation.", is_nullable=False),
                Column("method", "text", "How it was estimated.", is_nullable=False, one_of=METHODS),
                Column("has_comparison", "flag", "Compared with units that begin later; NULL without an estimate."),
                Column("reason", "text", "Why there is no estimate, or none with a comparison."),
                Column("wording", "text", "What may be said: more or fewer if p is at most 0.05; for an interrupted "
                       "series, of which two things are asked (step and slope), at most 0.025.",
                       one_of=(MORE, FEWER, NOTHING)),
                Column("assumption", "text", "What the estimate takes for granted."),
                count("n_concerned", "People concerned, in the last wholly observed week."),
                count("n_units", "Units concerned; of an event study those that were compared."),
                count("n_units_unknown", "Declared units that nobody on the roster is ever in."),
                count("n_weeks_before", "Weeks used before; without an estimate, what there is."),
                count("n_weeks_after", "Weeks used from the event on; without an estimate, what there is."),
                count("n_other_events", "Other declared events within these weeks."),
                number("minimum_pp", "Smallest difference that would be found in 80 of 100 cases, percentage points."),
            ),
            reference=_REFERENCE,
        ),
        Metric(
            "before_after_slope", 1, "Slope since an event", "Does participation grow faster since the event?",
            "change of the share's slope, percentage points a week, in the same interrupted series", _PEOPLE, _WINDOW,
            _GRAIN, _EXCLUSIONS, _SOURCES, MINIMUM_GROUP,
            (
                number("slope_pp", "Change of slope, percentage points a week; NULL for an event study."),
                number("slope_pp_low", "95 % lower bound."),
                number("slope_pp_high", "95 % upper bound."),
                share("slope_p", "Chance of at least this change if nothing had changed."),
                Column("slope_wording", "text", "What may be said: more or fewer with each week if p is at most 0.025.",
                       one_of=(MORE, FEWER, NOTHING)),
                number("slope_minimum_pp", "Smallest change that would be found in 80 of 100 cases."),
            ),
            reference=_REFERENCE,
        ),
    ),
    keys=(key("event", "count", "Number in order of the first day.", at_least=1),),
    released_rows=f"Events that concern everybody, and over all platforms those of some units, while they concern at "
    f"least {MINIMUM_DAILY} people and nobody or as many are left; never one unit's figure.",
)  # fmt: skip
