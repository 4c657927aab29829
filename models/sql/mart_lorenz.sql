-- grain: week or month, platform (or all), unit (or all), percent of people (0, 5, ... 100)
-- question: which share of all contributions comes from the least active part of the people?
with by_unit as (
    select period_kind, period_start, platform, unit, person_id, n_contributions as x
    from prep_eligible
    where unit is not null
    union all
    select period_kind, period_start, platform, 'all' as unit, person_id, n_contributions as x
    from prep_eligible
),
sized as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_eligible,
        count(*) filter (where x = 0) as n_none,
        cast(sum(x) as bigint) as total
    from by_unit
    group by period_kind, period_start, platform, unit
),
-- people without contributions come first in any order, so only the others need places
ranked as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        x,
        row_number() over (
            partition by period_kind, period_start, platform, unit
            order by x, person_id
        ) as place,
        cast(
            sum(x) over (
                partition by period_kind, period_start, platform, unit
                order by x, person_id
                rows between unbounded preceding and current row
            ) as bigint
        ) - x as held_before
    from by_unit
    where x > 0
),
percents as (
    select cast(g.p as bigint) as percent_of_people
    from unnest(generate_series(0, 100, 5)) as g(p)
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
        t.n_seen_days > 0 as is_seen,
        coalesce(s.n_eligible, 0) as n_eligible,
        p.percent_of_people,
        s.n_none,
        s.total,
        -- the curve is straight between whole people: that many whole ones, and so many hundredths of the next
        p.percent_of_people * s.n_eligible // 100 as n_whole,
        p.percent_of_people * s.n_eligible % 100 as n_hundredths
    from prep_period as t
    cross join prep_unit as u
    cross join percents as p
    left join sized as s using (period_kind, period_start, platform, unit)
)
select
    f.period_kind,
    f.period_start,
    f.period_end,
    f.platform,
    f.unit,
    f.is_complete,
    f.n_observed_days,
    f.n_eligible,
    f.percent_of_people,
    case
        when not f.is_seen or coalesce(f.total, 0) = 0 then null
        when f.percent_of_people = 100 then 1.0
        else cast(coalesce(100 * r.held_before + f.n_hundredths * r.x, 0) as double) / nullif(100 * f.total, 0)
    end as contributions_ratio
from filled as f
left join ranked as r
    on r.period_kind = f.period_kind
    and r.period_start = f.period_start
    and r.platform = f.platform
    and r.unit = f.unit
    and r.place = f.n_whole + 1 - f.n_none
