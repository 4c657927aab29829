"""Two cards: how long new pages and spaces stay in use after their launch, and which are forgotten by now."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.space_scope import EVERYTHING, SpaceScope
from dashboards.facts import cells
from dashboards.figures.bars import Part, split_bars
from dashboards.figures.survival import Columns, survival
from dashboards.headlines.life import MONTH_DAYS, NOUNS, STATES, counted, known, life, several, states
from dashboards.numbers import Fact
from dashboards.relation import Column, Relation
from dashboards.released import Released, Row
from models.metrics.space_life import PUBLISHED

LIFE, CURVE = "rel_space_life", "rel_space_curve"
LIFE_SUBTITLE: Final = (
    "Share of new pages and spaces still in use, by time since their launch; fallen silent is what nobody contributed "
    "to for more than 90 days in a row"
)
STATES_SUBTITLE: Final = "Pages and public spaces by how long ago somebody last contributed, {}"
TOKENS: Final = ("c1", "c2", "c3", "c4")
YEAR: Final = 364
YEAR_WEEKS: Final = 52
FEW: Final = 20
"""Below so many the measured intervals are wider than they say."""
PARTS: Final = (
    Part("alive_ratio", "alive: in the last 90 days", "c1"),
    Part("revived_ratio", "revived: was forgotten before", "c4"),
    Part("fading_ratio", "fading: 91 to 180 days ago", "soft"),
    Part("forgotten_ratio", "forgotten: longer ago", "n"),
)
_READING: Final = "Only public spaces count, and reading is not seen: what nobody writes in may still be read."


def space_life_card(released: Released, scope: SpaceScope = EVERYTHING) -> Card:
    """The curves of the kinds of which at least ten are followed from their launch on."""
    every = scope.rows(released, LIFE)
    rows = [row for row in every if row["n_followed"] is not None and row["survival_reason"] is None]
    curve = released.tables[CURVE].filter(pl.col("age_days") <= YEAR)
    shown = [row for row in rows if _curve(curve, row).height][: len(TOKENS)]
    head = (f"{scope.name}-life", life(shown), LIFE_SUBTITLE, ("space_survival", "space_half_life", "space_curve"))
    if not shown:
        return Card(*head, note=f"A curve needs ten that are followed from their launch on. {_few(every)}", wide=True)
    names = [words.sentence(several(row)) for row in shown]
    curves = [_curve(curve, row).with_columns(name=pl.lit(name)) for row, name in zip(shown, names, strict=True)]
    frame = pl.concat(curves)
    relation = Relation(
        LIFE_SUBTITLE,
        (
            Column("name", "New", "text"),
            Column("age_days", "Days since the launch", "count"),
            Column("survival_ratio", "Still in use", "ratio"),
            Column("survival_ratio_low", "95 % from", "ratio", missing="none yet"),
            Column("survival_ratio_high", "to", "ratio", missing="none yet"),
            Column("n_followed", "Still followed", "count"),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    tokens = list(zip(names, TOKENS, strict=False))
    columns = Columns("name", "age_days", "survival_ratio", "survival_ratio_low", "survival_ratio_high")
    keys = (*(Key(token, "dash", name) for name, token in tokens), Key("n", "band", "95 % interval of each day"))
    note = f"{_reach(frame)} {_basis(shown, every)}"
    return Card(*head, relation, survival(relation, columns, tokens), _said(frame), note, keys, True,
                life_facts(every))  # fmt: skip


def space_states_card(released: Released, scope: SpaceScope = EVERYTHING) -> Card:
    """The states of the kinds of which at least ten are known."""
    every = scope.rows(released, LIFE)
    rows = [row for row in every if all(row[part.column] is not None for part in PARTS)
            and all(row[f"n_{state}"] is not None for state in STATES)]  # fmt: skip
    subtitle = STATES_SUBTITLE.format("all platforms" if scope.is_whole else "by wiki")
    head = (f"{scope.name}-states", states(rows), subtitle, ("space_states", "space_continuity"))
    if not rows:
        return Card(*head, note=f"Shares need ten pages or spaces of a kind. {_silent(every, rows)}", wide=True)
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        name=pl.Series([words.sentence(several(row)) for row in rows])
    )
    relation = Relation(
        subtitle,
        (
            Column("name", "Kind", "text"),
            *(Column(part.column, words.sentence(part.label.split(":")[0]), "ratio") for part in PARTS),
            Column("forgotten_ratio_low", "Forgotten, 95 % from", "ratio"),
            Column("forgotten_ratio_high", "to", "ratio"),
            Column("n_spaces", "How many", "count"),
            Column("n_unknown", "In unknown state", "count"),
            Column("continuous_ratio", "Used in every month of a year", "ratio", missing="cannot be told"),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    keys = tuple(Key(part.token, "box", part.label) for part in PARTS)
    together = EVERYTHING.rows(released, LIFE)
    published = _published(together)
    note = " ".join(part for part in (_READING, published, _silent(every, rows)) if part)
    figure = split_bars(relation, PARTS, names="name")
    return Card(*head, relation, figure, describe_rows("Stacked bars", relation), note, keys, wide=True,
                facts=life_facts([*every, *together]))  # fmt: skip


def life_facts(rows: Sequence[Row]) -> tuple[Fact, ...]:
    """What sentences say of rows of `rel_space_life`: their numbers, how long half last in months, how many are known
    and in use.
    """
    return tuple(fact for row in rows for fact in (*cells(LIFE, row), *_months(row), *_known(row)))


def _months(row: Row) -> Iterator[Fact]:
    for name in ("median_life_days", "median_life_days_low", "median_life_days_high"):
        if row[name] is not None:
            yield Fact(f"{LIFE}/{name}:{MONTH_DAYS}/{row['subject']}", row[name] / MONTH_DAYS, "decimal")


def _known(row: Row) -> Iterator[Fact]:
    if all(row[f"n_{state}"] is not None for state in STATES) and known(row):
        yield Fact(f"{LIFE}/rows/{row['subject']} in a known state", known(row), "count")
        in_use = (row["n_alive"] + row["n_revived"]) / known(row)
        yield Fact(f"{LIFE}/rows/{row['subject']} in use", in_use, "ratio")


def _curve(curves: pl.DataFrame, row: Row) -> pl.DataFrame:
    is_of_row = (pl.col("platform") == row["platform"]) & (pl.col("subject") == row["subject"])
    return curves.filter(is_of_row).sort("age_days")


def _basis(shown: Sequence[Row], every: Sequence[Row]) -> str:
    """Over whom, what it assumes, what the interval is worth, how activity fades, what is too little."""
    over = words.listed([counted(row["n_followed"], row) for row in shown])
    parts = [
        f"Over {over} whose launch lies within what exports tell, followed for more than 90 days. {_READING} It "
        "assumes that the youngest will last like the older ones did, and that they fall silent independently of each "
        "other."
    ]
    if any(row["n_followed"] < FEW for row in shown):
        parts.append(
            f"With fewer than {FEW} the interval is rather too wide: in simulations it held the truth in up to 98 of "
            "100 cases."
        )
    fading = [row for row in shown if row["half_life_weeks"] is not None]
    parts += [_halving(row) for row in fading]
    if any(_is_clear(row) for row in fading):
        parts.append("That takes weeks as independent: if few busy ones make most of it, the range is wider.")
    return " ".join(part for part in (*parts, _few(every)) if part)


def _halving(row: Row) -> str:
    """How fast contributions fade; no number where chance may be all, or where it would be longer than was seen."""
    noun = f"{NOUNS[row['subject']][0]}{row['place']}"
    if not _is_clear(row):
        return f"After the first week no clear decline of contributions per new {noun} is seen in the first year."
    value, least, most = (words.rounded(row[f"half_life_weeks{end}"]) for end in ("", "_low", "_high"))
    return (
        f"After the first week, contributions per new {noun} halve in about {value} weeks (between {least} and {most})."
    )


def _is_clear(row: Row) -> bool:
    bounds = (row["half_life_weeks_low"], row["half_life_weeks_high"])
    return None not in bounds and row["half_life_weeks"] <= YEAR_WEEKS


def _few(every: Sequence[Row]) -> str:
    """What is followed, but too little for a curve."""
    few = [counted(row["n_followed"], row) if row["n_followed"] else f"no {several(row)}"
           for row in every if row["survival_reason"] is not None and row["n_followed"] is not None]  # fmt: skip
    return f"Too few followed from their launch on: {words.listed(few)}." if few else ""


def _silent(every: Sequence[Row], rows: Sequence[Row]) -> str:
    few = [counted(row["n_spaces"], row) for row in every if row not in rows and row["n_spaces"] is not None]
    return f"Too few, or too little known of them: {words.listed(few)}." if few else ""


def _published(every: Sequence[Row]) -> str:
    """Wikis of this organisation beside those of the study."""
    wikis = [row for row in every if row["published_continuous_ratio"] is not None]
    if not wikis:
        return ""
    (row,) = wikis
    ratio, low, high = (row[f"continuous_ratio{end}"] for end in ("", "_low", "_high"))
    here = "here too few wiki spaces are a year old, and seen for a year, to compare"
    if None not in (ratio, low, high):
        here = (
            f"here {words.percent(ratio)} of those a year old (between {words.percent(low)} and {words.percent(high)}) "
            "had a contribution in each of the last 12 months"
        )
    return f"Published for wikis: {PUBLISHED}; {here}."


def _reach(frame: pl.DataFrame) -> str:
    """How far the curve of each kind goes."""
    ends = frame.group_by("name", maintain_order=True).agg(pl.col("age_days").max())
    reach = [f"{words.count(day, 'day')} for {name[:1].lower()}{name[1:]}" for name, day in ends.iter_rows()]
    return f"The chart reaches {words.listed(reach)} after the launch."


def _said(frame: pl.DataFrame) -> str:
    """Each curve at its start, after 13 and 26 weeks, and at its end."""
    parts = ["Line chart of steps."]
    for (name,), rows in frame.group_by("name", maintain_order=True):
        last = rows["age_days"].max()
        told = rows.filter(pl.col("age_days").is_in([0, 91, 182, last]))
        shares = [f"{words.percent(share)} after {words.count(day, 'day')}"
                  for day, share in told.select("age_days", "survival_ratio").iter_rows()]  # fmt: skip
        parts.append(f"{name}: {words.listed(shares)} still in use.")
    return " ".join(parts)
