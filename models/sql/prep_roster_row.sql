-- grain: person, first day of a roster row
-- question: which version of each roster row is in use?
-- A file with one date or none is a snapshot; the first snapshot counts back to the start of the data.
with start_of_data as (
    select min(covered_from) as first_on
    from stg_coverage
),
files as (
    select
        file_id,
        count(distinct valid_from) <= 1 as is_snapshot,
        max(valid_from) as snapshot_on
    from stg_person
    group by file_id
),
first_snapshot as (
    select min(snapshot_on) as snapshot_on
    from files
    where is_snapshot
),
dated as (
    select
        p.person_id,
        case
            when f.is_snapshot and (f.snapshot_on is null or f.snapshot_on = s.snapshot_on)
                then least(coalesce(d.first_on, f.snapshot_on, date '1970-01-01'), coalesce(f.snapshot_on, d.first_on))
            else p.valid_from
        end as valid_from,
        p.org_path,
        p.level,
        p.layer,
        p.manager_person_id,
        p.location,
        p.hired_on,
        p.left_on,
        p.is_comms,
        p.file_id,
        p.line,
        f.is_snapshot,
        f.snapshot_on
    from stg_person as p
    join files as f on f.file_id = p.file_id
    cross join start_of_data as d
    cross join first_snapshot as s
),
versions as (
    select
        d.*,
        row_number() over (
            partition by d.person_id, d.valid_from
            order by t.exported_at desc nulls last, d.file_id desc, d.line desc
        ) as version_rank
    from dated as d
    join stg_file as t on t.file_id = d.file_id
)
select
    person_id,
    valid_from,
    org_path,
    level,
    layer,
    manager_person_id,
    location,
    hired_on,
    left_on,
    is_comms,
    file_id,
    is_snapshot,
    snapshot_on
from versions
where version_rank = 1
