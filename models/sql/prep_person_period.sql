-- grain: week or month, platform (or all), person
-- question: what did each person contribute in the period?
with kinds as (
    select 'week' as period_kind
    union all
    select 'month' as period_kind
),
placed as (
    select
        k.period_kind,
        case k.period_kind
            when 'week' then cast(date_trunc('week', d.occurred_on) as date)
            else cast(date_trunc('month', d.occurred_on) as date)
        end as period_start,
        d.platform,
        d.person_id,
        d.occurred_on,
        d.n_contributions
    from fct_person_day as d
    cross join kinds as k
    where d.n_contributions > 0
),
scoped as (
    select period_kind, period_start, platform, person_id, occurred_on, n_contributions
    from placed
    union all
    select period_kind, period_start, 'all' as platform, person_id, occurred_on, n_contributions
    from placed
)
select
    period_kind,
    period_start,
    platform,
    person_id,
    cast(sum(n_contributions) as bigint) as n_contributions,
    min(occurred_on) as first_on
from scoped
group by period_kind, period_start, platform, person_id
