-- grain: page of a public wiki, or public wiki
-- question: on which day was each first changed, and first created?
-- Of pages that were ever in a space that is not public nothing is told. What has expired is known by its days only.
with changed as (
    select
        e.platform,
        e.workspace,
        e.thread_id,
        p.subject,
        case when not p.is_part then p.space_id end as own_space_id,
        e.action,
        e.occurred_on
    from fct_event as e
    cross join meta as m
    left join prep_public_space as p on p.platform = e.platform and p.space_id = e.space_id
    where e.action in ('create', 'edit') and e.time_basis = 'own' and e.occurred_on <= m.as_of_on
),
found as (
    select
        platform,
        workspace,
        thread_id,
        cast(null as varchar) as space_id,
        min(occurred_on) as changed_on,
        min(case when action = 'create' then occurred_on end) as created_on
    from changed
    where thread_id is not null
    group by platform, workspace, thread_id
    having bool_and(coalesce(subject = 'wiki_space', false))
    union all
    select
        platform,
        workspace,
        cast(null as blob) as thread_id,
        own_space_id as space_id,
        min(occurred_on) as changed_on,
        min(case when action = 'create' then occurred_on end) as created_on
    from changed
    where subject = 'wiki_space'
    group by platform, workspace, own_space_id
    union all
    select p.platform, p.workspace, p.thread_id, p.space_id, p.changed_on, p.created_on
    from stg_past_start as p
    cross join meta as m
    where p.changed_on <= m.as_of_on
)
select
    platform,
    workspace,
    thread_id,
    space_id,
    min(changed_on) as changed_on,
    min(created_on) as created_on
from found
group by platform, workspace, thread_id, space_id
