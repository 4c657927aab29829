"""The page on wikis: every branch of its sentences, and cards that say what the released tables hold of each wiki."""

from datetime import date

import polars as pl
import pytest

from dashboards import actions
from dashboards.cards.space_life import space_life_card, space_states_card
from dashboards.cards.space_scope import wikis
from dashboards.headlines import wiki as headlines
from dashboards.headlines.wiki import Wrote
from dashboards.pages import wiki
from dashboards.released import Released
from models.comparison import Share, change_of_share
from models.statistics.intervals import wilson_bounds
from tests.dashboards.conftest import Tables
from tests.dashboards.test_space_life_card import curve, median, state

RATIOS, LIFE = "rel_contributor_ratios", "rel_space_life"
UNKNOWN = dict.fromkeys(("n_alive", "n_revived", "n_fading", "n_forgotten"))


def life(subject: str = "page", **figures: object) -> dict[str, object]:
    return curve(subject) | state(subject, 20, 67) | figures


@pytest.mark.parametrize(
    ("rows", "has_wiki", "text"),
    [
        ([], False, "No wiki is measured here"),
        ([], True, "What lives in the wikis cannot be told yet"),
        ([life(**UNKNOWN)], True, "What lives in the wikis cannot be told yet"),
        # 68 of 90 are alive or revived
        ([life()], True, "76% of wiki pages are in use"),
        ([life(n_alive=53)], True, "Seven in ten wiki pages are in use"),  # 54 of 76
        (
            [life(**median(110, 107, 120))], True,
            "76% of wiki pages are in use; half of new wiki pages fall silent within 4 months",
        ),
        ([life(**UNKNOWN, **median(110, 107, 120))], True, "Half of new wiki pages fall silent within 4 months"),
        ([life(**UNKNOWN), life("blog", n_alive=7, n_forgotten=5)], True, "53% of blogs are in use"),  # 8 of 15
        ([life(n_alive=0, n_revived=0, n_fading=0, n_forgotten=0)], True, "What lives in the wikis cannot be told yet"),
    ],
)  # fmt: skip
def test_the_title_says_what_is_in_use_and_how_long_new_pages_last(rows, has_wiki, text):
    assert headlines.title(rows, has_wiki=has_wiki) == text


def wrote(name: str, n: int, then: int | None = None, period: str = "May", before: str = "April") -> Wrote:
    change = change_of_share(Share(n, 1000), Share(then, 1000)) if then is not None else None
    return Wrote(name, Share(n, 1000), period, change, before if change else "")


@pytest.mark.parametrize(
    ("wikis", "text"),
    [
        ([], "How many people contribute to the wikis cannot be told yet"),
        ([wrote("A", 86)], "8.6% of people contributed on A in May"),
        ([wrote("A", 86, 30)], "8.6% of people contributed on A in May, up from 3.0% in April"),
        ([wrote("A", 86, 150)], "8.6% of people contributed on A in May, down from 15% in April"),
        ([wrote("A", 86, 85)], "8.6% of people contributed on A in May, about the same as in April"),
        ([wrote("B", 20), wrote("A", 86)], "8.6% of people contributed on A in May; 2.0% on B"),
        (
            [wrote("A", 86, 30), wrote("B", 20, 19, "March")],
            "8.6% of people contributed on A in May, up from 3.0% in April; 2.0% on B in March, about the same as in "
            "April",
        ),
        ([wrote("C", 1), wrote("B", 20), wrote("A", 86)], "8.6% of people contributed on A in May; 2.0% on B"),
    ],
)
def test_who_writes_is_told_of_two_wikis_and_a_change_only_beyond_chance(wikis, text):
    assert headlines.people(wikis, noun="people") == text


def test_accounts_are_counted_and_not_compared():
    nouns = ("account", "accounts")
    assert headlines.accounts([], nouns=nouns) == "How many accounts contribute to the wikis cannot be told yet"
    said = headlines.accounts([wrote("B", 1, 5), wrote("A", 86, 30)], nouns=nouns)
    assert said == "86 accounts contributed on A in May; 1 account contributed on B in May"


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ([], "How much is written in the wikis cannot be told yet"),
        ([("A", 1, "May")], "1 contribution was made on A in May"),
        ([("B", 3, "May"), ("A", 1200, "May")], "1,200 contributions were made on A in May; 3 on B"),
        ([("B", 3, "June"), ("A", 9, "May"), ("C", 2, "May")], "9 contributions were made on A in May; 3 on B in June"),
    ],
)
def test_how_much_is_written_is_counted_without_a_verdict(counts, text):
    assert headlines.written(counts) == text


