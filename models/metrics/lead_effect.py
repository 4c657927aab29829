"""Do an executive's own people take part more once the executive does?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_EXECUTIVES,
    PEOPLE,
    Column,
    Mart,
    Metric,
    count,
    number,
    share,
)

ESTIMATED: Final = "estimated"
FLAGGED: Final = "flagged"
REFUSED: Final = "not estimable"
SOURCES: Final = f"{EXPORTS}; an executive rule and the managers of the roster"
HELD_OF_100: Final = (92, 96)
"""In how many of 100 simulated organisations the 95 % interval holds the truth: the fewest where early starters grow
faster, see `benchmarks.effect`."""
WINDOW: Final = "8 weeks before and 8 weeks from the start on, over all observed weeks"
OWN_PEOPLE: Final = "people whose nearest executive in the management tree is the executive"
LEFT_OUT: Final = (
    f"{PEOPLE}; executives and communications; what delegates write; replies and comments in threads that the "
    "executive started, or to the executive; executives with fewer than 5 such people in some week, and weeks that "
    "are not observed"
)
REFERENCE: Final = (
    "stacked difference-in-differences with not-yet-treated controls: Cengiz et al. 2019, Callaway & Sant'Anna 2021; "
    "permutation of start dates: Fisher"
)


def _finding(name: str, what: str) -> tuple[Column, ...]:
    return (
        number(f"{name}_pp", f"{what}, percentage points."),
        number(f"{name}_pp_low", "95 % lower bound, from the permutations."),
        number(f"{name}_pp_high", "95 % upper bound, from the permutations."),
        share(f"{name}_p", "Share of permutations with a difference at least as large."),
    )


MART: Final = Mart(
    "mart_lead_effect",
    "Do an executive's own people take part more once the executive does? One answer, or why there is none, per "
    f"platform; n_eligible are those {OWN_PEOPLE.removeprefix('people ')} in the last observed week.",
    (
        Metric(
            "lead_effect", 1, "After an executive joins in", "Do people take part more once their executive does?",
            "share of an executive's own people who contribute in a week: mean over the 8 weeks from the executive's "
            "start on minus the 8 before, less the same of executives who start at least 8 weeks later; one slope for "
            "growth that goes with an early start is taken off",
            f"{OWN_PEOPLE}; a start is an active week after 8 silent ones with 3 of its 4 weeks active", WINDOW,
            "platform; the whole organisation only", LEFT_OUT, SOURCES, MINIMUM_EXECUTIVES,
            (
                number("effect_pp", "Difference that goes with the start, percentage points of people a week."),
                number("effect_pp_low", "95 % lower bound: the smallest effect that the permutations do not reject; "
                       f"simulated, the interval holds the truth {HELD_OF_100[0]} to {HELD_OF_100[1]} times of 100."),
                number("effect_pp_high", "95 % upper bound."),
                share("effect_p", "Share of 999 permuted start dates with a difference at least as large."),
                Column("verdict", "text", "estimated, flagged (moving already before), or not estimable.",
                       is_nullable=False, one_of=(ESTIMATED, FLAGGED, REFUSED)),
                Column("reason", "text", "Why there is no estimate."),
                Column("wording", "text", "What may be said of an estimate: caused only if every check passes.",
                       one_of=("nothing shown", "associated", "caused")),
                count("n_leaders", "Executives with people of their own in any week."),
                count("n_starts", "Of these, executives whose start is compared with later ones."),
                count("n_later_starts", "Executives who start later and are compared with."),
                count("n_never_started", "Executives without sustained participation; they are no comparison."),
                count("n_needed_starts", "Starts that an estimate needs at least; only where there is none."),
                count("n_needed_later_starts", "Later starts that it needs at least."),
                count("n_needed_people", "People of an executive that it needs at least in every week."),
                number("minimum_pp", "Smallest effect that would be found in 80 of 100 cases, percentage points."),
                number("unadjusted_pp", "The plain difference, without the slope taken off."),
                number("resampled_pp_low", "95 % lower bound by resampling executives; too high where few start late."),
                number("resampled_pp_high", "95 % upper bound by resampling executives."),
            ),
            reference=REFERENCE,
        ),
        Metric(
            "lead_effect_checks", 1, "Checks of that difference", "Could something else explain it?",
            "the same difference where there should be none", None, WINDOW, "platform; the whole organisation only",
            LEFT_OUT, SOURCES, MINIMUM_EXECUTIVES,
            (
                share("before_p", "Joint test that nothing moved in the 8 weeks before; 0.01 or less blanks it."),
                *_finding("reverse", "Rise in the 4 weeks before the start: the executive follows the people"),
                *_finding("fake_dates", "The difference with every start 8 weeks too early"),
                *_finding("elsewhere", "The difference on platforms where the executive never writes"),
            ),
            reference=REFERENCE,
        ),
    ),
    released_rows="The history of the organisation and of each platform. Where there is no estimate, only why and what "
    "it would need.",
)  # fmt: skip
