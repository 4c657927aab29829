-- grain: space
-- question: where does it happen?
with named as (
    select space_id, platform, workspace, kind, visibility, label, created_at
    from prep_space
),
used as (
    select
        e.space_id,
        min(e.platform) as platform,
        min(e.workspace) as workspace
    from fct_event as e
    left join named as n on n.space_id = e.space_id
    where e.space_id is not null and n.space_id is null
    group by e.space_id
)
select space_id, platform, workspace, kind, visibility, label, created_at
from named
union all
select
    space_id,
    platform,
    workspace,
    'unknown' as kind,
    'unknown' as visibility,
    cast(null as varchar) as label,
    cast(null as timestamp) as created_at
from used
