-- grain: month, pair of people with a unit
-- question: between whom was there a reply, comment or reaction, in any direction and on any platform?
with placed as (
    select
        k.period_start,
        least(i.person_id, i.target_person_id) as one_id,
        greatest(i.person_id, i.target_person_id) as other_id
    from prep_interaction as i
    join prep_calendar as k using (occurred_on)
    where k.period_kind = 'month' and i.target_person_id is not null
),
pairs as (
    select period_start, one_id, other_id
    from placed
    group by period_start, one_id, other_id
)
select
    p.period_start,
    p.one_id,
    p.other_id,
    a.unit as one_unit,
    b.unit as other_unit
from pairs as p
join prep_eligible as a
    on a.period_kind = 'month'
    and a.platform = 'all'
    and a.period_start = p.period_start
    and a.person_id = p.one_id
    and a.unit is not null
join prep_eligible as b
    on b.period_kind = 'month'
    and b.platform = 'all'
    and b.period_start = p.period_start
    and b.person_id = p.other_id
    and b.unit is not null
