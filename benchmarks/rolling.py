"""Rolling distinct counts: `models/sql/prep_rolling.sql` against the usual range self-join, on the same person-days.

Both must give the same rows, or nothing is printed.
"""

import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median

import polars as pl

from models.queries import queries
from pipelines.warehouse import Warehouse, append, ensure_table, frame_of

PEOPLE, DAYS, PLATFORMS = 1000, 365, ("slack", "yammer", "mediawiki")
FIRST = date(2025, 1, 1)
WIDEST = 28
SELF_JOIN = """
with scoped as (
    select distinct person_id, platform, occurred_on from fct_person_day where n_contributions > 0
    union
    select distinct person_id, 'all', occurred_on from fct_person_day where n_contributions > 0
),
counted as (
    select
        d.platform, d.occurred_on, p.unit,
        count(distinct case when s.occurred_on > d.occurred_on - 1 then s.person_id end) as n_contributors_1d,
        count(distinct case when s.occurred_on > d.occurred_on - 7 then s.person_id end) as n_contributors_7d,
        count(distinct s.person_id) as n_contributors_28d
    from prep_platform_day as d
    join scoped as s
        on s.platform = d.platform and s.occurred_on <= d.occurred_on and s.occurred_on > d.occurred_on - 28
    join prep_population as p
        on p.person_id = s.person_id and p.valid_from <= d.occurred_on
        and (p.valid_to is null or p.valid_to > d.occurred_on)
    group by grouping sets ((d.platform, d.occurred_on, p.unit), (d.platform, d.occurred_on))
)
select platform, occurred_on, coalesce(unit, 'all') as unit, n_contributors_1d, n_contributors_7d, n_contributors_28d
from counted
"""
COMPARED = """
select platform, occurred_on, unit, n_contributors_1d, n_contributors_7d, n_contributors_28d
from ({query}) where occurred_on >= $since and n_contributors_28d > 0 order by all
"""


def rows(work: Path, *, repeat: int) -> list[dict[str, str]]:
    """Seconds of both ways, and how many times faster ours is."""
    warehouse = Warehouse(work / "rolling.duckdb")
    n_person_days = _fill(warehouse)
    ours, found = _median(warehouse, queries()["prep_rolling"], repeat)
    peer, expected = _median(warehouse, SELF_JOIN, repeat)
    if not found.equals(expected):
        raise AssertionError("the two ways differ")
    return [
        {
            "person-days": f"{n_person_days:,}",
            "rows compared": f"{found.height:,}",
            "self-join s": f"{peer:.2f}",
            "prep_rolling s": f"{ours:.2f}",
            "times faster": f"{peer / ours:.0f}",
        }
    ]


def _fill(warehouse: Warehouse) -> int:
    """People who contribute by chance on some days, half of whom change unit once; returns the number of rows."""
    random = Random(1)
    days = [FIRST + timedelta(number) for number in range(DAYS)]
    population: list[tuple[object, ...]] = []
    person_days: list[tuple[object, ...]] = []
    for number in range(PEOPLE):
        person, middle = f"p{number:05}", random.choice(days[60:-60])
        units = [f"unit {random.randrange(10)}", f"unit {random.randrange(10)}"]
        if number % 2:
            population += [(person, None, FIRST, middle, units[0]), (person, None, middle, None, units[1])]
        else:
            population.append((person, None, FIRST, None, units[0]))
        for platform in PLATFORMS:
            likelihood = random.random() ** 3
            person_days += [(person, platform, day, 1) for day in days if random.random() < likelihood]
    tables: dict[str, tuple[list[tuple[object, ...]], list[str]]] = {
        "prep_population": (population, ["person_id", "platform", "valid_from", "valid_to", "unit"]),
        "fct_person_day": (person_days, ["person_id", "platform", "occurred_on", "n_contributions"]),
        "prep_platform_day": (
            [(platform, day, "observed", FIRST) for platform in (*PLATFORMS, "all") for day in days],
            ["platform", "occurred_on", "state", "first_on"],
        ),
        "prep_unit": ([*((f"unit {number}",) for number in range(10)), ("all",)], ["unit"]),
    }
    with warehouse.connect() as connection:
        for table, (values, columns) in tables.items():
            frame = pl.DataFrame(values, schema=columns, orient="row", infer_schema_length=None)
            frame = frame.with_columns(pl.col(pl.Null).cast(pl.String))
            ensure_table(connection, table, frame.clear())
            append(connection, table, frame)
    return len(person_days)


def _median(warehouse: Warehouse, query: str, repeat: int) -> tuple[float, pl.DataFrame]:
    seconds = []
    since = {"since": FIRST + timedelta(WIDEST)}
    with warehouse.connect() as connection:
        for _ in range(repeat):
            started = time.perf_counter()
            found = frame_of(connection, COMPARED.format(query=query), since)
            seconds.append(time.perf_counter() - started)
    return median(seconds), found
