-- grain: week or month, platform (or all), unit (or all)
-- question: how many of the threads that people start does somebody else answer, and how soon?
with placed as (
    select
        k.period_kind,
        k.period_start,
        t.platform,
        t.person_id,
        t.unit,
        t.n_seconds_to_reply,
        t.n_working_seconds_to_reply,
        t.n_seconds_observed,
        t.n_working_seconds_observed
    from prep_thread as t
    join prep_conversation as c on c.platform = t.platform and c.has_threads
    join prep_calendar as k on k.occurred_on = t.started_on
),
scoped as (
    select
        period_kind, period_start, platform, person_id, unit,
        n_seconds_to_reply, n_working_seconds_to_reply, n_seconds_observed, n_working_seconds_observed
    from placed
    union all
    select
        period_kind, period_start, 'all' as platform, person_id, unit,
        n_seconds_to_reply, n_working_seconds_to_reply, n_seconds_observed, n_working_seconds_observed
    from placed
),
counting as (
    select
        s.period_kind,
        s.period_start,
        s.platform,
        s.unit,
        s.person_id,
        s.n_seconds_to_reply,
        s.n_working_seconds_to_reply,
        s.n_seconds_observed,
        s.n_working_seconds_observed
    from scoped as s
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
),
by_unit as (
    select
        period_kind, period_start, platform, unit, person_id,
        n_seconds_to_reply, n_working_seconds_to_reply, n_seconds_observed, n_working_seconds_observed
    from counting
    where unit is not null
    union all
    select
        period_kind, period_start, platform, 'all' as unit, person_id,
        n_seconds_to_reply, n_working_seconds_to_reply, n_seconds_observed, n_working_seconds_observed
    from counting
),
started as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_threads,
        count(distinct person_id) as n_starters,
        count(n_seconds_to_reply) as n_answered
    from by_unit
    group by period_kind, period_start, platform, unit
),
limits as (
    select 1 as n_days
    union all
    select 2 as n_days
    union all
    select 5 as n_days
),
-- only threads of which so much working time was observed
old_enough as (
    select
        b.period_kind,
        b.period_start,
        b.platform,
        b.unit,
        l.n_days,
        count(*) as n_old_enough,
        count(*) filter (where b.n_working_seconds_to_reply <= l.n_days * 86400) as n_in_time,
        1.959963984540054 as z
    from by_unit as b
    join limits as l on b.n_working_seconds_observed >= l.n_days * 86400
    group by b.period_kind, b.period_start, b.platform, b.unit, l.n_days
),
numbers as (
    select
        period_kind, period_start, platform, unit, n_days, n_old_enough, n_in_time, z,
        cast(n_in_time as double) as k,
        cast(n_old_enough as double) as n
    from old_enough
),
rated as (
    select
        period_kind, period_start, platform, unit, n_days, n_old_enough, n_in_time,
        k / n as ratio,
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)) as low,
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)) as high
    from numbers
),
limited as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        max(case when n_days = 1 then n_old_enough end) as n_old_enough_1d,
        max(case when n_days = 1 then n_in_time end) as n_answered_1d,
        max(case when n_days = 1 then ratio end) as answered_1d_ratio,
        max(case when n_days = 1 then low end) as answered_1d_ratio_low,
        max(case when n_days = 1 then high end) as answered_1d_ratio_high,
        max(case when n_days = 2 then n_old_enough end) as n_old_enough_2d,
        max(case when n_days = 2 then n_in_time end) as n_answered_2d,
        max(case when n_days = 2 then ratio end) as answered_2d_ratio,
        max(case when n_days = 2 then low end) as answered_2d_ratio_low,
        max(case when n_days = 2 then high end) as answered_2d_ratio_high,
        max(case when n_days = 5 then n_old_enough end) as n_old_enough_5d,
        max(case when n_days = 5 then n_in_time end) as n_answered_5d,
        max(case when n_days = 5 then ratio end) as answered_5d_ratio,
        max(case when n_days = 5 then low end) as answered_5d_ratio_low,
        max(case when n_days = 5 then high end) as answered_5d_ratio_high
    from rated
    group by period_kind, period_start, platform, unit
),
-- Kaplan-Meier by either clock: a thread leaves with its answer, or unanswered where its observation ends
followed as (
    select
        period_kind, period_start, platform, unit,
        'elapsed' as clock,
        coalesce(n_seconds_to_reply, n_seconds_observed) as n_seconds,
        n_seconds_to_reply is not null as is_answered
    from by_unit
    union all
    select
        period_kind, period_start, platform, unit,
        'working' as clock,
        coalesce(n_working_seconds_to_reply, n_working_seconds_observed) as n_seconds,
        n_working_seconds_to_reply is not null as is_answered
    from by_unit
),
leaving as (
    select
        period_kind, period_start, platform, unit, clock, n_seconds,
        count(*) as n_leaving,
        count(*) filter (where is_answered) as n_answers
    from followed
    group by period_kind, period_start, platform, unit, clock, n_seconds
),
at_risk as (
    select
        period_kind, period_start, platform, unit, clock, n_seconds, n_answers,
        cast(sum(n_leaving) over (
            partition by period_kind, period_start, platform, unit, clock
            order by n_seconds desc
            rows between unbounded preceding and current row
        ) as bigint) as n_at_risk
    from leaving
),
curve as (
    select
        period_kind, period_start, platform, unit, clock, n_seconds,
        n_answers = n_at_risk as is_over,
        cast(sum(ln(cast(nullif(n_at_risk - n_answers, 0) as double) / n_at_risk)) over (
            partition by period_kind, period_start, platform, unit, clock
            order by n_seconds
            rows between unbounded preceding and current row
        ) as double) as log_unanswered
    from at_risk
    where n_answers > 0
),
-- the product of the shares may miss an exact half by rounding
medians as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        min(case when clock = 'elapsed' then n_seconds end) as n_median_seconds,
        min(case when clock = 'working' then n_seconds end) as n_median_working_seconds
    from curve
    where is_over or log_unanswered <= ln(0.5) + 0.000000001
    group by period_kind, period_start, platform, unit
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
        t.n_seen_days > 0 and coalesce(c.has_threads, false) as is_known
    from prep_period as t
    cross join prep_unit as u
    left join prep_conversation as c on c.platform = t.platform
),
counted as (
    select period_kind, period_start, platform, unit, count(*) as n_eligible
    from (
        select period_kind, period_start, platform, unit from prep_eligible where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit from prep_eligible
    ) as p
    group by period_kind, period_start, platform, unit
)
select
    f.period_kind,
    f.period_start,
    f.period_end,
    f.platform,
    f.unit,
    f.is_complete,
    f.n_observed_days,
    coalesce(n.n_eligible, 0) as n_eligible,
    case when f.is_known then coalesce(s.n_threads, 0) end as n_threads,
    case when f.is_known then coalesce(s.n_starters, 0) end as n_starters,
    case when f.is_known then coalesce(s.n_answered, 0) end as n_answered,
    case when f.is_known then coalesce(l.n_old_enough_1d, 0) end as n_old_enough_1d,
    case when f.is_known then coalesce(l.n_answered_1d, 0) end as n_answered_1d,
    case when f.is_known then l.answered_1d_ratio end as answered_1d_ratio,
    case when f.is_known then l.answered_1d_ratio_low end as answered_1d_ratio_low,
    case when f.is_known then l.answered_1d_ratio_high end as answered_1d_ratio_high,
    case when f.is_known then coalesce(l.n_old_enough_2d, 0) end as n_old_enough_2d,
    case when f.is_known then coalesce(l.n_answered_2d, 0) end as n_answered_2d,
    case when f.is_known then l.answered_2d_ratio end as answered_2d_ratio,
    case when f.is_known then l.answered_2d_ratio_low end as answered_2d_ratio_low,
    case when f.is_known then l.answered_2d_ratio_high end as answered_2d_ratio_high,
    case when f.is_known then coalesce(l.n_old_enough_5d, 0) end as n_old_enough_5d,
    case when f.is_known then coalesce(l.n_answered_5d, 0) end as n_answered_5d,
    case when f.is_known then l.answered_5d_ratio end as answered_5d_ratio,
    case when f.is_known then l.answered_5d_ratio_low end as answered_5d_ratio_low,
    case when f.is_known then l.answered_5d_ratio_high end as answered_5d_ratio_high,
    case when f.is_known then cast(m.n_median_seconds as double) / 3600 end as median_hours_to_reply,
    case when f.is_known then cast(m.n_median_working_seconds as double) / 3600 end as median_working_hours_to_reply
from filled as f
left join counted as n using (period_kind, period_start, platform, unit)
left join started as s using (period_kind, period_start, platform, unit)
left join limited as l using (period_kind, period_start, platform, unit)
left join medians as m using (period_kind, period_start, platform, unit)
