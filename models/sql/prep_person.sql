-- grain: person, first day of a spell
-- question: who was where in the organisation, from when to when?
-- The next row of a person closes the last; who is missing from the next snapshot left on its date. Hire and leave days
-- cut spells.
with files as (
    select distinct file_id, is_snapshot, snapshot_on
    from prep_roster_row
),
next_snapshot as (
    select
        f.file_id,
        min(n.snapshot_on) as next_on
    from files as f
    join files as n on n.is_snapshot and n.snapshot_on > coalesce(f.snapshot_on, date '0001-01-01')
    where f.is_snapshot
    group by f.file_id
),
closed as (
    select
        l.*,
        lead(l.valid_from) over (partition by l.person_id order by l.valid_from) as next_from,
        n.next_on
    from prep_roster_row as l
    cross join meta as m
    left join next_snapshot as n on n.file_id = l.file_id
    where m.as_of_on is null or l.valid_from <= m.as_of_on
),
spells as (
    select
        person_id,
        greatest(valid_from, coalesce(hired_on, valid_from)) as valid_from,
        least(next_from, next_on, left_on + 1) as valid_to,
        org_path,
        level,
        layer,
        manager_person_id,
        location,
        hired_on,
        left_on,
        is_comms,
        file_id
    from closed
)
select
    s.person_id,
    cast(s.valid_from as date) as valid_from,
    cast(s.valid_to as date) as valid_to,
    s.org_path,
    s.org_path[t.unit_depth] as unit,
    s.level,
    s.layer,
    s.manager_person_id,
    s.location,
    s.hired_on,
    s.left_on,
    s.is_comms,
    s.file_id
from spells as s
cross join stg_setting as t
where s.valid_to is null or s.valid_from < s.valid_to
