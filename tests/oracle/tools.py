"""Participation by the number of platforms offered, straight from the definition of `mart_tools`."""

from tests.oracle.company import Company
from tests.oracle.definitions import (
    ALL,
    deeds_of,
    eligible_people,
    people_in,
    periods_of,
    platforms_of,
    roster_of,
    unit_on,
    units_of,
)
from tests.oracle.marts import Row, contributors_of, head, is_seen
from tests.oracle.threads import shares


def tools(world: Company) -> list[Row]:
    """The rows of `mart_tools`."""
    platforms, rows = [one for one in platforms_of(world) if one != ALL], []
    for kind in ("week", "month"):
        for period in periods_of(world, kind, ALL) if platforms else []:
            eligible = eligible_people(world, period, ALL)
            active = contributors_of(world, ALL, period.start, period.end)
            offers: dict[str, int] = {}
            for unit in units_of(world):
                if unit != ALL and people_in(eligible, unit):
                    used = {
                        deed.platform for deed in deeds_of(world)
                        if deed.counts and deed.day <= period.end and unit_on(world, deed.person, deed.day) == unit
                    }  # fmt: skip
                    offers[unit] = sum(is_seen(world, period, one) for one in used & set(platforms))
            for n in range(len(platforms) + 1):
                units = [unit for unit, found in offers.items() if found == n]
                people = {person for unit in units for person in people_in(eligible, unit)}
                figures: Row = {
                    "n_units": len(units),
                    "n_people": len(people),
                    "n_contributors": len(people & active),
                    **shares("contributor_ratio", len(people & active), len(people)),
                }
                if not (roster_of(world) and is_seen(world, period, ALL)):
                    figures = dict.fromkeys(figures)
                start = head(world, period, ALL, ALL) | {"n_eligible": len(eligible), "n_platforms_offered": n}
                rows.append(start | figures)
    return rows
