"""The cards about critical mass: how far participation has spread, and who stays or falls silent; then by unit."""

from dataclasses import replace
from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe, describe_rows
from dashboards.cards.groups import group_note
from dashboards.cards.time import open_bar_keys, period_column, time_card, within_complete
from dashboards.figures.bars import Part, period_bars
from dashboards.figures.dots import dots
from dashboards.figures.lines import Series
from dashboards.figures.marked import marked
from dashboards.headlines import bottom as headlines
from dashboards.numbers import Fact
from dashboards.periods import when
from dashboards.relation import Column, Relation
from dashboards.released import ALL, SHOWN, Released, Row, latest, reference
from models.critical_mass import Run, current_run, units_by_state

TABLE: Final = "rel_critical_mass"
STATES: Final = {
    "sustained": "six weeks in a row or more",
    "not_yet": "not six weeks in a row",
    "cannot_tell": "cannot be told",
}
_RATIO, _LOW, _HIGH = "adoption_ratio", "adoption_ratio_low", "adoption_ratio_high"
_RULE: Final = (
    "Counted are the weeks in a row, of which six are asked for, in which at least as many people stayed or came back "
    "as fell silent, counting only what executives and communications neither wrote nor started. Weeks that were not "
    "fully observed, or in which fewer than five people stayed, came back or fell silent, are not judged. This is a "
    "rule about counts and no estimate, so it has no interval: a single week that misses it by one person ends a run. "
    "The bar is low: it is met even if up to half of the people fall silent each week and few replace them. It "
    "describes weeks that are over, and is no forecast."
)
_EVER: Final = (
    "What people contributed before the exports begin is not known, so the first 90 days show nothing, and a rise soon "
    "after them is partly people seen again. Who leaves takes their contribution along."
)
_NO_WEEK: Final = "No closed week can be shown after the first 90 observed days."
_NO_ROSTER: Final = "No roster is loaded: how many people there are, and who is an executive, is not known."
_APART: Final = "apart from what executives and communications write and start"
_NO_UNIT: Final = "Shown are the units of a roster that have enough people, in closed weeks; there is none to show."


def adoption_card(released: Released) -> Card:
    """The adoption curve of the organisation, with the week since which as many stay as fall silent."""
    every = within_complete(released.series(TABLE, "week"), _LOW, _HIGH)
    weeks = _from_the_first_known(every)
    subtitle = (
        "People who have ever contributed, as a share of all, all platforms, by week; who stayed or fell silent is "
        f"counted {_APART}"
    )
    metrics = ("adoption",)
    if not released.has_roster:
        headline = headlines.adoption(None, None, None, has_roster=False)
        return Card("adoption", headline, subtitle, metrics, note=_NO_ROSTER, wide=True)
    row = latest(weeks, _RATIO)
    run = current_run(every, row["period_start"]) if row and row["state"] == "sustained" else None
    card = time_card(
        "adoption", headlines.adoption(row, run, _last_told(every, row)), subtitle, metrics, _said(weeks),
        columns=(
            Column("n_eligible", "People", "count"),
            Column(
                _RATIO, "Have contributed", "ratio", missing="not known", complete="is_complete", bounds=(_LOW, _HIGH)
            ),
            Column(_LOW, "95 % from", "ratio", missing="\u2013"),
            Column(_HIGH, "to", "ratio", missing="\u2013"),
            Column("said", "As many stay as fall silent", "text"),
            Column("n_weeks_in_a_row", "Weeks in a row", "count", missing="not judged"),
            Column("n_returning", "Stayed or came back", "count", missing="not shown"),
            Column("n_lapsing", "Fell silent", "count", missing="not shown"),
        ),
        series=[Series(_RATIO, "", "c1", 2.5, _LOW, _HIGH)], kind="week", axis="ratio", note=f"{_RULE} {_EVER}",
        missing=_NO_WEEK, wide=True,
    )  # fmt: skip
    return _with_mark(card, run, weeks) if run else card


def sustaining_card(released: Released) -> Card:
    """How many units are in which state, by week."""
    every = units_by_state(released.tables[TABLE])
    row = latest(every)
    told = every.filter(pl.col("n_cannot_tell") < pl.col("n_units"))["period_start"]
    headline = headlines.sustaining_units(row, period=when("week", row), has_roster=released.has_roster)
    subtitle = (
        "Units by whether at least as many people stayed or came back as fell silent for six weeks in a row, "
        f"{_APART}, by week"
    )
    if row is None or told.is_empty():
        note = _NO_UNIT if row is None else _RULE
        return Card("sustaining", headline, subtitle, ("critical_mass",), note=note)
    weeks = every.filter(pl.col("period_start") >= told.min()).tail(SHOWN["week"])
    parts = [
        Part(f"n_{state}", words.sentence(STATES[state]), token)
        for state, token in (("sustained", "c1"), ("not_yet", "c2"), ("cannot_tell", "soft"))
    ]
    names = [part.column for part in parts]
    relation = Relation(
        subtitle, (period_column("week"), *(Column(part.column, part.label, "count") for part in parts)), weeks
    )
    keys = (*(Key(part.token, "box", part.label) for part in parts), *open_bar_keys(relation, names, "n"))
    note = (
        "Units are counted and not named; small ones are left out. Units whose people are mostly executives or "
        "communications, and quiet ones, can often not be told. A single week that misses the rule by one person ends "
        "a run. The bar is low: it is met even if up to half of the people fall silent each week and few replace them. "
        "It describes weeks that are over, and is no forecast."
    )
    return Card(
        "sustaining", headline, subtitle, ("critical_mass",), relation, period_bars(relation, parts, kind="week"),
        describe("Stacked bars", relation, names, period="week"), note, keys,
        facts=(Fact("sustaining/rows/units", row["n_units"], "count", words.short_day(row["period_start"])),),
    )  # fmt: skip


