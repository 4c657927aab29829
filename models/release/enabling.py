"""The released cut of the marts about enabling people: what stays of it once few people could be behind a figure.

`models.release` cuts closed periods of a large organisation first. Even there a month has few newcomers, and one person
may answer everything, so each function here blanks or pools what rests on fewer than `least` people, threads' starters
or spaces, together with what would give it away by subtraction. Only months: weeks within a month would.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl

from models.metrics import MARTS
from models.release import SMALLEST_COUNT
from models.release.bounded import with_share

ALL: Final = "all"
POOLED_MONTHS: Final = 12
"""Months that are told together, the newest closed one last."""

_ANSWERED: Final = ("n_newcomer_threads", "n_old_enough_2d", "n_unanswered_2d", "answered_2d_ratio",
                    "answered_2d_ratio_low", "answered_2d_ratio_high")  # fmt: skip
_LASTING: Final = ("n_followed", "n_on_5_8", "n_on_9_12")
_ANSWERING: Final = ("n_champions", "n_answerers")

Cut = Callable[[pl.DataFrame, int], pl.DataFrame]


def further_cut(table: str, rows: pl.DataFrame, *, least: int) -> pl.DataFrame:
    """The rows of `table` that remain, with the same columns; all of them where no rule of this module is meant."""
    return FURTHER[table](rows, least) if table in FURTHER else rows


def cut_newcomer_replies(rows: pl.DataFrame, least: int) -> pl.DataFrame:
    """By month whether first posts are answered, if there are `least`; whether newcomers post again only pooled.

    The pooled row (period_kind history) holds the months that are told, so that none of the others follows from it.
    """
    months = _months(rows)
    again = [name for name in _figures("mart_newcomer_replies") if name not in _ANSWERED]
    counts = [name for name in again if name.startswith("n_")]
    pooled = _pooled(months.filter(pl.col("n_old_enough_2d") >= least), counts)
    for group in ("answered", "unanswered"):
        n, k = f"n_{group}_old_enough", f"n_second_post_{group}"
        is_hidden = (pl.col(n) < least) | _is_hidden(n, ["period_kind"], least)
        pooled = with_share(pooled.with_columns(_blank([n, k], is_hidden)), f"second_post_{group}_ratio", k, n)
    is_hidden = _is_hidden("n_old_enough_2d", ["period_start"], least)
    is_hidden |= _is_hidden("n_newcomer_threads", ["period_start"], least)
    shown = months.with_columns(_blank(_ANSWERED, is_hidden))
    shown = shown.with_columns(_blank(again, pl.lit(value=True)))
    return pl.concat([pooled.select(rows.columns) if pooled.height else rows.clear(), shown])


def cut_responses(rows: pl.DataFrame, least: int) -> pl.DataFrame:
    """Months in which `least` people started threads; shares of at least `least` threads."""
    months = _months(rows)
    is_hidden = _is_hidden("n_starters", ["period_start"], least)
    groups = [
        ([name for name in _figures("mart_responses") if f"_{n}d" in name],
         is_hidden | _is_hidden(f"n_old_enough_{n}d", ["period_start"], least))
        for n in (1, 2, 5)
    ]  # fmt: skip
    whole = [name for name in _figures("mart_responses") if not any(name in names for names, _ in groups)]
    return months.with_columns(
        *_blank(whole, is_hidden), *(one for names, is_few in groups for one in _blank(names, is_few))
    )


def cut_champions(rows: pl.DataFrame, least: int) -> pl.DataFrame:
    """Months in which `least` people asked and nearly nobody else did not; of `least` answers on how few they rest.

    Numbers of people who answer below three are told as three: that one person does it all is about this person.
    """
    months = _months(rows)
    of_anybody = pl.when(pl.col("asked_by") == "anybody").then("n_askers").max().over("period_start", "platform")
    is_hidden = (
        _is_hidden("n_askers", ["period_start", "asked_by"], least)
        | (of_anybody - pl.col("n_askers")).is_between(1, least - 1)
    )  # fmt: skip
    shown = months.with_columns(_blank(_figures("mart_champions"), is_hidden))
    shown = shown.with_columns(_blank(_ANSWERING, _is_few("n_answered", least)))
    is_told = pl.col("n_answered") > 0
    return shown.with_columns(
        pl.when(is_told).then(pl.col(name).clip(lower_bound=SMALLEST_COUNT)).otherwise(name).alias(name)
        for name in _ANSWERING
    )


def cut_first_steps(rows: pl.DataFrame, least: int) -> pl.DataFrame:
    """The newest twelve months together, by step and by size of the space, never by both.

    How beginnings last is told of at least `least` people; where one step is hidden, so is the next smallest.
    """
    months = _months(rows).filter((pl.col("step") == "any") | (pl.col("space_size") == "any"))
    newest = pl.col("period_start").max().dt.offset_by(f"-{POOLED_MONTHS}mo")
    pooled = _pooled(
        months.filter((pl.col("period_start") > newest) & pl.col("n_starters").is_not_null()),
        ["n_starters", *_LASTING], ["step", "space_size"],
    )  # fmt: skip
    if pooled.is_empty():
        return rows.clear()
    is_any = (pl.col("step") == "any") & (pl.col("space_size") == "any")
    pooled = pooled.with_columns(
        pl.when(is_any).then(name).max().over("platform").alias(f"_all_{name}") for name in ("n_starters", "n_followed")
    )
    # who began in a space of unknown size is told by no row, but is what the two sizes leave of all
    of_sizes = pl.when(pl.col("space_size") != "any").then("n_followed").sum().over("platform")
    is_rest_few = (pl.col("_all_n_followed") - of_sizes).is_between(1, least - 1)
    is_size = pl.col("space_size") != "any"
    is_hidden = (
        _is_hidden("n_followed", ["platform"], least, among=~is_size & ~is_any)
        | _is_hidden("n_followed", ["platform"], least, among=is_size, is_open=is_rest_few)
    )
    pooled = pooled.with_columns(
        *_blank(["n_starters"], ~is_any & _is_few("_all_n_starters", least)), *_blank(_LASTING, is_hidden)
    )
    pooled = with_share(pooled, "start_ratio", "n_starters", "_all_n_starters")
    for weeks in ("5_8", "9_12"):
        pooled = with_share(pooled, f"weeks_{weeks}_ratio", f"n_on_{weeks}", "n_followed")
    return pooled.with_columns(pl.lit(None, pl.Int64).alias("n_unknown")).select(rows.columns)


def cut_purposes(rows: pl.DataFrame, least: int) -> pl.DataFrame:
    """Months of the uses of spaces; who contributes to one is told of at least `least` people.

    A use that is hidden takes the next smallest one of its platform with it, and its next smallest other platform.
    """
    months = _months(rows)
    names = [name for name in _figures("mart_purposes") if name.startswith(("n_contribut", "contributor"))]
    is_hidden = _is_hidden("n_contributors", ["period_start", "purpose"], least)
    is_hidden |= _is_hidden("n_contributors", ["period_start", "platform"], least, among=pl.lit(value=True))
    return months.with_columns(_blank(names, is_hidden))


def cut_space_life(rows: pl.DataFrame, least: int) -> pl.DataFrame:
    """How many fell silent, only of at least `least` pages or spaces of a kind: of one it would be its fate."""
    return rows.with_columns(_blank(["n_ended"], _is_hidden("n_followed", ["subject"], least)))


def cut_stewardship(rows: pl.DataFrame, least: int) -> pl.DataFrame:
    """Months of at least `least` public spaces: of one or two it would be known whose they are."""
    is_hidden = _is_hidden("n_spaces", ["period_start"], least)
    return _months(rows).with_columns(_blank(_figures("mart_stewardship"), is_hidden))


FURTHER: Final[Mapping[str, Cut]] = {
    "rel_champions": cut_champions,
    "rel_first_steps": cut_first_steps,
    "rel_newcomer_replies": cut_newcomer_replies,
    "rel_purposes": cut_purposes,
    "rel_responses": cut_responses,
    "rel_space_life": cut_space_life,
    "rel_stewardship": cut_stewardship,
}
"""What is done to the closed periods of the organisation and of each platform before they are released."""


def _months(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("period_kind") == "month")


def _figures(mart: str) -> list[str]:
    return [column.name for column in MARTS[mart].columns if column.is_nullable]


def _is_few(size: str, least: int) -> pl.Expr:
    """Nobody is not few: that nothing happened is about nobody."""
    return pl.col(size).is_between(1, least - 1)


def _is_hidden(
    size: str, parts: Sequence[str], least: int, *, among: pl.Expr | None = None, is_open: pl.Expr | None = None
) -> pl.Expr:
    """Rows of fewer than `least`, and in each of `parts` with such a row the smallest of the others `among` its rows.

    Without the second row the total would give the first away. `among` is the platforms where it is not given;
    `is_open` marks further parts in which something small would follow.
    """
    inside = pl.col("platform") != ALL if among is None else among
    is_few = _is_few(size, least)
    is_needed = (is_few & inside).any().over(*parts)
    if is_open is not None:
        is_needed |= is_open
    place = pl.when(inside & (pl.col(size) >= least)).then(size).rank("ordinal").over(*parts)
    return (is_few | (is_needed & (place == 1))).fill_null(value=False)


def _blank(names: Sequence[str], where: pl.Expr) -> list[pl.Expr]:
    return [pl.when(where).then(None).otherwise(pl.col(name)).alias(name) for name in names]


def _pooled(months: pl.DataFrame, counts: Sequence[str], keys: Sequence[str] = ()) -> pl.DataFrame:
    """One row per platform and `keys` with the sums of `counts`; every other figure is unknown."""
    summed = months.group_by("platform", *keys).agg(
        pl.lit("history").alias("period_kind"), pl.col("period_start").min(), pl.col("period_end").max(),
        pl.lit(ALL).alias("unit"), pl.col("is_complete").all(), pl.col("n_observed_days").sum(),
        pl.col("n_eligible").min(), *(pl.col(name).sum() for name in counts),
    )  # fmt: skip
    unknown = [pl.lit(None, dtype).alias(name) for name, dtype in months.schema.items() if name not in summed.columns]
    return summed.with_columns(unknown).sort("platform", *keys)
