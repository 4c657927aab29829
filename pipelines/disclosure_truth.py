"""The people behind a release, for the audit: queries of its own over who is counted and what they did.

The released tables are not read here, nor the marts that they are cut from.
"""

from typing import Final

import duckdb
import polars as pl

from models.audit.atoms import ATOM_SCHEMA
from models.audit.dominance import AMOUNT_SCHEMA
from models.audit.spaces import SPACE_SCHEMA
from pipelines.warehouse import frame_of

_COUNTED: Final = """
with counted as (
    select
        e.period_kind, e.period_start, e.platform, e.person_id, e.unit, e.is_executive, e.n_contributions,
        t.previous_start, t.next_start, t.period_end,
        e.n_contributions > 0 and t.n_seen_days > 0 as contributes
    from prep_eligible as e
    join prep_period as t using (period_kind, period_start, platform)
)"""

_ATOMS: Final = f"""
{_COUNTED},
begun as (
    select platform, person_id, min(first_on) as first_on
    from prep_person_period
    where period_kind = 'week'
    group by platform, person_id
),
known as (
    select platform, min(occurred_on) as from_on
    from prep_platform_day
    where is_new_known
    group by platform
),
reacted as (
    select distinct k.period_kind, k.period_start, unnest([e.platform, 'all']) as platform, a.person_id
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    join prep_calendar as k on k.occurred_on = e.occurred_on
    where e.action = 'react'
),
in_sequence as (
    select
        c.*,
        b.person_id is not null as was_counted,
        b.unit as previous_unit,
        coalesce(b.contributes, false) as contributed_before,
        coalesce(bool_or(c.contributes) over (
            partition by c.period_kind, c.platform, c.person_id
            order by c.period_start
            rows between unbounded preceding and 1 preceding
        ), false) as contributed_earlier
    from counted as c
    left join counted as b
        on b.period_kind = c.period_kind
        and b.platform = c.platform
        and b.person_id = c.person_id
        and b.period_start = c.previous_start
),
described as (
    select
        s.period_kind, s.period_start, s.platform, 'counted' as kind, s.was_counted, s.unit, s.previous_unit,
        cast(s.is_executive as varchar) as is_executive,
        case when d.person_id is not null then coalesce(d.department, '(none)') end as department,
        case when d.person_id is not null then coalesce(cast(d.layer as varchar), '(unknown)') end as layer,
        case when d.person_id is not null then coalesce(d.location, '(unknown)') end as location,
        d.tenure,
        cast(o.n_platforms_offered as varchar) as n_platforms_offered,
        x.shown as named,
        s.contributes as contributors,
        s.contributes and s.n_contributions <= case s.period_kind when 'week' then 3 else 10 end as "some",
        s.contributes and s.n_contributions > case s.period_kind when 'week' then 3 else 10 end as heavy,
        s.contributes and not s.contributed_earlier and f.first_on >= k.from_on as new,
        s.contributes and not s.contributed_earlier and not coalesce(f.first_on >= k.from_on, false) as unknown,
        s.contributes and s.contributed_before as retained,
        s.contributes and s.contributed_earlier and not s.contributed_before as resurrected,
        r.person_id is not null as reactors,
        n.person_id is not null and not s.contributes as lurkers,
        coalesce(f.first_on <= s.period_end, false) as adopted,
        w.person_id is not null as own_contributors,
        s.contributed_before and not s.contributes as lapsed
    from in_sequence as s
    left join begun as f on f.platform = s.platform and f.person_id = s.person_id
    left join known as k on k.platform = s.platform
    left join reacted as r
        on r.period_kind = s.period_kind and r.period_start = s.period_start and r.platform = s.platform
        and r.person_id = s.person_id
    left join prep_present as n
        on n.period_kind = s.period_kind and n.period_start = s.period_start and n.platform = s.platform
        and n.person_id = s.person_id
    left join prep_own_period as w
        on w.period_kind = s.period_kind and w.period_start = s.period_start and w.platform = s.platform
        and w.person_id = s.person_id
    left join prep_standing as d
        on s.period_kind = 'month' and s.platform = 'all' and d.period_start = s.period_start
        and d.person_id = s.person_id
    left join prep_offered as o
        on s.platform = 'all' and o.period_kind = s.period_kind and o.period_start = s.period_start and o.unit = s.unit
    left join stg_named_executive as x on x.person_id = s.person_id
),
leavers as (
    select b.period_kind, b.next_start as period_start, b.platform, b.unit as previous_unit, b.contributes
    from counted as b
    join prep_period as t
        on t.period_kind = b.period_kind and t.period_start = b.next_start and t.platform = b.platform
    left join counted as c
        on c.period_kind = b.period_kind and c.period_start = b.next_start and c.platform = b.platform
        and c.person_id = b.person_id
    where c.person_id is null
),
members as (
    select t.period_kind, t.period_start, t.platform, m.person_id, m.unit, m.is_eligible
    from prep_membership as m
    join prep_period as t
        on t.period_kind = m.period_kind and t.period_start = m.period_start
        and (m.platform is null or m.platform = t.platform)
),
active as (
    select c.period_kind, c.period_start, c.platform, c.person_id
    from prep_person_period as c
    join prep_period as t using (period_kind, period_start, platform)
    where t.n_seen_days > 0
),
others as (
    select m.period_kind, m.period_start, m.platform, m.unit, a.person_id is not null as outside, 1 as n_people
    from members as m
    left join active as a using (period_kind, period_start, platform, person_id)
    where not m.is_eligible
    union all
    -- nobody knows how many people could have an account without being on the roster: many
    select a.period_kind, a.period_start, a.platform, null as unit, true as outside, 1000 as n_people
    from active as a
    left join members as m using (period_kind, period_start, platform, person_id)
    where m.person_id is null
)
select
    period_kind, period_start, platform, kind, was_counted, unit, previous_unit, is_executive, department, layer,
    location, tenure, n_platforms_offered, named,
    count(*) as n_people,
    count(*) filter (where contributors) as contributors,
    count(*) filter (where "some") as "some",
    count(*) filter (where heavy) as heavy,
    count(*) filter (where new) as new,
    count(*) filter (where unknown) as unknown,
    count(*) filter (where retained) as retained,
    count(*) filter (where resurrected) as resurrected,
    count(*) filter (where reactors) as reactors,
    count(*) filter (where lurkers) as lurkers,
    count(*) filter (where adopted) as adopted,
    count(*) filter (where own_contributors) as own_contributors,
    count(*) filter (where lapsed) as lapsed,
    0 as "left",
    0 as outside
from described
group by all
union all by name
select
    period_kind, period_start, platform, 'left' as kind, true as was_counted, previous_unit, count(*) as n_people,
    count(*) filter (where contributes) as "left"
from leavers
group by period_kind, period_start, platform, previous_unit
union all by name
select
    period_kind, period_start, platform, 'outside' as kind, false as was_counted, unit,
    cast(sum(n_people) as bigint) as n_people, count(*) filter (where outside) as outside
from others
group by period_kind, period_start, platform, unit
"""

