-- grain: account, platform, period, source
-- question: what do the vendors' own usage reports say, above all of reading?
-- No connector for usage reports is loaded yet, so nothing is known of reading.
select
    cast(null as varchar) as account_id,
    cast(null as varchar) as platform,
    cast(null as date) as period_from,
    cast(null as date) as period_to,
    cast(null as boolean) as is_active,
    cast(null as bigint) as n_posted,
    cast(null as bigint) as n_read,
    cast(null as bigint) as n_reacted,
    cast(null as varchar) as source
from meta
where false
