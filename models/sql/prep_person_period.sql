-- grain: week or month, platform (or all), person
-- question: what did each person contribute in the period?
with placed as (
    select
        k.period_kind,
        k.period_start,
        d.platform,
        d.person_id,
        d.occurred_on,
        d.n_contributions
    from fct_person_day as d
    join prep_calendar as k using (occurred_on)
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
