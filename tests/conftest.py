"""What holds for all tests."""

import os

import pytest

from tests.browser import CHROMIUM


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Browser tests skip where there is no browser, saying so; TURNOUT_REQUIRE_BROWSER makes that a failure."""
    if item.get_closest_marker("browser") and CHROMIUM is None:
        reason = "no Chromium on this machine: install the package chromium"
        if os.environ.get("TURNOUT_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
