-- grain: space
-- question: what do the exports say of each space that they list?
with versions as (
    select
        s.space_id,
        s.platform,
        s.workspace,
        s.kind,
        s.visibility,
        s.label,
        s.created_at,
        s.is_record,
        s.file_id,
        row_number() over (
            partition by s.space_id
            order by s.is_record desc, f.exported_at desc nulls last, s.file_id desc, s.line desc nulls last
        ) as version_rank
    from stg_space as s
    join stg_file as f on f.file_id = s.file_id
)
select
    space_id,
    platform,
    workspace,
    kind,
    visibility,
    case when visibility = 'public' then label end as label,
    created_at,
    is_record,
    file_id
from versions
where version_rank = 1