def test_a_platform_is_a_wiki_if_it_holds_pages_or_is_known_as_one(variants):
    assert wikis(Released(variants["full"])).platforms == ("mediawiki",)
    full = variants["full"]
    row = full[LIFE].filter(pl.col("subject") == "page").head(1)
    other = row.with_columns(platform=pl.lit("dokuwiki"), subject=pl.lit("wiki_space"))
    found = wikis(Released(full | {LIFE: pl.concat([full[LIFE], other])})).platforms
    assert found == ("dokuwiki", "mediawiki")
    assert wikis(Released(full | {LIFE: full[LIFE].clear()})).platforms == ("mediawiki",)  # its figures alone tell
    for name in ("tiny", "small", "empty"):
        assert wikis(Released(variants[name])).platforms == ()


@pytest.mark.parametrize("name", ["tiny", "small", "empty"])
def test_without_a_wiki_the_page_says_so_and_nothing_else(variants, name):
    page = wiki.build(Released(variants[name]))
    assert page.title == "No wiki is measured here"
    (card,) = page.cards
    assert card.figure is card.relation is None
    assert "no export of MediaWiki" in card.note


def of_wiki(tables: Tables, column: str) -> dict[date, float | None]:
    """What the release tells of the wiki by month."""
    rows = tables[RATIOS].to_dicts()
    return {
        row["period_start"]: row[column] for row in rows
        if row["platform"] == "mediawiki" and row["unit"] == "all" and row["period_kind"] == "month"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "card_id", "drawn", "column"),
    [
        ("full", "wiki-people", "contributor_ratio_0", "contributor_ratio"),
        ("unknowns", "wiki-people", "contributor_ratio_0", "contributor_ratio"),
        ("no_roster", "wiki-people", "n_contributors_0", "n_contributors"),
        ("full", "wiki-written", "n_contributions_0", "n_contributions"),
    ],
)
def test_cards_draw_what_the_release_tells_of_the_wiki(variants, name, card_id, drawn, column):
    released = Released(variants[name])
    card = next(card for card in wiki.build(released).cards if card.id == card_id)
    shown = dict(zip(card.relation.values("period_start"), card.relation.values(drawn), strict=True))
    assert any(value is not None for value in shown.values())
    assert shown == of_wiki(variants[name], column)
    assert card.platforms == ("mediawiki",)
    assert card.figure


def test_the_states_are_those_of_the_wiki_and_not_of_all_platforms(variants):
    # the made-up wiki has 319 pages, all platforms together 410
    card = next(card for card in wiki.build(Released(variants["full"])).cards if card.id == "wiki-states")
    (row,) = card.relation.frame.to_dicts()
    (told,) = variants["full"][LIFE].filter(pl.col("platform") == "mediawiki").to_dicts()
    assert (row["name"], row["n_spaces"]) == ("Wiki pages on MediaWiki", 319)
    assert row["forgotten_ratio"] == told["forgotten_ratio"]
    assert "wiki pages on MediaWiki" in card.headline
    assert "Published for wikis" in card.note
    everything = space_states_card(Released(variants["full"]))
    assert everything.id == "space-states"
    assert everything.relation.values("n_spaces")[0] == 410


def two_wikis(tables: Tables) -> Released:
    """The release with a second wiki whose pages are like those of the first."""
    further = {
        name: pl.concat([tables[name], tables[name].filter(pl.col("platform") == "mediawiki").with_columns(
            platform=pl.lit("confluence")
        )]) for name in (LIFE, "rel_space_curve", RATIOS)
    }  # fmt: skip
    return Released(tables | further)


