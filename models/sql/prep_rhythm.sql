-- grain: week or month, platform (or all), person with a contribution of their own
-- question: how long was each person's longest silence, and how unevenly are their contributions spread over time?
-- Complete periods only. A silence is a run of days without an own contribution between the first and the last employed
-- day of the period. Burstiness of n gaps between one's contributions, from 10 gaps on: (s - m) / (s + m) of their mean
-- and standard deviation; n gaps cannot give more than (sqrt(n - 1) - 1) / (sqrt(n - 1) + 1).
with closed as (
    select period_kind, period_start, platform
    from prep_period
    where is_complete
),
own_days as (
    select platform, occurred_on, person_id from prep_own_day where n_contributions > 0
    union
    select 'all' as platform, occurred_on, person_id from prep_own_day where n_contributions > 0
),
active as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        e.person_id,
        s.last_on,
        d.occurred_on,
        date_diff(
            'day',
            coalesce(
                lag(d.occurred_on) over (
                    partition by e.period_kind, e.period_start, e.platform, e.person_id
                    order by d.occurred_on
                ),
                s.first_on - 1
            ),
            d.occurred_on
        ) - 1 as n_days_before
    from own_days as d
    join prep_calendar as k using (occurred_on)
    join closed as c
        on c.period_kind = k.period_kind and c.period_start = k.period_start and c.platform = d.platform
    join prep_eligible as e
        on e.period_kind = k.period_kind
        and e.period_start = k.period_start
        and e.platform = d.platform
        and e.person_id = d.person_id
    join prep_stay as s
        on s.period_kind = k.period_kind
        and s.period_start = k.period_start
        and s.person_id = d.person_id
        and (s.platform is null or s.platform = d.platform)
    where d.occurred_on between s.first_on and s.last_on
),
silences as (
    select
        period_kind,
        period_start,
        platform,
        person_id,
        greatest(max(n_days_before), date_diff('day', max(occurred_on), max(last_on))) as n_days
    from active
    group by period_kind, period_start, platform, person_id
),
moments as (
    select
        k.period_kind,
        k.period_start,
        e.platform,
        a.person_id,
        e.event_id,
        e.action,
        e.account_id,
        date_diff('day', date '1970-01-01', cast(e.occurred_at as date)) * 86400 + extract(hour from e.occurred_at) * 3600
            + extract(minute from e.occurred_at) * 60 + cast(floor(extract(second from e.occurred_at)) as bigint)
            as at_second
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    join prep_calendar as k on k.occurred_on = e.occurred_on
    cross join meta as m
    where e.is_contribution and not e.is_delegated and e.time_basis = 'own' and e.occurred_on <= m.as_of_on
),
scoped as (
    select period_kind, period_start, platform, person_id, event_id, action, account_id, at_second
    from moments
    union all
    select period_kind, period_start, 'all' as platform, person_id, event_id, action, account_id, at_second
    from moments
),
gaps as (
    select
        period_kind,
        period_start,
        platform,
        person_id,
        at_second - lag(at_second) over (
            partition by period_kind, period_start, platform, person_id
            order by at_second, event_id, action, account_id
        ) as n_seconds
    from scoped
),
spread as (
    select
        period_kind,
        period_start,
        platform,
        person_id,
        cast(sum(n_seconds) as double) / count(n_seconds) as mean,
        -- from whole numbers, so that the order of rows changes no digit
        sqrt(cast(count(n_seconds) * sum(n_seconds * n_seconds) - sum(n_seconds) * sum(n_seconds) as double))
            / count(n_seconds) as deviation
    from gaps
    where n_seconds is not null
    group by period_kind, period_start, platform, person_id
    having count(n_seconds) >= 10
)
select
    s.period_kind,
    s.period_start,
    s.platform,
    s.person_id,
    cast(s.n_days as bigint) as n_longest_gap_days,
    (b.deviation - b.mean) / nullif(b.deviation + b.mean, 0) as burstiness
from silences as s
left join spread as b using (period_kind, period_start, platform, person_id)
