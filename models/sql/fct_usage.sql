-- grain: account (NULL: total), platform, space, unit, period, report
-- question: what do the vendors' own usage reports say, above all of reading?
-- The newest report of the same period is in use; figures of different reports or periods are never added.
with ranked as (
    select
        u.*,
        row_number() over (
            partition by
                u.platform, u.workspace, u.used_platform, u.account_id, u.space_id, u.org_unit,
                u.period_from, u.period_to, u.report
            order by u.reported_on desc nulls last, u.file_id desc, u.line desc nulls last, u.is_record desc
        ) as version_rank
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
