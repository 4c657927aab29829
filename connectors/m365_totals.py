"""Totals of a usage report whose names are concealed: sums that identify nobody.

What a row says is m365_rows.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from connectors.m365_rows import Figures


@dataclass(slots=True)
class Totals:
    """Sums over the rows of one report whose names are concealed, for each platform and period."""

    _found: dict[tuple[str, date, date, date], Counter[str]] = field(default_factory=dict)

    def add(self, one: Figures) -> None:
        """Counts one row in."""
        sums = self._found.setdefault((one.used_platform, one.period_from, one.period_to, one.reported_on), Counter())
        for name in ("n_posted", "n_read", "n_reacted"):
            if (value := getattr(one, name)) is not None:
                sums[name] += value
        sums["n_active_accounts"] += bool(one.is_active)
        if one.n_posted is not None:
            sums["n_posting_accounts"] += one.n_posted > 0

    def rows(self, *, counts_accounts: bool) -> Iterator[dict[str, object]]:
        """One usage row per platform and period, without anybody; of groups no number of accounts is known."""
        for (used_platform, since, until, reported_on), sums in self._found.items():
            accounts = ("n_active_accounts", "n_posting_accounts") if counts_accounts else ()
            yield {
                "used_platform": used_platform, "period_from": since, "period_to": until, "reported_on": reported_on,
                **{name: sums[name] for name in ("n_posted", "n_read", "n_reacted", *accounts) if name in sums},
            }
