"""PPL-ROS-003: in which periods were more people active than the roster holds, so that no share of it can be told?

What is then withheld is decided in `models.shares`.
"""

from typing import Final

import duckdb
import polars as pl

from pipelines.warehouse import frame_of

READS: Final = ("dim_account", "meta", "prep_membership", "prep_period", "prep_person", "prep_person_period")
"""The tables that the query below reads."""
_QUERY: Final = """
with roster as (
    select distinct person_id from prep_person
),
in_force as (
    select period_kind, period_start, count(*) as n_on_roster
    from prep_membership
    where platform is null
    group by period_kind, period_start
),
placed as (
    select
        person_id,
        platform,
        min(workspace) as workspace,
        count(distinct workspace) = 1 as is_in_one,
        bool_or(kind = 'human' and is_guest is not true) as is_ours
    from dim_account
    group by person_id, platform
),
counted as (
    select period_kind, period_start, platform, count(*) as n_people
    from prep_person_period
    where person_id in (from roster)
    group by period_kind, period_start, platform
    union all
    select c.period_kind, c.period_start, unnest([c.platform, 'all']) as platform, count(*) as n_people
    from prep_person_period as c
    join placed as p using (person_id, platform)
    where p.is_in_one and (p.is_ours or c.person_id in (from roster))
    group by c.period_kind, c.period_start, c.platform, p.workspace
),
active as (
    select period_kind, period_start, platform, max(n_people) as n_active
    from counted
    group by period_kind, period_start, platform
)
select
    t.period_kind,
    t.period_start,
    t.period_end,
    t.platform,
    a.n_active,
    f.n_on_roster
from prep_period as t
cross join meta
join in_force as f using (period_kind, period_start)
join active as a using (period_kind, period_start, platform)
where t.period_end <= meta.as_of_on and a.n_active > f.n_on_roster
order by t.platform, t.period_start, t.period_kind
"""


def outnumbered(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Closed weeks and months per platform (or `all`) in which more people contributed than were on the roster.

    `n_active`: as many people contributed at least. Accounts that match nobody may belong to people who are counted
    elsewhere, but in one workspace they are people of their own. So this is the largest count of any workspace (of the
    platform; for `all`, of any), of people on the roster and of human accounts that match nobody; guests, people from
    elsewhere and bots are left out. Or it is the people on the roster who contributed anywhere, if they are more.
    `n_on_roster`: whoever the roster has employed on any day of the period. There is no row without a roster, nor for
    periods before its first day, in which no share is told anyway.
    """
    return frame_of(connection, _QUERY)


def problems(found: pl.DataFrame, rosters: list[str]) -> list[str]:
    """One line per platform about its worst period; `rosters` are the paths of the rosters in use."""
    lines = []
    for (platform,), periods in found.group_by("platform", maintain_order=True):
        worst = periods.sort("n_active", descending=True, maintain_order=True).row(0, named=True)
        where = "all platforms" if platform == "all" else platform
        others = f", and in {periods.height - 1} other periods" if periods.height > 1 else ""
        lines.append(
            f"PPL-ROS-003 {', '.join(rosters)}: more active people ({worst['n_active']}) than on the roster "
            f"({worst['n_on_roster']}) in the {worst['period_kind']} from {worst['period_start']} on {where}{others}; "
            "no figure about people is shown for these periods; complete the roster, or set home_domains so that "
            "guests are known as guests"
        )
    return lines
