"""The card that sets the units side by side: their shares in the latest whole month, and then."""

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.groups import group_note
from dashboards.figures.dots import dots
from dashboards.numbers import Fact
from dashboards.periods import at, change, when
from dashboards.relation import Column, Relation
from dashboards.released import ALL, OTHER_UNITS, Released, Row, latest, reference
from dashboards.slugs import unit_slug
from models.comparison import Change, tally

JUDGEMENTS = {"up": "higher", "down": "lower", "same": "about the same"}


def units_card(released: Released, *, wide: bool = False) -> Card:
    """Share of contributors by unit, last complete month against an earlier one."""
    organisation = released.series("rel_contributor_ratios", "month")
    now = latest(organisation, "n_contributors")
    then = reference(organisation, "n_contributors", now, kind="month")
    subtitle = "Share of each unit\u2019s people who contribute, all platforms"
    if now is None:
        return Card("units", "No unit has a complete month yet", subtitle, ("contributor_ratio",),
                    note="Units are compared by whole months, and no fully observed one can be shown yet.",
                    wide=wide)  # fmt: skip
    label, before = when("month", now), when("month", then)
    frame, changes = unit_rows(released, now, then)
    judged = tally(moved for _, moved in changes)
    counted = {"compared": judged.n_all, "same": judged.n_same, "up": judged.n_up, "down": judged.n_down}
    relation = Relation(
        f"Contributors by unit, {label}",
        (
            Column("unit", "Unit", "text", link="page"),
            Column("n_eligible", "People", "count"),
            Column("now", label, "ratio", missing=words.NOT_TOLD, bounds=("low", "high")),
            Column("low", "95 % from", "ratio", missing="\u2013"),
            Column("high", "to", "ratio", missing="\u2013"),
            Column("then", before or "Earlier", "ratio", missing="not shown", bounds=("then_low", "then_high")),
            Column("difference", "Points", "points", missing="\u2013"),
            Column("judgement", "Against chance", "text", missing="not compared"),
        ),
        frame,
        newest_first=False,
    )
    keys = [Key("c1", "dot", label), Key("n", "ring", before), Key("c1", "band", "95 % interval")]
    if frame["then"].is_null().all():
        del keys[1]
    return Card(
        "units", headlines.units(changes, judged, before=before), subtitle,
        ("contributor_ratio",), relation,
        dots(relation, names="unit", now="now", low="low", high="high", then="then", labels=(label, before)),
        describe_rows("Dot plot by unit", relation),
        f"{group_note(relation)} Of twenty comparisons about one looks like a change by chance alone.",
        tuple(keys), wide=wide, facts=tuple(Fact(f"units/rows/{name}", n, "count") for name, n in counted.items()),
    )  # fmt: skip


def unit_rows(released: Released, now: Row, then: Row | None) -> tuple[pl.DataFrame, list[tuple[str, Change]]]:
    """One row per unit and one of the organisation, and the changes of the units that have a name."""
    rows, changes = [], []
    for unit in (ALL, *released.units):
        series = released.series("rel_contributor_ratios", "month", unit=unit)
        current, earlier = at(series, now), at(series, then)
        if current is None:
            continue
        moved = change(current, earlier)
        if moved and unit not in (ALL, OTHER_UNITS):
            changes.append((unit, moved))
        rows.append({
            "unit": "Whole organisation" if unit == ALL else unit,
            "page": None if unit in (ALL, OTHER_UNITS) else f"{unit_slug(unit)}.html",
            "n_eligible": current["n_eligible"], "now": current["contributor_ratio"],
            "low": current["contributor_ratio_low"], "high": current["contributor_ratio_high"],
            "then": earlier["contributor_ratio"] if earlier else None,
            "then_low": earlier["contributor_ratio_low"] if earlier else None,
            "then_high": earlier["contributor_ratio_high"] if earlier else None,
            "difference": moved.difference if moved else None,
            "judgement": JUDGEMENTS[moved.direction] if moved else None,
            "place": 0 if unit == ALL else 2 if unit == OTHER_UNITS else 1,
        })  # fmt: skip
    shares = ("now", "low", "high", "then", "then_low", "then_high", "difference")
    schema = dict.fromkeys(shares, pl.Float64) | {"judgement": pl.String, "page": pl.String}
    frame = pl.DataFrame(rows, schema_overrides=schema)
    middle = pl.coalesce("now", (pl.col("low") + pl.col("high")) / 2)
    return frame.sort("place", middle, "unit", descending=[False, True, False], nulls_last=True), changes
