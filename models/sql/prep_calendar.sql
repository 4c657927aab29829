-- grain: day, week or month
-- question: to which week and to which month does each day belong?
with bounds as (
    select min(first_on) as first_on
    from (
        select min(occurred_on) as first_on from coverage_day
        union all
        select min(occurred_on) as first_on from fct_event
    ) as f
),
days as (
    select cast(d.day_at as date) as occurred_on
    from bounds as b
    cross join meta as m
    cross join unnest(generate_series(b.first_on, m.as_of_on, interval 1 day)) as d(day_at)
)
select
    'week' as period_kind,
    cast(date_trunc('week', occurred_on) as date) as period_start,
    occurred_on
from days
union all
select
    'month' as period_kind,
    cast(date_trunc('month', occurred_on) as date) as period_start,
    occurred_on
from days
