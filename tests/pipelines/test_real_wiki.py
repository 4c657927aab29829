"""The marts about wikis on a real wiki of four years: the known figures (shared/data/SOURCES.md), and a plain reading.

The plain reading takes the XML page by page and shares no code with the connector or the models.
"""

import runpy
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest
import zstandard

from models.schemas import TABLES
from models.validation import find_faults
from tests.oracle import staged
from tests.pipelines.runs import drop_folder, run_models

WIKI = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "wiki" / "webplatform-docs-history.xml.zst"
PLAIN = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "connectors" / "plain_mediawiki.py")))
TABLES_OF_WIKIS = sorted(table for table in TABLES if "_wiki_" in table)
MONTHS = {
    "2012-09": (1_020, 14), "2012-10": (6_088, 281), "2012-11": (1_995, 99), "2012-12": (1_660, 76),
    "2013-06": (710, 94), "2014-06": (983, 24), "2015-03": (127, 8),
}  # fmt: skip
ENDS = [date(2012, 6, 30), date(2013, 1, 31), date(2014, 9, 30), date(2015, 6, 30), date(2015, 9, 4)]

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not WIKI.is_file(), reason="the real wiki does not lie beside the checkout"),
]


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with the facts of the wiki and the models about wikis."""
    folder = tmp_path_factory.mktemp("wiki")
    run = run_models(drop_folder(folder / "drop", {WIKI.name: WIKI}), folder / "out", is_built=False)
    with duckdb.connect(str(run.path)) as connection:
        staged.run_models(connection, *TABLES_OF_WIKIS)
        yield connection


@pytest.fixture(scope="module")
def plain() -> list[dict[str, Any]]:
    """Every revision by the plain reader."""
    rows: list[dict[str, Any]] = []
    names: dict[str, str | None] = {}
    with WIKI.open("rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        for _, element in ET.iterparse(stream):
            if PLAIN.local(element) == "namespace":
                names[PLAIN.text_or_empty(element)] = element.get("key")
            elif PLAIN.local(element) == "page":
                rows += PLAIN.page_rows(element, names)
                element.clear()
    return rows


def row_of(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    (row,) = connection.execute(query).fetchall()
    return tuple(row)


@pytest.mark.parametrize("table", TABLES_OF_WIKIS)
def test_tables_keep_their_contract(wiki, table):
    assert find_faults(wiki.sql(f"from {table}").pl(), TABLES[table]) == []


@pytest.mark.parametrize("kind", ["week", "month"])
def test_the_mart_holds_every_revision_once(wiki, kind):
    sums = ", ".join(f"sum({column})::bigint" for column in
                     ("n_pages_created", "n_edits", "n_null_edits", "n_reverts", "n_self_reverts", "n_comments"))
    rows = f"from mart_wiki_activity where platform = 'mediawiki' and period_kind = '{kind}'"
    assert row_of(wiki, f"select {sums} {rows}") == (5_044, 34_655 - 5_044 - 31, 31, 353 - 316, 316, 0)


def test_revisions_and_editors_of_months_are_the_known_ones(wiki):
    rows = wiki.execute("""
        select strftime(period_start, '%Y-%m'), n_pages_created + n_edits + n_null_edits, n_editors
        from mart_wiki_activity where period_kind = 'month' and platform = 'all'
    """).fetchall()
    found = {month: (n_revisions, n_editors) for month, n_revisions, n_editors in rows}
    assert {month: found[month] for month in MONTHS} == MONTHS


def test_activity_of_the_users_is_the_known_one(wiki):
    of_users = """
        with u as (
            select account_id, count(*) as n, date_diff('day', min(occurred_on), max(occurred_on)) as days,
                row_number() over (order by count(*) desc, account_id) as place
            from fct_event group by account_id
        )
        select count(*), count(*) filter (where days <= 14), count(*) filter (where n = 1),
            round(sum(n) filter (where place <= 10) / sum(n), 3)::double
        from u
    """
    assert row_of(wiki, of_users) == (1_000, 824, 379, 0.559)


def test_every_revert_is_of_the_kind_that_the_texts_show(wiki, plain):
    # facts hold sizes instead of texts: that the nearest state of the same size is the restored one holds for all 353
    kinds = Counter((row["at"].date(), row["page"], all(one["account"] == row["account"] for one in row["undone"]))
                    for row in plain if row["is_revert"])
    expected = sorted((day, n, is_own) for (day, _, is_own), n in kinds.items())
    found = wiki.execute("""
        select occurred_on, sum(n_reverts)::bigint as n, false as is_own from prep_wiki_work
        where n_reverts > 0 group by occurred_on, thread_id
        union all
        select occurred_on, sum(n_self_reverts)::bigint as n, true as is_own from prep_wiki_work
        where n_self_reverts > 0 group by occurred_on, thread_id
    """).fetchall()
    assert sorted(found) == expected


def test_bytes_are_those_of_the_plain_reading(wiki, plain):
    deltas = [row["bytes_delta"] for row in plain if row["is_contribution"]]
    sums = "select sum(n_bytes_added)::bigint, sum(n_bytes_removed)::bigint, sum(n_sized_edits)::bigint " \
           "from mart_wiki_activity where platform = 'all' and period_kind = 'month'"
    assert row_of(wiki, sums) == (sum(d for d in deltas if d > 0), -sum(d for d in deltas if d < 0), len(deltas))


def test_pages_with_several_editors_are_those_of_the_plain_reading(wiki, plain):
    editors = defaultdict(set)
    for row in plain:
        if row["is_contribution"] and row["at"].date().replace(day=1) == date(2012, 10, 1):
            editors[row["page"]].add(row["account"])
    found = row_of(wiki, "select n_edited_pages, n_co_edited_pages from mart_wiki_activity where platform = 'all' "
                         "and period_kind = 'month' and period_start = '2012-10-01'")
    assert found == (len(editors), sum(len(who) > 1 for who in editors.values()))


@pytest.mark.parametrize("end", ENDS)
def test_states_and_lives_of_pages_are_those_of_the_plain_reading(wiki, plain, end):
    days = defaultdict(list)
    for row in plain:
        if row["is_contribution"] and row["at"].date() <= end:
            days[row["page"]].append(row["at"].date())
    assert row_of(wiki, f"""
        select n_subjects, n_alive, n_revived, n_fading, n_forgotten, n_unknown, n_followed, n_ended,
            round(survival_14d_ratio, 9), round(survival_90d_ratio, 9), round(survival_365d_ratio, 9),
            median_life_days, half_life_weeks
        from mart_wiki_life where platform = 'all' and subject = 'page' and period_start = '{end.replace(day=1)}'
    """) == (len(days), *states(days, end), 0, *lives(days, end), half_life(days, end))


def states(days: dict[int, list[date]], end: date) -> tuple[int, int, int, int]:
    """Alive, revived, fading, forgotten."""
    found: Counter[str] = Counter()
    for edits in days.values():
        silent = (end - max(edits)).days
        gaps = [(b - a).days - 1 for a, b in pairwise(sorted(edits))]
        found["forgotten" if silent > 180 else "fading" if silent > 90 else
              "revived" if any(gap > 180 for gap in gaps) else "alive"] += 1
    return found["alive"], found["revived"], found["fading"], found["forgotten"]


def lives(days: dict[int, list[date]], end: date) -> tuple[int, int, *tuple[float | None, ...]]:
    """Followed, ended, survival of 14, 90 and 365 days, median."""
    followed = [(min(edits), max(edits)) for edits in days.values() if (end - min(edits)).days > 90]
    ended = Counter((last - born).days for born, last in followed if (end - last).days > 90)
    gone = Counter((end - born).days - 91 for born, last in followed if (end - last).days <= 90)
    share, n_at_risk, shares = Fraction(1), len(followed), []
    for day in range(max([*ended, *gone]) + 1):
        share *= Fraction(n_at_risk - ended[day], n_at_risk)
        n_at_risk -= ended[day] + gone[day]
        shares.append(share)
    beyond = [round(float(shares[day]), 9) if day < len(shares) else None for day in (14, 90, 365)]
    median = next((day for day, left in enumerate(shares) if left <= Fraction(1, 2)), None)
    return len(followed), ended.total(), *beyond, median


def half_life(days: dict[int, list[date]], end: date) -> int | None:
    """Week by which half of the edits of the first year were made."""
    weeks = Counter((edit - min(edits)).days // 7 + 1 for edits in days.values() for edit in edits
                    if min(edits) + timedelta(days=364) <= end and (edit - min(edits)).days < 364)
    return next((k for k in range(1, 53) if weeks and 2 * sum(n for week, n in weeks.items() if week <= k)
                 >= weeks.total()), None)


def test_the_one_space_is_continuous_where_the_plain_reading_has_edits_in_12_months(wiki, plain):
    edited = {12 * row["at"].year + row["at"].month - 1 for row in plain if row["is_contribution"]}
    expected = [  # from August 2012, the first month whose year was observed from its first day on
        (date(n // 12, n % 12 + 1, 1), 1, int(edited.issuperset(range(n - 11, n + 1))))
        for n in range(12 * 2012 + 7, 12 * 2015 + 8)
    ]
    assert wiki.execute("""
        select period_start, n_year_old, n_continuous from mart_wiki_life
        where platform = 'all' and subject = 'space' and n_year_old is not null order by period_start
    """).fetchall() == expected
