-- grain: platform, day, person, unit of the day (or all)
-- question: what did each person contribute on each day, with and without what delegates wrote for them?
-- Unit all holds every day of a person, also those on which they were not employed.
with parted as (
    select
        d.platform,
        d.occurred_on,
        d.person_id,
        o.unit,
        d.n_contributions,
        d.n_posts,
        d.n_replies,
        o.n_posts as n_own_posts,
        o.n_replies as n_own_replies
    from fct_person_day as d
    join prep_own_day as o using (person_id, platform, occurred_on)
)
select platform, occurred_on, person_id, unit, n_contributions, n_posts, n_replies, n_own_posts, n_own_replies
from parted
where unit is not null
union all
select
    platform, occurred_on, person_id, 'all' as unit, n_contributions, n_posts, n_replies, n_own_posts, n_own_replies
from parted
