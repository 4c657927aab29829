-- grain: month of the first step, platform (or all), unit (or all), first step (or any), size of its space (or any)
-- question: what do newcomers do first, and who of them still contributes after 4 and after 8 weeks?
with people as (
    select
        e.period_start,
        e.platform,
        e.unit,
        f.step,
        f.space_size,
        f.is_new,
        f.is_followed,
        f.is_on_5_8,
        f.is_on_9_12
    from prep_first_step as f
    join prep_calendar as c on c.occurred_on = f.first_on and c.period_kind = 'month'
    join prep_eligible as e
        on e.period_kind = 'month'
        and e.period_start = c.period_start
        and e.platform = f.platform
        and e.person_id = f.person_id
),
by_unit as (
    select period_start, platform, unit, step, space_size, is_new, is_followed, is_on_5_8, is_on_9_12
    from people
    where unit is not null
    union all
    select period_start, platform, 'all' as unit, step, space_size, is_new, is_followed, is_on_5_8, is_on_9_12
    from people
),
steps as (
    select 'any' as step
    union all
    select 'reaction' as step
    union all
    select 'reply' as step
    union all
    select 'post' as step
    union all
    select 'page' as step
    union all
    select 'share' as step
),
sizes as (
    select 'any' as space_size
    union all
    select 'small' as space_size
    union all
    select 'large' as space_size
),
counted as (
    select
        b.period_start,
        b.platform,
        b.unit,
        t.step,
        z.space_size,
        count(*) filter (where b.is_new) as n_starters,
        count(*) filter (where not b.is_new) as n_unknown,
        count(*) filter (where b.is_new and b.is_followed) as n_followed,
        count(*) filter (where b.is_new and b.is_followed and b.is_on_5_8) as n_on_5_8,
        count(*) filter (where b.is_new and b.is_followed and b.is_on_9_12) as n_on_9_12
    from by_unit as b
    join steps as t on t.step in ('any', b.step)
    join sizes as z on z.space_size in ('any', coalesce(b.space_size, 'any'))
    group by b.period_start, b.platform, b.unit, t.step, z.space_size
),
known_from as (
    select
        platform,
        min(case when is_new_known then occurred_on end) as known_from_on
    from prep_platform_day
    group by platform
),
showing as (
    select f.platform, bool_or(c.has_reactions) as has_reactions
    from source_capability as c
    join stg_file as f on f.file_id = c.file_id
    group by f.platform
    union all
    select 'all' as platform, bool_or(has_reactions) as has_reactions
    from source_capability
),
eligible as (
    select period_start, platform, unit, count(*) as n_eligible
    from prep_eligible
    where period_kind = 'month' and unit is not null
    group by period_start, platform, unit
    union all
    select period_start, platform, 'all' as unit, count(*) as n_eligible
    from prep_eligible
    where period_kind = 'month'
    group by period_start, platform
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
        coalesce(e.n_eligible, 0) as n_eligible,
        x.step,
        z.space_size,
        t.n_seen_days > 0 and (x.step <> 'reaction' or coalesce(h.has_reactions, false)) as is_shown,
        coalesce(f.known_from_on <= t.period_end, false) as is_new_known,
        coalesce(c.n_starters, 0) as n_starters,
        coalesce(w.n_starters, 0) as n_all_starters,
        coalesce(c.n_unknown, 0) as n_unknown,
        coalesce(c.n_followed, 0) as n_followed,
        coalesce(c.n_on_5_8, 0) as n_on_5_8,
        coalesce(c.n_on_9_12, 0) as n_on_9_12
    from prep_period as t
    cross join prep_unit as u
    cross join steps as x
    cross join sizes as z
    join known_from as f on f.platform = t.platform
    left join showing as h on h.platform = t.platform
    left join eligible as e on e.period_start = t.period_start and e.platform = t.platform and e.unit = u.unit
    left join counted as c
        on c.period_start = t.period_start
        and c.platform = t.platform
        and c.unit = u.unit
        and c.step = x.step
        and c.space_size = z.space_size
    left join counted as w
        on w.period_start = t.period_start
        and w.platform = t.platform
        and w.unit = u.unit
        and w.step = 'any'
        and w.space_size = 'any'
    where t.period_kind = 'month'
),
shares as (
    select
        period_start, platform, unit, step, space_size,
        'start' as mark,
        cast(n_starters as double) as k,
        cast(n_all_starters as double) as n,
        1.959963984540054 as z
    from filled
    where n_all_starters > 0
    union all
    select
        period_start, platform, unit, step, space_size,
        'weeks 5 to 8' as mark,
        cast(n_on_5_8 as double) as k,
        cast(n_followed as double) as n,
        1.959963984540054 as z
    from filled
    where n_followed > 0
    union all
    select
        period_start, platform, unit, step, space_size,
        'weeks 9 to 12' as mark,
        cast(n_on_9_12 as double) as k,
        cast(n_followed as double) as n,
        1.959963984540054 as z
    from filled
    where n_followed > 0
),
rated as (
    select
        period_start, platform, unit, step, space_size, mark,
        k / n as ratio,
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)) as low,
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)) as high
    from shares
),
shown as (
    select
        period_start,
        platform,
        unit,
        step,
        space_size,
        max(case when mark = 'start' then ratio end) as start_ratio,
        max(case when mark = 'start' then low end) as start_ratio_low,
        max(case when mark = 'start' then high end) as start_ratio_high,
        max(case when mark = 'weeks 5 to 8' then ratio end) as weeks_5_8_ratio,
        max(case when mark = 'weeks 5 to 8' then low end) as weeks_5_8_ratio_low,
        max(case when mark = 'weeks 5 to 8' then high end) as weeks_5_8_ratio_high,
        max(case when mark = 'weeks 9 to 12' then ratio end) as weeks_9_12_ratio,
        max(case when mark = 'weeks 9 to 12' then low end) as weeks_9_12_ratio_low,
        max(case when mark = 'weeks 9 to 12' then high end) as weeks_9_12_ratio_high
    from rated
    group by period_start, platform, unit, step, space_size
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
    f.step,
    f.space_size,
    case when f.is_shown and f.is_new_known then f.n_starters end as n_starters,
    case when f.is_shown then f.n_unknown end as n_unknown,
    case when f.is_shown and f.is_new_known then s.start_ratio end as start_ratio,
    case when f.is_shown and f.is_new_known then s.start_ratio_low end as start_ratio_low,
    case when f.is_shown and f.is_new_known then s.start_ratio_high end as start_ratio_high,
    case when f.is_shown and f.is_new_known then f.n_followed end as n_followed,
    case when f.is_shown and f.is_new_known then f.n_on_5_8 end as n_on_5_8,
    case when f.is_shown and f.is_new_known then s.weeks_5_8_ratio end as weeks_5_8_ratio,
    case when f.is_shown and f.is_new_known then s.weeks_5_8_ratio_low end as weeks_5_8_ratio_low,
    case when f.is_shown and f.is_new_known then s.weeks_5_8_ratio_high end as weeks_5_8_ratio_high,
    case when f.is_shown and f.is_new_known then f.n_on_9_12 end as n_on_9_12,
    case when f.is_shown and f.is_new_known then s.weeks_9_12_ratio end as weeks_9_12_ratio,
    case when f.is_shown and f.is_new_known then s.weeks_9_12_ratio_low end as weeks_9_12_ratio_low,
    case when f.is_shown and f.is_new_known then s.weeks_9_12_ratio_high end as weeks_9_12_ratio_high
from filled as f
left join shown as s using (period_start, platform, unit, step, space_size)
