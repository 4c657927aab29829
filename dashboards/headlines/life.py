"""The sentences on how long spaces live and which are forgotten: see `dashboards.headlines` for the rules."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards import words
from models.metrics.space_life import AS_FEW, MORE

Row = Mapping[str, Any]
NOUNS: Final = {
    "wiki_space": ("wiki space", "wiki spaces"),
    "page": ("wiki page", "wiki pages"),
    "channel": ("channel", "channels"),
    "community": ("community", "communities"),
    "blog": ("blog", "blogs"),
}
HALF: Final = 0.5
_SPANS: Final = {365: "a year", 90: "90 days"}
_SHORT_DAYS: Final = 60
MONTH_DAYS: Final = 30.44
STATES: Final = ("alive", "revived", "fading", "forgotten")
_WIDE: Final = 10
"""An interval that ends at more than so many times its beginning tells nothing."""


def life(rows: Sequence[Row]) -> str:
    """How long new spaces stay in use. `rows` are of `rel_space_life`, with a curve; only what its interval tells."""
    told = [said for row in rows if (said := fate(row))]
    if told:
        return words.sentence("; ".join(told[:2]))
    if not rows:
        return "How long new pages and spaces stay in use cannot be told yet"
    kinds = words.listed([several(row) for row in rows])
    return f"How long most new {kinds} stay in use cannot be told yet"


def states(rows: Sequence[Row]) -> str:
    """How many are long silent, of the two kinds with the largest share; then wikis beside the published share."""
    if not rows:
        return "Which pages and spaces are forgotten cannot be told yet"
    shown = [row for row in sorted(rows, key=lambda row: -row["forgotten_ratio"])[:2] if row["n_forgotten"]]
    day, most = words.day(rows[0]["period_end"]), "180 days"
    if shown:
        silent = words.listed([f"{words.count(row['n_forgotten'])} of {_kind(row)}" for row in shown])
        parts = [f"by {day} nobody had contributed for more than {most} to {silent}"]
    else:
        kinds = words.listed([_kind(row) for row in rows])
        parts = [f"in the {most} to {day} somebody contributed to each of {kinds}"]
    parts += [text for row in rows if (text := _beside_published(row))]
    return words.sentence("; ".join(parts))


def several(row: Row) -> str:
    """The kind of the row in the plural; where the row has a `place`, with it."""
    return f"{NOUNS[row['subject']][1]}{row.get('place', '')}"


def counted(n: int, row: Row) -> str:
    """So many of the kind of the row."""
    return f"{words.count(n, *NOUNS[row['subject']])}{row.get('place', '')}"


def fate(row: Row) -> str | None:
    """What becomes of new ones of the kind, as far as the interval tells."""
    new = f"new {several(row)}"
    if row["n_followed"] and row["n_ended"] == 0:
        return f"all {words.count(row['n_followed'])} {new} are still in use"
    median, low, high = (row[f"median_life_days{end}"] for end in ("", "_low", "_high"))
    in_months = median is not None and max(median, high or 0) >= _SHORT_DAYS
    if median is not None and _is_telling(low, high, in_months=in_months):
        value, least, most = (span(days, in_months=in_months) for days in (median, low, high))
        between = "" if least == most else f" (between {least} and {most})"
        unit = "month" if in_months else "day"
        return f"half of {new} fall silent within {value} {unit}{'' if value == '1' else 's'}{between}"
    for day, text in _SPANS.items():
        if (row[f"survival_{day}d_ratio_low"] or 0) > HALF:
            return f"most {new} are used for more than {text}"
    for day, text in reversed(_SPANS.items()):
        bound = row[f"survival_{day}d_ratio_high"]
        if bound is not None and bound < HALF:
            return f"most {new} fall silent within {text}"
    return None


def known(row: Row) -> int:
    """Of how many the state is known."""
    return sum(row[f"n_{state}"] for state in STATES)


def of_known(kind: str, row: Row) -> str:
    """The kind as what a share or a count of states is of: not of all where the state of some is not known."""
    return f"{kind} whose state is known" if row["n_unknown"] else kind


def span(days: int, *, in_months: bool) -> str:
    """Days or whole months, without the word."""
    return words.rounded(days / MONTH_DAYS) if in_months else words.count(days)


def _is_telling(low: int | None, high: int | None, *, in_months: bool) -> bool:
    """Whether an interval of days has two ends, less than a factor of 10 apart, and does not begin with 0 months."""
    if low is None or high is None or high > _WIDE * max(low, 1):
        return False
    return not in_months or span(low, in_months=True) != "0"


def _kind(row: Row) -> str:
    return of_known(counted(known(row), row), row)


def _beside_published(row: Row) -> str:
    if row["continuity_verdict"] not in (MORE, AS_FEW):
        return ""
    few = row["continuity_verdict"] == AS_FEW
    return (
        f"{'only ' if few else ''}{words.percent(row['continuous_ratio'])} of {several(row)} that are a year old were "
        f"used in every month of a year, {'as few as' if few else 'more than'} in the published study "
        f"(less than {words.percent(row['published_continuous_ratio'])})"
    )