def adopted_units_card(released: Released) -> Card:
    """How far participation has spread in each unit, with its state in the table."""
    rows = released.tables[TABLE].filter((pl.col("platform") == ALL) & (pl.col("unit") != ALL))
    organisation = released.series(TABLE, "week")
    now = latest(organisation, _RATIO)
    then = reference(organisation, _RATIO, now, kind="week")
    subtitle = "People of each unit who have ever contributed, as a share of the unit, all platforms"
    frame = _units(rows, now, then)
    known = frame["now"].drop_nulls()
    label, before = when("week", now), when("week", then)
    headline = headlines.adopted_units(
        known.min(), known.max(), len(known), period=label, has_roster=released.has_roster,  # type: ignore[arg-type]
        n_untold=frame.height - len(known),
    )  # fmt: skip
    if frame.is_empty():
        return Card("adopted-units", headline, subtitle, ("adoption",), note=_NO_UNIT)
    relation = Relation(
        subtitle,
        (
            Column("unit", "Unit", "text"),
            Column("n_eligible", "People", "count"),
            Column("now", words.sentence(label), "ratio", missing=words.NOT_TOLD, bounds=("low", "high")),
            Column("low", "95 % from", "ratio", missing="\u2013"),
            Column("high", "to", "ratio", missing="\u2013"),
            Column(
                "then", words.sentence(before) or "Earlier", "ratio", missing="not shown",
                bounds=("then_low", "then_high"),
            ),
            Column("said", "As many stay as fall silent", "text"),
            Column("n_weeks_in_a_row", "Weeks in a row", "count", missing="not judged"),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    keys = [Key("c1", "dot", label), Key("n", "ring", before), Key("c1", "band", "95 % interval")]
    if frame["then"].is_null().all():
        del keys[1]
    return Card(
        "adopted-units", headline, subtitle, ("adoption",), relation,
        dots(relation, names="unit", now="now", low="low", high="high", then="then", labels=(label, before)),
        describe_rows("Dot plot by unit", relation),
        f"Units of few people are not shown. {_EVER} Who stays or falls silent is counted {_APART}. "
        f"{group_note(relation)}", tuple(keys),
    )  # fmt: skip


def _from_the_first_known(weeks: pl.DataFrame) -> pl.DataFrame:
    """Without the first 90 days: they were observed, but nothing is known of them."""
    known = weeks.filter(pl.col(_RATIO).is_not_null())["period_start"]
    return weeks.filter(pl.col("period_start") >= known.min()) if known.len() else weeks.clear()


def _said(weeks: pl.DataFrame) -> pl.DataFrame:
    said = pl.col("state").replace_strict(STATES, default=None, return_dtype=pl.String)
    return weeks.with_columns(said.alias("said"))


def _last_told(weeks: pl.DataFrame, row: Row | None) -> Row | None:
    """The last week before the row in which the state could be told."""
    if row is None:
        return None
    told = weeks.filter((pl.col("period_start") < row["period_start"]) & (pl.col("state") != "cannot_tell"))
    return told.row(-1, named=True) if told.height else None


def _with_mark(card: Card, run: Run, weeks: pl.DataFrame) -> Card:
    """The card with the first week of the run marked, where the chart shows that week."""
    starts = weeks["period_start"].to_list()
    if card.figure is None or run.first_week not in starts:
        return card
    text = f"as many stay as fall silent{'' if run.is_start_known else ', at least'}"
    is_late = starts.index(run.first_week) > len(starts) / 2
    alt = f"{card.alt} Marked: {text} from {words.period('week', run.first_week)} on."
    return replace(card, figure=marked(card.figure, run.first_week, text, is_late=is_late), alt=alt)


def _units(rows: pl.DataFrame, now: Row | None, then: Row | None) -> pl.DataFrame:
    """One row per unit, those in which most have contributed first."""

    def of(week: Row | None) -> pl.DataFrame:
        if week is None:
            return rows.clear()
        return rows.filter(pl.col("period_start") == week["period_start"])

    earlier = of(then).select(
        "unit", pl.col(_RATIO).alias("then"), pl.col(_LOW).alias("then_low"), pl.col(_HIGH).alias("then_high")
    )
    current = _said(of(now)).rename({_RATIO: "now", _LOW: "low", _HIGH: "high"})
    middle = pl.coalesce("now", (pl.col("low") + pl.col("high")) / 2)
    return current.join(earlier, on="unit", how="left").sort(
        middle, "unit", descending=[True, False], nulls_last=True
    )
