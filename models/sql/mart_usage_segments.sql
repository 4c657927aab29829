-- grain: week, platform (or all), unit (or all), habit
-- question: how many people contribute out of habit, now and then, or not at all?
with by_unit as (
    select period_start, platform, unit, habit, segment from prep_segment where unit is not null
    union all
    select period_start, platform, 'all' as unit, habit, segment from prep_segment
),
counted as (
    select
        period_start,
        platform,
        unit,
        habit,
        count(*) as n_eligible,
        count(*) filter (where segment = 'power') as n_power,
        count(*) filter (where segment = 'habitual') as n_habitual,
        count(*) filter (where segment = 'novice') as n_novice,
        count(*) filter (where segment = 'low') as n_low,
        count(*) filter (where segment = 'none') as n_none,
        count(*) filter (where segment = 'unknown') as n_unknown
    from by_unit
    group by period_start, platform, unit, habit
),
habits as (
    select '9 of 12' as habit, 12 as n_weeks
    union all
    select '4 of 4' as habit, 4 as n_weeks
),
-- the weeks of a platform follow each other without a gap up to the as-of day
weeks as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        t.platform,
        t.is_complete,
        t.n_observed_days,
        t.n_seen_days,
        count(*) filter (where t.n_seen_days = 7) over (
            partition by t.platform
            order by t.period_start
            range between interval 77 days preceding and current row
        ) as n_whole_of_12,
        count(*) filter (where t.n_seen_days = 7) over (
            partition by t.platform
            order by t.period_start
            range between interval 21 days preceding and current row
        ) as n_whole_of_4
    from prep_period as t
    where t.period_kind = 'week'
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
        h.habit,
        t.n_seen_days > 0 as is_seen,
        case h.n_weeks when 12 then t.n_whole_of_12 else t.n_whole_of_4 end = h.n_weeks as is_known,
        coalesce(c.n_eligible, 0) as n_eligible,
        coalesce(c.n_power, 0) as n_power,
        coalesce(c.n_habitual, 0) as n_habitual,
        coalesce(c.n_novice, 0) as n_novice,
        coalesce(c.n_low, 0) as n_low,
        coalesce(c.n_none, 0) as n_none,
        coalesce(c.n_unknown, 0) as n_unknown
    from weeks as t
    cross join prep_unit as u
    cross join habits as h
    left join counted as c
        on c.period_start = t.period_start and c.platform = t.platform and c.unit = u.unit and c.habit = h.habit
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
    habit,
    case when is_known then n_power end as n_power,
    case when is_known then n_habitual end as n_habitual,
    case when is_known then n_novice end as n_novice,
    case when is_known then n_low end as n_low,
    case when is_known then n_none end as n_none,
    case when is_seen then n_unknown end as n_unknown
from filled
