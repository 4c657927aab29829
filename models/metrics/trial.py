"""Who takes part in a declared trial, do they stay, and is its target met?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_DAILY,
    MINIMUM_GROUP,
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

_GRAIN: Final = "declared trial, people in it or everybody else"
_PEOPLE: Final = (
    "in the trial is who is employed on its first day in one of its units, or listed; beside it stands everybody else "
    "employed on that day, over the same platform and days"
)
_EXCLUSIONS: Final = (
    "who joins the company or the unit later; bots and guests; what delegates write; reading and reactions; unknown "
    "without a roster. The others were not drawn by lot: units in a trial may differ from them for other reasons"
)
_SOURCES: Final = f"{EXPORTS}; [[trial]] and [[target]] of turnout.toml"


def _week(name: str, week: int, days: str) -> tuple[Column, ...]:
    return (
        count(f"n_followed_{name}", f"Starters employed on each day of week {week} ({days} after the first)."),
        count(f"n_still_{name}", "Of them, contributing in that week."),
        *share_with_bounds(f"still_{name}_ratio", f"n_still_{name} / n_followed_{name}."),
    )


RELEASED: Final = (
    f"Trials of at least {MINIMUM_GROUP} people beside everybody else, of whom there are as many, both or neither, in "
    f"an organisation of {MINIMUM_DAILY}; of trials of a platform whose days overlap the first; shares of at least "
    f"{MINIMUM_GROUP} people. {TOLD_COARSELY}"
)

MART: Final = Mart(
    "mart_trial",
    "Who takes part in a declared trial, whether they stay, and whether its target is met; n_eligible counts "
    "them and everybody else.",
    (
        Metric(
            "trial_people", 1, "People in a trial", "Who is represented in the trial?",
            _PEOPLE, None, "first day of the trial", _GRAIN, _EXCLUSIONS, _SOURCES, MINIMUM_GROUP,
            (
                key("title", "text", "Name of the trial in turnout.toml."),
                key("started_on", "day", "First day of the trial."),
                key("ended_on", "day", "Last day of the trial."),
                count("n_people", "People on the first day."),
                count("n_units", "Their units."),
                count("n_departments", "Their departments; people of a unit who are in none are one of it."),
                count("n_executives", "Executives among them."),
            ),
        ),
        Metric(
            "trial_daily_use", 1, "Daily use", "Which share of the people contributes on a working day?",
            "days of a person with a contribution to the platform",
            "working days (Monday to Friday) of the trial that were observed, times the people employed on them; "
            f"{_PEOPLE}",
            "from the first to the last day of the trial, at most to the as-of day", _GRAIN, _EXCLUSIONS, _SOURCES,
            MINIMUM_GROUP,
            (
                count("n_working_days", "Working days observed."),
                count("n_person_days", "Working days times the people employed on each."),
                count("n_active_days", "Of them, with a contribution; NULL if no working day was observed."),
                share("daily_use_ratio", "n_active_days / n_person_days."),
            ),
            direction="higher",
        ),
        Metric(
            "trial_contributors", 1, "Contributors in a trial", "How many contribute at all during the trial?",
            "people with a contribution to the platform during the trial", _PEOPLE,
            "from the first to the last day of the trial, at most to the as-of day; longer trials reach more people, "
            "so it compares with the others, never with a month", _GRAIN, _EXCLUSIONS, _SOURCES, MINIMUM_GROUP,
            (
                count("n_ever", "People who contributed; NULL if no day was observed."),
                *share_with_bounds("ever_ratio", "n_ever / n_people."),
            ),
            direction="higher",
        ),
        Metric(
            "trial_stayers", 1, "Still contributing after 2, 4 and 12 weeks",
            "Do those who begin in the first two weeks stay?",
            "starters with a contribution in week 3, 5 or 13; week 1 begins with the trial",
            f"starters, who contribute in the first 14 days, if employed on each day of that week; {_PEOPLE}",
            "the week; NULL, too early to say, until it is over, and unless each of its days and of the first 14 was "
            "observed", _GRAIN, _EXCLUSIONS, _SOURCES, MINIMUM_GROUP,
            (
                count("n_starters", "People who contributed in the first 14 days."),
                *_week("2w", 3, "days 14 to 20"),
                *_week("4w", 5, "days 28 to 34"),
                *_week("12w", 13, "days 84 to 90"),
            ),
            direction="higher",
        ),
        Metric(
            "trial_verdict", 1, "Is the target met?", "Is the declared target met at the end of the trial?",
            "people with a contribution to the platform in the last 28 days of the trial (or in all of a shorter one)",
            f"people employed on each of these days; {_PEOPLE}",
            "the last 28 days; unknown until they are over, and unless each was observed", _GRAIN,
            f"{_EXCLUSIONS}. The target is that of contributor_ratio for the trial's platform and one of its units or "
            "all, due after the trial began; the highest of several. It is met if the lower bound reaches it, not met "
            "if the upper bound does not, else too close to call; in a release by the bounds that it tells", _SOURCES,
            MINIMUM_GROUP,
            (
                count("n_at_end", "People employed on each of the last 28 days."),
                count("n_contributors_at_end", "Of them, contributing in these days."),
                *share_with_bounds("end_ratio", "n_contributors_at_end / n_at_end."),
                number("target_ratio", "The declared target; NULL without one, and for the others."),
                Column(
                    "verdict", "text",
                    "met, not_met, too_close, too_early (not over yet), cannot_tell (over, but not observed) or "
                    "no_target; NULL for the others.",
                    one_of=("met", "not_met", "too_close", "too_early", "cannot_tell", "no_target"),
                ),
            ),
            direction="higher",
        ),
    ),
    keys=(
        key("trial", "count", "Number in turnout.toml.", at_least=1),
        key("is_in_trial", "flag", "The people of the trial, or everybody else."),
    ),
    released_rows=RELEASED,
)  # fmt: skip
