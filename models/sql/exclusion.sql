-- grain: export, member, rule
-- question: how many records are left out on purpose, and why?
select
    file_id,
    member,
    cast(null as bigint) as line,
    rule,
    message,
    cast(sum(n_records) as bigint) as n_excluded
from stg_exclusion
group by file_id, member, rule, message
