"""Which browser is taken, and that it reaches nobody."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from pipelines import browser
from pipelines.browser import browsing, find_browser
from tests.browser import CHROMIUM


def test_a_named_browser_is_taken_and_an_empty_name_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.shutil, "which", {"google-chrome": "/usr/bin/google-chrome"}.get)
    assert find_browser({}) == Path("/usr/bin/google-chrome")
    assert find_browser({"TURNOUT_BROWSER": "/opt/mine"}) == Path("/opt/mine")
    assert find_browser({"TURNOUT_BROWSER": ""}) is None
    monkeypatch.setattr(browser.shutil, "which", {}.get)
    assert find_browser({}) is None


@pytest.fixture
def asked() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine: its port, and what it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port, paths
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.browser
def test_the_browser_reaches_no_host_and_shows_what_the_file_holds(
    asked: tuple[int, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even this machine; without the switch it would."""
    port, paths = asked
    page = tmp_path / "page.html"
    images = "".join(f'<img src="http://{host}:{port}/{host}.png">' for host in ("127.0.0.1", "localhost"))
    page.write_text(f'<body style="margin:0;background:#102030">{images}</body>', encoding="utf-8")
    with browsing(Path(str(CHROMIUM))) as tab:
        tab.open(page, width=60, height=40, scale=2)
        pixels = tab.picture()
    assert pixels.shape == (80, 120, 3)
    assert np.array_equal(pixels[-1, -1], [0x10, 0x20, 0x30])
    assert len(tab.requests) == 3
    assert paths == []
    kept = [switch for switch in browser.SWITCHES if not switch.startswith("--host-resolver-rules")]
    monkeypatch.setattr(browser, "SWITCHES", kept)
    with browsing(Path(str(CHROMIUM))) as tab:
        tab.open(page, width=60)
    assert sorted(paths) == ["/127.0.0.1.png", "/localhost.png"]
