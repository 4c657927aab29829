"""Do people who are new on a platform start to contribute?"""

from typing import Final

from models.metrics.entry import MINIMUM_GROUP, PEOPLE, Mart, Metric, count, share

_HOW: Final = "log-log 95 %, Greenwood's variance; Wilson where nobody or everybody did"
_SOURCES: Final = (
    "usage reports of single days (Microsoft 365 daily, Slack analytics) with a roster, for the month and for 90 days "
    "before it; exports of contributions; unknown elsewhere"
)
_EXCLUSIONS: Final = (
    f"{PEOPLE}; people not employed on their first day; reports of longer periods, which do not tell the day; who was "
    "first met on one of the first 90 days with a report is unknown"
)

MART: Final = Mart(
    "mart_conversion",
    "Whether people who are new on a platform start to contribute.",
    (
        Metric(
            "first_present", 1, "New on the platform", "How many people are there for the first time?",
            "people whose first day on the platform, reading or writing, is in the month",
            None, "month", "month of the first day, platform, unit (of the month's last employed day)", _EXCLUSIONS,
            _SOURCES, MINIMUM_GROUP,
            (
                count("n_cohort", "People whose first day is in the month."),
                count("n_censored", "Not followed for 90 days, and silent until then."),
            ),
        ),
        *(
            Metric(
                f"conversion_{n_days}d", 1, f"From reader to contributor in {n_days} days",
                f"Do newcomers contribute within {n_days} days?",
                f"people who contribute for the first time 0 to {n_days} days after their first day on the platform",
                "people whose first day is in the month; who leaves the organisation, or whom missing days hide, is "
                "censored then (Kaplan-Meier)",
                f"{n_days} days from the person's own first day",
                "month of the first day, platform, unit (of the month's last employed day)", _EXCLUSIONS, _SOURCES,
                MINIMUM_GROUP,
                (
                    count(f"n_converted_{n_days}d", f"Those who are seen to contribute within {n_days} days."),
                    share(f"converted_{n_days}d_ratio", f"1 - Kaplan-Meier at {n_days} days."),
                    share(f"converted_{n_days}d_ratio_low", f"Lower bound: {_HOW}."),
                    share(f"converted_{n_days}d_ratio_high", f"Upper bound: {_HOW}."),
                ),
                direction="higher",
                reference="Kaplan and Meier 1958; CHAOSS conversion rate",
            )
            for n_days in (28, 90)
        ),
    ),
)
