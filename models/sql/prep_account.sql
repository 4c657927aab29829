-- grain: account
-- question: what kind of actor is behind each account that any export lists or shows acting?
with versions as (
    select
        a.account_id,
        a.platform,
        a.workspace,
        a.kind,
        a.is_guest,
        a.is_deactivated,
        a.is_record,
        a.file_id,
        row_number() over (
            partition by a.account_id
            order by a.is_record desc, f.exported_at desc nulls last, a.file_id desc, a.line desc nulls last, a.kind
        ) as version_rank
    from stg_account as a
    join stg_file as f on f.file_id = a.file_id
),
acting as (
    select
        account_id,
        platform,
        workspace,
        actor_kind,
        row_number() over (partition by account_id order by count(*) desc, actor_kind) as kind_rank
    from stg_event
    where account_id is not null
    group by account_id, platform, workspace, actor_kind
),
answered as (
    select
        target_account_id as account_id,
        min(platform) as platform,
        min(workspace) as workspace
    from stg_event
    where target_account_id is not null
    group by target_account_id
),
known as (
    select account_id, platform, workspace, kind, is_guest, is_deactivated, is_record, file_id
    from versions
    where version_rank = 1
),
seen as (
    select a.account_id, a.platform, a.workspace, a.actor_kind as kind
    from acting as a
    left join known as k on k.account_id = a.account_id
    where a.kind_rank = 1 and k.account_id is null
),
named as (
    select t.account_id, t.platform, t.workspace, 'unknown' as kind
    from answered as t
    left join known as k on k.account_id = t.account_id
    left join seen as s on s.account_id = t.account_id
    where k.account_id is null and s.account_id is null
),
everybody as (
    select account_id, platform, workspace, kind, is_guest, is_deactivated, is_record, file_id from known
    union all
    select account_id, platform, workspace, kind, false, false, false, cast(null as varchar) from seen
    union all
    select account_id, platform, workspace, kind, false, false, false, cast(null as varchar) from named
)
select
    e.account_id,
    e.platform,
    e.workspace,
    case when s.account_id is not null then 'bot' else e.kind end as kind,
    e.is_guest,
    e.is_deactivated,
    e.is_record,
    e.file_id
from everybody as e
left join stg_service_account as s on s.account_id = e.account_id
