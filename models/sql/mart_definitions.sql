-- grain: month, platform (or all), unit (or all), definition of "active"
-- question: how many people are active under each published definition, in windows that end with the month?
with people as (
    select false as is_half_year, period_start, platform, person_id, unit
    from prep_eligible
    where period_kind = 'month'
    union all
    select true as is_half_year, period_start, platform, person_id, unit
    from prep_half_year
),
people_by_unit as (
    select is_half_year, period_start, platform, unit, count(*) as n_eligible
    from people
    group by is_half_year, period_start, platform, unit
),
sized as (
    select is_half_year, period_start, platform, unit, n_eligible
    from people_by_unit
    where unit is not null
    union all
    select is_half_year, period_start, platform, 'all' as unit, cast(sum(n_eligible) as bigint) as n_eligible
    from people_by_unit
    group by is_half_year, period_start, platform
),
active as (
    select
        a.period_start,
        a.platform,
        a.definition,
        p.unit,
        count(*) as n_active
    from prep_definition_active as a
    join people as p
        on p.is_half_year = a.is_half_year
        and p.period_start = a.period_start
        and p.platform = a.platform
        and p.person_id = a.person_id
    group by a.period_start, a.platform, a.definition, p.unit
),
counted as (
    select period_start, platform, definition, unit, n_active
    from active
    where unit is not null
    union all
    select period_start, platform, definition, 'all' as unit, cast(sum(n_active) as bigint) as n_active
    from active
    group by period_start, platform, definition
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
        coalesce(s.n_eligible, 0) as n_eligible,
        w.definition,
        w.n_window_days,
        w.counts_reading,
        w.counts_reactions,
        w.missing,
        w.missing = 'none' as is_known,
        coalesce(c.n_active, 0) as n_active,
        cast(coalesce(c.n_active, 0) as double) as k,
        cast(nullif(s.n_eligible, 0) as double) as n,
        1.959963984540054 as z
    from prep_period as t
    join prep_definition_window as w on w.period_start = t.period_start and w.platform = t.platform
    cross join prep_unit as u
    left join sized as s
        on s.is_half_year = w.is_half_year
        and s.period_start = t.period_start
        and s.platform = t.platform
        and s.unit = u.unit
    left join counted as c
        on c.period_start = t.period_start
        and c.platform = t.platform
        and c.unit = u.unit
        and c.definition = w.definition
    where t.period_kind = 'month'
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
    definition,
    n_window_days,
    counts_reading,
    counts_reactions,
    missing,
    case when is_known then n_active end as n_active,
    case when is_known then k / n end as active_ratio,
    case when is_known and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as active_ratio_low,
    case when is_known and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as active_ratio_high
from filled
