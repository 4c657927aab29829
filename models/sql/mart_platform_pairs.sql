-- grain: week or month, platform, unit (or all), other platform
-- question: do the same people contribute on one platform and on the other?
with known as (
    select
        (select count(*) from dim_person) > 0
        or (select count(*) from dim_account where match_rule = 'mapping') > 0 as are_people_known
),
others as (
    select distinct platform as other_platform
    from prep_period
    where platform <> 'all'
),
contributors as (
    select period_kind, period_start, platform, person_id, unit
    from prep_eligible
    where platform <> 'all' and n_contributions > 0
),
scoped as (
    select period_kind, period_start, platform, person_id, unit from contributors where unit is not null
    union all
    select period_kind, period_start, platform, person_id, 'all' as unit from contributors
),
single as (
    select period_kind, period_start, platform, unit, count(*) as n_contributors
    from scoped
    group by period_kind, period_start, platform, unit
),
shared as (
    select a.period_kind, a.period_start, a.platform, b.platform as other_platform, a.unit, count(*) as n_on_each
    from scoped as a
    join scoped as b
        on b.period_kind = a.period_kind
        and b.period_start = a.period_start
        and b.person_id = a.person_id
        and b.unit = a.unit
        and b.platform <> a.platform
    group by a.period_kind, a.period_start, a.platform, b.platform, a.unit
),
people as (
    select period_kind, period_start, platform, unit, count(*) as n_eligible
    from prep_eligible
    where platform <> 'all' and unit is not null
    group by period_kind, period_start, platform, unit
    union all
    select period_kind, period_start, platform, 'all' as unit, count(*) as n_eligible
    from prep_eligible
    where platform <> 'all'
    group by period_kind, period_start, platform
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
        coalesce(p.n_eligible, 0) as n_eligible,
        o.other_platform,
        k.are_people_known and t.n_seen_days > 0 and coalesce(w.n_seen_days, 0) > 0 as is_known,
        coalesce(s.n_on_each, 0) as n_on_each,
        coalesce(a.n_contributors, 0) + coalesce(b.n_contributors, 0) - coalesce(s.n_on_each, 0) as n_either
    from prep_period as t
    cross join prep_unit as u
    cross join others as o
    cross join known as k
    left join prep_period as w
        on w.period_kind = t.period_kind and w.period_start = t.period_start and w.platform = o.other_platform
    left join people as p
        on p.period_kind = t.period_kind
        and p.period_start = t.period_start
        and p.platform = t.platform
        and p.unit = u.unit
    left join single as a
        on a.period_kind = t.period_kind
        and a.period_start = t.period_start
        and a.platform = t.platform
        and a.unit = u.unit
    left join single as b
        on b.period_kind = t.period_kind
        and b.period_start = t.period_start
        and b.platform = o.other_platform
        and b.unit = u.unit
    left join shared as s
        on s.period_kind = t.period_kind
        and s.period_start = t.period_start
        and s.platform = t.platform
        and s.other_platform = o.other_platform
        and s.unit = u.unit
    where t.platform <> 'all' and o.other_platform <> t.platform
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
    other_platform,
    case when is_known then n_either end as n_either,
    case when is_known then n_on_each end as n_on_each,
    case when is_known then cast(n_on_each as double) / nullif(n_either, 0) end as overlap_ratio
from filled
