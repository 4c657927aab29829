"""The card of executives who are shown by name: what each posted and replied by month, and why they may be named."""

from typing import Final

import polars as pl

from dashboards import words
from dashboards.cards import Card
from dashboards.headlines import leading as headlines
from dashboards.relation import Column, Relation
from dashboards.released import Released

TABLE: Final = "rel_named_executives"
SUBTITLE: Final = "Posts and replies in public spaces, all platforms, closed months, in alphabetical order"
N_MONTHS: Final = 12
DASH: Final = "\u2013"
NOTE: Final = (
    "Posts start a thread; replies answer one. A dash says nothing of anybody: it stands alike for a month of which "
    "nothing was seen, one without a post or reply, and one of which a number would tell of other people. Nobody is "
    "ranked, and nothing else of a single person is shown."
)


def named_card(released: Released) -> Card | None:
    """The last twelve closed months of everybody who is named; None where nobody is."""
    rows = released.tables[TABLE]
    if rows.is_empty():
        return None
    people = rows.select("shown", "role", "basis", "approved_by", "valid_until").unique().to_dicts()
    people.sort(key=lambda one: (words.clean(one["shown"]).casefold(), one["shown"]))
    order = {one["shown"]: place for place, one in enumerate(people)}
    called = {one["shown"]: f"{words.clean(one['shown'])}, {words.clean(one['role'])}" for one in people}
    months = rows["period_start"].unique().sort(descending=True).head(N_MONTHS)
    frame = (
        rows.filter(pl.col("period_start").is_in(months.implode()))
        .with_columns(
            _place=pl.col("shown").replace_strict(order, return_dtype=pl.Int64),
            executive=pl.col("shown").replace_strict(called, return_dtype=pl.String),
        )
        .sort("_place", "period_start", descending=[False, True])
    )
    relation = Relation(
        SUBTITLE,
        (
            Column("executive", "Executive", "text"),
            Column("period_start", "Month", "month"),
            *(
                Column(name, title, "count", missing=DASH, complete="is_complete")
                for name, title in (
                    ("n_own_posts", "Posts"), ("n_own_replies", "Replies"),
                    ("n_posts", "Posts, with delegates"), ("n_replies", "Replies, with delegates"),
                )
            ),
        ),
        frame, newest_first=False,
    )  # fmt: skip
    why = " ".join(
        f"{called[one['shown']]}: {words.clean(one['basis'])}; approved by {words.clean(one['approved_by'])}, until "
        f"{words.day(one['valid_until'])}."
        for one in people
    )
    return Card("named", headlines.named(len(people)), SUBTITLE, (), relation, note=f"{why} {NOTE}", wide=True)
