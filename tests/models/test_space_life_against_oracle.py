"""How long pages and public spaces live: SQL and analysis together give what the definition says."""

from datetime import datetime, time, timedelta

import pytest

from tests.oracle.company import Account, Coverage
from tests.oracle.compare import assert_same_rows
from tests.oracle.places import Place, Places, invented_places, stage_places
from tests.oracle.space_life import space_curve, space_life
from tests.oracle.staged import empty_warehouse, rows_of, run_models
from tests.oracle.wikis import START, Revision, space_of, wiki_of

KEY = ("platform", "subject")
SEEDS = range(12)


@pytest.fixture(scope="module")
def warehouse():
    with empty_warehouse() as connection:
        yield connection


def marts_of(connection, places: Places) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    stage_places(connection, places)
    run_models(connection, "mart_space_life", "mart_space_curve")
    return rows_of(connection, "mart_space_life"), rows_of(connection, "mart_space_curve")


@pytest.mark.parametrize("seed", SEEDS)
def test_lives_and_curves_equal_the_oracle(warehouse, seed: int) -> None:
    places = invented_places(seed)
    life, curve = marts_of(warehouse, places)
    assert_same_rows(life, space_life(places), KEY)
    assert_same_rows(curve, space_curve(places), (*KEY, "age_days"))


def test_what_is_first_used_after_90_seen_days_is_new(warehouse) -> None:
    """Ten channels without a day of creation, five of them first used on the 90th seen day, five on the 91st."""
    source = ("alpha", "w0")
    account = Account("ann", *source)
    revisions = [
        Revision(source, n, datetime.combine(START + timedelta(days=day), time(12)), n, account, 1, space=f"s{n}")
        for n, day in enumerate([89] * 5 + [90] * 5)
    ]
    coverage = (Coverage(*source, START, START + timedelta(days=300)),)
    listed = tuple(Place(space_of(one), source, "channel") for one in revisions)
    wiki = wiki_of([account], [], revisions, coverage, {source: "chat"}, START + timedelta(days=300))
    life, _ = marts_of(warehouse, Places(wiki, listed))
    assert [(row["n_spaces"], row["n_followed"], row["n_forgotten"]) for row in life] == [(10, 5, 10)] * 2


@pytest.mark.parametrize(
    ("style", "kind", "who", "subjects"),
    [
        ("recent", "space", "human", []),  # a wiki whose exports do not show all edits
        ("full", "space", "human", ["page", "wiki_space"]),
        ("chat", "channel", "bot", []),  # of which no export tells what people contribute
        ("chat", "channel", "human", ["channel"]),
        ("chat", "personal", "human", []),
    ],
)
def test_only_spaces_of_which_exports_tell_are_followed(
    warehouse, style: str, kind: str, who: str, subjects: list[str]
) -> None:
    source = ("alpha", "w0")
    account = Account("ann", *source, who)
    noon = datetime.combine(START, time(12))
    revisions = [Revision(source, 1, noon + timedelta(days=n), n, account, n, space="s") for n in range(3)]
    coverage = (Coverage(*source, START, START + timedelta(days=300)),)
    listed = (Place(space_of(revisions[0]), source, kind), Place("never used", source, kind))
    wiki = wiki_of([account], [], revisions, coverage, {source: style}, START + timedelta(days=300))
    life, _ = marts_of(warehouse, Places(wiki, listed))
    assert sorted(row["subject"] for row in life if row["platform"] == "alpha") == subjects
