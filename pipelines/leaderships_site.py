"""Builds the site of a release with all that is made beside it, and keeps what is to be told of it afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipelines.page_preview import Preview
from pipelines.take_away import TakeAway


@dataclass(frozen=True, slots=True)
class LeadershipsSite:
    """Called with the released tables and a folder; `previews` holds one of each page then."""

    take_away: TakeAway
    previews: dict[str, Preview] = field(default_factory=dict)

    def __call__(self, tables: Mapping[str, pl.DataFrame], site: Path) -> None:
        """Writes the site, its PDF and its picture, where a browser is."""
        # plotly is loaded only here, so that the code location opens fast
        from dashboards import Released, pages_of, previews, write_site

        released = Released(tables)
        pages = pages_of(released)
        write_site(released, pages, site, self.take_away)
        self.previews.update(previews(pages))
