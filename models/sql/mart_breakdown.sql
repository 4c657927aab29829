-- grain: month, dimension, value; all platforms together; a department has its unit, every other value unit all
-- question: which departments, layers, places and bands of tenure take part?
with people as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        e.n_contributions,
        coalesce(s.unit, 'all') as unit,
        coalesce(s.department, '(none)') as department,
        coalesce(cast(s.layer as varchar), '(unknown)') as layer,
        coalesce(s.location, '(unknown)') as location,
        s.tenure
    from prep_eligible as e
    join prep_standing as s on s.period_start = e.period_start and s.person_id = e.person_id
    where e.period_kind = 'month' and e.platform = 'all'
),
placed as (
    select period_kind, period_start, platform, unit, n_contributions, 'department' as dimension, department as value
    from people
    union all
    select period_kind, period_start, platform, 'all' as unit, n_contributions, 'layer' as dimension, layer as value
    from people
    union all
    select period_kind, period_start, platform, 'all' as unit, n_contributions, 'location' as dimension, location as value
    from people
    union all
    select period_kind, period_start, platform, 'all' as unit, n_contributions, 'tenure' as dimension, tenure as value
    from people
),
counted as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        dimension,
        value,
        count(*) as n_eligible,
        count(*) filter (where n_contributions > 0) as n_contributors,
        cast(sum(n_contributions) as bigint) as n_contributions,
        cast(count(*) filter (where n_contributions > 0) as double) as k,
        cast(count(*) as double) as n,
        1.959963984540054 as z
    from placed
    group by period_kind, period_start, platform, unit, dimension, value
)
select
    t.period_kind,
    t.period_start,
    t.period_end,
    t.platform,
    c.unit,
    t.is_complete,
    t.n_observed_days,
    c.n_eligible,
    c.dimension,
    c.value,
    case when t.n_seen_days > 0 then c.n_contributors end as n_contributors,
    case when t.n_seen_days > 0 then k / n end as contributor_ratio,
    case when t.n_seen_days > 0 then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_low,
    case when t.n_seen_days > 0 then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_high,
    case when t.n_seen_days > 0 then c.n_contributions end as n_contributions
from prep_period as t
join counted as c using (period_kind, period_start, platform)
