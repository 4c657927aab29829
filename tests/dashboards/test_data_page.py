"""The data page: definitions, what is declared, the same people under other definitions."""

from dashboards import words
from dashboards.other_definitions import multiverse
from dashboards.released import Released
from models.metrics import MARTS, METRICS, mart_of
from models.metrics.definitions import DEFINITIONS
from tests.dashboards.conftest import Tables
from tests.dashboards.test_site import Document, Site, cards, read


def test_every_released_metric_has_an_anchor_and_every_card_links_to_one(
    sites: Site, variants: dict[str, Tables]
) -> None:
    source = read(sites("full"), "data")
    ids = set(Document(source).ids())
    shown = {metric.id for metric in METRICS if MARTS[mart_of(metric)].released_as}
    unshown = {metric.id for metric in METRICS} - shown
    assert shown <= ids
    assert not unshown & ids
    assert f"{len(unshown)} more measures" in source
    used = {metric for card in cards(variants["full"]) for metric in card.metrics}
    assert used <= shown


def test_what_is_declared_is_listed_and_changes_nothing(sites: Site) -> None:
    source = read(sites("full"), "data")
    for text in ("Share of people who contribute", "set by the board", "What no export can tell", "release.xlsx"):
        assert text in source
    assert "Nothing is declared in turnout.toml" in read(sites("few_executives"), "data") or "the board" in source


def test_the_table_of_definitions_has_a_share_or_the_reason_why_not(variants: dict[str, Tables]) -> None:
    relation = multiverse(Released(variants["full"]))
    assert relation is not None
    platforms = [column.title for column in relation.columns[3:]]
    rows = {tuple(cell.text for cell in row[:3]): [cell.text for cell in row[3:]] for row in relation.rows()}
    assert len(rows) == len(DEFINITIONS)
    turnout = rows["Turnout", "Who contributes", "28 days"]
    assert turnout == [words.percent(0.25)] * len(platforms)
    reading = [cells for (whose, counts, _), cells in rows.items() if whose == "Zulip"]
    assert reading == [["reading not known"] * len(platforms)]
    swoop = next(cells for (whose, _, window), cells in rows.items() if (whose, window) == ("SWOOP", "28 days"))
    assert dict(zip(platforms, swoop, strict=True))["Slack"] == words.percent(0.25)
    assert set(swoop) == {"reactions not known", words.percent(0.25)}
    assert multiverse(Released(variants["empty"])) is None
