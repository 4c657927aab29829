-- grain: month, platform, public space
-- question: how many of those who contributed to a space in the last twelve months did so this month?
with months as (
    select
        *,
        -- how many of the twelve months ending with this one had no missing day
        cast(
            count(*) filter (where n_seen_days = date_diff('day', period_start, period_end) + 1) over (
                partition by platform
                order by period_start
                rows between 11 preceding and current row
            ) as bigint
        ) as n_observed_months
    from prep_period
    where period_kind = 'month' and platform <> 'all'
),
spaces as (
    select space_id, platform
    from dim_space
    where visibility = 'public'
),
contributed as (
    select
        k.period_start,
        s.platform,
        s.space_id,
        a.person_id,
        count(*) as n_contributions
    from fct_event as e
    join spaces as s on s.space_id = e.space_id and s.platform = e.platform
    join dim_account as a on a.account_id = e.account_id
    join prep_calendar as k on k.occurred_on = e.occurred_on and k.period_kind = 'month'
    where e.is_contribution
    group by k.period_start, s.platform, s.space_id, a.person_id
),
-- a month in which somebody contributes counts for twelve, or until the next one
lasting as (
    select
        platform,
        space_id,
        person_id,
        period_start as from_start,
        n_contributions,
        least(
            cast(period_start + interval 12 month as date),
            lead(period_start) over (partition by platform, space_id, person_id order by period_start)
        ) as until_start
    from contributed
),
counted as (
    select
        t.period_start,
        t.platform,
        l.space_id,
        count(*) as n_contributors_12m,
        count(*) filter (where l.from_start = t.period_start) as n_contributors,
        coalesce(cast(sum(l.n_contributions) filter (where l.from_start = t.period_start) as bigint), 0)
            as n_contributions
    from lasting as l
    join months as t
        on t.platform = l.platform and t.period_start >= l.from_start and t.period_start < l.until_start
    join prep_eligible as e
        on e.period_kind = 'month'
        and e.period_start = t.period_start
        and e.platform = t.platform
        and e.person_id = l.person_id
    group by t.period_start, t.platform, l.space_id
),
started as (
    select
        k.period_start,
        t.platform,
        t.space_id,
        count(*) as n_threads
    from prep_thread as t
    join prep_calendar as k on k.occurred_on = t.started_on and k.period_kind = 'month'
    join prep_eligible as e
        on e.period_kind = 'month'
        and e.period_start = k.period_start
        and e.platform = t.platform
        and e.person_id = t.person_id
    group by k.period_start, t.platform, t.space_id
),
people as (
    select period_start, platform, count(*) as n_eligible
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
        t.is_complete,
        t.n_observed_days,
        t.n_observed_months,
        s.space_id,
        t.n_seen_days > 0 as is_seen,
        t.n_observed_months = 12 as is_known,
        coalesce(v.has_threads, false) as has_threads,
        coalesce(p.n_eligible, 0) as n_eligible,
        coalesce(c.n_contributors, 0) as n_contributors,
        coalesce(c.n_contributors_12m, 0) as n_contributors_12m,
        coalesce(c.n_contributions, 0) as n_contributions,
        coalesce(h.n_threads, 0) as n_threads,
        cast(coalesce(c.n_contributors, 0) as double) as k,
        cast(nullif(c.n_contributors_12m, 0) as double) as n,
        1.959963984540054 as z
    from months as t
    join spaces as s on s.platform = t.platform
    left join prep_conversation as v on v.platform = t.platform
    left join people as p on p.period_start = t.period_start and p.platform = t.platform
    left join counted as c
        on c.period_start = t.period_start and c.platform = t.platform and c.space_id = s.space_id
    left join started as h
        on h.period_start = t.period_start and h.platform = t.platform and h.space_id = s.space_id
)
select
    period_kind,
    period_start,
    period_end,
    platform,
    'all' as unit,
    is_complete,
    n_observed_days,
    n_eligible,
    space_id,
    case when is_seen then n_contributors end as n_contributors,
    n_observed_months,
    case when is_known then n_contributors_12m end as n_contributors_12m,
    case when is_known then k / n end as health_ratio,
    case when is_known and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as health_ratio_low,
    case when is_known and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as health_ratio_high,
    case when is_seen then n_contributions end as n_contributions,
    case when is_seen and has_threads then n_threads end as n_threads
from filled
