-- grain: week or month, platform (or all), person, unit (or all)
-- question: what did each person write in the period, in the unit of the day on which they wrote?
-- Unit all holds every day of a person, also those on which they were not employed.
with scoped as (
    select platform, occurred_on, person_id, unit, n_contributions, n_posts, n_replies
    from prep_unit_day
    where unit is not null
    union all
    select platform, occurred_on, person_id, 'all' as unit, n_contributions, n_posts, n_replies
    from fct_person_day
),
placed as (
    select
        k.period_kind,
        k.period_start,
        s.platform,
        s.person_id,
        s.unit,
        s.n_contributions,
        s.n_posts,
        s.n_replies
    from scoped as s
    join prep_calendar as k using (occurred_on)
)
select
    period_kind,
    period_start,
    platform,
    person_id,
    unit,
    cast(sum(n_contributions) as bigint) as n_contributions,
    cast(sum(n_posts) as bigint) as n_posts,
    cast(sum(n_replies) as bigint) as n_replies
from placed
group by period_kind, period_start, platform, person_id, unit
union all
select
    period_kind,
    period_start,
    'all' as platform,
    person_id,
    unit,
    cast(sum(n_contributions) as bigint) as n_contributions,
    cast(sum(n_posts) as bigint) as n_posts,
    cast(sum(n_replies) as bigint) as n_replies
from placed
group by period_kind, period_start, person_id, unit
