"""The card that says whether a declared trial met its target, beside everybody else over the same days."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.groups import group_note
from dashboards.facts import cells
from dashboards.figures.dots import dots
from dashboards.headlines import trials as headlines
from dashboards.relation import Column, Relation
from dashboards.released import Released, Row
from models.comparison import compare_groups, share_of
from models.metrics import MINIMUM_DAILY, MINIMUM_GROUP

TABLE: Final = "rel_trial"
METRICS: Final = ("trial_verdict", "trial_stayers")
SUBTITLE: Final = "Share who contribute to the platform of the trial: people in it, and everybody else on the same days"
UNDECLARED: Final = (
    "No trial has been entered in the settings; whoever runs this report can add one: the platform, the days, the "
    "units or people who try it, and the target that it has to reach. Without a target nothing is called a success."
)
NOT_SHOWN: Final = (
    f"A trial is shown once it has begun, from {MINIMUM_GROUP} people on beside as many others, in an organisation of "
    f"at least {MINIMUM_DAILY} people that the roster holds; of trials of a platform whose days overlap only the "
    "first, because their difference would be about few."
)
_AGAINST: Final = {
    "higher": "fewer than in the trial, by more than chance",
    "lower": "more than in the trial, by more than chance",
    "alike": "about as many as in the trial",
    "unclear": "too few people to tell the two apart",
}
_WEEKS: Final = {"2w": "Starters after 2 weeks", "4w": "Starters after 4 weeks", "12w": "Starters after 12 weeks"}


def trial_card(released: Released) -> Card:
    """The one declared trial, or all of them."""
    trials = _trials(released)
    if not trials:
        is_declared = bool((released.tables["rel_declared"]["kind"] == "trial").any())
        return Card("trial", headlines.no_trial(is_declared=is_declared), SUBTITLE, METRICS[:1],
                    note=NOT_SHOWN if is_declared else UNDECLARED, wide=True)  # fmt: skip
    of = tuple(sorted({row["platform"] for row, _ in trials}))
    headline = headlines.trial(trials[0][0]) if len(trials) == 1 else headlines.trials([row for row, _ in trials])
    rows = [
        one | {"name": f"Trial {number}: {one['name'].lower()}" if len(trials) > 1 else one["name"]}
        for number, (row, others) in enumerate(trials, 1)
        for one in _measures(row, others)
        if one["ratio"] is not None or one["high"] is not None
    ]
    prefixes = [f"Trial {number}, " if len(trials) > 1 else "" for number in range(1, len(trials) + 1)]
    note = " ".join(_basis(prefix, *pair) for prefix, pair in zip(prefixes, trials, strict=True))
    note += (
        " Starters are those who began in the first two weeks; they are shown if there are enough. Who is in the trial "
        "was not decided by lot: a difference from everybody else need not be its doing. Reading is not seen."
    )
    if not rows:
        return Card("trial", headline, SUBTITLE, METRICS, note=f"No share can be shown yet. {note}", wide=True,
                    platforms=of, facts=cells(TABLE, *(row for pair in trials for row in pair)))  # fmt: skip
    relation = Relation(
        SUBTITLE,
        (
            Column("name", "Contributing", "text"),
            Column("n", "Of how many in the trial", "count"),
            Column("ratio", "In the trial", "ratio", bounds=("low", "high")),
            Column("low", "95 % from", "ratio", missing="\u2013"),
            Column("high", "to", "ratio", missing="\u2013"),
            Column("n_others", "Of how many others", "count", missing="not shown"),
            Column("others", "Everybody else", "ratio", missing="not shown", bounds=("others_low", "others_high")),
        ),
        pl.DataFrame(rows, infer_schema_length=None, schema_overrides={
            "n": pl.Int64, "ratio": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n_others": pl.Int64,
            "others": pl.Float64, "others_low": pl.Float64, "others_high": pl.Float64,
        }),
        newest_first=False,
    )  # fmt: skip
    note += f" {group_note(relation)}"
    figure = dots(
        relation, names="name", now="ratio", low="low", high="high", then="others",
        labels=("in the trial", "everybody else"),
    )  # fmt: skip
    keys = [Key("c1", "dot", "in the trial"), Key("c1", "band", "95 % interval"), Key("n", "ring", "everybody else")]
    if all(value is None for value in relation.values("others")):
        keys.pop()
    return Card("trial", headline, SUBTITLE, METRICS, relation, figure, describe_rows("Dot plot", relation), note,
                tuple(keys), wide=True, platforms=of,
                facts=cells(TABLE, *(row for pair in trials for row in pair)))  # fmt: skip


def _trials(released: Released) -> list[tuple[Row, Row]]:
    """Each trial with everybody else."""
    rows = released.tables[TABLE].sort("trial", "is_in_trial", descending=[False, True]).to_dicts()
    return list(zip(rows[::2], rows[1::2], strict=True))


def _measures(row: Row, others: Row) -> list[Row]:
    plan = [
        (headlines.end_of(row), "n_at_end", "end_ratio"),
        ("At any time", "n_people", "ever_ratio"),
        *((name, f"n_followed_{week}", f"still_{week}_ratio") for week, name in _WEEKS.items()),
        ("On a working day", "n_people", "daily_use_ratio"),
    ]
    return [
        {"name": words.sentence(name), "n": row[people], "ratio": row[ratio], "low": row.get(f"{ratio}_low"),
         "high": row.get(f"{ratio}_high"), "n_others": others[people], "others": others[ratio],
         "others_low": others.get(f"{ratio}_low"), "others_high": others.get(f"{ratio}_high")}
        for name, people, ratio in plan
    ]  # fmt: skip


def _basis(prefix: str, row: Row, others: Row) -> str:
    """Who is in the trial, how sure its share is, and what everybody else did."""
    n = row["n_executives"]
    executives = "" if n is None else f", {words.count(n, is_coarse=True) if n else 'none'} of them executives"
    parts = [
        f"{prefix}\u201c{words.clean(row['title'])}\u201d, {words.short_day(row['started_on'])} to "
        f"{words.short_day(row['ended_on'])}: {words.count(row['n_people'], 'person', 'people', is_coarse=True)} of "
        f"{words.count(row['n_units'], 'unit')} and {words.count(row['n_departments'], 'department')}{executives}."
    ]
    if row["end_ratio"] is None:
        return parts[0]
    parts.append(
        f"Allowing for chance and for counting in fives, the share at its end lies between "
        f"{words.percent(row['end_ratio_low'])} and {words.percent(row['end_ratio_high'])}. Only a target "
        "outside this range is met or missed."
    )
    share, other = (share_of(one["n_contributors_at_end"], one["n_at_end"], is_coarse=True) for one in (row, others))
    if share and other:
        parts.append(f"Of everybody else {words.told(other.ratio)} did: {_AGAINST[compare_groups(share, other)]}.")
    return " ".join(parts)
