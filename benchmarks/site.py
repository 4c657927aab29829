"""The site of the sample company against its limits: seconds to build, bytes that a reader fetches, the first chart.

Bytes are those of a server that compresses with gzip. Each load starts a browser context with an empty cache, from a
server on this machine, so that the seconds are those of the browser and not of a network.
"""

import gzip
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from dashboards import build_site
from dashboards.brief import FILE as BRIEF
from pipelines.warehouse import Warehouse, frame_of
from tests.browser import CHROMIUM, SWITCHES, served

FIRST_VISIT_BYTES, BRIEF_BYTES, FIRST_CHART_SECONDS, BUILD_SECONDS = 2_000_000, 300_000, 2.0, 10.0
FIRST_PAGE = (
    "index.html", "assets/app.css", "assets/print.css", "assets/app.js", "assets/take.js", "assets/plotly.min.js",
)  # fmt: skip
TABLES = """
select table_name from information_schema.tables
where table_name like 'rel\\_%' escape '\\' or table_name in ('meta', 'dim_metric', 'coverage_day')
order by table_name
"""
FIRST_CHART = """new Promise(done => {
  const look = () => document.querySelector('[data-chart] svg.main-svg')
    ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""


def rows(released: Path, out: Path, *, repeat: int) -> list[dict[str, str]]:
    """One row per limit: what was measured, and its ratio to the limit. `released` is the analyst's file of a run."""
    with Warehouse(released, read_only=True).connect() as connection:
        names = frame_of(connection, TABLES)["table_name"].to_list()
        tables = {name: frame_of(connection, f'select * from "{name}"') for name in names}
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        build_site(tables, out)
        seconds.append(time.perf_counter() - started)
    further = {path.name: zipped(path) for path in out.glob("*.html") if path.name not in (FIRST_PAGE[0], BRIEF)}
    largest = max(further, key=lambda name: further[name])
    measured = [
        ("build, seconds", median(seconds), BUILD_SECONDS),
        ("first visit, bytes", sum(zipped(out / name) for name in FIRST_PAGE), FIRST_VISIT_BYTES),
        (f"largest further page ({largest}), bytes", further[largest], FIRST_VISIT_BYTES),
        ("median further page, bytes", int(median(further.values())), FIRST_VISIT_BYTES),
        ("brief, bytes as mailed", (out / BRIEF).stat().st_size, BRIEF_BYTES),
    ]
    if CHROMIUM:
        measured.append(("first chart, seconds", first_chart(out, repeat=2 * repeat + 1), FIRST_CHART_SECONDS))
    return [
        {"site of the sample company": what, "measured": _text(value), "limit": _text(limit),
         "measured / limit": f"{value / limit:.2f}"}
        for what, value, limit in measured
    ]  # fmt: skip


def zipped(path: Path) -> int:
    """Bytes of the file as a server sends it."""
    return len(gzip.compress(path.read_bytes(), compresslevel=6, mtime=0))


def first_chart(site: Path, *, repeat: int) -> float:
    """Median seconds from asking for the overview to its first drawn chart."""
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        return median(_load(browser, f"{address}/index.html") for _ in range(repeat))


def _load(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    # the page's own clock starts with the request
    moment = float(page.evaluate(FIRST_CHART))
    context.close()
    return moment / 1000


def _text(value: float) -> str:
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}"
