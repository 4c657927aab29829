-- grain: note
-- question: what was found wrong and kept all the same?
-- Readers note what one export shows. What only all exports together show is noted here: records that another version
-- replaces, records that a later export lacks, and names that one report conceals and another one shows.
with replaced as (
    select file_id, member, is_within, n_superseded, n_identical from prep_duplicate
    union all
    select file_id, member, is_within, n_superseded, n_identical from prep_repeat
),
counted as (
    select
        file_id,
        case when min(member) = max(member) then min(member) else '' end as member,
        case when is_within then 'in this export' else 'in another export' end as place,
        cast(sum(n_superseded) as bigint) as n_superseded,
        cast(sum(n_identical) as bigint) as n_identical
    from replaced
    group by file_id, is_within
),
concealed as (
    select
        x.file_id,
        f.platform,
        case when min(x.member) = max(x.member) then min(x.member) else '' end as member,
        cast(sum(x.n_records) as bigint) as n_records
    from stg_exclusion as x
    join stg_file as f on f.file_id = x.file_id
    where x.rule = 'concealed_name'
    group by x.file_id, f.platform
),
of_tenant as (
    select distinct
        file_id,
        platform,
        workspace,
        account_id is not null or space_id is not null as is_open
    from stg_usage
),
mixed as (
    select distinct c.file_id, c.member, c.n_records
    from concealed as c
    join of_tenant as t on t.file_id = c.file_id
    join of_tenant as o on o.platform = t.platform and o.workspace = t.workspace and o.is_open
)
select
    file_id,
    member,
    line,
    rule,
    message,
    n_records
from stg_note
union all
select
    file_id,
    member,
    cast(null as bigint) as line,
    'PPL-DUP-001' as rule,
    n_superseded || ' rows superseded by another version ' || place || '; each record counts once' as message,
    n_superseded as n_records
from counted
where n_superseded > 0
union all
select
    file_id,
    member,
    cast(null as bigint) as line,
    'PPL-DUP-003' as rule,
    n_identical || ' identical duplicates of rows ' || place || '; each record counts once' as message,
    n_identical as n_records
from counted
where n_identical > 0
union all
select
    file_id,
    '' as member,
    cast(null as bigint) as line,
    'PPL-DUP-002' as rule,
    n_records || ' records of an earlier export are not in this one, which holds what was written around them; '
        || 'kept, for absence is no deletion' as message,
    n_records
from prep_absent
union all
select
    file_id,
    member,
    cast(null as bigint) as line,
    'PPL-YAM-004' as rule,
    'user names are concealed here and shown in other reports; nobody of this report is matched or counted' as message,
    n_records
from mixed
