"""What is measured and what never is: the page follows the agreement, the settings of the run and the schemas."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from dashboards import build_site
from models.schemas.stored import STORES
from tests.dashboards.conftest import Tables
from tests.dashboards.test_site import PAGES, Site, read

Build = Callable[..., str]


def section(source: str, name: str) -> str:
    """The text of the section whose heading has this id."""
    (found,) = re.findall(rf'<section [^>]*aria-labelledby="{name}".*?</section>', source, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found)).split())


@pytest.fixture
def changed(variants: dict[str, Tables], tmp_path: Path) -> Build:
    """The page of a company with other values in `rel_agreement`."""

    def build(**values: object) -> str:
        before = variants["full"]["rel_agreement"]
        after = before.with_columns(**{name: pl.lit(value, before.schema[name]) for name, value in values.items()})
        build_site(variants["full"] | {"rel_agreement": after}, tmp_path)
        return read(tmp_path, "measured")

    return build


def test_every_page_prints_the_agreement_in_force_or_that_there_is_none(sites: Site) -> None:
    for page in PAGES:
        footer = read(sites("full"), page).partition("<footer")[2]
        assert "Agreement Acme: 2.1 (feedc0de), valid until 31\u00a0December\u00a02027." in footer
        for name in ("no_roster", "empty"):
            footer = read(sites(name), page).partition("<footer")[2]
            assert "No agreement is recorded." in footer
            assert "valid until" not in footer


def test_the_page_says_what_was_agreed(sites: Site) -> None:
    source = read(sites("full"), "measured")
    said = section(source, "agreement-title")
    for text in ("to see whether people take part", "Acme: management; Acme: works council", "10 people",
                 "approved on 7\u00a0January\u00a02026", "MediaWiki, Slack, Yammer and Roster"):  # fmt: skip
        assert text.replace("\u00a0", " ") in said
    assert "feedc0de" * 8 in said
    roles = section(source, "roles-title")
    assert "Acme: leadership These pages." in roles
    assert "Acme: two analysts The analyst's file." in roles
    assert "Acme: the data protection officer" in section(source, "rights-title")
    kept = section(source, "kept-title")
    assert "What single people did, and usage reports 13 months 13 months after 12 months" in kept
    assert "Records with a fault, as place and rule 30 days 30 days never by itself" in kept
    assert re.search(r"after they left 30 days nothing agreed never by itself", kept)


def test_without_an_agreement_the_page_says_so_and_whom_to_ask(sites: Site) -> None:
    source = read(sites("no_roster"), "measured")
    assert section(source, "agreement-title").startswith("No agreement is recorded")
    assert "Who else sees them is not recorded" in section(source, "roles-title")
    assert "your data protection officer" in section(source, "rights-title").lower()
    assert "nothing agreed" in section(source, "kept-title")


def test_smallest_group_is_the_one_that_the_run_keeps_to_on_every_page(sites: Site, changed: Build) -> None:
    assert "From 12 people on" in section(read(sites("full"), "measured"), "groups-title")
    for page in PAGES:
        assert "Units under 12 people are never shown" in read(sites("full"), page)
    assert "From 7 people on" in section(changed(min_group=7), "groups-title")


def test_what_is_switched_on_is_not_said_to_be_never_read(changed: Build, sites: Site) -> None:
    closed = section(read(sites("full"), "measured"), "never-title")
    assert "are counted as left out, and not read further" in closed
    assert "Who writes to whom in private is never read." in closed
    opened = section(changed(visibilities="direct, private, public"), "never-title")
    assert "turnout.toml switches them on" in opened
    assert "Only how many there were in a month" in opened
    assert "not read further" not in opened


def test_rows_about_people_in_the_analysts_file_are_said(changed: Build, sites: Site) -> None:
    assert "no row about a person" in section(read(sites("full"), "measured"), "roles-title")
    full = section(changed(analyst_file="full"), "roles-title")
    assert "rows about single people under pseudonyms" in full
    assert "no row about a person" not in full


def test_presence_is_said_to_be_known_only_where_reports_tell(sites: Site) -> None:
    assert "Usage reports tell that somebody was present" in section(read(sites("full"), "measured"), "never-title")
    assert "No export that is loaded tells who reads" in section(read(sites("no_roster"), "measured"), "never-title")


def test_only_loaded_platforms_are_told_and_the_roster_where_there_is_one(sites: Site) -> None:
    told = section(read(sites("full"), "measured"), "read-title")
    assert [name for name in ("MediaWiki", "Slack", "Yammer", "Roster", "WordPress") if f" {name} " in told] == [
        "MediaWiki", "Slack", "Yammer", "Roster",
    ]  # fmt: skip
    assert " Roster " not in section(read(sites("no_roster"), "measured"), "read-title")
    assert "No export has been loaded." in section(read(sites("empty"), "measured"), "read-title")


def test_every_stored_column_is_on_the_page_with_what_it_is_for(sites: Site) -> None:
    source = read(sites("full"), "measured")
    rows = re.findall(
        r'<tr><th scope="row"><code>(\w+)</code></th><td class="text">(.+?)</td><td class="text">(.+?)</td></tr>',
        source,
    )
    wanted = [
        column for store in STORES for schema in store.tables.values() for column in schema.to_schema().columns
    ]
    shown = [name for name, _, _ in rows]
    assert [name for name in shown if name in set(wanted)] == wanted
    assert all(holds.strip() and why.strip() for _, holds, why in rows)


def test_texts_of_the_agreement_are_text(sites: Site) -> None:
    for page in PAGES:
        source = read(sites("hostile"), page)
        assert "<img" not in source
        assert "<b>Bold" not in source
    assert "&lt;img src=" in read(sites("hostile"), "measured").partition('aria-labelledby="roles-title"')[2]
