-- grain: platform, space, event, action, account
-- question: what happened, in the version of each record that counts?
-- A record's versions are compared by the time of the edit or deletion that it states, else the newest time in its
-- export; then the end of the export's coverage; then file_id. A deletion that hides the author beats all older
-- versions of its event. Rows that a record carries along (reactions, huddle participants) unite. Spaces of an export
-- without their ids take the one id that any export of the workspace gives the name, else the name itself.
with single_alias as (
    select
        alias,
        min(space_id) as space_id
    from space_alias
    group by alias
    having count(distinct space_id) = 1
),
coverage as (
    select
        file_id,
        max(covered_to) as covered_to
    from stg_coverage
    group by file_id
),
resolved as (
    select
        e.platform,
        e.workspace,
        e.event_id,
        e.occurred_at,
        e.occurred_on,
        e.time_basis,
        e.action,
        e.is_contribution,
        e.account_id,
        e.actor_kind as record_kind,
        a.kind as account_kind,
        e.via_app,
        e.is_delegated,
        coalesce(e.space_id, s.space_id, e.space_alias) as space_id,
        e.thread_id,
        e.target_account_id,
        case when e.action = 'reply' then coalesce(e.target_event_id, e.thread_id) end as answered_id,
        e.bytes_delta,
        e.is_revert,
        e.is_minor,
        e.is_record,
        e.file_id,
        e.line,
        f.ids_per_space,
        coalesce(e.version_at, f.exported_at) as version_at,
        c.covered_to,
        -- a record whose author is no account: a deletion that hides who wrote it, or an author the export hides
        e.is_record and (e.account_id is null or e.actor_kind in ('system', 'unknown')) as is_unsigned
    from stg_event as e
    join stg_file as f on f.file_id = e.file_id
    left join coverage as c on c.file_id = e.file_id
    left join single_alias as s on s.alias = e.space_alias
    left join prep_account as a on a.account_id = e.account_id
),
grouped as (
    select
        *,
        case when ids_per_space then space_id end as key_space_id
    from resolved
),
ranked as (
    select
        *,
        row_number() over (
            partition by platform, key_space_id, event_id, is_record
            order by version_at desc nulls last, covered_to desc nulls last, file_id desc, line desc, action, account_id
        ) as record_rank,
        row_number() over (
            partition by
                platform, key_space_id, event_id, is_record, account_id, case when is_record then '' else action end
            order by version_at desc nulls last, covered_to desc nulls last, file_id desc, line desc, action
        ) as version_rank
    from grouped
),
judged as (
    select
        *,
        min(case when is_unsigned then record_rank end) over (
            partition by platform, key_space_id, event_id, is_record
        ) as unsigned_rank,
        min(record_rank) filter (where not is_unsigned) over (
            partition by platform, key_space_id, event_id, is_record
        ) as signed_rank
    from ranked
),
chosen as (
    select
        *
    from judged
    where version_rank = 1
        and case
            when not is_record then true
            when unsigned_rank is null or signed_rank is null then record_rank = 1 or not is_unsigned
            when unsigned_rank < signed_rank then record_rank = unsigned_rank
            else not is_unsigned
        end
),
-- the answered message may be in another export than the answer
author as (
    select
        platform,
        key_space_id,
        event_id,
        arg_min(account_id, record_rank) as account_id
    from chosen
    where is_record
    group by platform, key_space_id, event_id
)
select
    c.platform,
    c.workspace,
    c.event_id,
    c.occurred_at,
    c.occurred_on,
    c.time_basis,
    c.action,
    c.is_contribution
        and coalesce(c.record_kind, 'unknown') in ('human', 'external')
        and coalesce(c.account_kind, 'unknown') in ('human', 'external') as is_contribution,
    c.account_id,
    case
        when c.record_kind in ('human', 'external') then coalesce(c.account_kind, c.record_kind)
        else c.record_kind
    end as actor_kind,
    c.via_app,
    c.is_delegated,
    c.space_id,
    c.thread_id,
    coalesce(a.account_id, c.target_account_id) as target_account_id,
    c.bytes_delta,
    c.is_revert,
    c.is_minor,
    c.file_id,
    case when c.is_record then c.line end as line
from chosen as c
left join author as a
    on a.platform = c.platform
    and a.event_id = c.answered_id
    and a.key_space_id is not distinct from c.key_space_id
