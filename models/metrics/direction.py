"""Do people follow executives, or executives their people?"""

from typing import Final

from models.metrics.entry import MINIMUM_GROUP, Column, Mart, Metric, count, number, share
from models.metrics.lead_effect import LEFT_OUT, OWN_PEOPLE, SOURCES

PEOPLE_FOLLOW: Final = "people follow"
LEADERS_FOLLOW: Final = "leaders follow"
BOTH: Final = "both"
NEITHER: Final = "neither shown"
REFUSED: Final = "not estimable"
WINDOW: Final = "each observed week that follows four observed ones"


def _following(name: str, who: str, unit: str) -> tuple[Column, ...]:
    return (
        number(f"{name}_pp", f"How far {who}: {unit}."),
        number(f"{name}_pp_low", "95 % lower bound, from the permutations."),
        number(f"{name}_pp_high", "95 % upper bound, from the permutations."),
        number(f"{name}_minimum_pp", "About the smallest such figure that would be found in 80 of 100 cases."),
        share(f"{name}_p", "Share of the permutations in which it is at least as far from 0."),
        number(f"{name}_strength", "The same as a partial correlation, -1 to 1, so that both sides compare."),
        number(f"{name}_strength_low", "Its 95 % lower bound."),
        number(f"{name}_strength_high", "Its 95 % upper bound."),
    )


MART: Final = Mart(
    "mart_direction",
    "Do people follow executives, or executives their people? One answer over all executives together, or why there is "
    f"none, per platform; n_eligible are those {OWN_PEOPLE.removeprefix('people ')} in the last observed week.",
    (
        Metric(
            "direction", 1, "Who goes first", "Do people follow executives, or executives their people?",
            "share of an executive's own people who contribute in a week, by whether the executive did in the four "
            "weeks before; and the other way round; each beside its own past and beside what all do in the week. A "
            "direction is shown only if one side is also the earlier of the two",
            OWN_PEOPLE, WINDOW, "platform; the whole organisation only",
            f"{LEFT_OUT}, for an executive in all weeks if in one. Nothing is told of fewer than 10 executives with "
            "weeks in which they contribute and weeks in which they do not, or of fewer than 26 weeks. What happens "
            "within one week has no order here",
            SOURCES, MINIMUM_GROUP,
            (
                Column("verdict", "text", "Who is shown to follow whom; both: they move together, in no certain order.",
                       is_nullable=False, one_of=(PEOPLE_FOLLOW, LEADERS_FOLLOW, BOTH, NEITHER, REFUSED)),
                Column("reason", "text", "Why there is no estimate, or why it shows nobody to go first."),
                count("n_leaders", "Executives whose weeks are compared."),
                count("n_changing_leaders", "Of these, executives who contribute in some weeks and not in others."),
                count("n_weeks", "Weeks that have four observed ones before them."),
                count("n_needed_leaders", "Executives that an estimate needs at least; only where there is none."),
                count("n_needed_weeks", "Weeks that it needs at least."),
                count("n_needed_people", "People of an executive that it needs at least in every week."),
                *_following("people_follow", "people follow",
                            "points of people, after four weeks in which their executive contributes and not none"),
                *_following("leaders_follow", "executives follow", "points of likelihood that an executive "
                            "contributes, after four weeks with ten points more of the people"),
                number("lean", "Mean difference of the cross-correlations; above 0 if executives tend to go first."),
                share("lean_p", "Share of the permutations with a lean at least as large."),
            ),
            reference="regressions of Granger 1969 with effects of executive and week (Holtz-Eakin, Newey & Rosen "
            "1988), corrected for short series (Dhaene & Jochmans 2015); the earlier: by cross-correlations",
        ),
    ),
    released_rows="The history of the organisation and of each platform. Where there is no estimate, only why and what "
    "it would need.",
)  # fmt: skip
