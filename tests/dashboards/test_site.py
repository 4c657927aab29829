"""The written site: every page for every state of the data, one relation behind each chart, the same bytes again."""

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from dashboards import build_site
from dashboards.cards import Card
from dashboards.figures import CONFIG, TEMPLATE
from dashboards.page import MENU
from dashboards.released import Released
from dashboards.site import BUILDERS, script_json
from dashboards.tokens import LIGHT
from dashboards.workbook import WORKBOOK

PAGES = [slug for slug, _ in MENU]
NAMES = (
    "full", "no_roster", "few_executives", "tiny", "small", "unknowns", "silent_platform", "outnumbered",
    "all_outnumbered", "hostile", "empty",
)  # fmt: skip
OF_SPACES = ("spaces", "space-life", "space-states", "wiki-life", "wiki-states", "wiki-spaces")
Tables = dict[str, pl.DataFrame]
Site = Callable[[str], Path]


class Document(HTMLParser):
    """Elements by id, links, and the text of each element with an id."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.elements if "id" in attributes]


BUILT: dict[int, tuple[Mapping[str, pl.DataFrame], list[Card]]] = {}


def read(site: Path, page: str) -> str:
    """The page with its numbers as plain text."""
    text = (site / f"{page}.html").read_text(encoding="utf-8")
    return re.sub(r'<span data-value="[^"]*"(?: data-cell="[^"]*")?>([^<]*)</span>', r"\1", text)


def specs(source: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="specs">(.*?)</script>', source, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def cards(tables: Mapping[str, pl.DataFrame]) -> list[Card]:
    """The cards of all pages, made once: the tables are held, so that no others can have their id."""
    if id(tables) not in BUILT:
        released = Released(tables)
        BUILT[id(tables)] = (tables, [card for build in BUILDERS for card in build(released).cards])
    return BUILT[id(tables)][1]


def coloured(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            k: LIGHT[v[1:]] if "color" in k and isinstance(v, str) and v.startswith("@") else coloured(v)
            for k, v in value.items()
        }
    return [coloured(v) for v in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
def test_every_page_builds_and_is_whole(sites: Site, name: str) -> None:
    for page in PAGES:
        source = read(sites(name), page)
        document = Document(source)
        ids = document.ids()
        assert len(ids) == len(set(ids)), "an id stands twice"
        assert source.count("<h1>") == 1
        text = re.sub(r"<script type=.*?</script>|<[^>]+>", "", source).replace("None, some, much", "")
        for absent in ("None", "nan%", "Undefined"):
            assert absent not in text
        assert not re.search(r"\bnull\b(?! edit)", text)
        assert "Contributing is not reading" in source


def test_presence_stands_beside_contributing_only_where_reports_tell(variants: dict[str, Tables]) -> None:
    shown = [card for card in cards(variants["full"]) if card.id.startswith("present-")]
    assert [card.subtitle for card in shown] == ["People present on Yammer, and those who contribute there, by week"]
    frame = shown[0].relation.frame  # type: ignore[union-attr]
    unknown = frame["n_present"].is_null()
    assert unknown.any()
    assert not unknown.all()
    assert "present on Yammer in" in shown[0].headline
    assert not [card for card in cards(variants["no_roster"]) if card.id.startswith("present-")]


@pytest.mark.parametrize("name", NAMES)
def test_every_card_has_words_and_every_chart_a_table(sites: Site, variants: dict[str, Tables], name: str) -> None:
    drawn = {card.id for card in cards(variants[name]) if card.figure}
    found = set()
    for page in PAGES:
        source = read(sites(name), page)
        document = Document(source)
        ids = set(document.ids())
        charts = {attributes["id"] for _, attributes in document.elements if "data-chart" in attributes}
        assert charts == set(specs(source)["charts"])
        plots = [attributes for _, attributes in document.elements if attributes.get("role") == "img"]
        assert len(plots) == len(charts)
        for plot in plots:
            assert {plot["aria-labelledby"], plot["aria-describedby"]} <= ids
        found |= charts
    assert found == drawn
    for card in cards(variants[name]):
        assert card.headline
        assert card.subtitle
        if card.figure:
            assert card.alt.count(" ") > 3
            assert card.relation is not None
            assert card.relation.frame.height
        else:
            assert card.note, f"{card.id} is empty and does not say why"


def drawn_numbers(card: Card) -> dict[tuple[str, ...], Counter[float]]:
    """The numbers on the value axis of each chart, by the columns that it says it draws."""
    numbers: dict[tuple[str, ...], Counter[float]] = {}
    assert card.figure
    assert len(card.figure.data) == len(card.figure.columns)
    for trace, names in zip(card.figure.data, card.figure.columns, strict=True):
        if names:
            across = trace.get("orientation") == "h" or card.figure.kind == "Dot plot"
            values = [abs(value) for value in trace["x" if across else "y"] if value is not None]
            numbers.setdefault(names, Counter()).update(values)
    return numbers


@pytest.mark.parametrize("name", NAMES)
def test_table_holds_exactly_the_drawn_numbers(sites: Site, variants: dict[str, Tables], name: str) -> None:
    for page, build in zip(PAGES, BUILDERS, strict=True):
        source = read(sites(name), page)
        for card in build(Released(variants[name])).cards:
            if not card.figure:
                continue
            section = source.split(f'id="card-{card.id}"')[1].split("</section>")[0]
            for names, drawn in drawn_numbers(card).items():
                shown: Counter[float] = Counter()
                for column in names:
                    cells = re.findall(f'data-column="{column}" data-value="([^"]+)"', section)
                    shown.update(abs(float(cell)) for cell in cells)
                is_band = len(names) == 2
                assert set(drawn) <= set(shown) if is_band else drawn == shown, (card.id, names)


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_valid_plotly(variants: dict[str, Tables], name: str) -> None:
    for card in cards(variants[name]):
        if card.figure:
            for layout in (card.figure.layout, card.figure.narrow):
                go.Figure(data=coloured(card.figure.data), layout=coloured({**layout, "template": TEMPLATE}))


def test_token_names_in_figures_exist(variants: dict[str, Tables]) -> None:
    for card in cards(variants["full"]):
        if card.figure:
            for token in re.findall(r'"@([a-z0-9-]+)"', json.dumps(card.figure.spec())):
                assert token in LIGHT
        for key in card.keys:
            assert key.token in LIGHT


def test_interaction_is_off_and_nothing_can_be_sent() -> None:
    assert CONFIG["displayModeBar"] is False
    assert CONFIG["plotlyServerURL"] == ""
    assert TEMPLATE["layout"]["dragmode"] is False
    assert TEMPLATE["layout"]["xaxis"]["fixedrange"]
    assert TEMPLATE["layout"]["yaxis"]["fixedrange"]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "hostile"])
def test_no_address_of_anywhere_else(sites: Site, name: str) -> None:
    for path in sites(name).rglob("*"):
        # a workbook is an archive whose format has addresses for names: that none can be followed is in its own tests
        if path.is_file() and path.name not in ("plotly.min.js", WORKBOOK):
            assert not re.search(
                r"https?:|//[a-z]|@import|url\(", path.read_text(encoding="utf-8").split("/* Draws")[0]
            )


@pytest.mark.parametrize("name", ["full", "hostile"])
def test_links_stay_inside_and_have_a_target(sites: Site, name: str) -> None:
    site = sites(name)
    anchors = {page: set(Document(read(site, page)).ids()) for page in PAGES}
    for page in PAGES:
        for tag, attributes in Document(read(site, page)).elements:
            for attribute in ("href", "src"):
                target = attributes.get(attribute)
                if target is None or target == "data:,":
                    continue
                file, _, anchor = target.partition("#")
                assert not file or (site / file).is_file(), (tag, target)
                if anchor:
                    assert anchor in anchors[file.removesuffix(".html") if file else page], target


def test_policy_forbids_everything_but_own_files(sites: Site) -> None:
    for page in PAGES:
        source = read(sites("full"), page)
        assert "default-src 'none'; script-src 'self';" in source
        for tag, attributes in Document(source).elements:
            assert not [name for name in attributes if name.startswith("on")], tag
            if tag == "script":
                assert "src" in attributes or attributes["type"] == "application/json"


def test_withheld_executives_appear_nowhere(sites: Site) -> None:
    source = read(sites("few_executives"), "executives")
    assert "Too few executives to show as a group" in source
    assert not specs(source)["charts"]
    assert "Executives are shown as a group of 5 or more" in read(sites("few_executives"), "data")


def test_a_unit_without_a_released_row_is_neither_drawn_nor_named(variants: dict[str, Tables], tmp_path: Path) -> None:
    tables = {
        name: frame.filter(pl.col("unit") != "Legal") if "unit" in frame.columns else frame
        for name, frame in variants["full"].items()
    }
    build_site(tables, tmp_path)
    for page in PAGES:
        assert "Legal" not in read(tmp_path, page)
    assert "Legal" in read(tmp_path, "index").replace("</h1>", "Legal")


def test_merged_units_are_never_named_in_a_headline(variants: dict[str, Tables]) -> None:
    for name in NAMES:
        assert not [card.headline for card in cards(variants[name]) if "Other units" in card.headline]


def test_missing_roster_is_said_on_every_page(sites: Site) -> None:
    for page in PAGES:
        assert "No roster is loaded" in read(sites("no_roster"), page)
        assert "No roster is loaded" not in read(sites("full"), page)
        assert "% of people" not in read(sites("no_roster"), page)


def test_without_a_roster_no_share_is_compared_over_time(variants: dict[str, Tables], sites: Site) -> None:
    for card in cards(variants["no_roster"]):
        assert not re.search(r"about the same|up from|down from", card.headline) or card.id in ("top", "gini")
    assert not re.search(r'class="(?:up|down)"', read(sites("no_roster"), "index"))


def test_silent_and_late_platforms_are_named_on_every_page(sites: Site) -> None:
    for page in PAGES:
        source = read(sites("silent_platform"), page)
        assert "MediaWiki has delivered nothing since" in source
        assert "Yammer is observed only to" in source


@pytest.mark.parametrize("row", ["B106"])
def test_banner_says_where_more_people_are_active_than_on_the_roster(
    row: str, sites: Site, variants: dict[str, Tables]
) -> None:
    for page in PAGES:
        (notice,) = re.findall(r"<li>(More people were active on .*?)</li>", read(sites("outnumbered"), page))
        assert notice.startswith("More people were active on Slack than are on the roster, in 16 weeks and 3 months")
        assert "between 1\u00a0August\u00a02026 and 22\u00a0November\u00a02026" in notice
        assert not re.search(r"\d", notice.partition("22\u00a0November\u00a02026")[2])
        assert "More people were active" not in read(sites("full"), page)
        assert "MediaWiki, Slack and Yammer" in read(sites("all_outnumbered"), page)
    for card in cards(variants["outnumbered"]):
        if card.id not in ("platforms", "unit-platforms", "wiki-people", "wiki-written", "wiki-keepers"):
            assert "October\u00a02026" not in card.headline
        elif card.id == "platforms":
            assert re.fullmatch("\\d+% of people contributed on Yammer in October\u00a02026", card.headline)


@pytest.mark.parametrize("row", ["B106"])
def test_no_share_is_shown_for_a_roster_smaller_than_its_active_people(
    row: str, sites: Site, variants: dict[str, Tables]
) -> None:
    for card in cards(variants["all_outnumbered"]):
        if card.id not in ("coverage", *OF_SPACES):  # of days and of spaces, not of people
            assert not card.figure
            assert card.relation is None
            assert "%" not in card.headline
    assert 'class="value" data-value' not in read(sites("all_outnumbered"), "index")
    numbers = json.loads((sites("all_outnumbered") / "index.json").read_text(encoding="utf-8"))["numbers"]
    assert {number["value"] for number in numbers} == {None}
    weekly = next(card for card in cards(variants["outnumbered"]) if card.id == "weekly")
    assert weekly.relation
    shown = dict(zip(weekly.relation.values("period_start"), weekly.relation.values("contributor_ratio"), strict=True))
    assert all(value is None for start, value in shown.items() if start >= date(2026, 8, 1))
    assert any(value is not None for start, value in shown.items() if start < date(2026, 8, 1))


@pytest.mark.parametrize("row", ["B106"])
def test_roster_too_small_for_any_figure_is_said(
    row: str, sites: Site, variants: dict[str, Tables], tmp_path: Path
) -> None:
    full = variants["full"]
    tables = {name: frame.clear() if "period_start" in frame.columns else frame for name, frame in full.items()}
    build_site(tables, tmp_path)
    for page in PAGES:
        assert "No figure about people is shown: no week or month has ended yet" in read(tmp_path, page)
        assert "No figure about people is shown: no week" not in read(sites("full"), page)


def test_unknown_is_a_gap_and_never_zero(variants: dict[str, Tables]) -> None:
    weekly = next(card for card in cards(variants["full"]) if card.id == "weekly")
    assert weekly.relation
    assert weekly.figure
    unknown = [i for i, value in enumerate(weekly.relation.values("contributor_ratio")) if value is None]
    assert unknown
    lines = [trace for trace, names in zip(weekly.figure.data, weekly.figure.columns, strict=True)
             if names == ("contributor_ratio",)]  # fmt: skip
    for line in lines:
        assert line.get("connectgaps") in (False, None)
        assert all(line["y"][i] is None for i in unknown)
    texts = [row[3].text for row in weekly.relation.rows()]
    assert texts.count("not observed") == len(unknown)


def test_headline_and_label_name_the_same_number(variants: dict[str, Tables]) -> None:
    for name in ("full", "no_roster", "silent_platform"):
        page = BUILDERS[1](Released(variants[name]))
        rolling = next(card for card in page.cards if card.id == "rolling")
        assert rolling.figure
        label = next(note["text"] for note in rolling.figure.layout["annotations"] if "28 days" in note["text"])
        assert rolling.headline.split()[0] == label.split()[-1]


def test_index_is_readable_by_machines(sites: Site) -> None:
    index = json.loads((sites("full") / "index.json").read_text(encoding="utf-8"))
    assert index["as_of"] == "2026-11-22"
    listed = [page["file"] for page in index["pages"]]
    assert listed[: len(PAGES)] == [f"{page}.html" for page in PAGES]
    assert sorted([*listed, "brief.html"]) == sorted(path.name for path in sites("full").glob("*.html"))
    assert [number["metric"] for number in index["numbers"]] == [
        "rolling_contributors", "contributor_ratio", "executive_contributor_ratio", "top_share",
    ]  # fmt: skip
    for number in index["numbers"]:
        assert {"value", "population", "platform", "unit", "period_kind", "period_end"} <= number.keys()
    overview = read(sites("full"), "index")
    for number in index["numbers"]:
        assert f'data-value="{number["value"]}"' in overview
    assert json.loads((sites("empty") / "index.json").read_text(encoding="utf-8"))["as_of"] is None


def test_hostile_names_are_text(sites: Site) -> None:
    for page in PAGES:
        source = read(sites("hostile"), page)
        tags = {tag for tag, _ in Document(source).elements}
        assert not tags & {"img", "b", "iframe", "object"}
        for payload in ("<img", "<span style", "</script><script>document", "<b>Bold"):
            assert payload not in source
    assert html.escape("<img src=https://example.org/x onerror=alert(1)>") in read(sites("hostile"), "index")
    charts = json.dumps(specs(read(sites("hostile"), "active"))["charts"])
    assert "%{meta}" not in charts
    assert "&lt;img src=" in charts


def test_script_json_cannot_leave_its_element() -> None:
    text = script_json({"a": "</script><!--\u2028&"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!--\u2028&"}


def test_no_release_id_and_no_key_on_a_page(sites: Site) -> None:
    for path in sites("full").rglob("*"):
        # index.json names the key's id, like every file that another tool may read
        if path.suffix == ".html":
            assert "0123456789abcdef" not in path.read_text(encoding="utf-8")