_AMOUNTS: Final = f"""
{_COUNTED},
numbered as (
    select person_id, row_number() over (order by person_id) as person
    from (select distinct person_id from counted)
),
wrote as (
    select c.period_kind, c.period_start, c.platform, c.person_id, c.is_executive, u.unit, u.n_contributions, u.n_posts,
        u.n_replies, u.n_own_posts, u.n_own_replies
    from prep_unit_period as u
    join counted as c using (period_kind, period_start, platform, person_id)
),
replied as (
    select c.period_kind, c.period_start, c.platform, c.person_id, c.is_executive, r.is_delegated
    from prep_reply_period as r
    join counted as c using (period_kind, period_start, platform, person_id)
    where r.action = 'reply'
        and not r.is_target_executive
        and (r.target_person_id is null or r.target_person_id <> r.person_id)
),
-- what the named wrote where nobody was kept out, one row per message
by_name as (
    select c.period_kind, c.period_start, c.platform, c.person_id, e.action = 'post' as is_post, e.is_delegated
    from fct_event as e
    join dim_account as a using (account_id)
    join stg_named_executive as x using (person_id)
    join counted as c using (person_id)
    left join dim_space as s on s.space_id = e.space_id
    where c.period_kind = 'month' and c.platform = 'all' and c.is_executive
        and e.occurred_on between c.period_start and c.period_end
        and e.occurred_on <= (select as_of_on from meta)
        and e.is_contribution and e.action in ('post', 'reply')
        and (s.visibility is null or s.visibility in ('public', 'unknown'))
),
amounts as (
    select 'contributions_in_unit' as amount, period_kind, period_start, platform, person_id, unit, n_contributions as n
    from wrote
    where unit <> 'all'
    union all by name
    -- what somebody wrote while in no unit
    select
        'contributions_in_unit' as amount, period_kind, period_start, platform, person_id,
        sum(case unit when 'all' then n_contributions else -n_contributions end) as n
    from wrote
    group by period_kind, period_start, platform, person_id
    union all by name
    select
        'contributions' as amount, c.period_kind, c.period_start, c.platform, c.person_id, c.unit,
        coalesce(d.department, '(none)') as department,
        coalesce(cast(d.layer as varchar), '(unknown)') as layer,
        coalesce(d.location, '(unknown)') as location,
        d.tenure,
        c.n_contributions as n
    from counted as c
    join prep_standing as d on d.period_start = c.period_start and d.person_id = c.person_id
    where c.period_kind = 'month' and c.platform = 'all'
    union all by name
    select
        unnest(['posts', 'replies', 'own_posts', 'own_replies']) as amount,
        unnest([n_posts, n_replies, n_own_posts, n_own_replies]) as n,
        period_kind, period_start, platform, person_id, cast(is_executive as varchar) as is_executive
    from wrote
    where unit = 'all'
    union all by name
    select
        'replies_to_staff' as amount, period_kind, period_start, platform, person_id,
        cast(is_executive as varchar) as is_executive, count(*) as n
    from replied
    group by period_kind, period_start, platform, person_id, is_executive
    union all by name
    select
        'own_replies_to_staff' as amount, period_kind, period_start, platform, person_id,
        cast(is_executive as varchar) as is_executive, count(*) as n
    from replied
    where not is_delegated
    group by period_kind, period_start, platform, person_id, is_executive
    union all by name
    select
        case when is_post then 'public_posts' else 'public_replies' end as amount,
        period_kind, period_start, platform, person_id, count(*) as n
    from by_name
    group by all
    union all by name
    select
        case when is_post then 'own_public_posts' else 'own_public_replies' end as amount,
        period_kind, period_start, platform, person_id, count(*) as n
    from by_name
    where not is_delegated
    group by all
)
select a.*, m.person, x.shown as named
from amounts as a
join numbered as m using (person_id)
left join stg_named_executive as x using (person_id)
where a.n > 0
"""

