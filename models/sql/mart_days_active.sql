-- grain: week or month, platform (or all), unit (or all), number of days
-- question: on how many days of the week, or of the last 28 days of the month, do people contribute?
-- 28 days that end on the last day of a month lie within it, so the people of the month are those of the window.
with ranges as (
    select
        period_kind,
        period_start,
        period_end,
        platform,
        case period_kind when 'week' then period_start else period_end - 27 end as from_on,
        case period_kind when 'week' then 7 else 28 end as n_days
    from prep_period
),
seen as (
    select
        r.period_kind,
        r.period_start,
        r.platform
    from ranges as r
    join prep_calendar as k on k.period_kind = r.period_kind and k.period_start = r.period_start
    join prep_platform_day as d on d.platform = r.platform and d.occurred_on = k.occurred_on
    where k.occurred_on >= r.from_on and d.state <> 'missing'
    group by r.period_kind, r.period_start, r.platform, r.n_days
    having count(*) = r.n_days
),
contributed as (
    select platform, person_id, occurred_on from fct_person_day where n_contributions > 0
    union
    select 'all' as platform, person_id, occurred_on from fct_person_day where n_contributions > 0
),
days as (
    select
        r.period_kind,
        r.period_start,
        r.platform,
        c.person_id,
        count(*) as n_days_active
    from contributed as c
    join prep_calendar as k on k.occurred_on = c.occurred_on
    join ranges as r
        on r.period_kind = k.period_kind and r.period_start = k.period_start and r.platform = c.platform
    where c.occurred_on >= r.from_on
    group by r.period_kind, r.period_start, r.platform, c.person_id
),
people as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        e.unit,
        coalesce(d.n_days_active, 0) as n_days_active
    from prep_eligible as e
    left join days as d
        on d.period_kind = e.period_kind and d.period_start = e.period_start and d.platform = e.platform
        and d.person_id = e.person_id
),
counted as (
    select period_kind, period_start, platform, unit, n_days_active, count(*) as n_people
    from people
    where unit is not null
    group by period_kind, period_start, platform, unit, n_days_active
    union all
    select period_kind, period_start, platform, 'all' as unit, n_days_active, count(*) as n_people
    from people
    group by period_kind, period_start, platform, n_days_active
),
numbers as (
    select cast(g.i as bigint) as n_days_active
    from unnest(generate_series(0, 28)) as g(i)
),
filled as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        t.platform,
        u.unit,
        t.is_complete,
        t.n_observed_days,
        n.n_days_active,
        s.platform is not null as is_known,
        coalesce(c.n_people, 0) as n_people
    from prep_period as t
    cross join prep_unit as u
    join numbers as n on n.n_days_active <= case t.period_kind when 'week' then 7 else 28 end
    left join seen as s
        on s.period_kind = t.period_kind and s.period_start = t.period_start and s.platform = t.platform
    left join counted as c
        on c.period_kind = t.period_kind and c.period_start = t.period_start and c.platform = t.platform
        and c.unit = u.unit and c.n_days_active = n.n_days_active
),
summed as (
    select
        period_kind,
        period_start,
        period_end,
        platform,
        unit,
        is_complete,
        n_observed_days,
        n_days_active,
        is_known,
        n_people,
        cast(
            sum(n_people) over (
                partition by period_kind, period_start, platform, unit
                order by n_days_active desc
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_at_least,
        cast(sum(n_people) over (partition by period_kind, period_start, platform, unit) as bigint) as n_eligible
    from filled
)
select
    period_kind,
    period_start,
    period_end,
    platform,
    unit,
    is_complete,
    n_observed_days,
    n_eligible,
    n_days_active,
    case when is_known then n_people end as n_people,
    case when is_known then n_at_least end as n_at_least
from summed
