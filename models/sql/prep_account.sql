-- grain: account
-- question: what kind of actor is behind each account that any export lists or shows acting?
-- No person is who is declared a service account, whom an export calls a bot, or who alone holds more than half of
-- a workspace's contributions, at least 1,000, unless a line of the mapping file names the person. Where turnout.toml
-- leaves guests out, a person marked as one is from elsewhere, unless a line of the mapping file names the person.
-- Flags are those of the newest version that says: an export of Slack no longer says whether a deleted user was a guest.
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
            order by
                a.is_record desc, f.exported_at desc nulls last, a.file_id desc, a.line desc nulls last, a.member, a.kind
        ) as version_rank
    from stg_account as a
    join stg_file as f on f.file_id = a.file_id
),
flags as (
    select
        account_id,
        arg_min(is_guest, version_rank) filter (where is_guest is not null) as is_guest,
        arg_min(is_deactivated, version_rank) filter (where is_deactivated is not null) as is_deactivated
    from versions
    group by account_id
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
    select v.account_id, v.platform, v.workspace, v.kind, f.is_guest, f.is_deactivated, v.is_record, v.file_id
    from versions as v
    join flags as f on f.account_id = v.account_id
    where v.version_rank = 1
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
done as (
    select
        platform,
        workspace,
        account_id,
        count(distinct event_id) as n_contributions
    from stg_event
    where is_contribution and account_id is not null
    group by platform, workspace, account_id
),
shares as (
    select
        account_id,
        n_contributions,
        cast(n_contributions as double)
            / nullif(cast(sum(n_contributions) over (partition by platform, workspace) as bigint), 0) as contribution_share
    from done
),
mapped as (
    select distinct account_id
    from stg_mapping
    where person_id is not null
),
everybody as (
    select account_id, platform, workspace, kind, is_guest, is_deactivated, is_record, file_id from known
    union all
    select account_id, platform, workspace, kind, null, null, false, null from seen
    union all
    select account_id, platform, workspace, kind, null, null, false, null from named
),
ruled as (
    select
        e.*,
        coalesce(v.n_contributions, 0) as n_contributions,
        v.contribution_share,
        case
            when s.account_id is not null then 'declared'
            when e.kind in ('human', 'external', 'unknown') and p.account_id is null
                and v.n_contributions >= 1000 and v.contribution_share > 0.5 then 'volume'
            when e.kind = 'human' and e.is_guest and p.account_id is null and t.guests = 'leave_out' then 'guest'
            else 'export'
        end as kind_rule
    from everybody as e
    left join stg_service_account as s on s.account_id = e.account_id
    left join shares as v on v.account_id = e.account_id
    left join mapped as p on p.account_id = e.account_id
    cross join stg_setting as t
)
select
    account_id,
    platform,
    workspace,
    case kind_rule when 'export' then kind when 'guest' then 'external' else 'bot' end as kind,
    kind_rule,
    n_contributions,
    contribution_share,
    is_guest,
    is_deactivated,
    is_record,
    file_id
from ruled
