-- grain: week or month, number of platforms offered to a unit
-- question: do more people contribute where more platforms are offered to them?
with known as (
    select count(*) > 0 as is_loaded
    from dim_person
),
numbers as (
    select cast(g.i as bigint) as n_platforms_offered
    from (select count(distinct platform) as n_platforms from prep_period where platform <> 'all') as p
    cross join unnest(generate_series(0, p.n_platforms)) as g(i)
),
counted as (
    select
        period_kind,
        period_start,
        n_platforms_offered,
        count(*) as n_units,
        cast(sum(n_people) as bigint) as n_people,
        cast(sum(n_contributors) as bigint) as n_contributors
    from prep_offered
    group by period_kind, period_start, n_platforms_offered
),
people as (
    select period_kind, period_start, count(*) as n_eligible
    from prep_eligible
    where platform = 'all'
    group by period_kind, period_start
),
filled as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        t.is_complete,
        t.n_observed_days,
        coalesce(p.n_eligible, 0) as n_eligible,
        n.n_platforms_offered,
        t.n_seen_days > 0 and r.is_loaded as is_known,
        coalesce(c.n_units, 0) as n_units,
        coalesce(c.n_people, 0) as n_people,
        coalesce(c.n_contributors, 0) as n_contributors,
        cast(c.n_contributors as double) as x,
        cast(c.n_people as double) as n,
        1.959963984540054 as z
    from prep_period as t
    cross join numbers as n
    cross join known as r
    left join people as p on p.period_kind = t.period_kind and p.period_start = t.period_start
    left join counted as c
        on c.period_kind = t.period_kind
        and c.period_start = t.period_start
        and c.n_platforms_offered = n.n_platforms_offered
    where t.platform = 'all'
)
select
    period_kind,
    period_start,
    period_end,
    'all' as platform,
    'all' as unit,
    is_complete,
    n_observed_days,
    n_eligible,
    n_platforms_offered,
    case when is_known then n_units end as n_units,
    case when is_known then n_people end as n_people,
    case when is_known then n_contributors end as n_contributors,
    case when is_known then x / nullif(n, 0) end as contributor_ratio,
    case when is_known and n is not null then
        greatest(0.0, (x + z * z / 2 - z * sqrt(x * (n - x) / nullif(n, 0) + z * z / 4)) / (n + z * z))
    end as contributor_ratio_low,
    case when is_known and n is not null then
        least(1.0, (x + z * z / 2 + z * sqrt(x * (n - x) / nullif(n, 0) + z * z / 4)) / (n + z * z))
    end as contributor_ratio_high
from filled
