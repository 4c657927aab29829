"""Is a week or a day out of the ordinary?"""

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
    number,
    share,
)

OUTSIDE, RUN, BOTH = "outside", "run", "outside and run"
ABOVE, BELOW = "above", "below"
_RULE: Final = (
    "Outside: beyond the limits; run: the eighth and each further one in a row on one side of the middle. Limits are "
    "the mean of a baseline plus or minus 2.66 mean moving ranges (three spreads). After a run of eight a new phase "
    "begins: limits from as many as a baseline has, from the run's first on and at least 12, hold for what follows, so "
    "that they may judge what they are worked out from"
)
_REFERENCE: Final = "Wheeler 1993, XmR chart"

MART: Final = Mart(
    "mart_control_chart",
    "Which weeks, by the share of people who contribute, and which days, by their number, are out of the ordinary.",
    (
        Metric(
            "unusual_weeks", 1, "Weeks out of the ordinary", "Is this week unlike what is usual?",
            "people who contribute in the week, against the middle and the natural limits of the weeks of the same "
            "phase",
            "people employed on at least half of the week",
            f"week; the baseline is the first 20 wholly observed weeks, at least 12. {_RULE}",
            "week, platform; the whole organisation only",
            f"{PEOPLE}; weeks that are not wholly observed; all without a roster", f"{EXPORTS}; the roster",
            MINIMUM_GROUP,
            (
                share("contributor_ratio", "Share of people who contribute."),
                share("centre_ratio", "What is usual: the middle against which the week is judged."),
                share("low_ratio", "Lower natural limit."),
                share("high_ratio", "Upper natural limit."),
                Column("is_signal", "flag", "Out of the ordinary; NULL where not judged."),
                Column("rule", "text", "By which rule.", one_of=(OUTSIDE, RUN, BOTH)),
                Column("side", "text", "On which side of the middle.", one_of=(ABOVE, BELOW)),
                count("n_baseline", "Periods from which the limits are worked out."),
            ),
            reference=_REFERENCE,
        ),
        Metric(
            "unusual_days", 1, "Days out of the ordinary", "Is this day unlike others of its weekday?",
            "people who contribute on the day, against natural limits for its weekday", None,
            "day; the baseline is the first 56 days from the first observed one on, each weekday at least 4 times. "
            f"The chart is of sqrt(count + 3/8), less what is usual for the weekday in the baseline. {_RULE}",
            "day, platform; the whole organisation only",
            "people who are not employed on the day; days that are not wholly observed; all where nobody ever "
            "contributes on some weekday of the baseline", EXPORTS, MINIMUM_GROUP,
            (
                count("n_contributors", "People who contribute; in a week and on a day."),
                number("centre_people", "What is usual on this weekday."),
                number("low_people", "Lower natural limit."),
                number("high_people", "Upper natural limit."),
            ),
            reference=f"{_REFERENCE}; square root: Anscombe 1948",
        ),
    ),
    released_rows=f"Closed weeks of the organisation and of each platform, and days of the organisation over all "
    f"platforms, while it has at least {MINIMUM_DAILY} people; no units.",
)  # fmt: skip
