-- grain: month, platform (or all), unit (or all)
-- question: how many people carry most of the contributions, how many take part regularly, and how many casually?
with eligible as (
    select period_start, platform, unit, cast(null as varchar) as role
    from prep_eligible
    where period_kind = 'month'
    union all
    select period_start, platform, unit, role
    from prep_role
),
by_unit as (
    select period_start, platform, unit, role from eligible where unit is not null
    union all
    select period_start, platform, 'all' as unit, role from eligible
),
counted as (
    select
        period_start,
        platform,
        unit,
        count(*) filter (where role is null) as n_eligible,
        count(*) filter (where role = 'core') as n_core,
        count(*) filter (where role = 'regular') as n_regular,
        count(*) filter (where role = 'casual') as n_casual
    from by_unit
    group by period_start, platform, unit
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
    case when t.n_seen_days > 0 then coalesce(c.n_core, 0) end as n_core,
    case when t.n_seen_days > 0 then coalesce(c.n_regular, 0) end as n_regular,
    case when t.n_seen_days > 0 then coalesce(c.n_casual, 0) end as n_casual
from prep_period as t
cross join prep_unit as u
left join counted as c using (period_start, platform, unit)
where t.period_kind = 'month'
