-- grain: platform
-- question: what do the exports of each platform cover, and what became of their records?
with sources as (
    select
        platform,
        min(covered_from) as first_on,
        max(covered_to) as last_on
    from stg_coverage
    group by platform
),
days as (
    select
        platform,
        max(occurred_on) as until_on,
        count(*) filter (where state = 'observed') as n_observed_days,
        count(*) filter (where state = 'partial') as n_partial_days
    from prep_platform_day
    where platform <> 'all'
    group by platform
),
delivering as (
    select distinct c.platform
    from coverage_day as c
    join meta as m on c.occurred_on = m.as_of_on
),
missing as (
    select platform, count(*) as n_missing_days
    from prep_platform_day
    where state = 'missing'
    group by platform
),
files as (
    select
        platform,
        count(*) as n_files,
        cast(sum(n_read) as bigint) as n_read,
        cast(sum(n_accepted) as bigint) as n_accepted,
        cast(sum(n_duplicate) as bigint) as n_duplicate,
        cast(sum(n_excluded) as bigint) as n_excluded,
        cast(sum(n_quarantined) as bigint) as n_quarantined
    from export_file
    where status = 'loaded'
    group by platform
),
contributed as (
    select
        platform,
        cast(sum(n_contributions) as bigint) as n_contributions,
        cast(sum(case when is_matched then n_contributions else 0 end) as bigint) as n_matched
    from fct_person_day
    group by platform
),
capable as (
    select
        f.platform,
        bool_or(c.has_reactions) as has_reactions,
        bool_or(c.has_reading) as has_reading,
        bool_or(c.has_direct) as has_direct
    from source_capability as c
    join stg_file as f on f.file_id = c.file_id
    group by f.platform
),
-- how much of what people wrote lies in spaces that are loaded, where an export holds the others too
scope as (
    select
        f.platform,
        cast(sum(x.n_records) as bigint) as n_private
    from stg_exclusion as x
    join stg_file as f on f.file_id = x.file_id
    where x.rule in ('direct_message', 'private_space', 'personal_space')
    group by f.platform
),
events as (
    select platform, count(*) as n_events
    from fct_event
    where line is not null
    group by platform
),
roster as (
    select count(*) > 0 as is_loaded
    from dim_person
)
select
    f.platform,
    s.first_on,
    case when s.last_on is not null then least(s.last_on, m.as_of_on) end as last_on,
    g.platform is not null as is_delivering,
    coalesce(d.n_observed_days, 0) as n_observed_days,
    coalesce(d.n_partial_days, 0) as n_partial_days,
    coalesce(x.n_missing_days, 0) as n_missing_days,
    f.n_files,
    f.n_read,
    f.n_accepted,
    f.n_duplicate,
    f.n_excluded,
    f.n_quarantined,
    coalesce(c.n_contributions, 0) as n_contributions,
    case when r.is_loaded then cast(c.n_matched as double) / nullif(c.n_contributions, 0) end as matched_ratio,
    case
        when p.has_direct or o.n_private > 0
            then cast(coalesce(e.n_events, 0) as double)
                / nullif(coalesce(e.n_events, 0) + coalesce(o.n_private, 0), 0)
    end as in_scope_ratio,
    coalesce(p.has_reactions, false) as has_reactions,
    coalesce(p.has_reading, false) as has_reading
from files as f
cross join meta as m
cross join roster as r
left join sources as s on s.platform = f.platform
left join days as d on d.platform = f.platform
left join delivering as g on g.platform = f.platform
left join missing as x on x.platform = f.platform
left join contributed as c on c.platform = f.platform
left join capable as p on p.platform = f.platform
left join scope as o on o.platform = f.platform
left join events as e on e.platform = f.platform
