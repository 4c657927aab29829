"""`make screenshots`: the README's pictures, taken of the sample company's site in headless Chromium.

The same site, Chromium and fonts give the same bytes.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.__main__ import ACME, ROOT
from pipelines.browser import VARIABLE, Tab, browsing, find_browser
from pipelines.job import run_job
from pipelines.small_png import small_png
from pipelines.workspace import Workspace

DOCS = ROOT / "docs"
DRAWN = """[...document.querySelectorAll('[data-chart]')].every(one =>
    one.getBoundingClientRect().top > innerHeight || one.querySelector('svg.main-svg'))"""


class Picture(NamedTuple):
    """A window of that size, in CSS pixels, on the top of a page."""

    page: str
    mode: str
    width: int
    height: int
    scale: int = 1


PICTURES = {
    "site.png": Picture("index", "light", 1440, 1480),
    "site-dark.png": Picture("executives", "dark", 1440, 1330),
    "site-phone.png": Picture("index", "light", 390, 1760),
}


def taken(tab: Tab, site: Path, picture: Picture) -> bytes:
    """The picture as PNG."""
    page = site / f"{picture.page}.html"
    tab.open(page, width=picture.width, height=picture.height, scale=picture.scale, mode=picture.mode, until=DRAWN)
    return small_png(tab.picture())


def main() -> int:
    """Takes all pictures; 1 without a browser."""
    parser = argparse.ArgumentParser(prog="benchmarks.screenshots", description=__doc__)
    parser.add_argument("--site", type=Path, metavar="DIR", help="a built site; without it, the sample company's")
    parser.add_argument("--to", type=Path, metavar="DIR", default=DOCS, help="folder of the pictures; docs")
    chosen = parser.parse_args()
    browser = find_browser()
    if browser is None:
        print(f"no Chromium was found: install it, or name one in {VARIABLE}", file=sys.stderr)
        return 1
    os.environ[VARIABLE] = ""  # the run itself needs none
    with tempfile.TemporaryDirectory(prefix="turnout-screenshots-") as folder:
        site = chosen.site or _built(Path(folder))
        with browsing(browser) as tab:
            for name, picture in PICTURES.items():
                content = taken(tab, site, picture)
                (chosen.to / name).write_bytes(content)
                print(f"{chosen.to / name}: {len(content):,} bytes")
    return 0


def _built(out: Path) -> Path:
    outcome = run_job(Workspace(exports=str(ACME), out=str(out)))
    if outcome.release is None:
        raise SystemExit("\n".join(outcome.problems))
    return outcome.release / "site"


if __name__ == "__main__":
    sys.exit(main())
