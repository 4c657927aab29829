"""Units: all of them side by side, and the way to the page of each."""

from collections.abc import Sequence

from dashboards import words
from dashboards.cards import Card
from dashboards.cards.units import units_card
from dashboards.headlines import beside as headlines
from dashboards.numbers import Fact
from dashboards.page import Page
from dashboards.released import OTHER_UNITS, Released
from dashboards.scope import next_close
from dashboards.slugs import unit_slug
from dashboards.unit_state import own_units, unit_state
from models.comparison import Verdict


def build(released: Released) -> Page:
    """The page. Without units to show it says why."""
    units = own_units(released)
    verdicts = [(unit, unit_state(released, unit).verdict) for unit in units]
    title = headlines.units_title(verdicts, has_roster=released.has_roster)
    lead = "Each unit that is large enough to be shown, beside the whole organisation, and with a page of its own."
    if not units:
        return Page("units", title, "There is no unit to show beside the whole organisation.", [_none(released)])
    links = [(f"{unit_slug(unit)}.html", words.clean(unit)) for unit in units]
    extra = {"links": links, "unshown": _unshown(released), "changes": changes(released)}
    return Page("units", title, lead, [units_card(released, wide=True)], extra=extra, extra_template="units.html.j2",
                facts=_counted(released, verdicts))  # fmt: skip


def changes(released: Released) -> str:
    """Of which periods figures of units are, when they next change, and how coarse they are."""
    said = "Figures of units are of whole weeks and months that are over, never of days. "
    if released.as_of:
        ends = words.day(next_close(released.as_of, "month"))
        said += (
            f"They next change with the first release of which the data reach {ends}, or when a late export completes "
            "an earlier month. "
        )
    return said + "People of units are counted in fives: \u201cabout 25\u201d is any number from 23 to 27."


def _none(released: Released) -> Card:
    why = (
        f"Shown are units of at least {released.min_group} people, in whole weeks and months; there is none to show."
        if released.has_roster
        else "Units come from the roster, and none is loaded. With a roster, units of at least "
        f"{released.min_group} people are shown here, each with a page of its own."
    )
    return Card(
        "units", "No unit is shown", "Share of each unit\u2019s people who contribute, all platforms",
        ("contributor_ratio",), note=why, wide=True,
    )  # fmt: skip


def _counted(released: Released, verdicts: Sequence[tuple[str, Verdict | None]]) -> tuple[Fact, ...]:
    said = [verdict for _, verdict in verdicts if verdict]
    return (
        *(Fact(f"units/rows/{one}", said.count(one), "count") for one in sorted(set(said))),
        Fact("rel_withheld/n_units/small_units_merged", _n_merged(released), "count"),
    )


def _n_merged(released: Released) -> int:
    """How many small units are told together; 0 where that is not known."""
    rows = released.tables["rel_withheld"].to_dicts()
    merged = (
        row["n_units"]
        for row in rows
        if (row["released_table"], row["reason"]) == ("rel_contributor_ratios", "small_units_merged")
    )
    return next(merged, None) or 0


def _unshown(released: Released) -> str:
    """Which units have no page: how many, never which."""
    n_merged = _n_merged(released)
    small = f"under {released.min_group} people"
    if OTHER_UNITS not in released.units:
        return f"A unit {small} is never shown on its own."
    who = f"{words.count(n_merged, 'unit')} {small}" if n_merged else f"Units {small}"
    one = n_merged == 1
    return (
        f"{who} {'is' if one else 'are'} not shown on {'its' if one else 'their'} own but together in "
        f"\u201c{OTHER_UNITS}\u201d, which has no page: it is no unit to compare or to ask."
    )
