-- grain: month, platform (or all)
-- question: how completely was each month observed, also where its events have expired?
with by_platform as (
    select platform, occurred_on, state
    from prep_space_day
    union all
    select 'all' as platform, occurred_on, state
    from prep_space_day
),
days as (
    select
        platform,
        occurred_on,
        bool_and(state = 'observed') as is_observed,
        bool_or(state <> 'missing') as is_seen
    from by_platform
    group by platform, occurred_on
),
-- to the as-of day, also for a platform that delivers nothing any more
spans as (
    select
        d.platform,
        min(d.occurred_on) as first_on,
        max(m.as_of_on) as as_of_on
    from days as d
    cross join meta as m
    group by d.platform
),
months as (
    select
        s.platform,
        s.as_of_on,
        cast(n.month_at as date) as period_start
    from spans as s
    cross join unnest(
        generate_series(
            cast(date_trunc('month', s.first_on) as date), cast(date_trunc('month', s.as_of_on) as date),
            interval 1 month
        )
    ) as n(month_at)
),
counted as (
    select
        k.platform,
        k.period_start,
        k.as_of_on,
        cast(k.period_start + interval 1 month as date) - 1 as period_end,
        count(*) filter (where d.is_observed) as n_observed_days,
        count(*) filter (where d.is_seen) as n_seen_days
    from months as k
    left join days as d
        on d.platform = k.platform
        and date_trunc('month', d.occurred_on) = k.period_start
    group by k.platform, k.period_start, k.as_of_on
)
select
    'month' as period_kind,
    period_start,
    platform,
    n_observed_days,
    n_seen_days,
    period_end <= as_of_on and n_observed_days = date_diff('day', period_start, period_end) + 1 as is_complete
from counted
