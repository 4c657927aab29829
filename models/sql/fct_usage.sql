-- grain: account (NULL: total), platform, space, unit, period, report
-- question: what do the vendors' own usage reports say, above all of reading?
-- The newest report of the same period is in use; figures of different reports or periods are never added. The totals
-- of a report whose names are concealed give way to one of the same period that shows them, or they would count twice.
with ranked as (
    select
        u.*,
        row_number() over (
            partition by
                u.platform, u.workspace, u.used_platform, u.account_id, u.space_id, u.org_unit,
                u.period_from, u.period_to, u.report
            order by
                u.reported_on desc nulls last, u.file_id desc, u.line desc nulls last, u.is_record desc, u.member desc
        ) as version_rank,
        bool_or(u.account_id is not null or u.space_id is not null) over (
            partition by u.platform, u.workspace, u.used_platform, u.period_from, u.period_to, u.report
        ) as has_names
    from stg_usage as u
)
select
    r.account_id,
    r.used_platform as platform,
    r.space_id,
    r.org_unit,
    r.period_from,
    r.period_to,
    r.is_active,
    r.n_posted,
    r.n_read,
    r.n_reacted,
    r.n_active_accounts,
    r.n_posting_accounts,
    r.report as source,
    r.file_id,
    r.line,
    r.is_record
from ranked as r
where r.version_rank = 1
    and (r.is_record or r.account_id is not null or r.space_id is not null or not r.has_names)
