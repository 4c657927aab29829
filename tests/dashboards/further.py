"""Rows of the released tables that one card each reads: a function per topic, from the company to its rows by table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tests.dashboards.companies import Company

FURTHER: Final[Sequence[Callable[[Company], Mapping[str, list[dict[str, Any]]]]]] = ()
