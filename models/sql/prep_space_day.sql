-- grain: platform, workspace, day
-- question: was the day observed, also where the events of the day have expired?
-- What expired leaves a gap of missing days up to the first day of which exports tell since.
with ranked as (
    select
        platform,
        workspace,
        occurred_on,
        case state when 'observed' then 2 when 'partial' then 1 else 0 end as best
    from coverage_day
    union all
    select
        p.platform,
        p.workspace,
        p.occurred_on,
        case p.state when 'observed' then 2 when 'partial' then 1 else 0 end as best
    from stg_past_day as p
    join (select distinct platform from stg_file) as f on f.platform = p.platform
    cross join meta as m
    where p.occurred_on <= m.as_of_on
),
spans as (
    select
        platform,
        workspace,
        min(occurred_on) as first_on,
        max(occurred_on) as last_on
    from ranked
    group by platform, workspace
),
days as (
    select
        s.platform,
        s.workspace,
        cast(d.day_at as date) as occurred_on
    from spans as s
    cross join unnest(generate_series(s.first_on, s.last_on, interval 1 day)) as d(day_at)
),
summed as (
    select
        d.platform,
        d.workspace,
        d.occurred_on,
        max(r.best) as best
    from days as d
    left join ranked as r
        on r.platform = d.platform
        and r.workspace = d.workspace
        and r.occurred_on = d.occurred_on
    group by d.platform, d.workspace, d.occurred_on
)
select
    platform,
    workspace,
    occurred_on,
    case best when 2 then 'observed' when 1 then 'partial' else 'missing' end as state
from summed
