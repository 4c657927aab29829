"""Writes the site: pages, assets, `index.json` and the workbook. The same tables give the same bytes."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboards import actions, printing, tokens, words
from dashboards.brief import FILE as BRIEF
from dashboards.brief import brief
from dashboards.events import dated_card
from dashboards.facts import card_facts
from dashboards.figures import CONFIG, TEMPLATE
from dashboards.index import FILE as INDEX
from dashboards.index import index
from dashboards.numbers import Facts
from dashboards.page import MENU, Page, agreement, basis, notices
from dashboards.pages import (
    active,
    contributors,
    data,
    enabling,
    executives,
    measured,
    overview,
    rooted,
    unit,
    units,
    wiki,
)
from dashboards.released import Released
from dashboards.source import source
from dashboards.workbook import WORKBOOK, write_workbook

HERE: Final = Path(__file__).parent
BUILDERS: Final[Sequence[Callable[[Released], Page]]] = (
    overview.build,
    active.build,
    contributors.build,
    executives.build,
    rooted.build,
    wiki.build,
    enabling.build,
    units.build,
    measured.build,
    data.build,
)
_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def build_site(tables: Mapping[str, pl.DataFrame], out: Path, take_away: printing.TakeAway | None = None) -> list[Path]:
    """Write the whole site below `out` (made if need be) from the released tables; returns the written files."""
    released = Released(tables)
    return write_site(released, pages_of(released), out, take_away)


def pages_of(released: Released) -> list[Page]:
    """All pages of a release: those of the menu, then those of units."""
    built = (*(build(released) for build in BUILDERS), *unit.build_all(released))
    return [replace(page, cards=[dated_card(card, released) for card in page.cards]) for page in built]


def write_site(
    released: Released, pages: Sequence[Page], out: Path, take_away: printing.TakeAway | None = None
) -> list[Path]:
    """Write these pages and all that belongs to them; `take_away` may print them, and they link to what came of it."""
    assets = out / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    template = _environment().get_template("page.html.j2")
    common = {
        "notices": notices(released), "source": source(released).markup(), "agreement": agreement(released),
        "as_of": words.day(released.as_of),
    }  # fmt: skip
    shared = common | {
        "menu": MENU, "labels": dict(MENU), "basis": basis(released), "people": released.people,
        "definitions": released.definitions,
    }  # fmt: skip
    facts = {page.slug: {card.id: card_facts(card, released) for card in page.cards} for page in pages}
    origins = {page.slug: {card.id: source(released, card.platforms).markup() for card in page.cards} for page in pages}

    called_for, working = actions.actions(released), actions.working(released)

    def rendered(page: Page, taken: Sequence[tuple[str, str]] = ()) -> str:
        return template.render(
            page=page, facts=facts[page.slug], origins=origins[page.slug], specs=script_json(_specs(page)),
            actions=actions.of_page(called_for, page.slug), working=working if page.slug == MENU[0][0] else [],
            taken=taken, **shared,
        )  # fmt: skip

    overview = next(page for page in pages if page.slug == MENU[0][0])
    html = _environment().get_template("brief.html.j2").render(brief(released, overview, called_for, working) | common)
    written = [_write(out / BRIEF, html), _write(out / INDEX, index(released, pages))]
    style = tokens.style_sheet() + (HERE / "assets" / "app.css").read_text(encoding="utf-8")
    written.append(_write(assets / "app.css", style))
    own = [HERE / "assets" / name for name in ("print.css", "app.js", "filter.js", "take.js")]
    for origin in (*own, _plotly()):
        name = origin.name
        shutil.copyfile(origin, assets / name)
        written.append(assets / name)
    taken = []
    if take_away:
        document = _to_print(pages, {page.slug: rendered(page) for page in pages}, shared)
        taken = printing.taken_away(out, document, released.as_of, take_away)
    written += [_write(out / f"{page.slug}.html", rendered(page, taken)) for page in pages]
    write_workbook(released.tables, out / WORKBOOK)
    return [*written, *(out / name for name, _ in taken), out / WORKBOOK]


def _to_print(pages: Sequence[Page], rendered: Mapping[str, str], shared: Mapping[str, Any]) -> str:
    charts = printing.specs({page.slug: _specs(page)["charts"] for page in pages})
    return _environment().get_template("print.html.j2").render(
        title=pages[0].title, as_of=shared["as_of"], agreement=shared["agreement"],
        pages=pages, labels=shared["labels"], specs=script_json(charts),
        **printing.sections(rendered),
    )  # fmt: skip


def script_json(value: object) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_ESCAPES)


def _specs(page: Page) -> dict[str, Any]:
    charts = {card.id: card.figure.spec() for card in page.cards if card.figure}
    return {"template": TEMPLATE, "config": CONFIG, "charts": charts} | ({"look": page.look.cube} if page.look else {})


def _plotly() -> Path:
    return Path(str(files("plotly"))) / "package_data" / "plotly.min.js"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["marked"] = lambda text, facts: Facts(facts).markup(text)
    return environment


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
