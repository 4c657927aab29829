-- grain: month, platform (or all), unit (or all), number of days on which somebody converts or is censored
-- question: which share of a month's cohort has still not contributed after so many days?
-- Kaplan and Meier 1958: the product of 1 - events / people at risk. Who is censored on a day is at risk on it. The
-- variance of the logarithm of the share is Greenwood's sum; there is none once the share is 0.
with by_unit as (
    select period_start, platform, unit, n_days, is_converted from prep_conversion where unit is not null
    union all
    select period_start, platform, 'all' as unit, n_days, is_converted from prep_conversion
),
counted as (
    select
        period_start,
        platform,
        unit,
        n_days,
        count(*) as n_ended,
        count(*) filter (where is_converted) as n_events
    from by_unit
    group by period_start, platform, unit, n_days
),
at_risk as (
    select
        period_start,
        platform,
        unit,
        n_days,
        n_events,
        n_ended - n_events as n_censored,
        cast(
            sum(n_ended) over (
                partition by period_start, platform, unit
                order by n_days desc
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_at_risk
    from counted
),
summed as (
    select
        period_start,
        platform,
        unit,
        n_days,
        n_at_risk,
        n_events,
        n_censored,
        n_events = n_at_risk as is_nobody_left,
        cast(
            sum(case when n_events < n_at_risk then ln(cast(n_at_risk - n_events as double) / n_at_risk) end) over w
            as double
        ) as log_share,
        cast(
            sum(
                case when n_events < n_at_risk then
                    cast(n_events as double) / (n_at_risk * (n_at_risk - n_events))
                end
            ) over w as double
        ) as greenwood
    from at_risk
    window w as (
        partition by period_start, platform, unit
        order by n_days
        rows between unbounded preceding and current row
    )
)
select
    period_start,
    platform,
    unit,
    n_days,
    n_at_risk,
    n_events,
    n_censored,
    case when is_nobody_left then 0.0 else exp(log_share) end as survival_ratio,
    case when not is_nobody_left then greenwood end as log_variance
from summed
