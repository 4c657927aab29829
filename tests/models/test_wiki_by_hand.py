"""Marts about small wikis: figures worked out by hand, which SQL and oracle must both give."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count, groupby
from typing import Any

import duckdb
import pytest

from tests.oracle.company import Account, Coverage, Spell
from tests.oracle.compare import same_value
from tests.oracle.staged import empty_warehouse, rows_of, run_models
from tests.oracle.wiki import wiki_activity, wiki_life
from tests.oracle.wikis import Revision, Wiki, stage_wiki, wiki_of

SOURCE = ("alpha", "w0")
YEAR = Coverage(*SOURCE, date(2023, 1, 1), date(2023, 12, 31))
FULL = {SOURCE: "full"}
ANN, BOB = (Account(name, *SOURCE, "human", f"person-{name}") for name in ("ann", "bob"))
ROBOT = Account("robot", *SOURCE, "bot")
STAYING = [Spell("person-ann", date(2020, 1, 1), None, "Law"), Spell("person-bob", date(2020, 1, 1), None, "Ops")]
NUMBER = count(1)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_warehouse() as connection:
        yield connection


def made(page: int, *edits: tuple[date, Account, int], **flags: Any) -> list[Revision]:
    """The history of a page: day, who, and the state afterwards."""
    return [Revision(SOURCE, page, datetime(day.year, day.month, day.day, 12), next(NUMBER), who, state, **flags)
            for day, who, state in edits]


def touched(page: int, *days: date, who: Account = ANN) -> list[Revision]:
    """A page that changes on each of these days."""
    return made(page, *((day, who, state) for state, day in enumerate(days, 1)))


def figures(
    warehouse: duckdb.DuckDBPyConnection, wiki: Wiki, mart: str, columns: str, **where: object
) -> list[tuple[object, ...]]:
    """These columns of the rows that have these values, which the oracle must give as well."""
    stage_wiki(warehouse, wiki)
    run_models(warehouse, mart)
    oracle: Callable[[Wiki], list[Any]] = {"mart_wiki_activity": wiki_activity, "mart_wiki_life": wiki_life}[mart]
    found = []
    for rows in (rows_of(warehouse, mart), oracle(wiki)):
        kept = [row for row in rows if all(row[name] == value for name, value in where.items())]
        kept.sort(key=lambda row: (row["period_start"], row["unit"]))
        found.append([tuple(row[name] for name in columns.split()) for row in kept])
    assert all(same_value(*each) for rows in zip(*found, strict=True) for each in zip(*rows, strict=True)), found
    return found[0]


def january(n: int) -> date:
    return date(2023, 1, n)


@pytest.fixture(scope="module")
def argued() -> Wiki:
    """Two pages over which ann, bob and a bot argue, and a talk page."""
    revisions = [
        *made(1, (january(1), ANN, 5), (january(2), BOB, 8), (january(3), ANN, 5), (january(4), ANN, 9),
              (january(5), ANN, 5), (january(6), ANN, 5)),
        *made(2, (january(8), BOB, 2)), *made(2, (january(9), BOB, 3), is_minor=True),
        *made(2, (january(10), ROBOT, 90), (january(11), BOB, 3)),
        *made(3, (january(12), ANN, 1), is_talk=True),
    ]
    return wiki_of([ANN, BOB, ROBOT], STAYING, revisions, (YEAR,), FULL, date(2023, 2, 15))


def test_what_happens_on_pages_is_counted_where_and_by_whom_it_was_done(warehouse, argued):
    columns = ("unit n_pages_created n_edits n_editors n_minor_edits n_null_edits n_edited_pages n_co_edited_pages "
               "co_edited_ratio n_comments")
    # the edit of the 6th changes nothing; the bot is nobody; page 1 has two editors, but never two of one unit
    assert figures(warehouse, argued, "mart_wiki_activity", columns, platform="alpha", period_start=january(1),
                   period_kind="month") == [
        ("Law", 1, 3, 1, 0, 1, 1, 0, 0.0, 1),
        ("Ops", 1, 3, 1, 1, 0, 2, 0, 0.0, 0),
        ("all", 2, 6, 2, 1, 1, 2, 1, 0.5, 1),
    ]


def test_bytes_and_reverts_are_those_of_people(warehouse, argued):
    columns = "unit n_sized_edits n_bytes_added n_bytes_removed n_reverts n_self_reverts"
    # sizes of page 1: 500 800 500 900 500 (500); of page 2: 200 300 (9000 by the bot) 300.
    # ann undoes bob on the 3rd and herself on the 5th; bob undoes the bot on the 11th
    assert figures(warehouse, argued, "mart_wiki_activity", columns, platform="alpha", period_start=january(1),
                   period_kind="month") == [
        ("Law", 4, 500 + 400, 300 + 400, 1, 1),
        ("Ops", 4, 300 + 200 + 100, 8_700, 1, 0),
        ("all", 8, 1_500, 9_400, 2, 1),
    ]


def reverts_of(warehouse: duckdb.DuckDBPyConnection, *pages: list[Revision]) -> tuple[object, ...]:
    """Edits, null edits, reverts and self-reverts."""
    revisions = [revision for page in pages for revision in page]
    wiki = wiki_of([ANN, BOB, ROBOT], STAYING, revisions, (YEAR,), FULL, date(2023, 1, 31))
    (row,) = figures(warehouse, wiki, "mart_wiki_activity", "n_edits n_null_edits n_reverts n_self_reverts",
                     platform="alpha", period_kind="month", unit="all")
    return row


def test_a_text_replaced_by_one_of_the_same_size_is_an_edit_and_its_return_a_revert(warehouse):
    mine, theirs = made(1, (january(1), ANN, 5)), made(1, (january(2), BOB, 6), stated_size=500)
    assert reverts_of(warehouse, mine, theirs, made(1, (january(3), ANN, 5))) == (2, 0, 1, 0)


@pytest.mark.parametrize(("n_between", "expected"), [(14, 1), (15, 0)])
def test_a_revert_reaches_back_15_revisions(warehouse, n_between, expected):
    between = [(january(2), BOB, state) for state in range(2, 2 + n_between)]
    history = made(1, (january(1), ANN, 1), *between, (january(3), ANN, 1))
    assert reverts_of(warehouse, history) == (n_between + 1, 0, expected, 0)


def test_what_a_revert_restores_is_unknown_behind_an_unknown_size(warehouse):
    hidden = made(1, (january(2), BOB, 8), is_size_known=False)
    history = [*made(1, (january(1), ANN, 5)), *hidden, *made(1, (january(3), ANN, 5))]
    assert reverts_of(warehouse, history) == (2, 0, 0, 0)


@pytest.mark.parametrize(("style", "expected"), [
    ("full", (1, 2, 1, 0, 0, 300)), ("bare", (1, 2, 1, None, None, None)), ("blog", (1, None, None, None, None, None)),
    ("chat", (None, None, None, None, None, None)),
])
def test_what_an_export_cannot_show_is_unknown(warehouse, style, expected):
    revisions = made(1, (january(2), ANN, 1), (january(3), ANN, 2), (january(3), ANN, 3))
    wiki = wiki_of([ANN], STAYING, revisions, (YEAR,), {SOURCE: style}, date(2023, 1, 31))
    columns = "n_pages_created n_edits n_editors n_null_edits n_reverts n_bytes_added"
    month = {"period_kind": "month", "unit": "all", "platform": "all"}
    assert figures(warehouse, wiki, "mart_wiki_activity", columns, **month) == [expected]
    alive = 1 if style in ("full", "bare") else None
    assert figures(warehouse, wiki, "mart_wiki_life", "n_alive", subject="page", platform="all") == [(alive,)]


def commented() -> Wiki:
    """A Confluence page on whose own thread bob comments twice; ann alone edits it."""
    revisions = [*made(1, (january(2), ANN, 1), (january(3), ANN, 2)),
                 *made(1, (january(4), BOB, 3), (january(5), BOB, 4), is_talk=True)]
    return wiki_of([ANN, BOB], STAYING, revisions, (YEAR,), {SOURCE: "bare"}, END)


def test_a_comment_on_a_page_is_no_edit_of_it(warehouse):
    columns = "unit n_pages_created n_edits n_editors n_edited_pages n_co_edited_pages n_comments"
    assert figures(warehouse, commented(), "mart_wiki_activity", columns, platform="alpha",
                   period_kind="month", period_start=january(1)) == [
        ("Law", 1, 1, 1, 1, 0, 0), ("Ops", 0, 0, 0, 0, 0, 2), ("all", 1, 1, 1, 1, 0, 2),
    ]  # fmt: skip


def test_a_comment_on_a_page_keeps_it_alive(warehouse):
    # 90 days after bob's last comment of 5 January it is alive; 91 days after it, on 6 April, it fades
    wiki = commented()
    for as_of, expected in ((date(2023, 4, 5), (1, 0)), (date(2023, 4, 6), (0, 1))):
        until = wiki_of([ANN, BOB], STAYING, [one.revision for one in wiki.changes], (YEAR,), wiki.styles, as_of)
        (row,) = figures(warehouse, until, "mart_wiki_life", "n_alive n_fading", subject="page", platform="all",
                         period_start=date(2023, 4, 1))
        assert row == expected


# ---- states and lives ------------------------------------------------------------------------------------------------

END = date(2023, 12, 31)
STATES = "n_subjects n_alive n_revived n_fading n_forgotten n_unknown forgotten_ratio"


def ago(n: int) -> date:
    """The day n days before the end of the year."""
    return END - timedelta(days=n)


def life(
    warehouse: duckdb.DuckDBPyConnection, revisions: list[Revision], columns: str, *,
    coverage: tuple[Coverage, ...] = (YEAR,), subject: str = "page", at: date = date(2023, 12, 1),
) -> tuple[object, ...]:
    """The figures of one month of a wiki."""
    wiki = wiki_of([ANN, BOB, ROBOT], STAYING, revisions, coverage, FULL, END)
    (row,) = figures(warehouse, wiki, "mart_wiki_life", columns, platform="all", subject=subject, period_start=at)
    return row


def test_states_change_after_90_and_180_days_and_one_sum_holds_them_all(warehouse):
    revisions = [
        *touched(1, ago(90)),  # alive
        *touched(2, ago(91)), *touched(3, ago(180)),  # fading
        *touched(4, ago(181)),  # forgotten
        *touched(5, ago(330)), *made(5, (ago(1), ROBOT, 7)),  # forgotten: a bot is nobody
        *touched(6, ago(300), ago(300 - 181), ago(30)),  # alive: 180 days of silence are fading only
        *touched(7, ago(300), ago(300 - 182), ago(30)),  # revived: on its last silent day it was forgotten
        *made(8, (ago(200), ROBOT, 1)),  # nobody ever wrote it
        *made(9, (ago(10), ANN, 1), is_talk=True),  # not a page
    ]  # fmt: skip
    assert life(warehouse, revisions, STATES) == (7, 2, 1, 2, 2, 0, 2 / 7)


def test_a_space_lives_by_any_page_in_it(warehouse):
    revisions = [*touched(1, ago(300), ago(150)), *touched(2, ago(40)), *made(3, (ago(250), ANN, 1), space="help")]
    assert life(warehouse, revisions, STATES, subject="space") == (2, 1, 0, 0, 1, 0, 0.5)


def test_a_silence_with_a_day_that_nobody_saw_is_unknown_where_that_day_could_matter(warehouse):
    gap = (Coverage(*SOURCE, date(2023, 1, 1), ago(200)), Coverage(*SOURCE, ago(150), END))
    revisions = [
        *touched(1, ago(300)),  # an edit 151 days ago, on the last unseen day, would make it fading
        *touched(2, ago(100)), *touched(3, ago(20)),  # the gap was before
    ]  # fmt: skip
    assert life(warehouse, revisions, STATES, coverage=gap) == (3, 1, 0, 1, 0, 1, 0.0)


def test_lives_are_followed_as_far_as_an_end_would_be_known(warehouse):
    revisions = [
        *touched(1, january(1)),  # ended on day 0
        *touched(2, january(1), january(21)),  # ended on day 20
        *touched(3, date(2023, 2, 1), date(2023, 5, 12)),  # ended on day 100
        *touched(4, date(2023, 9, 1), date(2023, 12, 1)),  # alive: 121 days old, followed to day 30
        *touched(5, ago(90)),  # too young: no end could be known
    ]
    columns = ("n_followed n_ended survival_14d_ratio survival_90d_ratio survival_365d_ratio median_life_days "
               "half_life_weeks")
    # day 0: 3 of 4 live on; day 20: 2 of 3 of them, so 1/2; day 100: the last one. Pages 1 and 2 are 52 weeks old
    # and have two edits in week 1 and one in week 3
    assert life(warehouse, revisions, columns) == (4, 3, 0.75, pytest.approx(0.5), 0.0, 20, 1)
    # at the end of May: page 1 and 2 ended; page 3 is followed to 119 - 91 = 28: beyond that nothing is known
    assert life(warehouse, revisions, columns, at=date(2023, 5, 1)) == (
        3, 2, pytest.approx(2 / 3), None, None, 20, None)


def test_an_exact_half_is_the_median_whatever_the_digits_of_the_product(warehouse):
    # six pages end on days 0 to 5, one each; after three of them 5/6 * 4/5 * 3/4 is one half
    revisions = [one for n in range(6) for one in touched(n, *dict.fromkeys((january(1), january(1 + n))))]
    assert life(warehouse, revisions, "n_followed n_ended median_life_days") == (6, 6, 2)


def test_a_life_is_censored_on_the_day_on_which_an_end_would_last_be_known(warehouse):
    # born 91 days ago it is followed for 0 days, 90 days ago not at all; 105 days ago for 14 days, 104 for 13
    columns = "n_followed n_ended survival_14d_ratio"
    assert life(warehouse, touched(1, ago(91), ago(1)), columns) == (1, 0, None)
    assert life(warehouse, touched(1, ago(90), ago(1)), columns) == (0, 0, None)
    assert life(warehouse, touched(1, ago(105), ago(1)), columns) == (1, 0, 1.0)
    assert life(warehouse, touched(1, ago(104), ago(1)), columns) == (1, 0, None)


def test_continuous_is_who_was_edited_in_each_of_12_observed_months(warehouse):
    monthly = [date(2023, month, 15) for month in range(1, 13)]
    revisions = [*touched(1, *monthly), *touched(2, *monthly[:6], *monthly[7:]), *touched(3, *monthly[1:])]
    columns = "n_year_old n_continuous continuous_ratio"
    assert life(warehouse, revisions, columns) == (2, 1, 0.5)
    # the year to November begins before the first observed day
    assert life(warehouse, revisions, columns, at=date(2023, 11, 1)) == (None, None, None)
    late = (Coverage(*SOURCE, january(1), ago(1)),)
    assert life(warehouse, revisions, columns, coverage=late) == (None, None, None)


# ---- beside the peer -------------------------------------------------------------------------------------------------


def test_a_revision_counts_in_its_own_month_and_unit_unlike_in_grimoirelab(warehouse):
    """GrimoireLab dates the affiliation of every revision of a page by the page's last update."""
    moving = [Spell("person-ann", date(2020, 1, 1), date(2023, 2, 10), "Law"),
              Spell("person-ann", date(2023, 2, 10), None, "Ops")]
    revisions = touched(1, january(5), january(6), january(7), date(2023, 2, 20))
    wiki = wiki_of([ANN], moving, revisions, (YEAR,), FULL, date(2023, 2, 28))
    by_unit = figures(warehouse, wiki, "mart_wiki_activity", "period_start unit n_pages_created n_edits",
                      platform="alpha", period_kind="month")
    assert by_unit == [
        (january(1), "Law", 1, 2), (january(1), "Ops", 0, 0), (january(1), "all", 1, 2),
        (date(2023, 2, 1), "Law", 0, 0), (date(2023, 2, 1), "Ops", 0, 1), (date(2023, 2, 1), "all", 0, 1),
    ]  # fmt: skip
    peer = {unit: len(list(group)) for unit, group in groupby(peer_units(revisions, moving))}
    assert peer == {"Ops": 4}


def peer_units(revisions: list[Revision], spells: list[Spell]) -> list[str | None]:
    """The unit of each revision's author on the day of the page's last revision, as `get_review_sh` takes it."""
    last = max(revision.at.date() for revision in revisions)
    return [spell.unit for _ in revisions for spell in spells
            if spell.valid_from <= last and (spell.valid_to is None or last < spell.valid_to)]
