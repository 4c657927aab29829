"""Where each number of the tables in pages stands in the release: one declaration for each card.

A declaration is written from the definitions of the pages, not from the code behind them: which released table it is,
which of its rows a row of the page speaks of, as read from the row's own text and from what stands above it, and which
released column each column of the page is.

Estimates with their intervals are found as they are released: that they are right is the matter of `tests/oracle`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from tests.dashboards.page_rows import Card, Line
from tests.dashboards.people_cells import OF_PEOPLE
from tests.dashboards.release_rows import Told
from tests.dashboards.spread_cells import OF_SPREAD

CARDS: Final[Mapping[str, Told | Callable[[Card, Line], Told]]] = {
    **OF_PEOPLE,
    **OF_SPREAD,
    "wiki-states": OF_SPREAD["space-states"],
    "wiki-life": OF_SPREAD["space-life"],
}
OF_DAYS: Final = {"coverage"}
"""Cards without a number: their charts are of days, which have a test of their own."""
