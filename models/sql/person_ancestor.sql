-- grain: person, ancestor, spell
-- question: who stood above whom, and when?
-- Walks up the manager tree over the days that all steps share. Nobody occurs twice on one walk, so a cycle ends
-- where it closes; a manager who is not on the roster ends the walk.
with recursive walk as (
    select
        p.person_id,
        p.manager_person_id as ancestor_person_id,
        cast(1 as bigint) as depth,
        p.valid_from,
        p.valid_to,
        [p.person_id, p.manager_person_id] as path
    from prep_person as p
    where p.manager_person_id is not null and p.manager_person_id <> p.person_id
    union all
    select
        w.person_id,
        p.manager_person_id as ancestor_person_id,
        w.depth + 1 as depth,
        greatest(w.valid_from, p.valid_from) as valid_from,
        least(w.valid_to, p.valid_to) as valid_to,
        list_append(w.path, p.manager_person_id) as path
    from walk as w
    join prep_person as p
        on p.person_id = w.ancestor_person_id
        and p.valid_from < coalesce(w.valid_to, date '9999-12-31')
        and w.valid_from < coalesce(p.valid_to, date '9999-12-31')
    where p.manager_person_id is not null
        and not list_contains(w.path, p.manager_person_id)
        and w.depth < 20
),
known as (
    select distinct person_id
    from prep_person
)
select
    w.person_id,
    w.ancestor_person_id,
    w.depth,
    w.valid_from,
    w.valid_to
from walk as w
join known as k on k.person_id = w.ancestor_person_id
