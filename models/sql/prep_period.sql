-- grain: week or month, platform (or all)
-- question: which periods are reported, and how completely was each observed?
-- A period without a fully or partly observed day has n_seen_days = 0: nothing is known of it.
with placed as (
    select
        k.period_kind,
        d.platform,
        d.state,
        k.period_start
    from prep_platform_day as d
    join prep_calendar as k using (occurred_on)
),
counted as (
    select
        period_kind,
        period_start,
        platform,
        count(*) filter (where state = 'observed') as n_observed_days,
        count(*) filter (where state <> 'missing') as n_seen_days
    from placed
    group by period_kind, period_start, platform
),
ended as (
    select
        *,
        case period_kind
            when 'week' then period_start + 6
            else cast(period_start + interval 1 month as date) - 1
        end as period_end,
        case period_kind
            when 'week' then period_start - 7
            else cast(period_start - interval 1 month as date)
        end as previous_start,
        case period_kind
            when 'week' then period_start + 7
            else cast(period_start + interval 1 month as date)
        end as next_start,
        coalesce(
            lag(n_seen_days) over (partition by period_kind, platform order by period_start) > 0,
            false
        ) as is_previous_seen
    from counted
)
select
    e.period_kind,
    e.period_start,
    e.period_end,
    e.previous_start,
    e.next_start,
    e.is_previous_seen,
    e.platform,
    e.n_observed_days,
    e.n_seen_days,
    e.period_end <= m.as_of_on
        and e.n_observed_days = date_diff('day', e.period_start, e.period_end) + 1 as is_complete
from ended as e
cross join meta as m
