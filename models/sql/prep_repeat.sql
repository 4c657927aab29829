-- grain: figure that an export does not supply, account or space that it lists more than once
-- question: which rows of usage reports and lists are not in use, because another row is, and does that row differ?
-- Every export lists its accounts and spaces, so of lists only what one export repeats is of interest.
with losing as (
    select s.file_id
    from (select file_id, count(*) as n_staged from stg_usage where is_record group by file_id) as s
    left join (select file_id, count(*) as n_used from fct_usage where is_record group by file_id) as u
        on u.file_id = s.file_id
    where s.n_staged > coalesce(u.n_used, 0)
),
figures as (
    select
        u.file_id,
        u.member,
        f.file_id = u.file_id as is_within,
        f.account_id,
        f.platform,
        f.space_id,
        f.org_unit,
        f.period_from,
        f.period_to,
        f.source,
        f.is_active is not distinct from u.is_active
            and f.n_posted is not distinct from u.n_posted
            and f.n_read is not distinct from u.n_read
            and f.n_reacted is not distinct from u.n_reacted
            and f.n_active_accounts is not distinct from u.n_active_accounts
            and f.n_posting_accounts is not distinct from u.n_posting_accounts as is_identical
    from stg_usage as u
    join losing as l on l.file_id = u.file_id
    join fct_usage as f
        on f.platform = u.used_platform
        and f.source = u.report
        and f.period_from = u.period_from
        and f.period_to = u.period_to
        and f.account_id is not distinct from u.account_id
        and f.space_id is not distinct from u.space_id
        and f.org_unit is not distinct from u.org_unit
    where u.is_record
),
-- a row in use equals itself, so it is never among those that differ
replaced as (
    select
        file_id,
        case when min(member) = max(member) then min(member) else '' end as member,
        is_within,
        count(*) - case when is_within then 1 else 0 end as n_lost,
        count(*) filter (where not is_identical) as n_superseded
    from figures
    group by file_id, is_within, account_id, platform, space_id, org_unit, period_from, period_to, source
),
accounts as (
    select
        file_id,
        case when min(member) = max(member) then min(member) else '' end as member,
        count(*) - 1 as n_lost,
        count(distinct kind) = 1
            and count(distinct coalesce(cast(is_guest as varchar), 'unknown')) = 1
            and count(distinct coalesce(cast(is_deactivated as varchar), 'unknown')) = 1 as is_identical
    from stg_account
    where is_record
    group by file_id, account_id
),
spaces as (
    select
        file_id,
        case when min(member) = max(member) then min(member) else '' end as member,
        count(*) - 1 as n_lost,
        count(distinct kind) = 1
            and count(distinct visibility) = 1
            and count(distinct coalesce(label, '')) = 1
            and count(distinct coalesce(created_at, timestamp '0001-01-01')) = 1 as is_identical
    from stg_space
    where is_record
    group by file_id, space_id
),
lists as (
    select file_id, member, n_lost, is_identical from accounts where n_lost > 0
    union all
    select file_id, member, n_lost, is_identical from spaces where n_lost > 0
)
select file_id, member, is_within, n_superseded, n_lost - n_superseded as n_identical
from replaced
where n_lost > 0
union all
select
    file_id,
    member,
    true as is_within,
    case when is_identical then 0 else n_lost end as n_superseded,
    case when is_identical then n_lost else 0 end as n_identical
from lists
