"""The made-up companies of the tests of pages: one in good order, and others in which something is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

HOSTILE = (
    "<img src=https://example.org/x onerror=alert(1)>",
    "<span style=background:url(https://example.org/y)>Sales</span>",
    "%{x} %{customdata} %{meta}",
    '<b>Bold</b> & <a href="https://example.org">link</a>',
    "</script><script>document.title='x'</script>",
    "{{ 7 * 7 }} ${x} `y` \u202etxt",
    '=HYPERLINK("https://example.org","Sales")',
)
UNITS = (
    "Customer Care", "Engineering", "Facilities and Workplace Services", "Finance", "Legal", "Marketing", "Operations",
    "People", "Sales",
)  # fmt: skip


@dataclass(frozen=True)
class Company:
    """What a variant of the fixture is made of."""

    first: date = date(2025, 9, 1)
    as_of: date = date(2026, 11, 22)
    people: int = 1180
    units: tuple[str, ...] = (*UNITS, "Other units")
    n_executives: int = 46
    lag: Mapping[str, int] = field(default_factory=lambda: {"mediawiki": 0, "slack": 0, "yammer": 9})
    gap: tuple[date, date] | None = (date(2026, 3, 9), date(2026, 3, 24))
    unknown: float = 0.0
    lead: str = "estimated"
    agreed: str | None = None  # the word that every text of the agreement begins with
    outnumbered: Mapping[str, date] = field(default_factory=dict)  # platforms, and from when on
    withheld: tuple[tuple[str, str, int | None, int], ...] = (
        ("rel_active_users", "small_units_merged", 2, 10),
        ("rel_contributor_ratios", "small_units_merged", 2, 10),
    )


VARIANTS: Mapping[str, Company] = {
    "full": Company(agreed="Acme:"),
    "no_roster": Company(units=(), n_executives=0, people=431, withheld=()),
    "few_executives": Company(
        n_executives=0, withheld=(("rel_executive_participation", "too_few_executives", None, 5),)
    ),
    "tiny": Company(
        first=date(2026, 11, 18), people=37, units=(), n_executives=0, lag={"slack": 0}, gap=None,
        withheld=(("rel_active_users", "organisation_too_small", None, 200),),
    ),
    "small": Company(
        first=date(2026, 9, 16), people=64, units=(), n_executives=0, lag={"slack": 0}, gap=None, withheld=()
    ),
    "unknowns": Company(unknown=0.35),
    "silent_platform": Company(lag={"mediawiki": 200, "slack": 0, "yammer": 3}, gap=None, lead="not estimable"),
    "outnumbered": Company(outnumbered={"slack": date(2026, 8, 1), "all": date(2026, 8, 1)}, lead="flagged"),
    "all_outnumbered": Company(
        outnumbered=dict.fromkeys(("all", "mediawiki", "slack", "yammer"), date(2025, 1, 1)), lead="not estimable"
    ),
    "hostile": Company(
        units=(*HOSTILE, "Sales", "Other units"), lag={"slack": 0, HOSTILE[0]: 4}, agreed=" ".join(HOSTILE)
    ),
}  # fmt: skip
