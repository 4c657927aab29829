"""The card that answers what open platforms are used instead of: before and after a start, else month by month."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.time import time_card
from dashboards.facts import cells
from dashboards.figures.differences import differences
from dashboards.figures.lines import Series
from dashboards.headlines import channels as headlines
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, Row, latest
from models.metrics.channel_shift import CANNOT_TELL, NO_SOURCE

MIX, SHIFT = "rel_channel_mix", "rel_channel_shift"
ID: Final = "channels"
_SUBTITLE: Final = (
    "Share of people who contribute in the open, and who use e-mail and shared files, in an average {kind} before and "
    "after a declared start; difference in percentage points, all platforms"
)
_BY_TIME: Final = "Share of people who contribute in the open, and who use e-mail and shared files, by {kind}"
_NAMES: Final = {"open": "In the open", "email": "E-mail", "files": "Shared files"}
_FIGURES: Final = ("before_ratio", "after_ratio", "change_pp", "change_pp_low", "change_pp_high")
REPORTS: Final = frozenset({"email", "sharepoint", "m365"})
"""The sources that tell who used e-mail and shared files."""
PEOPLE_ONLY: Final = (
    "It counts people by whether they did something at all, not messages or files, and looks at nothing that they say."
)


def channel_mix_card(released: Released) -> Card:
    """The card of the whole organisation."""
    starts = released.tables[SHIFT].filter(pl.col("unit") == ALL).sort("started_on")
    told = starts.filter(pl.col("verdict") != CANNOT_TELL)
    if told.height:
        return _compared(told.row(-1, named=True))
    return _by_time(released, starts.row(-1, named=True) if starts.height else None)


def _compared(row: Row) -> Card:
    subtitle = _SUBTITLE.format(kind=row["compared_by"])
    frame = pl.DataFrame([
        {"channel": name, "is_told": True} | {figure: row[f"{channel}_{figure}"] for figure in _FIGURES}
        for channel, name in _NAMES.items() if row[f"{channel}_change_pp"] is not None
    ])  # fmt: skip
    relation = Relation(
        subtitle,
        (
            Column("channel", "Channel", "text"),
            Column("before_ratio", "Before", "ratio"),
            Column("after_ratio", "After", "ratio"),
            Column("change_pp", "Difference, points", "pp"),
            Column("change_pp_low", "95 % from", "pp"),
            Column("change_pp_high", "to", "pp"),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    figure = differences(
        relation, names="channel", value="change_pp", low="change_pp_low", high="change_pp_high", compared="is_told"
    )
    return Card(
        ID, headlines.shift(row), subtitle, ("substitution", "people_from_closed"), relation, figure,
        describe_rows("Dot plot", relation), _basis(row), (Key("c2", "band", "95 % interval"),), wide=True,
        facts=cells(SHIFT, row),
    )  # fmt: skip


def _basis(row: Row) -> str:
    """Over whom, what it assumes, what it could have found."""
    kind = row["compared_by"]
    came, gave_up = (words.count(n) if n else "none" for n in (row["n_then_open"], row["n_then_only_open"]))
    parts = [
        f"Start: \u201c{words.clean(row['title'])}\u201d, {words.day(row['started_on'])}. Over "
        f"{words.count(row['n_cohort'], 'person', 'people')} who were there in each of "
        f"{words.count(row['n_before'], kind)} before and {words.count(row['n_after'])} after it, between "
        f"{words.day(row['before_from_on'])} and {words.day(row['after_to_on'])}; the {kind} of the start is left out, "
        f"unless it begins with it. The average hides when the change came: see the {kind}s. The interval allows for "
        f"chance between people, not between {kind}s.",
        f"Of {words.count(row['n_only_closed_before'], 'person', 'people')} who did nothing in the open before, but "
        f"used e-mail or shared files, {came} contributed in the open afterwards, "
        f"{gave_up} of them without e-mail and shared files. People also stop, so this alone is no gain.",
        PEOPLE_ONLY,
        "It assumes that nothing else changed at that time, not even the season: there is no group to compare with, so "
        "the two go together and neither is shown to cause the other. Nor can it tell an export that begins late from "
        "a platform that does.",
        f"A change in the open of {words.rounded(row['minimum_pp'], 1)} points would have been found in four of five "
        "cases.",
    ]
    if row["n_other_starts"]:
        parts.insert(1, f"{words.count(row['n_other_starts'], 'other declared start')} fell into the same time.")
    return " ".join(parts)


def _by_time(released: Released, start: Row | None) -> Card:
    """Shares over time where no start can be judged; weeks where reports tell of any, else months."""
    kind, series = "month", released.series(MIX, "month")
    for one in ("week", "month"):
        found = released.series(MIX, one)
        if found.height and not found["n_closed"].is_null().all():
            kind, series = one, found
            break
    now = latest(series, "open_ratio", "n_closed") if series.height else None
    period = words.period(kind, now["period_start"]) if now else ""
    if series.is_empty() or series["n_closed"].is_null().all():
        series = series.clear()
    known = [name for name in _NAMES if not series[f"{name}_ratio"].is_null().all()]
    return time_card(
        ID, headlines.mix(now, period=period), _BY_TIME.format(kind=kind), ("channels",), series,
        columns=[*(column for name in known for column in _columns(name)), Column("n_eligible", "People", "count")],
        series=[
            Series(f"{name}_ratio", _NAMES[name], colour, low=f"{name}_ratio_low", high=f"{name}_ratio_high")
            for name, colour in zip(_NAMES, ("c1", "c2", "c3"), strict=True) if name in known
        ],
        kind=kind, axis="ratio", note=f"{_why(start)} {PEOPLE_ONLY}", missing=_missing(released, start), wide=True,
    )  # fmt: skip


def _columns(name: str) -> tuple[Column, ...]:
    return (
        Column(f"{name}_ratio", _NAMES[name], "ratio", "not known", complete="is_complete"),
        Column(f"{name}_ratio_low", "95 % from", "ratio", ""),
        Column(f"{name}_ratio_high", "to", "ratio", ""),
    )


def _why(start: Row | None) -> str:
    if start is None:
        return (
            "No event and no trial has been entered in the settings, so nothing is compared with before; whoever runs "
            "this report can add one."
        )
    day = words.day(start["started_on"])
    return f"What changed with the start of {day} cannot be told: {start['reason']}."


def _missing(released: Released, start: Row | None) -> str:
    if released.tables[MIX].is_empty():
        return "It is shown of organisations with many people only."
    if not released.has_roster:
        if any(source["platform"] in REPORTS for source in released.sources):
            return "Without a roster nobody knows whose accounts usage reports name."
        return "No roster and no usage report is loaded."
    if start is not None and start["reason"] != NO_SOURCE:
        return _why(start)
    return (
        "No export tells of e-mail or file shares. Microsoft 365 reports of e-mail or SharePoint activity that name "
        "users would, one for each week."
    )
