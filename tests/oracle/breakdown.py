"""Breakdowns by department, layer, location and tenure, computed straight from their definition."""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb
from hypothesis import strategies as st

from tests.oracle.company import Company, Spell, companies
from tests.oracle.definitions import ALL, Period, eligible_people, employed_days, periods_of, platforms_of, roster_of
from tests.oracle.marts import Row, contributions_of, contributor_columns, head, is_seen
from tests.oracle.staged import stage

TOP = "Acme"
DIMENSIONS = ("department", "layer", "location", "tenure")


@dataclass(frozen=True)
class Place:
    """What a roster row says besides the unit; `below` are the elements of org_path under it."""

    below: tuple[str, ...] = ()
    layer: int | None = None
    location: str | None = None
    hired_on: date | None = None


@dataclass(frozen=True, eq=False)
class Placed:
    """A company with a place for each roster row, by (person, first day); units are elements 1 or 2 of org_path."""

    company: Company
    places: dict[tuple[str, date], Place]
    unit_depth: int = 1

    def place(self, spell: Spell) -> Place:
        """The place of a roster row."""
        return self.places.get((spell.person_id, spell.valid_from), Place())


def breakdown(world: Placed) -> list[Row]:
    """The rows of `mart_breakdown`."""
    company = world.company
    if not roster_of(company) or ALL not in platforms_of(company):
        return []
    rows: list[Row] = []
    for month in periods_of(company, "month", ALL):
        held: dict[tuple[str, str, str], list[str]] = {}
        for person in eligible_people(company, month, ALL):
            for dimension in DIMENSIONS:
                unit = employed_days(company, person, month)[-1].unit if dimension == "department" else None
                key = unit or ALL, dimension, value_of(world, dimension, person, month)
                held.setdefault(key, []).append(person)
        deeds = contributions_of(company, ALL, month.start, month.end)
        for (unit, dimension, value), people in held.items():
            own = [deed for deed in deeds if deed.person in people]
            figures = contributor_columns(len({deed.person for deed in own}), len(people))
            figures |= {"n_contributions": len(own)}
            if not is_seen(company, month, ALL):
                figures = dict.fromkeys(figures)
            row = head(company, month, ALL, unit) | {"n_eligible": len(people)}
            rows.append(row | {"dimension": dimension, "value": value} | figures)
    return rows


def value_of(world: Placed, dimension: str, person: str, month: Period) -> str:
    """What the person has on the last employed day of the month."""
    spell = employed_days(world.company, person, month)[-1]
    place = world.place(spell)
    if dimension == "department":
        below = place.below[0] if place.below else "(none)"
        return "(none)" if spell.unit is None else f"{spell.unit} / {below}"
    if dimension == "layer":
        return "(unknown)" if place.layer is None else str(place.layer)
    if dimension == "location":
        return place.location or "(unknown)"
    return "unknown" if place.hired_on is None else tenure(place.hired_on, month.end)


def tenure(hired_on: date, today: date) -> str:
    """The band of the number of anniversaries so far; who was hired on 29 February has it on 1 March in other years."""
    n_years = 0
    while anniversary(hired_on, n_years + 1) <= today:
        n_years += 1
    bands = ((1, "under 1 year"), (3, "1 to 3 years"), (10, "3 to 10 years"))
    return next((band for limit, band in bands if n_years < limit), "10 years or more")


def anniversary(hired_on: date, n_years: int) -> date:
    """The day on which so many years are complete."""
    try:
        return hired_on.replace(year=hired_on.year + n_years)
    except ValueError:
        return date(hired_on.year + n_years, 3, 1)


def stage_placed(connection: duckdb.DuckDBPyConnection, world: Placed) -> None:
    """Stages the company, then tells the roster rows their places."""
    stage(connection, world.company)
    connection.execute("update stg_setting set unit_depth = ?", [world.unit_depth])
    above = [TOP] * (world.unit_depth - 1)
    for spell in world.company.spells:
        place = world.place(spell)
        path = above if spell.unit is None else [*above, spell.unit, *place.below]
        connection.execute(
            "update stg_person set org_path = ?, layer = ?, location = ?, hired_on = ? "
            "where person_id = ? and valid_from = ?",
            [path or None, place.layer, place.location, place.hired_on, spell.person_id, spell.valid_from],
        )


@st.composite
def placed_companies(draw: st.DrawFn) -> Placed:
    """Companies whose people change department, layer and place, and were hired around some anniversary or never."""
    company = draw(companies())
    places = {}
    ends = [month.end for month in periods_of(company, "month", ALL)] if platforms_of(company) else []
    for spell in company.spells:
        hires: list[date | None] = [None, spell.valid_from, date(2012, 2, 29), date(2020, 2, 29)]
        hires += [
            anniversary(end, -n_years) + timedelta(days=n_days)
            for end in ends
            for n_years in (1, 3, 10)
            for n_days in (-1, 0, 1)
        ]
        places[spell.person_id, spell.valid_from] = Place(
            draw(st.sampled_from(((), ("A",), ("A", "x"), ("B",)))),
            draw(st.sampled_from((None, 0, 1, 2))),
            draw(st.sampled_from((None, "Lyon", "Berlin"))),
            draw(st.sampled_from([day for day in hires if day is None or day <= spell.valid_from])),
        )
    return Placed(company, places, draw(st.sampled_from((1, 2))))
