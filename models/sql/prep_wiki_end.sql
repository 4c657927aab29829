-- grain: month, workspace
-- question: as of which day is each month's state of a wiki known?
-- The last day of the month of which an export tells; without one, its last day while the source still delivers. The
-- year to the month is seen if the month is over and no day since the first of the 12 months is missing.
with covered as (
    select
        c.platform,
        c.workspace,
        c.occurred_on,
        c.state,
        coalesce(
            max(case when c.state = 'missing' then c.occurred_on end) over (
                partition by c.platform, c.workspace
                order by c.occurred_on
                rows between unbounded preceding and current row
            ),
            min(c.occurred_on) over (partition by c.platform, c.workspace) - 1
        ) as unseen_on
    from coverage_day as c
    join prep_wiki_source as s on s.platform = c.platform and s.workspace = c.workspace
    where s.has_edits and s.has_history
),
ends as (
    select
        k.period_start,
        c.platform,
        c.workspace,
        coalesce(
            max(case when c.state <> 'missing' then c.occurred_on end),
            max(c.occurred_on)
        ) as end_on
    from covered as c
    join prep_calendar as k on k.occurred_on = c.occurred_on
    where k.period_kind = 'month'
    group by k.period_start, c.platform, c.workspace
)
select
    e.period_start,
    e.platform,
    e.workspace,
    e.end_on,
    c.unseen_on,
    e.end_on = cast(e.period_start + interval 1 month as date) - 1
        and c.unseen_on < cast(e.period_start - interval 11 month as date) as is_year_seen
from ends as e
join covered as c
    on c.platform = e.platform
    and c.workspace = e.workspace
    and c.occurred_on = e.end_on
