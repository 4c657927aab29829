"""Where the numbers stand of cards about people: who contribute, in which units, on which platforms; executives."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.dashboards.cell_sources import (
    ABOVE,
    ALL,
    HISTORY,
    LAYERS,
    MASS,
    RATIOS,
    SHARE,
    SIDES,
    THEN,
    captioned,
    difference,
    every,
    in_text,
    known,
    named,
    on_each,
    part_of_all,
    period,
    unit,
    unit_of_page,
)
from tests.dashboards.page_rows import PLATFORMS, Card, Line
from tests.dashboards.release_rows import Of, Told, also, interval, same, whole_only

ACTIVE, LEADERS, PLACES = "rel_active_users", "rel_executive_participation", "rel_unit_platforms"
OWN = same("n_eligible") | interval("own_contributor_ratio")
BROADCAST, TWO_WAY = same("own_broadcast_ratio"), same("own_two_way_ratio")
CROWD = same("n_contributors n_eligible") | SHARE
WHOLE = Of("contributor_ratio", {"unit": "all"}, RATIOS, has_bounds=True, bounds_whole=False)


def measure(_: Card, line: Line) -> Told:
    """A row of the measures of a unit: its name says of which table it is."""
    where = {"period_kind": "month", "period_start": period, "platform": "all", "unit": unit_of_page}
    ratio, table = "contributor_ratio", RATIOS
    if line.name == "Ever contributed":
        where, ratio, table = where | {"period_kind": "week"}, "adoption_ratio", MASS
    elif line.name != "All platforms":
        where, table = where | {"platform": named(PLATFORMS)}, PLACES
    whole = Of(ratio, {"unit": "all"}, RATIOS if table == PLACES else table, has_bounds=True)
    ends = {"own_low": Of(f"{ratio}_low"), "own_high": Of(f"{ratio}_high")}
    own = {"own": Of(ratio, has_bounds=True), "whole": whole} | ends
    return Told(table, where, same("n_eligible") | own, checks_rows=False)


def unit_months(card: Card, _: Line) -> Told:
    """The months of all units together, or those of the unit of a page."""
    is_own = card.page.startswith("unit-")
    where = every() | {"unit": unit_of_page if is_own else unit}
    columns = CROWD | {"whole": replace(WHOLE, has_bounds=is_own)}
    return Told(RATIOS, where, columns, is_of=lambda row: row["unit"] != "all")


def unit_platforms(card: Card, _: Line) -> Told:
    """Units by platform in one month, or the months of the unit of a page on each platform."""
    where = {"period_kind": "month"}
    if card.page.startswith("unit-"):
        own = where | {"period_start": period, "platform": named(PLATFORMS), "unit": unit_of_page}
        return Told(PLACES, own, same("n_eligible") | SHARE | {"whole": replace(WHOLE, has_bounds=False)})
    share = replace(on_each("share")["share"], column="contributor_ratio", has_bounds=True)
    shared = where | {"period_start": captioned, "unit": unit, "platform": lambda *_: "mediawiki"}
    return Told(PLACES, shared, same("n_eligible") | {"share": share})


def unit_departments(_: Card, line: Line) -> Told:
    """The unit of a page in one month, or one of its departments."""
    where = {"period_kind": "month", "period_start": captioned, "platform": "all", "unit": unit_of_page}
    columns = same("n_eligible") | interval("contributor_ratio")
    if line.name == "Whole unit":
        return Told(RATIOS, where, columns, checks_rows=False)
    own = {"dimension": "department", "value": lambda line, _: f"{unit_of_page(line, _)} / {line.name}"}
    return Told("rel_breakdown", where | own, columns, checks_rows=False)


OF_PEOPLE: Mapping[str, Told | Callable[[Card, Line], Told]] = {
    "rolling": Told(ACTIVE, every(), same("n_contributors_1d n_contributors_7d n_contributors_28d")),
    "weekly": Told(RATIOS, every(), CROWD),
    "trend": Told(RATIOS, every(), CROWD),
    "growth": Told(ACTIVE, every(), same("n_new n_resurrected n_unknown n_lapsed n_left n_retained")),
    "contributions": Told(RATIOS, every(), same("n_contributions")),
    "stickiness": Told(ACTIVE, every(), same("dau_wau_ratio dau_mau_ratio")),
    "platforms": Told(
        RATIOS, every(),
        on_each("n_contributors") | on_each("contributor_ratio", has_bounds=True, bounds_whole=False),
    ),
    "present": Told(
        ACTIVE, every(platform=in_text(r"present on (\w+),")), same("n_present n_contributors n_eligible")
    ),
    "reactors": Told(ACTIVE, every(), same("n_contributors n_reactors")),
    "unit-months": unit_months,
    "unit-departments": unit_departments,
    "unit-measures": measure,
    "unit-platforms": unit_platforms,
    "split": Told(
        RATIOS, {"period_kind": "month", "period_start": captioned, "platform": "all", "unit": unit},
        same("n_eligible") | {f"share_{name}": part_of_all(name) for name in ("n_none", "n_some", "n_heavy")},
        is_shown=known("n_none", "n_some", "n_heavy"),
    ),
    "top": Told(RATIOS, every(), same("top_1_share_ratio top_10_share_ratio")),
    "gini": Told(RATIOS, every(), same("gini_ratio")),
    "absence": Told(RATIOS, every(), same("absence_factor n_contributors")),
    "units": Told(
        RATIOS, {"period_kind": "month", "period_start": captioned, "platform": "all", "unit": unit},
        same("n_eligible") | {
            "now": Of("contributor_ratio", ABOVE, has_bounds=True), "low": Of("contributor_ratio_low", ABOVE),
            "high": Of("contributor_ratio_high", ABOVE), "then": Of("contributor_ratio", THEN, has_bounds=True),
            "difference": difference,
        },
    ),
    "executives": Told(
        LEADERS, every(is_executive=True), OWN | also(OWN, "_staff", is_executive=False)
        | {"contributor_ratio": Of("contributor_ratio", has_bounds=True, bounds_whole=False)},
    ),
    "broadcast": Told(
        LEADERS, every(is_executive=True),
        BROADCAST | also(BROADCAST, "_staff", is_executive=False) | same("broadcast_ratio"),
    ),
    "two-way": Told(
        LEADERS, every(is_executive=True),
        TWO_WAY | also(TWO_WAY, "_staff", is_executive=False) | same("two_way_ratio"),
    ),
    "posts": Told(LEADERS, every(is_executive=True), same("n_own_posts n_own_replies")),
    "lead": Told(
        "rel_lead_curve", HISTORY | {"week": lambda line, _: int(line.name.replace("\u2212", "-"))},
        same("difference_pp difference_pp_low difference_pp_high"),
    ),
    "named": Told(
        "rel_named_executives",
        {"period_kind": "month", "period_start": period, "shown": lambda line, _: line.name.rpartition(", ")[0]},
        same("n_own_posts n_own_replies n_posts n_replies"),
    ),
    "direction": Told(
        "rel_direction", HISTORY,
        {name: Of(f"{{}}_{name}") for name in ("pp", "pp_low", "pp_high", "strength", "strength_low", "strength_high")},
        part=lambda line: (SIDES[line.name],), checks_rows=False,
    ),
    "cascade": Told(
        "rel_cascade", {"period_kind": "month", "period_start": captioned, "layer": named(LAYERS)} | ALL,
        same("n_eligible drop_pp association_pp association_pp_low association_pp_high") | SHARE,
    ),
    "reached": Told(
        "rel_pockets", every(),
        same("people_reached_ratio units_reached_ratio")
        | whole_only("people_reached_ratio_low people_reached_ratio_high"),
    ),
    "pockets": Told(
        "rel_pockets", every(),
        same("dissimilarity_ratio dissimilarity_by_chance_ratio dissimilarity_largest_ratio theil_between_ratio "
             "theil_by_chance_ratio"),
    ),
    "unit-pairs": Told(
        "rel_unit_pairs",
        {"period_kind": "month", "period_start": captioned, "one_unit": lambda line, _: line.name.split(" \u2013 ")[0],
         "other_unit": lambda line, _: line.name.split(" \u2013 ")[1]} | ALL,
        {"n_expected": Of("n_ties_by_chance")}, is_shown=known("verdict"),
    ),
    "wiki-people": Told(
        RATIOS, every(),
        on_each("n_contributors") | on_each("contributor_ratio", has_bounds=True) | {
            end: replace(on_each(end)[end], column=f"contributor_ratio_{end}", is_whole=True) for end in ("low", "high")
        },
    ),
    "wiki-written": Told(RATIOS, every(), on_each("n_contributions")),
}  # fmt: skip
