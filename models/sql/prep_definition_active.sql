-- grain: month, platform (or all), definition of "active", person
-- question: who was active in the window of each definition that the data can show?
-- Windows end on the last day of a month, so that per month a person's last day decides whether they were active since
-- the window's first. Reactions have the time of their message where the export gives them none of their own.
-- Reports of e-mail or shared files tell of no platform that is measured.
with did as (
    select 'wrote' as act, platform, person_id, occurred_on as since_on, occurred_on as until_on
    from fct_person_day
    where n_contributions > 0
    union all
    select 'reacted' as act, e.platform, a.person_id, e.occurred_on as since_on, e.occurred_on as until_on
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    where e.action = 'react' and e.occurred_on is not null
    union all
    select 'read' as act, u.platform, a.person_id, u.period_from as since_on, u.period_to as until_on
    from fct_usage as u
    join dim_account as a on a.account_id = u.account_id
    where u.is_active and u.space_id is null and u.platform in (select platform from prep_platform_day)
),
by_platform as (
    select
        act,
        platform,
        person_id,
        cast(date_trunc('month', until_on) as date) as month_start,
        max(since_on) as last_on
    from did
    group by act, platform, person_id, cast(date_trunc('month', until_on) as date)
),
last_days as (
    select act, platform, person_id, month_start, last_on
    from by_platform
    union all
    select act, 'all' as platform, person_id, month_start, max(last_on) as last_on
    from by_platform
    group by act, person_id, month_start
),
months as (
    select distinct period_start as month_start
    from prep_period
    where period_kind = 'month'
),
-- each window once for each month that it touches, so that months meet by equality
touched as (
    select
        w.period_start,
        w.platform,
        w.definition,
        w.is_half_year,
        w.window_from,
        w.counts_reading,
        w.counts_reactions,
        m.month_start
    from prep_definition_window as w
    join months as m
        on m.month_start >= cast(date_trunc('month', w.window_from) as date)
        and m.month_start <= w.period_start
    where w.missing = 'none' and w.n_active_days = 1
),
-- the 28 days to the end of a month lie within it
active_days as (
    select distinct
        w.period_start,
        w.platform,
        w.definition,
        w.is_half_year,
        w.n_active_days,
        d.person_id,
        d.until_on
    from prep_definition_window as w
    join (
        select act, platform, person_id, since_on, until_on
        from did
        union all
        select act, 'all' as platform, person_id, since_on, until_on
        from did
    ) as d
        on d.platform = w.platform
        and w.period_start = cast(date_trunc('month', d.until_on) as date)
        and d.until_on >= w.window_from
        and d.since_on = d.until_on
    where w.missing = 'none' and w.n_active_days > 1 and d.act in ('wrote', 'read')
)
select distinct
    w.period_start,
    w.platform,
    w.definition,
    w.is_half_year,
    d.person_id
from touched as w
join last_days as d on d.platform = w.platform and d.month_start = w.month_start and d.last_on >= w.window_from
where d.act = 'wrote'
    or (d.act = 'read' and w.counts_reading)
    or (d.act = 'reacted' and w.counts_reactions and not w.counts_reading)
union all
select
    period_start,
    platform,
    definition,
    is_half_year,
    person_id
from active_days
group by period_start, platform, definition, is_half_year, n_active_days, person_id
having count(*) >= n_active_days
