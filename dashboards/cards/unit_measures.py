"""The card of one unit beside the whole organisation in each measure that is told of units with its interval."""

from collections.abc import Iterator
from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.groups import group_note
from dashboards.cards.unit_platforms import TABLE as PLATFORM_TABLE
from dashboards.figures.dots import dots
from dashboards.headlines import beside as headlines
from dashboards.periods import at, share, when
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, Row
from dashboards.unit_state import ADOPTION_TABLE, JUDGEMENTS, RATIO, TABLE, UnitState
from models.comparison import PeriodKind, Verdict, compare_groups

METRICS: Final = ("contributor_ratio", "unit_platforms", "adoption")
SUBTITLE: Final = (
    "Share of people who contribute on each platform in the latest whole month, and who ever contributed: this unit "
    "and the whole organisation"
)
_SAID: Final = ("this unit", "whole organisation")
_SHARES: Final = ("own", "own_low", "own_high", "whole", "whole_low", "whole_high")


def unit_measures_card(released: Released, state: UnitState) -> Card:
    """One row per measure; a measure of which no complete period is released of the unit is left out."""
    rows = list(_rows(released, state.unit))
    verdicts: list[Verdict | None] = [row["verdict"] for row in rows]
    head = ("unit-measures", headlines.measures(verdicts), SUBTITLE, METRICS)
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(_SHARES, pl.Float64) | {"judgement": pl.String})
    if frame.is_empty() or frame["own_high"].is_null().all():
        return Card(*head, note="No fully observed month or week of the unit can be shown yet.", wide=True)
    relation = Relation(
        SUBTITLE,
        (
            Column("measure", "Contribute on", "text"),
            Column("period", "In", "text"),
            Column("n_eligible", "People", "count"),
            Column("own", "This unit", "ratio", missing=words.NOT_TOLD, bounds=("own_low", "own_high")),
            Column("own_low", "95 % from", "ratio", missing="\u2013"),
            Column("own_high", "to", "ratio", missing="\u2013"),
            Column("whole", "Whole organisation", "ratio", missing=words.NOT_TOLD, bounds=("whole_low", "whole_high")),
            Column("judgement", "The unit is", "text", missing=words.NOT_TOLD),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    keys = [Key("c1", "dot", _SAID[0]), Key("n", "ring", _SAID[1]), Key("c1", "band", "95 % interval of the unit")]
    if frame["whole"].is_null().all():
        del keys[1]
    return Card(
        *head, relation,
        dots(relation, names="measure", now="own", low="own_low", high="own_high", then="whole", labels=_SAID),
        describe_rows("Dot plot by measure", relation),
        "Higher or lower is said only where the 95 % intervals of both do not meet. Of twenty comparisons about one "
        f"looks like a difference by chance alone. {group_note(relation)}", tuple(keys), wide=True,
    )  # fmt: skip


def _rows(released: Released, unit: str) -> Iterator[Row]:
    """The measures in order: all platforms, each platform, and who has ever contributed."""
    yield from _row(words.platform(ALL), *_series(released, unit, TABLE))
    for platform in released.platforms:
        both = _series(released, unit, PLATFORM_TABLE, TABLE, platform=platform)
        yield from _row(words.platform(platform), *both)
    both = _series(released, unit, ADOPTION_TABLE, kind="week")
    yield from _row("Ever contributed", *both, kind="week", column="n_adopted", ratio="adoption_ratio")


def _series(
    released: Released, unit: str, *tables: str, kind: PeriodKind = "month", platform: str = ALL
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The periods of the unit in the first of two tables, and of the organisation in the last."""
    own = released.series(tables[0], kind, platform=platform, unit=unit)
    return own, released.series(tables[-1], kind, platform=platform)


def _row(
    measure: str, periods: pl.DataFrame, wholes: pl.DataFrame, *, kind: PeriodKind = "month",
    column: str = "n_contributors", ratio: str = RATIO,
) -> Iterator[Row]:  # fmt: skip
    """The last complete period of the unit, and the whole organisation in the same one."""
    periods = periods.filter(pl.col("is_complete")) if periods.height else periods
    if periods.is_empty():
        return
    own = periods.row(-1, named=True)
    whole = at(wholes, own)
    of_unit, of_all = share(own, column), share(whole, column)
    verdict = compare_groups(of_unit, of_all) if of_unit and of_all else None
    yield {
        "measure": measure, "period": words.sentence(when(kind, own)), "n_eligible": own["n_eligible"],
        "own": own[ratio], "own_low": own[f"{ratio}_low"], "own_high": own[f"{ratio}_high"],
        "whole": whole[ratio] if whole else None, "whole_low": whole[f"{ratio}_low"] if whole else None,
        "whole_high": whole[f"{ratio}_high"] if whole else None,
        "verdict": verdict, "judgement": JUDGEMENTS[verdict] if verdict else None, "is_coarse": True,
    }  # fmt: skip
