-- grain: week or month, platform (or all), person, unit (or all)
-- question: what did each person write in the period, in the unit of the day on which they wrote?
with placed as (
    select
        k.period_kind,
        k.period_start,
        d.platform,
        d.person_id,
        d.unit,
        d.n_contributions,
        d.n_posts,
        d.n_replies,
        d.n_own_posts,
        d.n_own_replies
    from prep_unit_day as d
    join prep_calendar as k using (occurred_on)
),
scoped as (
    select
        period_kind, period_start, platform, person_id, unit, n_contributions, n_posts, n_replies, n_own_posts,
        n_own_replies
    from placed
    union all
    select
        period_kind, period_start, 'all' as platform, person_id, unit, n_contributions, n_posts, n_replies, n_own_posts,
        n_own_replies
    from placed
)
select
    period_kind,
    period_start,
    platform,
    person_id,
    unit,
    cast(sum(n_contributions) as bigint) as n_contributions,
    cast(sum(n_posts) as bigint) as n_posts,
    cast(sum(n_replies) as bigint) as n_replies,
    cast(sum(n_own_posts) as bigint) as n_own_posts,
    cast(sum(n_own_replies) as bigint) as n_own_replies
from scoped
group by period_kind, period_start, platform, person_id, unit
