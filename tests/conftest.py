"""What holds for all tests: where those with a browser skip, and which are given to the same worker."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from tests.browser import CHROMIUM, SWITCHES

ROOT: Final = Path(__file__).parent.parent
RUNS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(rf"[(,] ?({fixtures})[,:)]")
    for name, fixtures in {
        "company": "company_out|my_out", "acme": "acme|acme_out|acme_live", "models": "company_models",
        "erasable": "erasable_out",
    }.items()
}  # fmt: skip
"""Runs that take long and that several files in tests/pipelines look at, by the fixtures that these ask for."""
SLOW_FIRST: Final = ("pipelines", "dashboards")
"""Folders whose files take minutes: begun last, one of them would keep the other workers waiting."""

# runs are made without PDF and picture, which take seconds; the tests that are about these name the browser
os.environ["TURNOUT_BROWSER"] = ""
# the workers share the cores: more threads than one each only wait for each other. Tests of what may depend on threads
# start processes with more
os.environ["POLARS_MAX_THREADS"] = "1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for the tests of one module."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield browser
        browser.close()


class OneRunEach(LoadScopeScheduling):
    """Gives tests of one file, and of all files that look at the same run, to one worker: it makes the run once.

    (`--dist loadgroup` is to do this by a mark, and has no effect with the locked version of pytest.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid.partition("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneRunEach:
    """Used by pytest-xdist instead of its own."""
    return OneRunEach(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts what takes long first."""
    items.sort(key=lambda item: _folder(item.nodeid) not in SLOW_FIRST)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Browser tests skip where there is no browser, saying so; TURNOUT_REQUIRE_BROWSER makes that a failure."""
    if item.get_closest_marker("browser") and CHROMIUM is None:
        reason = "no Chromium on this machine: install the package chromium"
        if os.environ.get("TURNOUT_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)


@cache
def _group(file: str) -> str:
    if _folder(file) == "dashboards":
        return "dashboards"  # the sites of the made-up companies
    if _folder(file) != "pipelines":
        return file
    text = (ROOT / file).read_text(encoding="utf-8")
    return next((name for name, fixtures in RUNS.items() if fixtures.search(text)), file)


def _folder(file: str) -> str:
    return file.split("/")[1]
