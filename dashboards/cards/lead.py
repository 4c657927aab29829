"""The card that answers whether people take part more once their executive does, or says why nobody can tell."""

from typing import Final

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card, Key
from dashboards.facts import cells
from dashboards.figures.event import around_event
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, Row
from models.metrics.lead_effect import FLAGGED, HELD_OF_100

EFFECT, CURVE = "rel_lead_effect", "rel_lead_curve"
SUBTITLE: Final = (
    "Share of an executive\u2019s own people who contribute in a week, against executives who begin later; difference "
    "in percentage points, by weeks from the executive\u2019s start, all platforms"
)
_CHECKS: Final = {
    "before_p": "the eight weeks before the start",
    "reverse_p": "a rise just before the start",
    "fake_dates_p": "start dates that are eight weeks too early",
    "elsewhere_p": "platforms where the executive never writes",
}


def lead_card(released: Released) -> Card:
    """The card of all platforms together."""
    row = _row(released)
    metrics = ("lead_effect", "lead_effect_checks")
    headline = headlines.lead(row)
    if row is None or row["effect_pp"] is None:
        return Card("lead", headline, SUBTITLE, metrics, note=_why(row), wide=True, facts=cells(EFFECT, row))
    curve = released.tables[CURVE].filter(pl.col("platform") == ALL).sort("week")
    relation = Relation(
        SUBTITLE,
        (
            Column("week", "Weeks from the start", "count"),
            Column("difference_pp", "Difference, points", "pp"),
            Column("difference_pp_low", "95 % from", "pp"),
            Column("difference_pp_high", "to", "pp"),
        ),
        curve, newest_first=False,
    )  # fmt: skip
    figure = around_event(
        relation, week="week", value="difference_pp", low="difference_pp_low", high="difference_pp_high"
    )
    key = Key("c2", "band", "95 % interval of each week alone")
    return Card("lead", headline, SUBTITLE, metrics, relation, figure, _said(curve), _basis(row), (key,), wide=True,
                facts=cells(EFFECT, row))  # fmt: skip


def _row(released: Released) -> Row | None:
    rows = released.tables[EFFECT].filter(pl.col("platform") == ALL)
    return rows.row(0, named=True) if rows.height else None


def _why(row: Row | None) -> str:
    """What is missing, or why the estimate was blanked."""
    if row is None:
        return "The roster names no executives with people of their own, or too few people to show."
    if row["verdict"] == FLAGGED:
        return (
            f"{words.sentence(row['reason'])}. A difference after the start would then not be the executive\u2019s, so "
            "it is not shown."
        )
    need = (
        f"An estimate needs {row['n_needed_starts']} executives who begin to take part after eight silent weeks, "
        f"{row['n_needed_later_starts']} who begin later to compare them with, and {row['n_needed_people']} people of "
        "their own in every week."
        if row["n_needed_starts"] else ""
    )  # fmt: skip
    return " ".join(part for part in (f"{words.sentence(row['reason'])}.", need) if part)


def _basis(row: Row) -> str:
    """Over whom, what it assumes, what it could have found, and which checks it passed."""
    silent = [text for name, text in _CHECKS.items() if row[name] is not None and row[name] > headlines.SIGNIFICANT]
    loud = [text for name, text in _CHECKS.items() if row[name] is not None and row[name] <= headlines.SIGNIFICANT]
    open_ = [text for name, text in _CHECKS.items() if row[name] is None]
    parts = [
        f"Estimated over {row['n_starts']} executives who began after eight silent weeks, beside "
        f"{row['n_later_starts']} who began later; answers to the executive do not count. It assumes that without the "
        "start both would have gone the same way. An effect of "
        f"{words.rounded(row['minimum_pp'], 1)} points would have been found in four of five cases. In simulated "
        f"organisations the interval holds the truth in {HELD_OF_100[0]} to {HELD_OF_100[1]} of 100 cases, least often "
        "where those who begin early grow faster."
    ]
    if silent:
        parts.append(f"Checked, and nothing found: {words.listed(silent)}.")
    if loud:
        parts.append(f"Checked, and a difference found: {words.listed(loud)}.")
    if open_:
        parts.append(f"Could not be checked: {words.listed(open_)}.")
    if row["wording"] != "caused":
        parts.append("Going together does not prove that one causes the other.")
    return " ".join(parts)


def _said(curve: pl.DataFrame) -> str:
    before = curve.filter(pl.col("week") < 0)["difference_pp"]
    after = curve.filter(pl.col("week") >= 0)["difference_pp"]
    return (
        f"Line chart. In the eight weeks before the start between {_low_to_high(before)} points; in the eight weeks "
        f"from the start on between {_low_to_high(after)} points."
    )


def _low_to_high(values: pl.Series) -> str:
    lowest, highest = values.min(), values.max()
    return f"{words.signed(lowest)} and {words.signed(highest)}"  # type: ignore[arg-type]  # a column of numbers
