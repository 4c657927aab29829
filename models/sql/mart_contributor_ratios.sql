-- grain: week or month, platform (or all), unit (or all)
-- question: which share of people contributes, and how unevenly?
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
        count(*) filter (where x > 0) as n_contributors,
        count(*) filter (where x = 0) as n_none,
        count(*) filter (where x between 1 and case period_kind when 'week' then 3 else 10 end) as n_some,
        count(*) filter (where x > case period_kind when 'week' then 3 else 10 end) as n_heavy,
        cast(sum(x) as bigint) as total
    from by_unit
    group by period_kind, period_start, platform, unit
),
-- people without contributions rank lowest in any order, so only the others need ranks
ranked as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        x,
        row_number() over (
            partition by period_kind, period_start, platform, unit
            order by x desc, person_id
        ) as rank_down,
        cast(
            sum(x) over (
                partition by period_kind, period_start, platform, unit
                order by x desc, person_id
                rows between unbounded preceding and current row
            ) as bigint
        ) as held
    from by_unit
    where x > 0
),
measured as (
    select
        s.period_kind,
        s.period_start,
        s.platform,
        s.unit,
        s.n_eligible,
        s.n_contributors,
        s.n_none,
        s.n_some,
        s.n_heavy,
        cast(sum(r.x) filter (where r.rank_down <= (s.n_eligible + 99) // 100) as double) / nullif(s.total, 0)
            as top_1_share_ratio,
        cast(sum(r.x) filter (where r.rank_down <= (s.n_eligible + 9) // 10) as double) / nullif(s.total, 0)
            as top_10_share_ratio,
        cast(2 * sum((s.n_eligible + 1 - r.rank_down) * r.x) - (s.n_eligible + 1) * s.total as double)
            / nullif(s.n_eligible * s.total, 0) as gini_ratio,
        cast(2 * sum((s.n_eligible + 1 - r.rank_down) * r.x) - (s.n_eligible + 1) * s.total as double)
            / nullif((s.n_eligible - 1) * s.total, 0) as gini_corrected_ratio,
        min(case when 2 * r.held > s.total then r.rank_down end) as absence_factor
    from sized as s
    left join ranked as r using (period_kind, period_start, platform, unit)
    group by s.period_kind, s.period_start, s.platform, s.unit, s.n_eligible, s.n_contributors, s.n_none, s.n_some,
        s.n_heavy, s.total
),
outside as (
    select
        c.period_kind,
        c.period_start,
        c.platform,
        m.unit
    from prep_person_period as c
    left join prep_membership as m
        on m.period_kind = c.period_kind
        and m.period_start = c.period_start
        and (m.platform is null or m.platform = c.platform)
        and m.person_id = c.person_id
    where not coalesce(m.is_eligible, false)
),
outside_by_unit as (
    select period_kind, period_start, platform, unit, count(*) as n_outside
    from (
        select period_kind, period_start, platform, unit from outside where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit from outside
    ) as o
    group by period_kind, period_start, platform, unit
),
contributed as (
    select
        u.period_kind,
        u.period_start,
        u.platform,
        u.unit,
        cast(sum(u.n_contributions) as bigint) as n_contributions
    from prep_unit_period as u
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
    group by u.period_kind, u.period_start, u.platform, u.unit
),
units_down as (
    select
        period_kind,
        period_start,
        platform,
        cast(sum(n_contributions) over (partition by period_kind, period_start, platform) as bigint) as total,
        row_number() over (
            partition by period_kind, period_start, platform
            order by n_contributions desc, unit
        ) as rank_down,
        cast(
            sum(n_contributions) over (
                partition by period_kind, period_start, platform
                order by n_contributions desc, unit
                rows between unbounded preceding and current row
            ) as bigint
        ) as held
    from contributed
    where unit <> 'all'
),
elephants as (
    select period_kind, period_start, platform, min(rank_down) as elephant_factor
    from units_down
    where 2 * held > total
    group by period_kind, period_start, platform
),
reading as (
    select n.period_kind, n.period_start, n.platform, e.unit, count(*) as n_present
    from prep_present as n
    join by_unit as e using (period_kind, period_start, platform, person_id)
    group by n.period_kind, n.period_start, n.platform, e.unit
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
        coalesce(m.n_eligible, 0) as n_eligible,
        coalesce(o.n_outside, 0) as n_outside,
        coalesce(m.n_contributors, 0) as n_contributors,
        cast(coalesce(m.n_contributors, 0) as double) as k,
        cast(nullif(m.n_eligible, 0) as double) as n,
        coalesce(c.n_contributions, 0) as n_contributions,
        coalesce(m.n_none, 0) as n_none,
        coalesce(m.n_some, 0) as n_some,
        coalesce(m.n_heavy, 0) as n_heavy,
        m.top_1_share_ratio,
        m.top_10_share_ratio,
        m.gini_ratio,
        m.gini_corrected_ratio,
        g.gini_ratio as gini_person_week_ratio,
        m.absence_factor,
        case when u.unit = 'all' then f.elephant_factor end as elephant_factor,
        w.platform is not null as is_read,
        coalesce(r.n_present, 0) as n_present,
        cast(nullif(r.n_present, 0) as double) as n_there,
        1.959963984540054 as z
    from prep_period as t
    cross join prep_unit as u
    left join measured as m using (period_kind, period_start, platform, unit)
    left join outside_by_unit as o using (period_kind, period_start, platform, unit)
    left join contributed as c using (period_kind, period_start, platform, unit)
    left join reading as r using (period_kind, period_start, platform, unit)
    left join prep_presence as w using (period_kind, period_start, platform)
    left join elephants as f using (period_kind, period_start, platform)
    left join prep_person_week as g
        on t.period_kind = 'month'
        and g.period_start = t.period_start
        and g.platform = t.platform
        and g.unit = u.unit
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
    case when is_seen then n_outside end as n_outside,
    case when is_seen then n_contributors end as n_contributors,
    case when is_seen then k / n end as contributor_ratio,
    case when is_seen and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_low,
    case when is_seen and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_high,
    case when is_seen and is_read then k / n_there end as contributor_of_present_ratio,
    case when is_seen and is_read and n_there is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n_there - k) / n_there + z * z / 4)) / (n_there + z * z))
    end as contributor_of_present_ratio_low,
    case when is_seen and is_read and n_there is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n_there - k) / n_there + z * z / 4)) / (n_there + z * z))
    end as contributor_of_present_ratio_high,
    case when is_seen then n_contributions end as n_contributions,
    case when is_seen then n_none end as n_none,
    case when is_seen then n_some end as n_some,
    case when is_seen then n_heavy end as n_heavy,
    case when is_seen and is_read then n_present - n_contributors end as n_lurkers,
    case when is_seen and is_read then n_eligible - n_present end as n_absent,
    case when is_seen then top_1_share_ratio end as top_1_share_ratio,
    case when is_seen then top_10_share_ratio end as top_10_share_ratio,
    case when is_seen then gini_ratio end as gini_ratio,
    case when is_seen then gini_corrected_ratio end as gini_corrected_ratio,
    case when is_seen then gini_person_week_ratio end as gini_person_week_ratio,
    case when is_seen then absence_factor end as absence_factor,
    case when is_seen then elephant_factor end as elephant_factor
from filled
