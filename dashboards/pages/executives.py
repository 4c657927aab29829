"""Executives: whether they contribute, whether they announce or answer, and whether replies go both ways."""

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card, Key, describe
from dashboards.cards.cascade import cascade_card
from dashboards.cards.direction import direction_card
from dashboards.cards.groups import SUMS
from dashboards.cards.lead import lead_card
from dashboards.cards.named import named_card
from dashboards.cards.time import gap_key, is_untold, open_bar_keys, period_column, time_card, within_complete
from dashboards.figures.bars import Part, period_bars
from dashboards.figures.lines import Series
from dashboards.page import Page
from dashboards.periods import when
from dashboards.relation import Column, Relation
from dashboards.released import Released, Row, latest
from dashboards.targets import target_of
from models.comparison import Share, Verdict, compare_groups, share_of
from models.metrics import MINIMUM_EXECUTIVES

TABLE = "rel_executive_participation"
NO_MONTH = "No closed month holds an observed day that can be shown."
PEOPLE, RATIO = "n_own_contributors", "own_contributor_ratio"
STAFF = "_staff"
"""The suffix of the columns of everybody else."""
WITH_DELEGATES = "Executives, with their delegates"
"""The earlier definition, in the tables beside the present one: what delegates write counts as the executive's own."""


def build(released: Released) -> Page:
    """The page; without a group of executives it holds one card that says why."""
    title = headlines.executives_title(None)
    by_name = named_card(released)
    apart = "; some are also shown by name, by a recorded decision" if by_name else ", never by name"
    lead = (
        f"Executives are shown as one group beside everybody else{apart}. What both groups do at the same time is "
        "shown together; it does not say that one causes the other."
    )
    last = [by_name] if by_name else []
    if not released.has_executives:
        return Page("executives", title, lead, [contributing_card(released, wide=True), *last])
    cards = [
        contributing_card(released, wide=True), _broadcast(released), _two_way(released), _posts(released),
        lead_card(released), direction_card(released), cascade_card(released), *last,
    ]  # fmt: skip
    return Page("executives", headlines.executives_title(executive_verdict(released)), lead, cards)


def executive_months(released: Released) -> pl.DataFrame:
    """One row per month: the columns of executives, and those of everybody else with the suffix `_staff`."""
    executives = released.series(TABLE, "month", is_executive=True)
    staff = released.series(TABLE, "month", is_executive=False)
    if executives.is_empty() or staff.is_empty():
        return executives if staff.is_empty() else staff.clear()
    return executives.join(staff.drop("period_end", "is_complete"), on="period_start", how="left", suffix=STAFF)


def executive_verdict(released: Released) -> Verdict | None:
    """Whether executives contribute as often as everybody else in the last complete month."""
    executive, staff = _shares(told_of_both(executive_months(released)))
    return compare_groups(executive, staff) if executive and staff else None


def _shares(row: Row | None) -> tuple[Share | None, Share | None]:
    """The shares of executives and of everybody else who contribute."""
    if row is None:
        return None, None
    both = ((row[f"{PEOPLE}{who}"], row[f"n_eligible{who}"]) for who in ("", STAFF))
    executive, staff = (share_of(*counts, is_coarse=True) for counts in both)
    return executive, staff


def _bands(row: Row | None) -> tuple[str, str]:
    """What is told of each of the two shares where no value is."""
    if row is None:
        return "", ""
    executive, staff = (
        words.band(row[f"{RATIO}_low{who}"], row[f"{RATIO}_high{who}"]) if row[f"{RATIO}{who}"] is None else ""
        for who in ("", STAFF)
    )
    return executive, staff


def told_of_both(months: pl.DataFrame) -> Row | None:
    """The last complete month in which something is told of both groups."""
    if f"{PEOPLE}{STAFF}" not in months.columns:
        return None
    both = [pl.col(f"{PEOPLE}{who}").is_not_null() | pl.col(f"{RATIO}_high{who}").is_not_null() for who in ("", STAFF)]
    rows = months.filter("is_complete", *both)
    return rows.row(-1, named=True) if rows.height else None


def absence(released: Released) -> tuple[str, str]:
    """Headline and reason where no group of executives can be shown."""
    if not released.has_roster:
        return "Executives are not known: no roster is loaded", (
            "A roster with levels, a manager chain or a list of executives says who they are. Without one the exports "
            "hold accounts only."
        )
    if released.withholds("too_few_executives"):
        return "Too few executives to show as a group", (
            f"A group is shown from {MINIMUM_EXECUTIVES} executives on, so that no figure is about one person."
        )
    return "No executives are known", (
        f"No executive rule is set, or it finds fewer than {MINIMUM_EXECUTIVES} people. The roster settings say "
        "who counts as an executive."
    )


