"""What each column of each released table counts, of whom, and how exactly: written from docs/metrics.md.

Whole organisations and platforms may be told exactly. Of groups, counts are told to the nearest five, so that the truth
is at most two away, and shares from such counts, so that they tell no more. Whether a table keeps to that is seen from
its figures: a column that is not all multiples of five is taken as exact, a share off its grid as exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Rows = Literal[
    "unit", "executive", "breakdown", "layer", "offered", "in_units", "named", "whole", "cohort", "space",
]
"""Of whom a row is: a unit or all; executives or everybody else; a value of a dimension; a layer; the units by name
that are offered so many platforms; everybody with a unit; one person by name; everybody; people or things picked by
what they did; a space, which is of everybody who might contribute to it."""
ROUNDED_TO: Final = 5
FEW_OF_A_CROWD: Final = frozenset({"left", "outside"})
"""Measures of people who may be few however many others there are: told no more exactly of a crowd than of a part."""
GRID_OF: Final = ((100, 0.01), (0, 0.05))
"""From how many people on shares of groups are told in which steps."""
COUNTED: Final = "eligible"
"""Everybody who is counted."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many people of the row do what `measure` says.

    Of a group it may be told as what is left of one column of the row without another (`rest_of`): then it tells no
    more than these, and is off by as much as both. Where the column `unless` is unknown, it counts `instead`; where it
    is known, this count makes up for it, and is of a crowd as inexact.
    """

    measure: str
    rest_of: tuple[str, str] | None = None
    unless: str = ""
    instead: str = ""

    def counts(self, row: Mapping[str, object]) -> str:
        """What it counts in a row."""
        return self.instead if self.unless and row[self.unless] is None else self.measure


@dataclass(frozen=True, slots=True)
class Some:
    """A count of some of those of the row who do what `measure` says: there are at least so many."""

    measure: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share with bounds (`_low`, `_high`): `count` is the column of its numerator; `of` the measure below."""

    measure: str
    count: str
    of: str = COUNTED


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over people of what they did: `amount` is of which kind; over everybody it is also the sum of `of_all`."""

    amount: str
    of_all: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """A sum of what one named person did: `amount` is of which kind. That it is told says that `measure` counts them.

    Whoever reads it may take it from sums of the kinds `part_of`.
    """

    amount: str
    measure: str
    part_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A count out of another column of the row. Where its ends matter, `has_ends`."""

    of: str
    has_ends: bool = False


@dataclass(frozen=True, slots=True)
class Released:
    """A released table: of whom its rows are, what its columns count, and why the others tell nothing of few people.

    `size` is the column that says how many people a row is of.
    """

    rows: Rows
    columns: Mapping[str, Count | Some | Share | Total | Own | Part] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""
    size: str = "n_eligible"


SIZE: Final = "how many people there are: in the organisation chart"
DAILY: Final = "of days, which are told of a whole organisation of at least a crowd only"
UNEVENNESS: Final = "how unevenly people contribute: not linear in people; told where a tenth of the group is a group"
FOLLOWS: Final = "follows from counts of the same row"
ESTIMATE: Final = "an estimate with its uncertainty, not linear in people; over whole organisations or many leaders"
OF_UNITS: Final = "counts units, spaces, weeks or pairs, not people"
A_CROWD: Final = "of whole organisations of at least a crowd, where a count of few is nobody in particular"
THINGS: Final = "of threads, pages or spaces, not of people"
WHOLE_CROWD: Final = Released("whole", rest=A_CROWD)
_EVERYTHING: Final = ("contributions", "contributions_in_unit")
_EXECUTIVE_AMOUNTS: Final = ("posts", "replies", "replies_to_staff")

