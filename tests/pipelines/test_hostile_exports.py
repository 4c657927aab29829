"""Names of the sample company's exports that hold markup come out of a whole run as letters, and people's not at all.

The oracle for pages is the same release with every such name replaced by a plain one: it must have the same elements.
"""

import csv
import io
import json
import re
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Browser

from dashboards import build_site
from pipelines.cli import RELEASED_WITH_REFUSALS, main
from pipelines.publish import RELEASED
from tests.dashboards.test_browser import Visit
from tests.dashboards.test_hostile_names import LINKS, PAYLOADS, UNIT, Outline, texts_of
from tests.dashboards.test_workbook import sheets_of
from tests.pipelines.canaries import assert_no_canary, columns_of, files_of
from tests.pipelines.hostile_exports import UNREADABLE, Names, write_hostile
from tests.pipelines.runs import Run, contents, frame_of, give_key
from tests.pipelines.test_terminal import STEERING

PRINTED = "print.html"
MARKS = ("hit=1", "beacon")
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OWN = re.compile(r"(?:assets/)?[a-z0-9-]+\.(?:html|xlsx|css|js|min\.js)(?:#[\w-]+)?|#[\w-]*")
STYLE = re.compile(r"[\w\s.,:;()%#-]*")
STRAYS = "document.querySelectorAll('.plot svg a, .plot image, iframe, object, form[action], base').length"


@dataclass(frozen=True)
class Left:
    """What the run left, what it printed, the names in its exports, and the same release with plain names."""

    out: Path
    said: str
    code: int
    names: Names
    plain: Path
    rebuilt: Path

    @property
    def site(self) -> Path:
        return self.out / "latest" / "site"

    @property
    def run(self) -> Run:
        return Run(self.out / "work" / "turnout.duckdb")

    def spaces(self) -> set[str]:
        return {str(name) for (name,) in self.run.rows("select distinct label from rel_spaces")}

    def pages(self) -> list[str]:
        return sorted(path.name for path in self.site.glob("*.html"))


def keep_print(site: Path, _: date | None) -> tuple[str, ...]:
    """Instead of printing: keeps what would be printed."""
    (site / f"kept-{PRINTED}").write_bytes((site / PRINTED).read_bytes())
    return ()


def with_plain_names(tables: dict[str, pl.DataFrame], names: Names) -> dict[str, pl.DataFrame]:
    """The same release with a plain name for each that holds one of an export, in the same order of the alphabet."""
    ordered = sorted({*(unit.strip() for unit in names.units), *names.shown.values()})
    plain = {name: f"Plain{n:03}" for n, name in enumerate(ordered)}
    ours = sorted(ordered, key=len, reverse=True)  # one name may begin with another

    def changed(value: str | None) -> str | None:
        for name in ours:
            value = value and value.replace(name, plain[name])
        return value

    def renamed(rows: pl.DataFrame) -> pl.DataFrame:
        texts = [name for name, kind in rows.schema.items() if kind == pl.String]
        return rows.with_columns(pl.Series(name, map(changed, rows[name]), dtype=pl.String) for name in texts)

    return {table: renamed(rows) for table, rows in tables.items()}


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder = tmp_path_factory.mktemp("hostile")
    names = write_hostile(folder / "drop", PAYLOADS)
    give_key(folder / "out")
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(["run", "--exports", str(folder / "drop"), "--out", str(folder / "out"), "--quiet"])
    tables = {table: frame_of(Run(folder / "out" / "work" / "turnout.duckdb"), f"from {table}") for table in RELEASED}
    build_site(tables, folder / "rebuilt", keep_print)
    build_site(with_plain_names(tables, names), folder / "plain", keep_print)
    return Left(folder / "out", said.getvalue(), code, names, folder / "plain", folder / "rebuilt")


