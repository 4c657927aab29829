"""The static site that leadership reads: released tables in, pages out.

Only this package knows Plotly. No figure is computed here (judgements live in `models.comparison`), no SQL, no Dagster.
"""

from dashboards.previews import previews
from dashboards.released import Released
from dashboards.site import build_site, pages_of, write_site

__all__ = ["Released", "build_site", "pages_of", "previews", "write_site"]
