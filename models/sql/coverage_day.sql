-- grain: platform, workspace, day
-- question: was the day observed?
-- A source has rows from its first day on; to the as-of day while it still delivers, else to its last day.
with periods as (
    select
        c.platform,
        c.workspace,
        c.covered_from,
        c.covered_to,
        c.is_stated,
        f.cadence_days,
        m.as_of_on
    from stg_coverage as c
    join stg_file as f on f.file_id = c.file_id
    cross join meta as m
),
sources as (
    select
        platform,
        workspace,
        min(covered_from) as first_on,
        max(covered_to) as last_on,
        max(cadence_days) as cadence_days,
        max(as_of_on) as as_of_on
    from periods
    group by platform, workspace
),
bounds as (
    select
        platform,
        workspace,
        first_on,
        case
            when date_diff('day', last_on, as_of_on) <= cadence_days then as_of_on
            else last_on
        end as until_on
    from sources
),
days as (
    select
        b.platform,
        b.workspace,
        cast(d.day_at as date) as occurred_on
    from bounds as b
    cross join unnest(generate_series(b.first_on, b.until_on, interval 1 day)) as d(day_at)
    where b.first_on <= b.until_on
),
states as (
    select
        d.platform,
        d.workspace,
        d.occurred_on,
        max(
            case
                when p.covered_from is null then 0
                when p.is_stated then 2
                when d.occurred_on in (p.covered_from, p.covered_to) then 1
                else 2
            end
        ) as best
    from days as d
    left join periods as p
        on p.platform = d.platform
        and p.workspace = d.workspace
        and d.occurred_on between p.covered_from and p.covered_to
    group by d.platform, d.workspace, d.occurred_on
)
select
    platform,
    workspace,
    occurred_on,
    case best when 2 then 'observed' when 1 then 'partial' else 'missing' end as state
from states