_SPACES: Final = """
with named as (
    select
        space_id, platform, workspace, kind,
        case kind when 'namespace' then workspace else label end as label,
        case kind when 'namespace' then workspace else space_id end as space
    from dim_space
    where visibility = 'public' and kind <> 'personal'
),
wrote as (
    select e.platform, e.space_id, a.person_id, e.occurred_on
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    where e.is_contribution and e.time_basis = 'own'
),
months as (
    select period_start, period_end, platform, count(person_id) as n_eligible
    from prep_period
    left join prep_eligible using (period_kind, period_start, platform)
    where period_kind = 'month' and platform <> 'all'
    group by all
)
select
    t.period_start, t.platform, s.workspace, s.kind, s.label, any_value(t.n_eligible) as n_eligible,
    count(distinct s.space) as n_spaces,
    count(distinct w.person_id) as n_people,
    count(distinct p.person_id) as n_contributors
from named as s
join months as t on t.platform = s.platform
left join wrote as w on w.platform = s.platform and w.space_id = s.space_id and w.occurred_on <= t.period_end
left join prep_eligible as p
    on p.period_kind = 'month' and p.period_start = t.period_start and p.platform = t.platform
    and p.person_id = w.person_id and w.occurred_on >= t.period_start
where s.label is not null
group by t.period_start, t.platform, s.workspace, s.kind, s.label
"""


def atoms(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The people of every week, month and platform in atoms (`models.audit.atoms.ATOM_SCHEMA`)."""
    return _shaped(frame_of(connection, _ATOMS), ATOM_SCHEMA)


def amounts(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """What each of them did (`models.audit.dominance.AMOUNT_SCHEMA`); people are numbers."""
    return _shaped(frame_of(connection, _AMOUNTS), AMOUNT_SCHEMA)


def spaces(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Who contributed to which public space, as counts (`models.audit.spaces.SPACE_SCHEMA`)."""
    return _shaped(frame_of(connection, _SPACES), SPACE_SCHEMA)


def _shaped(rows: pl.DataFrame, schema: "dict[str, pl.DataType]") -> pl.DataFrame:
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in rows.columns]
    return rows.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
