"""How many people contribute out of habit."""

from typing import Final

from models.metrics.entry import BY_UNIT, EXPORTS, MINIMUM_GROUP, OF_THE_ORGANISATION, PEOPLE, Mart, Metric, count, key

HABITS: Final = ("9 of 12", "4 of 4")
"""Weeks with a contribution that make a habit, of how many calendar weeks."""

MART: Final = Mart(
    "mart_usage_segments",
    "How many people contribute out of habit, now and then, or not at all.",
    (
        Metric(
            "usage_segments", 1, "Habit of contributing", "How many people contribute out of habit?",
            "people by their contributions in the window. Habit: at least one contribution in 9 of the last 12 weeks, "
            "or in each of the last 4. Power: habit and 15 a week on average; habitual: habit; novice: 1 a week on "
            "average; low: any; none: no contribution; the first that fits",
            None, "12 or 4 calendar weeks that end with this one; never the last 12 or 4 weeks with data",
            f"{BY_UNIT}, habit",
            f"{PEOPLE}; who was not counted in every week of the window is unknown, and so is everybody where a day of "
            "the window was not observed", EXPORTS, MINIMUM_GROUP,
            (
                count("n_power", "Habit, and on average 15 contributions a week or more."),
                count("n_habitual", "Habit, and fewer than that."),
                count("n_novice", "No habit, and on average one contribution a week or more."),
                count("n_low", "No habit, and fewer than that, but some."),
                count("n_none", "No contribution in the whole window."),
                count("n_unknown", "People whose window is not complete."),
            ),
            reference="usage segments of Microsoft vivainsights (R and Python), there over the last rows of a person",
        ),
    ),
    keys=(key("habit", "text", "Weeks with a contribution that make a habit, of how many.", one_of=HABITS),),
    released_rows=OF_THE_ORGANISATION,
)
