"""What the Dagster UI shows of a page: its headline, its main chart, the newest numbers; as Markdown that is only text.

All of it has passed the release policy. The UI folds away what has a thousand letters or more, so each part has fewer.
"""

import base64
import re
from collections.abc import Sequence
from typing import Final, Protocol

import dagster as dg

_MOST_LETTERS: Final = 999
_MARKUP: Final = re.compile(r"[!-/:-@\[-`{-~]")
_ADDRESS: Final = re.compile(r"(?<=www)(?=\.)|(?=://)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)|(?=@)", re.IGNORECASE)
_JOINER: Final = "\u2060"
"""Takes no room, and keeps an address from being made a link, which happens to escaped text as well."""


class Preview(Protocol):
    """As `dashboards.previews` makes it."""

    @property
    def slug(self) -> str: ...  # noqa: D102
    @property
    def headline(self) -> str: ...  # noqa: D102
    @property
    def drawn(self) -> str: ...  # noqa: D102
    @property
    def chart(self) -> str: ...  # noqa: D102
    @property
    def caption(self) -> str: ...  # noqa: D102
    @property
    def rows(self) -> Sequence[Sequence[str]]: ...  # noqa: D102


def shown(preview: Preview) -> dict[str, dg.MetadataValue[str]]:
    """The metadata of the page's asset."""
    found = {"headline": f"**{plain(preview.headline)}**"}
    if preview.chart:
        address = base64.b64encode(preview.chart.encode()).decode()
        found["chart"] = f"![{plain(preview.drawn)}](data:image/svg+xml;base64,{address})"
        if len(found["chart"]) + len(said := f"\n\n{plain(preview.drawn)}") <= _MOST_LETTERS:
            found["chart"] += said
    if preview.rows:
        found["numbers"] = table(preview.caption, preview.rows)
    return {name: dg.MetadataValue.md(text) for name, text in found.items()}


def table(caption: str, rows: Sequence[Sequence[str]]) -> str:
    """The first rows, as many as fit, below their caption."""
    head, *cells = (f"| {' | '.join(map(plain, row))} |" for row in rows)
    text = f"{plain(caption)}\n\n{head}\n|{'---|' * len(rows[0])}"
    for line in cells:
        if len(text) + len(line) < _MOST_LETTERS:
            text += f"\n{line}"
    return text


def plain(text: str) -> str:
    """Markdown that shows exactly this text on one line: no markup, no link."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", _ADDRESS.sub(_JOINER, " ".join(text.split())))
