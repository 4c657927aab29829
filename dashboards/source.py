"""Where the numbers of a card come from: the exports behind it, how much of them is people's, and up to which day."""

from collections.abc import Collection
from dataclasses import dataclass

from markupsafe import Markup

from dashboards import words
from dashboards.facts import cells
from dashboards.numbers import Facts
from dashboards.released import Released


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence with the numbers that it holds."""

    text: str
    facts: Facts

    def markup(self) -> Markup:
        """As HTML."""
        return self.facts.markup(self.text)

    def spoken(self) -> list[str | list[str]]:
        """As scripts read it."""
        return self.facts.spoken(self.text)


def source(released: Released, platforms: Collection[str] = ()) -> Source:
    """The exports of some platforms, or of all, each with how much of it is by people on the roster."""
    rows = [row for row in released.sources if not platforms or row["platform"] in platforms]
    meaning = " of contributions by people on the roster"
    names = []
    for row in rows:
        name, share = words.platform(row["platform"]), row["matched_ratio"]
        if share is not None:
            name += f" ({words.percent(share)}{meaning})"
            meaning = ""
        names.append(name)
    exports = f"exports of {words.listed(names)}" if names else "no exports"
    roster = f"{',' if len(names) > 1 else ''} and the roster" if released.has_roster else ""
    facts = Facts(cells("rel_source", *rows, only="matched_ratio"), names=released.platform_names)
    return Source(f"Source: {exports}{roster} \u00b7 data to {words.day(released.as_of)}", facts)