def contributing_card(released: Released, *, wide: bool, height: int = 330) -> Card:
    """Share of contributors among executives and everybody else, by month."""
    months = executive_months(released)
    subtitle = "Share who contribute, all platforms, by month"
    metrics = ("executive_contributor_ratio",)
    if not released.has_executives:
        headline, reason = absence(released)
        return Card("executives", headline, subtitle, metrics, note=reason, wide=wide)
    row = told_of_both(months)
    executive, staff = _shares(row)
    verdict = compare_groups(executive, staff) if executive and staff else None
    bounds = [f"{RATIO}_{end}{who}" for who in ("", STAFF) for end in ("low", "high")]
    return time_card(
        "executives",
        headlines.executives(verdict, executive, staff, period=when("month", row), bands=_bands(row)),
        subtitle, metrics,
        within_complete(months, *bounds),
        columns=(
            Column("n_eligible", "Executives", "count"),
            Column(RATIO, "Share of executives", "ratio", complete="is_complete", bounds=(bounds[0], bounds[1])),
            Column(bounds[0], "95 % from", "ratio", missing="\u2013"),
            Column(bounds[1], "to", "ratio", missing="\u2013"),
            Column(f"n_eligible{STAFF}", "Everybody else", "count"),
            Column(
                f"{RATIO}{STAFF}", "Share of everybody else", "ratio", complete="is_complete",
                bounds=(bounds[2], bounds[3]),
            ),
            Column(bounds[2], "95 % from", "ratio", missing="\u2013"),
            Column(bounds[3], "to", "ratio", missing="\u2013"),
            Column(
                "contributor_ratio", WITH_DELEGATES, "ratio", complete="is_complete",
                bounds=("contributor_ratio_low", "contributor_ratio_high"),
            ),
        ),
        series=[
            Series(f"{RATIO}{STAFF}", "Others", "n", 2, bounds[2], bounds[3]),
            Series(RATIO, "Executives", "c2", 2.5, bounds[0], bounds[1]),
        ],
        kind="month", axis="ratio", missing=NO_MONTH, wide=wide,
        height=height, gap=gap_key(months, RATIO, bounds[0]), target=target_of(released, "executive_contributor_ratio"),
    )  # fmt: skip


def _ratio_card(
    released: Released, card_id: str, *, column: str, metric: str, subtitle: str, sentence: str, note: str
) -> Card:
    months = executive_months(released)
    row = latest(months, column)
    headline = headlines.pair(
        sentence.format(period=when("month", row)), row[column] if row else None,
        row.get(f"{column}{STAFF}") if row else None,
        missing="No complete month shows replies of executives yet",
    )  # fmt: skip
    return time_card(
        card_id, headline, subtitle, (metric,), months,
        columns=(
            Column(column, "Executives", "ratio", missing="not known", complete="is_complete"),
            Column(f"{column}{STAFF}", "Everybody else", "ratio", missing="not known", complete="is_complete"),
            Column(column.removeprefix("own_"), WITH_DELEGATES, "ratio", missing="not known", complete="is_complete"),
        ),
        series=[Series(f"{column}{STAFF}", "Others", "n", 2), Series(column, "Executives", "c2")],
        kind="month", axis="ratio", note=note, missing=NO_MONTH,
    )  # fmt: skip


def _broadcast(released: Released) -> Card:
    return _ratio_card(
        released, "broadcast", column="own_broadcast_ratio", metric="broadcast",
        subtitle="Threads started, as a share of threads started and replies to others, by month",
        sentence="Executives: of the threads they started and their replies to others in {period}, {{}} were threads",
        note="100% means announcing only; the lower, the more of their writing answers somebody. Replies among "
        "executives do not count.",
    )  # fmt: skip


def _two_way(released: Released) -> Card:
    return _ratio_card(
        released, "two-way", column="own_two_way_ratio", metric="two_way",
        subtitle="Share of pairs with a reply in which both replied, by month",
        sentence="Executives: replies went both ways in {{}} of their conversations in {period}",
        note="A pair is an executive and somebody who is not one; among everybody else, two people who are none.",
    )  # fmt: skip


def _posts(released: Released) -> Card:
    months = executive_months(released)
    sums = ("n_own_posts", "n_own_replies")
    row = latest(months, *sums)
    subtitle = "Posts and replies by executives themselves, all platforms, by month"
    if months.is_empty() or row is None:
        headline = "No complete month shows what executives wrote yet"
        note = SUMS if months.height and is_untold(months, *sums) else NO_MONTH
        return Card("posts", headline, subtitle, ("broadcast",), note=note, wide=True)
    relation = Relation(
        subtitle,
        (period_column("month"), Column("n_own_posts", "Posts", "count"), Column("n_own_replies", "Replies", "count")),
        months,
    )  # fmt: skip
    replies = words.count(row["n_own_replies"], "reply", "replies")
    return Card(
        "posts", f"Executives wrote {words.count(row['n_own_posts'], 'post')} and {replies} in {when('month', row)}",
        subtitle,
        ("broadcast",), relation,
        period_bars(
            relation, [Part("n_own_replies", "Replies", "c2"), Part("n_own_posts", "Posts", "n")], kind="month"
        ),
        describe("Stacked bars", relation, sums, period="month"),
        "Posts start a thread; replies answer one, whoever started it.",
        (
            Key("c2", "box", "Replies"), Key("n", "box", "Posts"),
            *open_bar_keys(relation, sums, "n", gap=gap_key(months, *sums)),
        ), True,
    )  # fmt: skip
