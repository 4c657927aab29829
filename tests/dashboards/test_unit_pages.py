"""The pages of units: who gets one, what stands on it, and that it tells what the release tells."""

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import plotly.graph_objects as go
import polars as pl
import pytest

from dashboards import build_site
from dashboards.cards.unit_on_platforms import unit_on_platforms_card
from dashboards.figures import TEMPLATE
from dashboards.pages import unit, units
from dashboards.released import Released
from dashboards.slugs import unit_slug
from dashboards.unit_state import unit_state
from tests.dashboards.companies import HOSTILE, UNITS
from tests.dashboards.test_site import NAMES, Document, Tables, coloured, drawn_numbers, read, specs

Site = Callable[[str], Path]
Variants = dict[str, Tables]
LAST = date(2026, 10, 1)
WITHOUT = ("no_roster", "tiny", "small", "empty")


def files(site: Path) -> list[str]:
    return sorted(path.stem for path in site.glob("unit-*.html"))


@pytest.mark.parametrize("name", NAMES)
def test_every_unit_has_a_page_and_the_small_ones_together_have_none(
    sites: Site, variants: Variants, name: str
) -> None:
    named = variants[name]["rel_contributor_ratios"]["unit"].unique()
    shown = {one for one in named if one not in ("all", "Other units")}
    assert len(files(sites(name))) == len(shown)
    assert set(files(sites(name))) == {unit_slug(one) for one in shown}
    linked = set(re.findall(r'href="(unit-[^"]+)\.html"', read(sites(name), "units")))
    assert linked == set(files(sites(name)))
    assert bool(shown) == (name not in WITHOUT)


@pytest.mark.parametrize("name", NAMES)
def test_every_page_of_a_unit_is_whole(sites: Site, variants: Variants, name: str) -> None:
    pages = {page.slug: page for page in unit.build_all(Released(variants[name]))}
    for slug in files(sites(name)):
        source = read(sites(name), slug)
        document = Document(source)
        ids = document.ids()
        assert len(ids) == len(set(ids))
        assert source.count("<h1>") == 1
        text = re.sub(r"<script type=.*?</script>|<[^>]+>", "", source)
        assert not re.search(r"None|nan%|Undefined|\bnull\b", text)
        charts = {attributes["id"] for _, attributes in document.elements if "data-chart" in attributes}
        assert charts == set(specs(source)["charts"]) == {card.id for card in pages[slug].cards if card.figure}
        for card in pages[slug].cards:
            assert card.headline
            assert card.subtitle
            assert (card.relation and card.alt.count(" ") > 3) if card.figure else card.note
        targets = [attributes["href"] or "" for tag, attributes in document.elements if tag == "a"]
        assert all((sites(name) / file).is_file() for target in targets if (file := target.partition("#")[0]))


@pytest.mark.parametrize("name", ["full", "unknowns", "outnumbered", "hostile"])
def test_tables_hold_exactly_what_charts_draw(sites: Site, variants: Variants, name: str) -> None:
    for page in unit.build_all(Released(variants[name])):
        source = read(sites(name), page.slug)
        for card in page.cards:
            if not card.figure:
                continue
            section = source.split(f'id="card-{card.id}"')[1].split("</section>")[0]
            for names, drawn in drawn_numbers(card).items():
                cells = [re.findall(f'data-column="{column}" data-value="([^"]+)"', section) for column in names]
                shown = Counter(float(cell) for column in cells for cell in column)
                assert set(drawn) <= set(shown) if len(names) == 2 else drawn == shown, (card.id, names)
            for layout in (card.figure.layout, card.figure.narrow):
                go.Figure(data=coloured(card.figure.data), layout=coloured({**layout, "template": TEMPLATE}))


@pytest.mark.parametrize("name", WITHOUT)
def test_without_units_the_page_says_so_and_why(sites: Site, variants: Variants, name: str) -> None:
    page = units.build(Released(variants[name]))
    assert page.title == "Units are not known: no roster is loaded"
    (card,) = page.cards
    assert "none is loaded" in card.note
    assert html.escape(card.note) in read(sites(name), "units")
    with_roster = variants[name]["rel_source"].clear().vstack(variants_roster(variants))
    page = units.build(Released(variants[name] | {"rel_source": with_roster}))
    assert page.title == "No unit is large enough to be shown"
    assert f"at least {10 if name == 'empty' else 12} people" in page.cards[0].note  # as the agreement has it


