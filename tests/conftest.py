"""What holds for all tests: where those with a browser skip, and which run beside each other."""

import os
from collections import defaultdict

import pytest

from tests.browser import CHROMIUM

RUNS = ("acme_out", "company_out", "company_models", "erasable_out", "variants")
"""Fixtures of the session that take long: each is made by one worker only."""
SLOW_FIRST = ("pipelines", "dashboards")
"""Folders whose files take minutes: begun last, one of them would keep the other workers waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a file stay together, and so do files that look at the same run."""
    runs: dict[str, set[str]] = defaultdict(set)
    for item in items:
        runs[_file(item)].update(name for name in RUNS if name in getattr(item, "fixturenames", ()))
    for item in items:
        wanted = [name for name in RUNS if name in runs[_file(item)]]
        item.add_marker(pytest.mark.xdist_group(wanted[0] if wanted else _file(item)))
    items.sort(key=lambda item: _file(item).split("/")[1] not in SLOW_FIRST)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Browser tests skip where there is no browser, saying so; TURNOUT_REQUIRE_BROWSER makes that a failure."""
    if item.get_closest_marker("browser") and CHROMIUM is None:
        reason = "no Chromium on this machine: install the package chromium"
        if os.environ.get("TURNOUT_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