class Texts(HTMLParser):
    """What a page says outside of scripts, and its comments and declarations."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.unseen: list[str] = []
        self._tag = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._tag = tag

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag not in ("script", "style"):
            self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.unseen.append(data)

    def unknown_decl(self, data: str) -> None:
        self.unseen.append(data)


def letters(name: str) -> str:
    """The name as a reader sees it: on one line, from left to right."""
    turned = name.translate(dict.fromkeys(map(ord, DIRECTIONS)))
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", turned).split())


def spelled_out(name: str) -> str:
    """The name as a terminal and the list of files tell it."""
    return "".join(one if one.isprintable() else f"\\x{ord(one):02x}" for one in name)


def source_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def text_of(path: Path) -> str:
    return " ".join("".join(Texts(source_of(path)).said).split())


def test_everything_is_read_and_released_but_the_file_that_cannot_be_named(left: Left) -> None:
    assert left.code == RELEASED_WITH_REFUSALS
    assert left.run.rows("select path from export_file where status <> 'loaded'") == [(spelled_out(UNREADABLE),)]
    assert left.run.one("select sum(n_quarantined) from export_file") == 0
    matched = dict(left.run.rows("select platform, matched_ratio from rel_source where matched_ratio is not null"))
    assert len(matched) > 5
    assert min(float(str(ratio)) for ratio in matched.values()) > 0.9


def test_the_run_prints_letters(left: Left) -> None:
    assert not STEERING.search(left.said)
    assert spelled_out(UNREADABLE) in left.said
    assert len(left.said.splitlines()) < 40
    assert_no_canary(left.said, "what was printed")


def test_every_unit_has_its_page_and_is_told_letter_by_letter(left: Left) -> None:
    assert len(left.names.units) > 20
    shown = {str(unit) for (unit,) in left.run.rows("select distinct unit from rel_active_users where unit <> 'all'")}
    assert shown == {unit.strip() for unit in left.names.units}
    own = [page for page in left.pages() if UNIT.fullmatch(page)]
    assert len(own) == len(shown)
    heads = [re.findall("<h1.*?</h1>", source_of(left.site / page), re.DOTALL) for page in own]
    titles = [letters("".join(Texts(head).said)) for (head,) in heads]
    assert [unit for unit in shown if sum(title.startswith(f"{letters(unit)}:") for title in titles) != 1] == []
    for page in ("units.html", "index.html", f"../../../../rebuilt/kept-{PRINTED}"):
        said = text_of(left.site / page)
        missing = [unit for unit in shown if letters(unit) not in said]
        assert missing == [], page


def test_every_space_and_occasion_that_is_released_is_told_letter_by_letter(left: Left) -> None:
    spaces = left.spaces()
    assert len(spaces & set(left.names.shown.values())) > 8
    titles = {str(one) for (one,) in left.run.rows("select distinct title from rel_declared where kind <> 'target'")}
    assert titles <= set(left.names.shown.values())
    said = " ".join(text_of(left.site / page) for page in left.pages())
    assert [name for name in spaces | titles if letters(name) not in said] == []


def test_pages_have_the_elements_of_those_with_plain_names(left: Left) -> None:
    own = {page for page in left.pages() if UNIT.fullmatch(page)}
    menu = [page for page in left.pages() if page not in own]
    for page in menu:
        assert source_of(left.site / page) == source_of(left.rebuilt / page), page
    pairs = [(left.site / page, left.plain / page) for page in menu]
    pairs.append((left.rebuilt / f"kept-{PRINTED}", left.plain / f"kept-{PRINTED}"))
    for hostile, plain in pairs:
        assert Outline(source_of(hostile)).elements == Outline(source_of(plain)).elements, hostile.name
    kinds = [Counter(frozenset(Outline(source_of(path)).elements.items()) for path in folder.glob("unit-*.html"))
             for folder in (left.site, left.plain)]  # fmt: skip
    assert kinds[0] == kinds[1]


def test_nothing_but_text_comes_from_a_name(left: Left) -> None:
    n_marks = 0
    for path in [*left.site.glob("*.html"), left.rebuilt / f"kept-{PRINTED}"]:
        source = source_of(path)
        outline, texts = Outline(source), Texts(source)
        strange = [one for one in outline.addresses if not OWN.fullmatch(one) and not STYLE.fullmatch(one)]
        assert strange == [], path.name
        assert [name for _, names in outline.elements for name in names if name.startswith("on")] == []
        assert [one for one in texts.unseen if one.strip()] == [], path.name
        assert [one for one in PAYLOADS if "<" in one and one in source] == [], path.name
        n_marks += sum(source.count(mark) for mark in MARKS)
    assert n_marks > 100


def test_the_index_and_the_workbook_hold_the_names_themselves(left: Left) -> None:
    index = json.loads(source_of(left.site / "index.json"))
    units = {unit.strip() for unit in left.names.units}
    listed = list(texts_of(index))
    assert [unit for unit in units if not any(letters(unit) in value for value in listed)] == []
    header, *rows = sheets_of(left.site / "release.xlsx")["active users"]
    written = {row[header.index("unit")] for row in rows}
    header, *rows = sheets_of(left.site / "release.xlsx")["breakdown"]
    places = {row[header.index("value")] for row in rows if row[header.index("dimension")] == "location"}
    assert len(places & set(left.names.shown.values())) > 3
    # a workbook spells control characters out
    spelled = {re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), unit) for unit in written}
    assert spelled == units | {"all"}


def test_no_name_of_a_person_or_of_a_page_is_left_anywhere(left: Left) -> None:
    assert len(left.names.hidden) > 1000
    for path in files_of(left.out):
        assert_no_canary(contents(path).decode("latin-1"), path.name)
    for where, values in columns_of(left.out / "latest" / "turnout.duckdb"):
        assert_no_canary(values, where)


@pytest.mark.browser
def test_no_name_of_an_export_runs_asks_or_links(browser: Browser, left: Left, tmp_path: Path) -> None:
    visit = Visit(browser, width=1440, mode="light")
    own = [page for page in left.pages() if UNIT.fullmatch(page)]
    # the others show the same names by the same cards
    for page in ("active.html", "rooted.html", "wiki.html", "units.html", own[0]):
        visit.open(left.site / page)
        assert visit.page.evaluate(STRAYS) == 0, page
        links = [link for link in visit.page.evaluate(LINKS) if link]
        assert [link for link in links if not OWN.fullmatch(link)] == [], page
        for point in visit.page.locator(".plot svg .nsewdrag").all()[:2]:
            point.hover(force=True)
        assert visit.page.evaluate("window.hit") is None, page
    visit.open(left.site / "index.html")
    shown = letters(visit.page.evaluate("document.body.textContent"))
    assert [unit for unit in left.names.units if letters(unit) not in shown] == []
    with visit.page.expect_download() as download:
        visit.page.locator("#card-units").get_by_role("button", name="Numbers (CSV)").click()
    download.value.save_as(tmp_path / "units.csv")
    taken = list(csv.reader(io.StringIO((tmp_path / "units.csv").read_text(encoding="utf-8-sig"))))
    assert len({len(row) for row in taken}) == 1
    assert len({row[0] for row in taken[1:]} & {letters(unit) for unit in left.names.units}) > 15
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith((left.site.as_uri(), left.site.resolve().as_uri(),
                                                                 "data:", "blob:"))] == []  # fmt: skip
    visit.context.close()
