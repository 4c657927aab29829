"""The cards about newcomers' first posts: whether a person answers them, and whether newcomers post again."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card, Key, describe_rows
from dashboards.cards.time import time_card, within_complete
from dashboards.facts import of_share
from dashboards.figures.dots import dots
from dashboards.figures.lines import Series
from dashboards.headlines import enabling as headlines
from dashboards.relation import Column, Relation
from dashboards.released import ALL, Released, Row, latest, reference
from models.comparison import Share, change_of_share, share_of
from models.metrics.entry import MINIMUM_GROUP

TABLE: Final = "rel_newcomer_replies"
_COUNTS: Final = ("n_old_enough_2d", "n_unanswered_2d")
_REASONS: Final = ("Too few newcomers post", "no export says to which post an answer belongs")
_AGAIN: Final = "Share of newcomers who post again within four weeks of their first post, all shown months together"


def latest_answered(released: Released) -> tuple[Share, Row] | None:
    """The share of first posts that are answered, in the last whole month that can be shown, and its row."""
    row = latest(released.series(TABLE, "month"), "answered_2d_ratio", *_COUNTS)
    share = _answered(row)
    return (share, row) if share and row else None


def newcomers_card(released: Released) -> Card:
    """Newcomers whose first post is answered within two working days, by month."""
    months = within_complete(released.series(TABLE, "month"), "answered_2d_ratio_low", "answered_2d_ratio_high")
    now = latest(months, "answered_2d_ratio", *_COUNTS)
    # without a roster nobody knows whether the same people are meant, so nothing is compared over time
    told = months.drop_nulls(_COUNTS) if released.has_roster else months.clear()
    then = reference(told, "answered_2d_ratio", now, kind="month")
    share, before = _answered(now), _answered(then)
    return time_card(
        "newcomers",
        headlines.newcomers(
            share, change_of_share(share, before) if share and before else None,
            period=words.month(now["period_start"]) if now else "",
            before=words.month(then["period_start"]) if then else "",
        ),
        "Share of newcomers\u2019 first posts that another person answers within two working days, by month",
        ("newcomers_answered",), months,
        columns=(
            Column("answered_2d_ratio", "Answered", "ratio", missing="not shown", complete="is_complete"),
            Column("answered_2d_ratio_low", "95 % from", "ratio", missing="not shown"),
            Column("answered_2d_ratio_high", "to", "ratio", missing="not shown"),
            Column("n_old_enough_2d", "First posts", "count", missing="not shown"),
        ),
        series=[Series("answered_2d_ratio", "", low="answered_2d_ratio_low", high="answered_2d_ratio_high")],
        kind="month", axis="ratio", missing=_missing(released), gap=Key("soft", "hatch", "not known, or too few"),
        note=f"Over all platforms. Who began in the first 90 days of the data may have begun before and is left out; "
        f"months with fewer than {MINIMUM_GROUP} first posts are not shown. Of 25 first posts in each of two months, "
        "a change is told from chance only if it is larger than about 28 points. Answers by e-mail, by telephone or "
        "in private are not seen.",
        facts=of_share(f"{TABLE}/answered in 2 days", share),
    )  # fmt: skip


def second_posts_card(released: Released) -> Card:
    """Newcomers who post again, of those who got an answer and of those who did not."""
    rows = released.tables[TABLE].filter((pl.col("period_kind") == "history") & (pl.col("platform") == ALL))
    row = rows.sort("period_start").row(-1, named=True) if rows.height else None
    groups = [_again(row, group, name) for group, name in (("answered", "With an answer"), ("unanswered", "Without"))]
    known = [group for group in groups if group["ratio"] is not None]
    headline = headlines.second_posts(*(_share(group) for group in groups))
    if row is None or not known:
        return Card("second-posts", headline, _AGAIN, ("second_posts",), note=_missing(released))
    relation = Relation(
        _AGAIN,
        (
            Column("name", "First post", "text"),
            Column("ratio", "Post again", "ratio"),
            Column("low", "95 % from", "ratio"),
            Column("high", "to", "ratio"),
            Column("n_again", "Newcomers who post again", "count"),
            Column("n", "Newcomers", "count"),
        ),
        pl.DataFrame(known), newest_first=False,
    )  # fmt: skip
    figure = dots(relation, names="name", now="ratio", low="low", high="high", labels=("post again", ""))
    note = (
        f"First posts of {words.month(row['period_start'])} to {words.month(row['period_end'])}, months with at least "
        f"{MINIMUM_GROUP} of them. \u201cWith an answer\u201d: within two working days. Posts that draw answers differ "
        "from others in place, topic and author, and the second post may come before the answer: that both go "
        "together does not prove that the answer brings the second post."
    )
    keys = (Key("c1", "dot", "share"), Key("c1", "band", "95 % interval"))
    return Card("second-posts", headline, _AGAIN, ("second_posts",), relation, figure,
                describe_rows("Dot plot", relation), note, keys)  # fmt: skip


def _missing(released: Released) -> str:
    is_small = released.withholds("organisation_too_small")
    return headlines.missing(_REASONS, has_roster=released.has_roster, is_small=is_small)


def _answered(row: Row | None) -> Share | None:
    return Share(row["n_old_enough_2d"] - row["n_unanswered_2d"], row["n_old_enough_2d"]) if row else None


def _again(row: Row | None, group: str, name: str) -> Row:
    ratio = f"second_post_{group}_ratio"
    columns = {"ratio": ratio, "low": f"{ratio}_low", "high": f"{ratio}_high", "n_again": f"n_second_post_{group}",
               "n": f"n_{group}_old_enough"}  # fmt: skip
    return {"name": name} | {short: row[column] if row else None for short, column in columns.items()}


def _share(group: Row) -> Share | None:
    return share_of(group["n_again"], group["n"]) if group["ratio"] is not None else None
