-- grain: export or unknown file
-- question: what became of every record of every export?
-- A record is accepted where its version of the event, account, space or roster row is the one in use.
with records as (
    select file_id, count(*) as n_records
    from (
        select file_id from stg_event where is_record
        union all
        select file_id from stg_account where is_record
        union all
        select file_id from stg_space where is_record
        union all
        select file_id from stg_person where is_record
        union all
        select file_id from stg_usage where is_record
    ) as r
    group by file_id
),
accepted as (
    select file_id, count(*) as n_accepted
    from (
        select file_id from fct_event where line is not null
        union all
        select file_id from prep_account where is_record
        union all
        select file_id from prep_space where is_record
        union all
        select file_id from prep_roster_row
        union all
        select file_id from fct_usage where is_record
    ) as a
    group by file_id
),
read as (
    select file_id, cast(sum(n_read) as bigint) as n_read
    from stg_part
    group by file_id
),
excluded as (
    select file_id, cast(sum(n_records) as bigint) as n_excluded
    from stg_exclusion
    group by file_id
),
quarantined as (
    select file_id, count(*) as n_quarantined
    from stg_quarantine
    group by file_id
),
covered as (
    select
        file_id,
        min(workspace) as workspace,
        min(covered_from) as coverage_from,
        max(covered_to) as coverage_to
    from (
        select file_id, workspace, covered_from, covered_to from stg_coverage
        union all
        -- further figures of a line, of a week to its day, reach back to before the days that the file lists
        select file_id, workspace, period_from, period_to from stg_usage where is_record or line is null
    ) as c
    group by file_id
)
select
    f.file_id,
    f.path,
    f.platform,
    c.workspace,
    f.format,
    f.bytes,
    c.coverage_from,
    c.coverage_to,
    coalesce(r.n_read, 0) as n_read,
    coalesce(a.n_accepted, 0) as n_accepted,
    coalesce(s.n_records, 0) - coalesce(a.n_accepted, 0) as n_duplicate,
    coalesce(x.n_excluded, 0) as n_excluded,
    coalesce(q.n_quarantined, 0) as n_quarantined,
    'loaded' as status,
    cast(null as varchar) as reason,
    f.loaded_at
from stg_file as f
left join read as r on r.file_id = f.file_id
left join records as s on s.file_id = f.file_id
left join accepted as a on a.file_id = f.file_id
left join excluded as x on x.file_id = f.file_id
left join quarantined as q on q.file_id = f.file_id
left join covered as c on c.file_id = f.file_id
union all
select
    d.file_id,
    d.path,
    d.platform,
    cast(null as varchar) as workspace,
    d.format,
    d.bytes,
    cast(null as date) as coverage_from,
    cast(null as date) as coverage_to,
    0 as n_read,
    0 as n_accepted,
    0 as n_duplicate,
    0 as n_excluded,
    0 as n_quarantined,
    d.status,
    d.reason,
    cast(null as timestamp) as loaded_at
from stg_found as d
left join stg_file as f on f.file_id = d.file_id
where d.status <> 'loaded' and f.file_id is null
