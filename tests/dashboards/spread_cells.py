"""Where the numbers stand of cards about what people begin, answer and keep up: first steps, spaces, trials."""

from collections.abc import Callable, Mapping

from tests.dashboards.cell_sources import (
    ABOVE,
    AGAIN,
    ALL,
    CHANNELS,
    HISTORY,
    MASS,
    PURPOSES,
    SHARE,
    STEPS,
    THEN,
    TRIAL,
    bound_of,
    captioned,
    decided,
    every,
    in_text,
    kind_and_place,
    known,
    named,
    period,
    signal,
    told,
    unit,
    units_in,
)
from tests.dashboards.page_rows import PLATFORMS, Card, Line
from tests.dashboards.release_rows import Of, Told, also, interval, same, whole_only

KEPT = same("left_ratio silent_ratio on_one_ratio n_left n_silent n_on_one n_spaces")
STATES = "alive_ratio revived_ratio fading_ratio forgotten_ratio"
SHIFT = Told(
    "rel_channel_shift", HISTORY,
    {name: Of(f"{{}}_{name}")
     for name in ("before_ratio", "after_ratio", "change_pp", "change_pp_low", "change_pp_high")},
    part=lambda line: (CHANNELS[line.name],), checks_rows=False,
)  # fmt: skip
MIX = Told(
    "rel_channel_mix", every(),
    same("n_eligible") | {f"{name}_ratio{end}": Of(f"{name}_ratio{end}") for name in CHANNELS.values()
                          for end in ("", "_low", "_high")},
)  # fmt: skip