RELEASED: Final[Mapping[str, Released]] = {
    "rel_active_users": Released(
        "unit",
        {name: Count(name.removeprefix("n_")) for name in (
            "n_contributors", "n_reactors", "n_present", "n_new", "n_unknown", "n_retained", "n_resurrected",
            "n_left", "n_outside",
        )} | {"n_lapsed": Count("lapsed", unless="n_left", instead="gone")},
        {
            **dict.fromkeys((
                "n_contributors_1d", "n_contributors_7d", "n_contributors_28d", "n_present_1d", "n_present_7d",
                "n_present_28d",
            ), DAILY),
            **dict.fromkeys(
                ("dau_wau_ratio", "dau_mau_ratio", "dau_wau_working_ratio", "dau_mau_working_ratio"),
                "sums over days, each person as often as days: not linear in people of the period",
            ),
            **dict.fromkeys(("quick_ratio", "quick_with_left_ratio"), FOLLOWS),
        },
    ),
    "rel_contributor_ratios": Released(
        "unit",
        {
            "n_outside": Count("outside"),
            "n_contributors": Count("contributors"),
            "n_heavy": Count("heavy"),
            "n_lurkers": Count("lurkers", ("n_present", "n_contributors")),
            "n_none": Count("none", ("n_eligible", "n_contributors")),
            "n_some": Count("some", ("n_contributors", "n_heavy")),
            "n_absent": Count("absent", ("n_none", "n_lurkers")),
            "contributor_ratio": Share("contributors", "n_contributors"),
            "contributor_of_present_ratio": Share("contributors", "n_contributors", "present"),
            "n_contributions": Total("contributions_in_unit", "contributions"),
        },
        {
            **dict.fromkeys(
                ("top_1_share_ratio", "top_10_share_ratio", "gini_ratio", "gini_corrected_ratio",
                 "gini_person_week_ratio", "absence_factor"), UNEVENNESS,
            ),
            "elephant_factor": OF_UNITS,
        },
    ),
    "rel_unit_platforms": Released("unit", {
        "n_contributors": Count("contributors"), "contributor_ratio": Share("contributors", "n_contributors"),
    }),
    "rel_breakdown": Released("breakdown", {
        "n_contributors": Count("contributors"),
        "contributor_ratio": Share("contributors", "n_contributors"),
        "n_contributions": Total("contributions"),
    }),
    "rel_cascade": Released(
        "layer",
        {"n_contributors": Count("contributors"), "contributor_ratio": Share("contributors", "n_contributors")},
        {
            "n_without_layer": SIZE,
            "layer": SIZE,
            **dict.fromkeys(("drop_pp", "drop_pp_low", "drop_pp_high"), "follows from two shares of the table"),
            "stops_at": "follows from the shares of the table",
            **dict.fromkeys(
                ("association_pp", "association_pp_low", "association_pp_high", "association_p",
                 "association_minimum_pp", "n_managers", "n_active_managers", "n_reports"), ESTIMATE,
            ),
        },
    ),
    "rel_executive_participation": Released(
        "executive",
        {
            "n_contributors": Count("contributors"),
            "contributor_ratio": Share("contributors", "n_contributors"),
            "n_own_contributors": Count("own_contributors"),
            "own_contributor_ratio": Share("own_contributors", "n_own_contributors"),
            **{f"n_{name}": Total(name) for name in _EXECUTIVE_AMOUNTS},
            **{f"n_own_{name}": Total(f"own_{name}") for name in _EXECUTIVE_AMOUNTS},
        },
        {
            **dict.fromkeys(
                (f"{own}parity_ratio{end}" for own in ("", "own_") for end in ("", "_low", "_high")),
                "follows from two shares of the table",
            ),
            **dict.fromkeys(("broadcast_ratio", "own_broadcast_ratio"), FOLLOWS),
            **dict.fromkeys(
                ("n_two_way", "two_way_ratio", "n_own_two_way", "own_two_way_ratio"),
                "counts pairs of people, not people",
            ),
        },
    ),
    "rel_named_executives": Released(
        "named",
        {
            "n_posts": Own("public_posts", "contributors", ("posts", *_EVERYTHING)),
            "n_replies": Own("public_replies", "contributors", ("replies", "replies_to_staff", *_EVERYTHING)),
            "n_own_posts": Own("own_public_posts", "own_contributors", ("own_posts",)),
            "n_own_replies": Own("own_public_replies", "own_contributors", ("own_replies", "own_replies_to_staff")),
        },
        size="",
    ),
    "rel_critical_mass": Released(
        "unit",
        {"n_adopted": Count("adopted"), "adoption_ratio": Share("adopted", "n_adopted")},
        {
            "n_weeks_in_a_row": OF_UNITS,
            **dict.fromkeys(
                ("n_unseeded_contributors", "n_returning", "n_reviving", "n_lapsing"),
                "told of whole organisations of at least a crowd only",
            ),
        },
    ),
    "rel_tools": Released(
        "offered",
        {"n_contributors": Count("contributors"), "contributor_ratio": Share("contributors", "n_contributors")},
        {"n_people": SIZE, "n_units": OF_UNITS, "n_platforms_offered": OF_UNITS}, size="n_people",
    ),
    "rel_pockets": Released(
        "in_units", {"n_contributors": Count("contributors")}, {"n_in_units": SIZE, "n_units": OF_UNITS},
        "of all units of a whole organisation of at least a crowd together, not linear in people", "n_in_units",
    ),
    "rel_control_chart": Released(
        "whole", {"n_contributors": Count("contributors")}, {"contributor_ratio": FOLLOWS, "n_baseline": OF_UNITS},
        "the limits of the chart, worked out of the earlier figures of the same column",
    ),
    "rel_definitions": Released(
        "cohort", {"n_active": Part("n_eligible", has_ends=True)}, {"n_window_days": OF_UNITS}, FOLLOWS,
    ),
    "rel_trial": Released(
        "cohort",
        {
            "n_ever": Part("n_people", has_ends=True),
            "n_contributors_at_end": Part("n_at_end", has_ends=True),
            **{f"n_still_{week}": Part(f"n_followed_{week}") for week in ("2w", "4w", "12w")},
        },
        {
            **dict.fromkeys(("trial", "n_units", "n_departments", "n_working_days"), OF_UNITS),
            **dict.fromkeys(("n_people", "n_person_days", "n_executives"), SIZE),
            **dict.fromkeys(
                ("n_active_days", "daily_use_ratio"), "days of all people of the trial together, told of several only",
            ),
            "target_ratio": "what turnout.toml declares",
        },
        FOLLOWS,
    ),
    "rel_spaces": Released(
        "space", {"n_contributors": Some("contributors")}, {"n_unnamed": OF_UNITS},
        "of a public space, that `spaces` holds against those who contributed to it", size="",
    ),
    "rel_first_steps": Released("cohort", {
        "n_starters": Part("n_eligible"),
        "n_on_5_8": Part("n_followed"),
        "n_on_9_12": Part("n_followed"),
    }, rest=FOLLOWS),
    "rel_purposes": Released("cohort", {"n_contributors": Part("n_eligible")}, rest=THINGS),
    "rel_initiation": Released("whole", rest=f"{A_CROWD}; what is started, not people"),
    "rel_organic": WHOLE_CROWD,
    "rel_channel_mix": WHOLE_CROWD,
    "rel_channel_shift": Released("whole", rest=f"{A_CROWD}; one comparison of two shares of the same people"),
    "rel_champions": WHOLE_CROWD,
    "rel_days_active": WHOLE_CROWD,
    "rel_platform_overlap": WHOLE_CROWD,
    "rel_platform_pairs": WHOLE_CROWD,
    "rel_usage_segments": WHOLE_CROWD,
    "rel_newcomer_replies": Released("whole", rest=f"{A_CROWD}; threads of newcomers, not people"),
    "rel_responses": Released("whole", rest=f"{A_CROWD}; threads, not people"),
    "rel_space_curve": Released("whole", rest=f"{A_CROWD}; {THINGS}"),
    "rel_space_life": Released("whole", rest=f"{A_CROWD}; {THINGS}"),
    "rel_stewardship": Released("whole", rest=f"{A_CROWD}; {THINGS}"),
    "rel_unit_pairs": Released("whole", rest=f"{A_CROWD}; pairs of units, and no count of the people in them"),
    "rel_before_after": Released("cohort", rest=ESTIMATE),
    "rel_direction": Released("cohort", rest=ESTIMATE),
    "rel_lead_curve": Released("cohort", rest=ESTIMATE),
    "rel_lead_effect": Released("cohort", rest=ESTIMATE),
}  # fmt: skip
"""Every released table of figures. Columns not named in a table with `rest` are as `rest` says."""
