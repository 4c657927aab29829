-- grain: month of the first day on the platform, platform (or all), unit (or all)
-- question: how many of those who are new on a platform contribute within 28 and within 90 days?
-- The share is 1 - Kaplan-Meier, its interval log-log with Greenwood's variance; where nobody or everybody contributed
-- there is no variance, and the interval is Wilson's over those whose answer is known.
with horizons as (
    select 28 as n_horizon
    union all
    select 90 as n_horizon
),
reached as (
    select
        s.period_start,
        s.platform,
        s.unit,
        h.n_horizon,
        cast(sum(s.n_events + s.n_censored) as bigint) as n_cohort,
        cast(coalesce(sum(s.n_events) filter (where s.n_days <= h.n_horizon), 0) as bigint) as n_converted,
        cast(coalesce(sum(s.n_censored) filter (where s.n_days < h.n_horizon), 0) as bigint) as n_censored,
        coalesce(arg_max(s.survival_ratio, s.n_days) filter (where s.n_days <= h.n_horizon), 1.0) as survival_ratio,
        arg_max(s.log_variance, s.n_days) filter (where s.n_days <= h.n_horizon) as log_variance,
        max(s.n_days) as last_day
    from prep_survival as s
    cross join horizons as h
    group by s.period_start, s.platform, s.unit, h.n_horizon
),
-- beyond the last day on which somebody was followed nothing is known, unless everybody had contributed
known as (
    select
        period_start,
        platform,
        unit,
        n_horizon,
        n_cohort,
        n_converted,
        n_censored,
        cast(n_converted as double) as k,
        cast(n_cohort - n_censored as double) as n,
        survival_ratio as s,
        case when survival_ratio > 0 and n_converted > 0 then ln(survival_ratio) end as log_s,
        case when survival_ratio > 0 and n_converted > 0 then sqrt(log_variance) end as deviation,
        last_day >= n_horizon or survival_ratio = 0 as is_reached,
        1.959963984540054 as z
    from reached
),
bounded as (
    select
        period_start,
        platform,
        unit,
        n_horizon,
        n_cohort,
        n_converted,
        n_censored,
        case when is_reached then 1 - s end as converted_ratio,
        case
            when not is_reached then null
            when log_s is null then
                greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
            else 1 - exp(log_s * exp(z * deviation / log_s))
        end as converted_ratio_low,
        case
            when not is_reached then null
            when log_s is null then
                least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
            else 1 - exp(log_s * exp(-z * deviation / log_s))
        end as converted_ratio_high
    from known
),
people as (
    select period_start, platform, unit, count(*) as n_eligible
    from prep_eligible
    where period_kind = 'month' and unit is not null
    group by period_start, platform, unit
    union all
    select period_start, platform, 'all' as unit, count(*) as n_eligible
    from prep_eligible
    where period_kind = 'month'
    group by period_start, platform
)
select
    t.period_kind,
    t.period_start,
    t.period_end,
    t.platform,
    u.unit,
    t.is_complete,
    t.n_observed_days,
    coalesce(p.n_eligible, 0) as n_eligible,
    case when c.platform is not null then coalesce(b.n_cohort, 0) end as n_cohort,
    case when c.platform is not null then coalesce(a.n_converted, 0) end as n_converted_28d,
    a.converted_ratio as converted_28d_ratio,
    a.converted_ratio_low as converted_28d_ratio_low,
    a.converted_ratio_high as converted_28d_ratio_high,
    case when c.platform is not null then coalesce(b.n_converted, 0) end as n_converted_90d,
    b.converted_ratio as converted_90d_ratio,
    b.converted_ratio_low as converted_90d_ratio_low,
    b.converted_ratio_high as converted_90d_ratio_high,
    case when c.platform is not null then coalesce(b.n_censored, 0) end as n_censored
from prep_period as t
cross join prep_unit as u
left join prep_cohort as c on c.period_start = t.period_start and c.platform = t.platform
left join people as p on p.period_start = t.period_start and p.platform = t.platform and p.unit = u.unit
left join bounded as a
    on a.period_start = t.period_start and a.platform = t.platform and a.unit = u.unit and a.n_horizon = 28
left join bounded as b
    on b.period_start = t.period_start and b.platform = t.platform and b.unit = u.unit and b.n_horizon = 90
where t.period_kind = 'month'
