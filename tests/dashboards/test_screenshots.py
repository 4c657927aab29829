"""The README's pictures: of the window that was asked for, in its colours, the same bytes each time."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.screenshots import PICTURES, taken
from dashboards.tokens import DARK, LIGHT
from pipelines.browser import browsing
from tests.browser import CHROMIUM


@pytest.mark.browser
@pytest.mark.parametrize(("name", "tokens"), [("site-phone.png", LIGHT), ("site-dark.png", DARK)])
def test_the_same_site_gives_the_same_picture(sites: Callable[[str], Path], name: str, tokens: dict[str, str]) -> None:
    picture = PICTURES[name]
    with browsing(Path(str(CHROMIUM))) as tab:
        first = taken(tab, sites("full"), picture)
        seen = tab.picture()
    with browsing(Path(str(CHROMIUM))) as tab:
        assert taken(tab, sites("full"), picture) == first
    assert struct.unpack(">II", first[16:24]) == (picture.width * picture.scale, picture.height * picture.scale)
    # beside the text of the page is its background
    assert f"#{bytes(seen[-1, 2]).hex()}" == tokens["bg"].lower()