def variants_roster(variants: Variants) -> pl.DataFrame:
    return variants["full"]["rel_source"].filter(pl.col("platform") == "roster")


def test_a_unit_that_is_no_longer_released_has_no_page_and_no_link(variants: Variants, tmp_path: Path) -> None:
    tables = {
        name: frame.filter(pl.col("unit") != "Legal") if "unit" in frame.columns else frame
        for name, frame in variants["full"].items()
    }
    build_site(tables, tmp_path)
    assert len(files(tmp_path)) == len(UNITS) - 1
    for path in [*tmp_path.glob("*.html"), tmp_path / "index.json"]:
        assert "legal" not in path.read_text(encoding="utf-8").lower(), path.name


def test_a_new_unit_moves_no_page_of_another(sites: Site, variants: Variants) -> None:
    old = unit.build_all(Released(variants["full"]))
    rows = variants["full"]["rel_contributor_ratios"]
    new = rows.filter(pl.col("unit") == "Sales").with_columns(unit=pl.lit("sales"))
    more = unit.build_all(Released(variants["full"] | {"rel_contributor_ratios": pl.concat([rows, new])}))
    assert {page.label: page.slug for page in old}.items() <= {page.label: page.slug for page in more}.items()
    assert len({page.slug for page in more}) == len(old) + 1


def test_what_is_not_shown_is_said_and_counted(sites: Site) -> None:
    source = html.unescape(read(sites("full"), "units"))
    assert "2 units under 12 people are not shown on their own but together in \u201cOther units\u201d" in source
    assert "30\u00a0November\u00a02026" in source
    assert "counted in fives" in source


def test_page_of_a_unit_stands_below_units_and_is_listed(sites: Site) -> None:
    source = read(sites("full"), "unit-sales")
    assert '<a href="units.html" aria-current="true">Units</a>' in source
    assert source.count("aria-current") == 1
    assert source.index('<p class="back"><a href="units.html">') < source.index("<h1>")
    menu = source.partition("</header>")[0]
    assert "unit-" not in menu
    pages = json.loads((sites("full") / "index.json").read_text(encoding="utf-8"))["pages"]
    (own,) = [page for page in pages if page["file"] == "unit-sales.html"]
    assert own["title"] == "Sales"
    assert own["headline"].startswith("Sales: ")


def by_hand(tables: Tables, table: str, unit_name: str, kind: str, platform: str) -> list[dict[str, object]]:
    """The complete rows of one scope, read one after another."""
    rows = [row for row in tables[table].to_dicts() if row["period_kind"] == kind and row["unit"] == unit_name]
    found = [row for row in rows if row["platform"] == platform and row["is_complete"]]
    return sorted(found, key=lambda row: row["period_start"])


def test_months_of_a_unit_and_of_everybody_stand_side_by_side(variants: Variants) -> None:
    tables = variants["full"]
    page = unit.build(Released(tables), "Sales")
    card = next(one for one in page.cards if one.id == "unit-months")
    assert card.relation
    told = {row["period_start"]: row for row in card.relation.frame.to_dicts()}
    for name, column in (("Sales", "contributor_ratio"), ("all", "whole")):
        for row in by_hand(tables, "rel_contributor_ratios", name, "month", "all"):
            assert told[row["period_start"]][column] == row["contributor_ratio"]  # type: ignore[index]
    assert card.figure
    assert {names for names in card.figure.columns if names} == {
        ("contributor_ratio_low", "contributor_ratio_high"), ("contributor_ratio",), ("whole",),
    }  # fmt: skip