def test_each_wiki_has_a_bar_a_curve_and_a_line_of_its_own(variants):
    released = two_wikis(variants["full"])
    cards = {card.id: card for card in wiki.build(released).cards}
    names = ["Wiki pages on Confluence", "Wiki pages on MediaWiki"]
    assert cards["wiki-states"].relation.values("name") == names
    assert list(dict.fromkeys(cards["wiki-life"].relation.values("name"))) == names
    assert [key.text for key in cards["wiki-life"].keys[:2]] == names
    frame = cards["wiki-life"].relation.frame
    told = variants["full"]["rel_space_curve"].filter(
        (pl.col("platform") == "mediawiki") & (pl.col("age_days") <= 364)
    ).sort("age_days")  # fmt: skip
    for name in names:
        assert frame.filter(pl.col("name") == name)["survival_ratio"].to_list() == told["survival_ratio"].to_list()
    assert [column.title for column in cards["wiki-people"].relation.columns[1::3]] == ["Confluence", "MediaWiki"]
    assert space_life_card(released).headline == space_life_card(Released(variants["full"])).headline


def test_a_wiki_of_which_few_months_are_told_is_named_and_not_drawn(variants):
    tables = dict(two_wikis(variants["full"]).tables)
    is_hidden = (pl.col("platform") == "confluence") & (pl.col("period_start") > date(2025, 12, 1))
    hidden = pl.when(is_hidden).then(None).otherwise("n_contributions").alias("n_contributions")
    tables[RATIOS] = tables[RATIOS].with_columns(hidden)
    card = next(card for card in wiki.build(Released(tables)).cards if card.id == "wiki-written")
    assert [column.title for column in card.relation.columns] == ["Month", "MediaWiki"]
    assert card.note.endswith("Of Confluence fewer than half of the months are told.")


def test_what_cannot_be_told_of_keepers_is_said(variants):
    kept = variants["full"]["rel_stewardship"]
    none = Released(variants["full"] | {"rel_stewardship": kept.filter(pl.col("platform") != "mediawiki")})
    card = next(card for card in wiki.build(none).cards if card.id == "wiki-keepers")
    assert card.headline == "Whether wikis rest on single people cannot be told yet"
    assert "at least 10 public spaces" in card.note
    own = kept.filter(pl.col("platform") == "all").with_columns(platform=pl.lit("mediawiki"))
    told = Released(variants["full"] | {"rel_stewardship": own})
    card = next(card for card in wiki.build(told).cards if card.id == "wiki-keepers")
    assert card.figure
    assert card.note.startswith("On MediaWiki. Main contributors")


def pages(tables: Tables, n_forgotten: int, n: int) -> Released:
    """A release in which so many of `n` wiki pages are forgotten and the others alive."""
    low, _ = wilson_bounds(n_forgotten, n)
    values = {"n_forgotten": n_forgotten, "n_alive": n - n_forgotten, "n_revived": 0, "n_fading": 0,
              "forgotten_ratio_low": low}  # fmt: skip
    new = [pl.lit(value).alias(name) for name, value in values.items()]
    frame = tables[LIFE].with_columns(new).cast(dict(tables[LIFE].schema))
    return Released(tables | {LIFE: frame})


@pytest.mark.parametrize(("n_forgotten", "n", "is_said"), [(40, 100, True), (30, 100, False), (300, 1000, True)])
def test_old_pages_are_spoken_of_where_more_than_a_quarter_is_forgotten_for_certain(
    variants, n_forgotten, n, is_said
):
    # 40 of 100: 31 to 50 %; 30 of 100: 22 to 40 %; 300 of 1,000: 27 to 33 %
    found = actions.look_through_wikis(pages(variants["full"], n_forgotten, n))
    assert bool(found) == is_said
    if found:
        assert f"to {n_forgotten} of {n:,} wiki pages" in found.text
        assert found.page == "wiki"


def test_advice_on_fading_pages_stands_on_the_page_of_wikis_and_on_channels_where_spaces_are(variants):
    frame = variants["full"][LIFE]
    found = {}
    for kind in ("page", "channel"):
        n = pl.when(pl.col("subject") == kind).then(30).otherwise(0).cast(pl.Int64).alias("n_fading")
        (sentence,) = [actions.decide_on_fading(Released(variants["full"] | {LIFE: frame.with_columns(n)}))]
        found[kind] = sentence.page
    assert found == {"page": "wiki", "channel": "rooted"}
