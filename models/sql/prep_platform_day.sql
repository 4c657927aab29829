-- grain: platform (or all), day
-- question: how much of the day did the sources observe that still deliver, and is who is first seen on it new?
-- Nobody is known to be new in the first 90 observed days. Where what people did before has expired, everybody was there
-- before: there only who has been silent for 335 observed days counts as new, eleven months.
with by_platform as (
    select platform, occurred_on, state
    from coverage_day
    union all
    select 'all' as platform, occurred_on, state
    from coverage_day
),
summed as (
    select
        platform,
        occurred_on,
        count(*) as n_sources,
        count(*) filter (where state = 'observed') as n_observed,
        count(*) filter (where state = 'missing') as n_missing
    from by_platform
    group by platform, occurred_on
),
spans as (
    select
        s.platform,
        min(s.occurred_on) as first_on,
        max(m.as_of_on) as as_of_on
    from summed as s
    cross join meta as m
    group by s.platform
),
days as (
    select
        s.platform,
        s.first_on,
        cast(d.day_at as date) as occurred_on
    from spans as s
    cross join unnest(generate_series(s.first_on, s.as_of_on, interval 1 day)) as d(day_at)
),
expired as (
    select distinct platform
    from stg_past_day
    union
    select 'all' as platform
    from stg_past_day
),
counted as (
    select
        d.platform,
        d.occurred_on,
        case
            when s.n_observed = s.n_sources then 'observed'
            when s.n_missing < s.n_sources then 'partial'
            else 'missing'
        end as state,
        d.first_on,
        cast(
            sum(case when s.n_missing < s.n_sources then 1 else 0 end) over (
                partition by d.platform
                order by d.occurred_on
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_seen_days_so_far
    from days as d
    left join summed as s on s.platform = d.platform and s.occurred_on = d.occurred_on
)
select
    c.platform,
    c.occurred_on,
    c.state,
    c.first_on,
    c.n_seen_days_so_far,
    c.n_seen_days_so_far > case when x.platform is null then 90 else 335 end as is_new_known
from counted as c
left join expired as x on x.platform = c.platform
