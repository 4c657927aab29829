-- grain: week or month, platform all, unit (or all)
-- question: on how many platforms do people contribute?
with known as (
    select
        (select count(*) from dim_person) > 0
        or (select count(*) from dim_account where match_rule = 'mapping') > 0 as are_people_known
),
observed as (
    select period_kind, period_start, count(*) as n_platforms
    from prep_period
    where platform <> 'all' and n_seen_days > 0
    group by period_kind, period_start
),
breadth as (
    select c.period_kind, c.period_start, c.person_id, count(*) as n_on
    from prep_person_period as c
    join prep_period as t
        on t.period_kind = c.period_kind
        and t.period_start = c.period_start
        and t.platform = c.platform
        and t.n_seen_days > 0
    where c.platform <> 'all'
    group by c.period_kind, c.period_start, c.person_id
),
people as (
    select
        e.period_kind,
        e.period_start,
        e.unit,
        b.n_on
    from prep_eligible as e
    left join breadth as b
        on b.period_kind = e.period_kind and b.period_start = e.period_start and b.person_id = e.person_id
    where e.platform = 'all'
),
by_unit as (
    select period_kind, period_start, unit, n_on from people where unit is not null
    union all
    select period_kind, period_start, 'all' as unit, n_on from people
),
counted as (
    select
        period_kind,
        period_start,
        unit,
        count(*) as n_eligible,
        count(*) filter (where n_on = 1) as n_on_1,
        count(*) filter (where n_on = 2) as n_on_2,
        count(*) filter (where n_on >= 3) as n_on_3_or_more
    from by_unit
    group by period_kind, period_start, unit
)
select
    t.period_kind,
    t.period_start,
    t.period_end,
    t.platform,
    u.unit,
    t.is_complete,
    t.n_observed_days,
    coalesce(c.n_eligible, 0) as n_eligible,
    coalesce(o.n_platforms, 0) as n_platforms,
    case when k.are_people_known and o.n_platforms >= 2 then coalesce(c.n_on_1, 0) end as n_on_1,
    case when k.are_people_known and o.n_platforms >= 2 then coalesce(c.n_on_2, 0) end as n_on_2,
    case when k.are_people_known and o.n_platforms >= 3 then coalesce(c.n_on_3_or_more, 0) end as n_on_3_or_more
from prep_period as t
cross join prep_unit as u
cross join known as k
left join observed as o on o.period_kind = t.period_kind and o.period_start = t.period_start
left join counted as c
    on c.period_kind = t.period_kind and c.period_start = t.period_start and c.unit = u.unit
where t.platform = 'all'
