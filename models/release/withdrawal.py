"""Figures that are withdrawn where, together with others, they would tell of few people.

The rules before this one look at one table, or at two groups, at a time. What follows from all that is told of a period
together is for an audit to say. Where it objects, the least missed figures of that period are withdrawn first, and more
until it does not.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from models.release.named import COUNTS
from models.release.rows import PERIOD

Tables = Mapping[str, pl.DataFrame]
Panel = tuple[Any, ...]
"""period_kind, period_start, platform."""
_CONTRIBUTORS: Final = ("n_contributors", "contributor_ratio", "contributor_ratio_low", "contributor_ratio_high")
_PARITY: Final = tuple(f"{own}parity_ratio{end}" for own in ("", "own_") for end in ("", "_low", "_high"))


@dataclass(frozen=True, slots=True)
class Step:
    """Columns of a released table that are withdrawn in some of its rows."""

    table: str
    columns: tuple[str, ...]
    where: pl.Expr


def _of(dimension: str) -> Step:
    return Step("rel_breakdown", _CONTRIBUTORS, pl.col("dimension") == dimension)


_EVERY: Final = pl.lit(value=True)
_PARTS: Final = pl.col("unit") != "all"
STEPS: Final[tuple[tuple[Step, ...], ...]] = (
    # that somebody is named must never cost a figure of a group
    (Step("rel_named_executives", COUNTS, _EVERY),),
    (
        Step("rel_unit_platforms", _CONTRIBUTORS, _EVERY), Step("rel_spaces", ("n_contributors",), _EVERY),
        _of("tenure"),
    ),
    (_of("location"),),
    (
        _of("layer"),
        Step("rel_cascade", (*_CONTRIBUTORS, "drop_pp", "drop_pp_low", "drop_pp_high", "n_active_managers"), _EVERY),
    ),
    (_of("department"), Step("rel_tools", _CONTRIBUTORS, _EVERY)),
    (
        Step("rel_contributor_ratios", ("n_some", "n_heavy"), _PARTS),
        Step("rel_active_users", ("n_reactors", "n_present"), _PARTS),
        Step("rel_critical_mass", ("n_adopted", "adoption_ratio", "adoption_ratio_low", "adoption_ratio_high"), _PARTS),
    ),
    (
        Step(
            "rel_executive_participation",
            (*_CONTRIBUTORS, "n_own_contributors", *(f"own_{name}" for name in _CONTRIBUTORS[1:]), *_PARITY), _EVERY,
        ),
    ),
    (Step("rel_active_users", ("n_lapsed", "n_left", "quick_ratio", "quick_with_left_ratio"), _EVERY),),
    (
        Step("rel_contributor_ratios", (*_CONTRIBUTORS, "n_none"), _PARTS),
        Step("rel_active_users", ("n_contributors",), _PARTS),
    ),
    (
        Step("rel_contributor_ratios", (*_CONTRIBUTORS, "n_none", "n_some", "n_heavy"), _EVERY),
        Step("rel_active_users", ("n_contributors", "n_reactors", "n_present"), _EVERY),
    ),
)  # fmt: skip
"""What is withdrawn of a period, in this order."""
LINKED: Final = tuple(dict.fromkeys(step.table for steps in STEPS for step in steps))
"""The tables that tell of the same people."""


def withdrawn(
    tables: Tables, objects: Callable[[Tables], Set[Panel]]
) -> tuple[dict[str, pl.DataFrame], dict[Panel, int]]:
    """The tables without what `objects` objects to, and to which of the steps that led in each period.

    `tables` holds those of `LINKED`, and maybe others, which stay as they are. `objects` names the periods of which the
    tables tell too much; one that it still names after the last step stays named.
    """
    told = dict(tables)
    taken: dict[Panel, int] = {}
    while panels := {panel for panel in objects(told) if taken.get(panel, 0) < len(STEPS)}:
        at = {panel: _next_step(told, panel, taken.get(panel, 0)) for panel in panels}
        for number in sorted(set(at.values())):
            now = pl.DataFrame(
                [panel for panel in panels if at[panel] == number],
                schema={name: told[LINKED[0]].schema[name] for name in PERIOD}, orient="row",
            )  # fmt: skip
            for step in STEPS[number]:
                told[step.table] = _without(told[step.table], step, now)
        taken |= {panel: number + 1 for panel, number in at.items()}
    return told, taken


def _next_step(told: Tables, panel: Panel, number: int) -> int:
    """The first step, from this one on, that finds rows of the period; the last one if none does."""
    is_of = [pl.col(name) == value for name, value in zip(PERIOD, panel, strict=True)]
    for at in range(number, len(STEPS) - 1):
        if any(told[step.table].filter(*is_of, step.where).height for step in STEPS[at]):
            return at
    return len(STEPS) - 1


def _without(rows: pl.DataFrame, step: Step, panels: pl.DataFrame) -> pl.DataFrame:
    marked = rows.join(panels.with_columns(_is_named=True), on=PERIOD, how="left", maintain_order="left")
    is_withdrawn = pl.col("_is_named").fill_null(value=False) & step.where
    blank = [pl.when(~is_withdrawn).then(pl.col(name)).alias(name) for name in step.columns]
    return marked.with_columns(blank).drop("_is_named")