OF_SPREAD: Mapping[str, Told | Callable[[Card, Line], Told]] = {
    "first-steps": Told(
        "rel_first_steps", HISTORY | {"step": named(STEPS, 0), "space_size": named(STEPS, 1)},
        same("start_ratio start_ratio_low start_ratio_high n_starters"),
        is_shown=lambda row: row["start_ratio"] is not None and (row["step"], row["space_size"]) in STEPS.values(),
    ),
    "lasting-starts": Told(
        "rel_first_steps", HISTORY | {"step": named(STEPS, 0), "space_size": named(STEPS, 1)},
        same("weeks_5_8_ratio weeks_5_8_ratio_low weeks_5_8_ratio_high weeks_9_12_ratio n_followed"),
        is_shown=lambda row: row["weeks_5_8_ratio"] is not None and (row["step"], row["space_size"]) in STEPS.values(),
    ),
    "newcomers": Told(
        "rel_newcomer_replies", every(),
        same("answered_2d_ratio n_old_enough_2d") | whole_only("answered_2d_ratio_low answered_2d_ratio_high"),
    ),
    "second-posts": Told(
        "rel_newcomer_replies", HISTORY,
        {"ratio": Of("second_post_{}_ratio"), "low": Of("second_post_{}_ratio_low"),
         "high": Of("second_post_{}_ratio_high"), "n_again": Of("n_second_post_{}"), "n": Of("n_{}_old_enough")},
        part=lambda line: (AGAIN[line.name],), checks_rows=False,
    ),
    "answers": Told(
        "rel_responses", every(),
        same("answered_5d_ratio answered_1d_ratio median_hours_to_reply n_threads")
        | whole_only("answered_5d_ratio_low answered_5d_ratio_high"),
    ),
    "champions": Told(
        "rel_champions", every(asked_by="anybody"),
        also(same("n_champions n_answerers n_answered"), "_newcomers", asked_by="newcomers")
        | also(same("n_champions n_answerers n_answered"), "_anybody", asked_by="anybody"),
    ),
    "stewardship": Told("rel_stewardship", every(), KEPT, is_shown=known("n_spaces")),
    "purposes": Told(
        "rel_purposes",
        {"period_kind": "month", "period_start": captioned, "purpose": named(PURPOSES)} | ALL,
        same("n_spaces n_alive") | {
            "now": Of("contributor_ratio", ABOVE), "low": Of("contributor_ratio_low", ABOVE),
            "high": Of("contributor_ratio_high", ABOVE), "then": Of("contributor_ratio", THEN),
        },
        is_shown=lambda row: row["n_spaces"],
    ),
    "tools": Told(
        "rel_tools",
        {"period_kind": "month", "period_start": captioned,
         "n_platforms_offered": lambda line, _: int(line.name.split()[0])} | ALL,
        same("n_units n_people") | SHARE, is_shown=told("contributor_ratio"),
    ),
    "trial": Told(
        "rel_trial", {"trial": 1, "is_in_trial": True},
        {"n": Of("{0}"), "ratio": Of("{1}_ratio", has_bounds=True), "low": bound_of(TRIAL, "low"),
         "high": bound_of(TRIAL, "high"), "n_others": Of("{0}", {"is_in_trial": False}),
         "others": Of("{1}_ratio", {"is_in_trial": False}, has_bounds=True)},
        part=lambda line: TRIAL[line.name], checks_rows=False,
    ),
    "channels": lambda _, line: SHIFT if "before_ratio" in line.cells else MIX,
    "bottom-up": Told(
        "rel_initiation", every(what="thread"),
        same("bottom_up_ratio headcount_ratio n_drew n_undecided")
        | {name: decided(name) for name in ("bottom_up_ratio_low", "bottom_up_ratio_high")}
        | also(same("n_drew bottom_up_ratio"), "_page", what="page")
        | also(same("n_drew bottom_up_ratio"), "_space", what="space"),
    ),
    "organic": Told(
        "rel_organic", every(),
        same("contributions_left_ratio n_contributions contributors_left_ratio n_contributors ties_left_ratio n_ties")
        | whole_only("contributors_left_ratio_low contributors_left_ratio_high"),
    ),
    "adoption": Told(
        MASS, every(),
        same("n_eligible n_weeks_in_a_row n_returning n_lapsing") | interval("adoption_ratio"),
        is_shown=known("adoption_ratio"),
    ),
    "sustaining": Told(
        MASS, {"period_kind": "week", "period_start": period} | ALL,
        {f"n_{state}": units_in(state) for state in ("sustained", "not_yet", "cannot_tell")}, checks_rows=False,
    ),
    "adopted-units": Told(
        MASS, {"period_kind": "week", "period_start": lambda line, _: line.period_above("now"), "platform": "all",
               "unit": unit},
        same("n_eligible n_weeks_in_a_row") | {
            "now": Of("adoption_ratio", has_bounds=True), "low": Of("adoption_ratio_low"),
            "high": Of("adoption_ratio_high"), "then": Of("adoption_ratio", THEN, has_bounds=True),
        },
        is_of=lambda row: row["unit"] != "all",
    ),
    "spaces": Told(
        "rel_spaces",
        {"period_kind": "month", "period_start": period, "label": lambda line, _: line.name, "unit": "all",
         "platform": lambda line, _: PLATFORMS[line.cells["platform_name"].text],
         "workspace": lambda line, _: line.cells["workspace"].text},
        same("n_contributors"), checks_rows=False,
    ),
    "space-states": Told(
        "rel_space_life",
        {"period_kind": "history", "unit": "all", "subject": lambda line, _: kind_and_place(line)[0],
         "platform": lambda line, _: kind_and_place(line)[1]},
        same(f"{STATES} forgotten_ratio_low forgotten_ratio_high n_spaces n_unknown continuous_ratio"),
        is_shown=known(*STATES.split()),
    ),
    "space-life": Told(
        "rel_space_curve",
        {"period_kind": "history", "unit": "all", "subject": lambda line, _: kind_and_place(line)[0],
         "platform": lambda line, _: kind_and_place(line)[1],
         "age_days": lambda line, _: int(line.cells["age_days"].text)},
        same("age_days survival_ratio survival_ratio_low survival_ratio_high n_followed"),
        is_shown=lambda row: row["age_days"] <= 365,
    ),
    "before-after": Told(
        "rel_before_after", HISTORY | {"occurred_on": lambda line, _: line.day("occurred_on")},
        same("effect_pp n_weeks_before n_weeks_after effect_pp_low effect_pp_high"),
    ),
    "control-chart": Told(
        "rel_control_chart", every(),
        same("contributor_ratio centre_ratio low_ratio high_ratio") | {"signal_ratio": signal},
    ),
    "wiki-keepers": Told(
        "rel_stewardship", every(platform=in_text(r"On (\w+)\. Main contributors")), KEPT,
        is_shown=known("n_spaces"),
    ),
}  # fmt: skip