def test_every_measure_is_the_last_whole_period_of_the_unit_and_of_everybody(variants: Variants) -> None:
    tables = variants["full"]
    for name in UNITS:
        page = unit.build(Released(tables), name)
        card = next(one for one in page.cards if one.id == "unit-measures")
        assert card.relation
        rows = {row["measure"]: row for row in card.relation.frame.to_dicts()}
        # Yammer is not observed to the end of October
        assert list(rows) == ["All platforms", "MediaWiki", "Slack", "Ever contributed"]
        for measure, own, whole, platform in (
            ("All platforms", "rel_contributor_ratios", "rel_contributor_ratios", "all"),
            ("Slack", "rel_unit_platforms", "rel_contributor_ratios", "slack"),
            ("MediaWiki", "rel_unit_platforms", "rel_contributor_ratios", "mediawiki"),
        ):
            last = by_hand(tables, own, name, "month", platform)[-1]
            everybody = by_hand(tables, whole, "all", "month", platform)
            (beside,) = [row for row in everybody if row["period_start"] == last["period_start"]]
            row = rows[measure]
            assert (row["own"], row["own_low"], row["own_high"]) == (
                last["contributor_ratio"], last["contributor_ratio_low"], last["contributor_ratio_high"],
            )  # fmt: skip
            assert row["whole"] == beside["contributor_ratio"]
            if row["own"] is None or row["whole"] is None:
                assert row["judgement"] is None
            elif row["judgement"] in ("higher", "lower"):
                low, high = beside["contributor_ratio_low"], beside["contributor_ratio_high"]
                apart = row["own_low"] - high if row["judgement"] == "higher" else low - row["own_high"]  # type: ignore[operator]
                assert apart > 0
            else:
                assert row["own_low"] <= beside["contributor_ratio_high"]  # type: ignore[operator]
                assert row["own_high"] >= beside["contributor_ratio_low"]  # type: ignore[operator]
        weeks = by_hand(tables, "rel_critical_mass", name, "week", "all")
        assert rows["Ever contributed"]["own"] == weeks[-1]["adoption_ratio"]
    assert len({card.headline for card in page.cards}) == len(page.cards)


def platforms_of(tables: Tables, told: dict[str, tuple[float | None, float | None, float | None]]) -> str:
    """The headline of Sales on platforms, of which value and bounds are these."""
    rows = tables["rel_unit_platforms"].filter(pl.col("unit") == "Sales")
    changed = [
        row | dict(zip(("contributor_ratio", "contributor_ratio_low", "contributor_ratio_high"),
                       told[row["platform"]], strict=True), is_complete=True)
        for row in rows.to_dicts()
    ]  # fmt: skip
    released = Released(tables | {"rel_unit_platforms": pl.DataFrame(changed, schema=rows.schema)})
    return unit_on_platforms_card(released, unit_state(released, "Sales")).headline.replace("\u00a0", " ")


def test_a_platform_leads_only_where_no_other_may_have_as_many(variants: Variants) -> None:
    tables, few = variants["full"], (0.05, 0.02, 0.1)
    slack = (0.4, 0.3, 0.5)
    most = "The unit contributes most on Slack: 40% of its people in October 2026"
    plain = "40% of the unit\u2019s people contributed on Slack in October 2026"
    for other, text in (
        (few, most),
        ((None, 0.0, 0.1), most),  # at most 10%
        ((0.3, 0.2, 0.4), plain),  # the intervals meet
        ((None, 0.9, 1.0), plain),  # at least 90%
        ((None, None, None), plain),  # nothing is told
    ):
        assert platforms_of(tables, {"slack": slack, "mediawiki": other, "yammer": few}) == text
    nothing = dict.fromkeys(("slack", "mediawiki", "yammer"), (None, None, None))
    assert platforms_of(tables, nothing) == "On which platform the unit contributes cannot be told yet"


def test_what_is_not_told_of_a_platform_is_named_with_the_reason(variants: Variants) -> None:
    rows = variants["full"]["rel_unit_platforms"]
    hidden = (pl.col("unit") == "Sales") & (pl.col("platform") == "slack")
    names = [name for name in rows.columns if "contributor" in name]
    blank = rows.with_columns(pl.when(~hidden).then(pl.col(name)).alias(name) for name in names)
    released = Released(variants["full"] | {"rel_unit_platforms": blank})
    card = unit_on_platforms_card(released, unit_state(released, "Sales"))
    assert card.note.startswith("Not told of the last whole month: Slack.")
    assert card.relation
    cells = [[cell.text for cell in row] for row in card.relation.rows() if row[0].text == "Slack"]
    assert [row[3] for row in cells] == ["not told"]


