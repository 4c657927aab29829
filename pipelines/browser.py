"""A headless Chromium where there is one: opens a file, waits until it stands, prints it or takes a picture of it.

It is spoken to through pipes, so that no port is opened; it finds no host, has a profile that lasts as long as it does,
and is ended when its time is over. What is printed is decided elsewhere.
"""

import base64
import json
import os
import select
import shutil
import signal
import subprocess  # nosec B404  # starts only the browser that this machine has
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np
from numpy.typing import NDArray

VARIABLE: Final = "TURNOUT_BROWSER"
"""Names the browser; empty, there is none."""
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
SECONDS: Final = 180
"""An idle machine needs about seven."""
SWITCHES: Final = (
    "--headless", "--remote-debugging-pipe", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb",
    "--font-render-hinting=none", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync",
    "--disable-domain-reliability", "--disable-breakpad", "--disable-quic", "--no-pings", "--dns-prefetch-disable",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
_PIPED: Final = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null'
"""The browser reads from its third descriptor and writes to its fourth."""
_STEP_SECONDS: Final = 0.05
_PIXELS: Final = """async address => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
  pen.drawImage(image, 0, 0);
  const bytes = pen.getImageData(0, 0, image.width, image.height).data, parts = [];
  for (let at = 0; at < bytes.length; at += 32768) {
    parts.push(String.fromCharCode.apply(null, bytes.subarray(at, at + 32768)));
  }
  return [image.width, image.height, btoa(parts.join(''))];
}"""
"""The browser reads its own picture: width, height, and the four channels of each pixel."""


class BrowserFailed(Exception):
    """The browser did not start, broke off, or took too long."""


def find_browser(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The browser that is named, else one of the usual names on the path, else None."""
    if VARIABLE in environ:
        named = environ[VARIABLE]
        return Path(named) if named else None
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


@contextmanager
def browsing(browser: Path, *, seconds: float = SECONDS) -> Iterator["Tab"]:
    """A tab of a fresh browser, which is ended with the block or when its time is over; raises `BrowserFailed`."""
    with tempfile.TemporaryDirectory(prefix="turnout-browser-", ignore_cleanup_errors=True) as profile:
        # Chromium refuses to keep root in its sandbox
        switches = (*SWITCHES, f"--user-data-dir={profile}", *(["--no-sandbox"] if os.geteuid() == 0 else []))
        # none of this process's variables: there may be secrets among them
        environ = {"PATH": os.environ.get("PATH", os.defpath), "HOME": profile, "TZ": "UTC", "LANG": "C.UTF-8"}
        command = ["/bin/sh", "-c", _PIPED, "sh", str(browser), *switches, "about:blank"]
        with subprocess.Popen(  # noqa: S603  # nosec B603  # no shell sees any of the arguments
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ,
            start_new_session=True, bufsize=0,
        ) as process:  # fmt: skip
            try:
                yield Tab(process, time.monotonic() + seconds)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


class Tab:
    """One page of the browser; `requests` are the addresses outside of itself that it asked for."""

    def __init__(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        self._to, self._from = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        self._deadline, self._number, self._rest, self._session = deadline, 0, b"", ""
        self.requests: list[str] = []
        pages = [one for one in self._ask("Target.getTargets")["targetInfos"] if one["type"] == "page"]
        self._session = self._ask("Target.attachToTarget", targetId=pages[0]["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Network"):
            self._ask(f"{domain}.enable")

    def open(
        self, page: Path, *, width: int, height: int = 800, scale: int = 1, until: str = "true", mode: str = "light",
        media: str = "screen",
    ) -> None:  # fmt: skip
        """Opens a file in a window of that size and waits until it is loaded and the expression `until` holds."""
        wish = {"name": "prefers-color-scheme", "value": mode}
        self._ask("Emulation.setEmulatedMedia", media=media, features=[wish])
        self.resize(width, height, scale)
        self._ask("Page.navigate", url=page.resolve().as_uri())
        self.wait(f"location.href !== 'about:blank' && document.readyState === 'complete' && ({until})")

    def resize(self, width: int, height: int, scale: int = 1) -> None:
        """Gives the window another size, in CSS pixels; each is `scale` pixels of a picture wide."""
        self._ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )

    def value(self, expression: str) -> Any:
        """What the expression, or the promise that it is, comes to on the page."""
        said = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return said["result"].get("value")

    def wait(self, expression: str) -> None:
        """Waits until the expression holds."""
        while not self.value(expression):
            time.sleep(_STEP_SECONDS)

    def height(self) -> int:
        """Of the whole page, in CSS pixels."""
        return int(self.value("Math.ceil(document.documentElement.getBoundingClientRect().height)"))

    def picture(self) -> NDArray[np.uint8]:
        """What the window shows: rows x columns x (red, green, blue)."""
        shown = self._ask("Page.captureScreenshot", format="png")["data"]
        width, height, pixels = self.value(f"({_PIXELS})('data:image/png;base64,{shown}')")
        return np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(height, width, 4)[..., :3]

    def pdf(self, scale: float) -> bytes:
        """The page as it prints, with an outline of its headings; `scale` times as large as on the screen."""
        said = self._ask("Page.printToPDF", printBackground=True, preferCSSPageSize=True, generateTaggedPDF=True,
                         generateDocumentOutline=True, scale=scale)  # fmt: skip
        return base64.b64decode(said["data"])

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        message |= {"sessionId": self._session} if self._session else {}
        try:
            self._to.write(json.dumps(message).encode() + b"\0")
        except OSError as broken:
            raise BrowserFailed("the browser broke off") from broken
        while True:
            said = self._next()
            if said.get("method") == "Network.requestWillBeSent":
                address = said["params"]["request"]["url"]
                self.requests += [] if address.startswith("data:") else [address]
            if said.get("id") == self._number:
                if "error" in said:
                    raise BrowserFailed(f"the browser refused {method}")
                result: dict[str, Any] = said["result"]
                return result

    def _next(self) -> dict[str, Any]:
        parts = [self._rest]
        while b"\0" not in parts[-1]:
            left = self._deadline - time.monotonic()
            if left <= 0 or not select.select([self._from], [], [], left)[0]:
                raise BrowserFailed("the browser took too long")
            chunk = os.read(self._from.fileno(), 1 << 16)
            if not chunk:
                raise BrowserFailed("the browser broke off")
            parts.append(chunk)
        last, _, self._rest = parts[-1].partition(b"\0")
        message: dict[str, Any] = json.loads(b"".join([*parts[:-1], last]))
        return message
