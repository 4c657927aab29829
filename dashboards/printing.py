"""All pages as one document to print, made from the pages as they stand: it can say nothing that they do not say.

Who prints it, and what comes of it, is decided elsewhere: this module writes the document and removes it again.
"""

import re
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from dashboards import tokens
from dashboards.figures import CONFIG, TEMPLATE

FILE: Final = "print.html"
"""Stands in the site only while it is printed."""
PDF: Final = "release.pdf"
SUMMARY: Final = "summary.png"
LABELS: Final = {PDF: "All pages (PDF)", SUMMARY: "Brief as a picture (PNG)"}
SCRIPT: Final = Path(__file__).parent / "assets" / "print.js"

TakeAway = Callable[[Path, date | None], Collection[str]]
"""Given a folder with `print.html` and `brief.html`, and the data's date; says which files it made of them."""

_MAIN: Final = re.compile(r'<main id="main" class="wrap">(.*)</main>', re.DOTALL)
_BASIS: Final = re.compile(r'<section class="basis".*?</section>', re.DOTALL)
_NOTICES: Final = re.compile(r'<ul class="notices">.*?</ul>', re.DOTALL)
_NAMES: Final = re.compile(r' (id|aria-labelledby|aria-describedby|for)="([^"]+)"')
_LINK: Final = re.compile(r' href="(?:([\w-]+)\.html)?(?:#([^"]+))?"')
_ELSEWHERE: Final = re.compile(r' href="(?!#)[^"]*"(?: download)?')


def taken_away(site: Path, document: str, as_of: date | None, take_away: TakeAway) -> list[tuple[str, str]]:
    """Lets `take_away` print the document; which files came of it, each with the words of its link."""
    written = (site / FILE, site / "assets" / SCRIPT.name)
    written[0].write_text(document, encoding="utf-8", newline="\n")
    shutil.copyfile(SCRIPT, written[1])
    made = take_away(site, as_of)
    for path in written:
        path.unlink()
    return [(name, label) for name, label in LABELS.items() if name in made]


def sections(pages: Mapping[str, str]) -> dict[str, Any]:
    """The content of each page by its name, and what all of them say alike, once."""
    found = {slug: _section(slug, html, pages) for slug, html in pages.items()}
    last = found[next(reversed(found))]
    return {
        "sections": {slug: _NOTICES.sub("", _BASIS.sub("", html)) for slug, html in found.items()},
        "basis": "".join(_BASIS.findall(last)),
        "notices": "".join(_NOTICES.findall(last)),
    }


def specs(charts: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """The charts of all pages by the names that they have in the document, in light colours; nothing in them moves."""
    return {
        "template": coloured(TEMPLATE),
        "config": {**CONFIG, "responsive": False, "staticPlot": True},
        "charts": {
            f"{slug}-{name}": coloured({"data": spec["data"], "layout": spec["layout"]})
            for slug, of_page in charts.items()
            for name, spec in of_page.items()
        },
    }


def coloured(value: Any) -> Any:
    """A spec with the light colours in place of their names, by the same rule as in `app.js`."""
    if isinstance(value, Mapping):
        return {
            key: tokens.LIGHT[one[1:]]
            if isinstance(one, str) and one.startswith("@") and "color" in key.lower()
            else coloured(one)
            for key, one in value.items()
        }
    return [coloured(one) for one in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def _section(slug: str, html: str, pages: Collection[str]) -> str:
    """The content of a page, its names made its own and its links leading inside the document or nowhere.

    Only markup of the templates has quotes: those of names and values are escaped.
    """
    found = _MAIN.search(html)
    text = found[1] if found else ""
    text = _NAMES.sub(lambda one: f' {one[1]}="{_own(slug, one[2])}"', text)
    text = _LINK.sub(lambda one: _inside(one, slug, pages), text)
    return _ELSEWHERE.sub("", text).replace('<details class="counted">', '<details class="counted" open>')


def _own(slug: str, names: str) -> str:
    return " ".join(f"{slug}-{name}" for name in names.split())


def _inside(link: re.Match[str], slug: str, pages: Collection[str]) -> str:
    page, anchor = link[1] or slug, link[2]
    if page not in pages:
        return ""
    return f' href="#{page}-{anchor}"' if anchor else f' href="#{page}"'