def departments(*rows: tuple[str, int | None, int, float | None, float, float]) -> list[dict[str, object]]:
    return [
        {"period_kind": "month", "period_start": LAST, "period_end": date(2026, 10, 31), "platform": "all",
         "unit": "Sales", "is_complete": True, "n_observed_days": 31, "n_eligible": n, "dimension": "department",
         "value": value, "n_contributors": k, "contributor_ratio": ratio, "contributor_ratio_low": low,
         "contributor_ratio_high": high, "n_contributions": None}
        for value, k, n, ratio, low, high in rows
    ]  # fmt: skip


def test_departments_stand_beside_their_unit_by_name_and_are_counted(variants: Variants) -> None:
    tables = variants["full"]
    schema = tables["rel_breakdown"].schema
    rows = departments(
        ("Sales / Wholesale", 5, 100, 0.05, 0.01, 0.14), ("Sales / Key Accounts", None, 20, None, 0.0, 0.15)
    )
    other = [row | {"unit": "Finance", "value": "Finance / Treasury"} for row in rows[:1]]
    layers = [row | {"unit": "Sales", "dimension": "layer", "value": "3"} for row in rows[:1]]
    old = [row | {"period_start": date(2026, 9, 1), "value": "Sales / Gone"} for row in rows[:1]]
    released = Released(tables | {"rel_breakdown": pl.DataFrame([*rows, *other, *layers, *old], schema=schema)})
    card = next(one for one in unit.build(released, "Sales").cards if one.id == "unit-departments")
    assert card.relation
    assert [[row[0].text, row[-1].text] for row in card.relation.rows()] == [
        ["Whole unit", "\u2013"], ["Key Accounts", "\u2013"], ["Wholesale", "lower"],
    ]  # fmt: skip
    assert card.headline.replace("\u00a0", " ") == "Lower than the whole unit in 1 of 1 department, October 2026"
    assert not [one for one in unit.build(released, "Legal").cards if one.id == "unit-departments"]


def test_a_page_ends_with_one_question_at_most_and_two_things_to_do(sites: Site, variants: Variants) -> None:
    asked, done = set(), set()
    for page in unit.build_all(Released(variants["full"])):
        source = read(sites("full"), page.slug)
        said = re.findall(r'<p class="asked">(.*?)</p>', source)
        assert len(said) == (page.extra["question"] is not None) <= 1  # type: ignore[index]
        listed = source.partition('id="todo-title"')[2].partition("</ul>")[0].count("<li>")
        assert listed == len(page.extra["todo"]) <= 2  # type: ignore[index]
        asked |= {len(said)}
        done |= {listed}
    assert asked == {0, 1}
    assert done == {0, 1, 2}


def test_names_of_units_lead_to_their_pages_and_the_rest_leads_nowhere(sites: Site) -> None:
    for page in ("units", "index"):
        section = read(sites("hostile"), page).split('id="card-units"')[1].split("</section>")[0]
        heads = re.findall(r'<th scope="row">(.*?)</th>', section)
        links = dict(re.findall(r'<a href="([^"]+)">(.*?)</a>', "".join(heads)))
        assert links[f"{unit_slug(HOSTILE[0])}.html"] == html.escape(HOSTILE[0], quote=False)
        assert len(links) == len(HOSTILE) + 1
        assert {"Whole organisation", "Other units"} <= set(heads)


def test_the_same_tables_give_the_same_pages_of_units(variants: Variants) -> None:
    shuffled = {
        name: frame.sample(fraction=1, shuffle=True, seed=3) if name != "dim_metric" else frame
        for name, frame in variants["full"].items()
    }
    digests = [
        [hashlib.sha256(json.dumps([one.figure.spec() for one in page.cards if one.figure]).encode()).hexdigest()
         for page in unit.build_all(Released(tables))]
        for tables in (variants["full"], shuffled)
    ]  # fmt: skip
    assert digests[0] == digests[1]
