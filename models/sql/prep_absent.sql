-- grain: export
-- question: how many records of earlier exports does each export lack, though it holds what was written around them?
-- Only this shows that a record was taken away: before and after it, in the same space (edits and comments: on the same
-- page), the later export holds records that the earlier one holds too, on days that the later one covers. An export of
-- other days, without private channels or of another part is no evidence, and the ends of an overlap are none.
with later as (
    select
        o.file_id as older_id,
        n.file_id,
        c.workspace,
        c.covered_from,
        c.covered_to
    from stg_file as o
    join stg_file as n on n.platform = o.platform and n.format = o.format and n.exported_at > o.exported_at
    join stg_coverage as c on c.file_id = n.file_id
    -- an export of which nothing is in use has nothing that another could lack
    where o.file_id in (select file_id from prep_duplicate) and o.file_id in (select file_id from fct_event)
),
placed as (
    select
        event_id,
        file_id,
        workspace,
        occurred_at,
        action,
        case when action in ('create', 'edit', 'comment') then thread_id end as page_id,
        case when action not in ('create', 'edit', 'comment') then space_id end as space_id
    from fct_event
    where line is not null
),
shared as (
    select
        r.older_id,
        r.file_id,
        p.workspace,
        p.page_id,
        p.space_id,
        min(p.occurred_at) as first_at,
        max(p.occurred_at) as last_at
    from prep_duplicate as d
    join later as r on r.older_id = d.file_id
    join stg_event as e on e.event_id = d.event_id and e.file_id = r.file_id and e.workspace = r.workspace
    join placed as p on p.event_id = d.event_id and p.workspace = r.workspace
    where e.is_record and cast(p.occurred_at as date) between r.covered_from and r.covered_to
    group by r.older_id, r.file_id, p.workspace, p.page_id, p.space_id
),
expected as (
    select distinct
        s.file_id,
        p.event_id
    from shared as s
    join placed as p
        on p.file_id = s.older_id
        and p.workspace = s.workspace
        and p.page_id is not distinct from s.page_id
        and p.space_id is not distinct from s.space_id
        and p.occurred_at > s.first_at
        and p.occurred_at < s.last_at
    -- a deletion that a later export no longer tells of is nothing that it lacks
    where p.action <> 'other'
)
select
    x.file_id,
    count(*) as n_records
from expected as x
left join stg_event as e on e.file_id = x.file_id and e.event_id = x.event_id
where e.event_id is null
group by x.file_id
