"""What people take away from a release: all its pages as one PDF, and the brief as a picture for a mail.

Both are made where a browser is; where none is, or it fails, the release goes on without them and a note says why.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pipelines.browser import SECONDS, VARIABLE, BrowserFailed, Tab, browsing
from pipelines.small_png import small_png

PDF: Final = "release.pdf"
SUMMARY: Final = "summary.png"
TAKEN: Final = "taken away"
"""Under this name the run tells what became of it."""
_PRINTED: Final = 0.75
"""Letters of 16 pixels are printed nine points high."""
SHEET_PIXELS: Final = 927
"""Width of what is printed on a sheet of A4: 210 mm without two margins of 13 mm, at 96 pixels an inch, thus scaled."""
_MAIL_PIXELS: Final = 600
_SCALE: Final = 2
_DATES: Final = re.compile(rb"/(CreationDate|ModDate) \(D:(\d{14})")
_ELEMENT: Final = re.compile(rb"\(node(\d{8})\)")
_NO_DAY: Final = date(2000, 1, 1)


@dataclass(slots=True)
class TakeAway:
    """Makes them; `made` and `note` tell afterwards what became of it."""

    browser: Path | None
    seconds: float = SECONDS
    made: tuple[str, ...] = ()
    note: str = f"{PDF} and {SUMMARY} are left out: no Chromium was found, or {VARIABLE} is empty"

    def __call__(self, site: Path, as_of: date | None) -> Collection[str]:
        """Prints `print.html` and takes a picture of `brief.html` in the folder; returns the names of the new files."""
        if self.browser is None:
            return ()
        try:
            with browsing(self.browser, seconds=self.seconds) as tab:
                files = {PDF: _pdf(tab, site / "print.html", as_of), SUMMARY: _picture(tab, site / "brief.html")}
        except (BrowserFailed, OSError) as failed:
            self.note = f"{PDF} and {SUMMARY} are left out: {failed}"
            return ()
        for name, content in files.items():
            (site / name).write_bytes(content)
        self.made, self.note = tuple(files), f"{PDF} and {SUMMARY} were made"
        return self.made


def _pdf(tab: Tab, page: Path, as_of: date | None) -> bytes:
    tab.open(page, width=SHEET_PIXELS, until="document.documentElement.dataset.drawn === 'all'", media="print")
    return steady(tab.pdf(_PRINTED), as_of or _NO_DAY)


def steady(pdf: bytes, as_of: date) -> bytes:
    """The PDF with the data's date for the clock's and its elements counted from 1, so that only the pages change it.

    All of it is written over in place: a PDF knows at which byte each of its parts begins.
    """
    pdf = _DATES.sub(lambda found: b"/%s (D:%s" % (found[1], f"{as_of:%Y%m%d}000000".encode()), pdf)
    numbers = {name: number for number, name in enumerate(sorted(set(_ELEMENT.findall(pdf))), 1)}
    return _ELEMENT.sub(lambda found: b"(node%08d)" % numbers[found[1]], pdf)


def _picture(tab: Tab, page: Path) -> bytes:
    tab.open(page, width=_MAIL_PIXELS, scale=_SCALE)
    tab.resize(_MAIL_PIXELS, tab.height(), _SCALE)
    return small_png(tab.picture())
