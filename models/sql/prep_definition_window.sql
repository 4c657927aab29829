-- grain: month, platform (or all), definition of "active"
-- question: from when to when is the window of each definition, and can the data show who was active in it?
-- Each day has to be observed or partly observed. Reading is known where usage reports that lie inside the window
-- cover each of its days (reports of one day, where days of activity are counted); only a roster tells whose accounts
-- they name. Reactions are known where on each day each observed source has an export that names who reacted. All
-- platforms together are known where each platform observed in the window is.
with windows as (
    select
        t.period_start,
        t.platform,
        d.definition,
        case
            when d.n_months = 1 then t.period_start
            when d.n_months = 6 then cast(t.period_start - interval 5 month as date)
            else t.period_end - cast(d.n_days - 1 as integer)
        end as window_from,
        t.period_end as window_to,
        coalesce(d.n_months = 6, false) as is_half_year,
        d.n_active_days,
        d.counts_reading,
        d.counts_reactions
    from prep_period as t
    cross join prep_definition as d
    where t.period_kind = 'month'
),
naming_reactors as (
    select distinct
        v.platform,
        v.workspace,
        v.covered_from,
        v.covered_to
    from stg_coverage as v
    join source_capability as c on c.file_id = v.file_id
    where c.has_reactions
),
shown as (
    select distinct
        d.platform,
        d.workspace,
        d.occurred_on
    from coverage_day as d
    join naming_reactors as n
        on n.platform = d.platform
        and n.workspace = d.workspace
        and d.occurred_on between n.covered_from and n.covered_to
    where d.state <> 'missing'
),
sources as (
    select
        d.platform,
        d.occurred_on,
        s.occurred_on is not null as is_shown
    from coverage_day as d
    left join shown as s on s.platform = d.platform and s.workspace = d.workspace and s.occurred_on = d.occurred_on
    where d.state <> 'missing'
),
showing as (
    select platform, occurred_on, count(*) = count_if(is_shown) as is_shown
    from sources
    group by platform, occurred_on
    union all
    select 'all' as platform, occurred_on, count(*) = count_if(is_shown) as is_shown
    from sources
    group by occurred_on
),
days as (
    select
        d.platform,
        d.occurred_on,
        d.n_seen_days_so_far,
        cast(
            sum(case when s.is_shown then 1 else 0 end) over (
                partition by d.platform
                order by d.occurred_on
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_shown_days_so_far
    from prep_platform_day as d
    left join showing as s on s.platform = d.platform and s.occurred_on = d.occurred_on
),
measured as (
    select
        w.*,
        date_diff('day', w.window_from, w.window_to) + 1 as n_window_days,
        -- a window that ends after the data has no last day: nothing of it counts as seen
        coalesce(e.n_seen_days_so_far - coalesce(b.n_seen_days_so_far, 0), 0) as n_seen_days,
        coalesce(e.n_shown_days_so_far - coalesce(b.n_shown_days_so_far, 0), 0) as n_shown_days
    from windows as w
    left join days as e on e.platform = w.platform and e.occurred_on = w.window_to
    left join days as b on b.platform = w.platform and b.occurred_on = w.window_from - 1
),
reports as (
    select distinct u.platform, u.period_from, u.period_to
    from fct_usage as u
    cross join (select count(*) > 0 as is_loaded from dim_person) as r
    where u.account_id is not null and u.space_id is null and u.is_active is not null and r.is_loaded
),
reported as (
    select
        w.period_start,
        w.platform,
        w.definition,
        w.n_window_days
    from measured as w
    join reports as r
        on r.platform = w.platform
        and r.period_from >= w.window_from
        and r.period_to <= w.window_to
        and (w.n_active_days = 1 or r.period_from = r.period_to)
    join prep_calendar as k on k.period_kind = 'month' and k.occurred_on between r.period_from and r.period_to
    where w.counts_reading
    group by w.period_start, w.platform, w.definition, w.n_window_days
    having count(distinct k.occurred_on) = w.n_window_days
),
reading as (
    select period_start, platform, definition
    from reported
    union all
    select
        w.period_start,
        'all' as platform,
        w.definition
    from measured as w
    left join reported as r using (period_start, platform, definition)
    where w.platform <> 'all' and w.counts_reading and w.n_seen_days > 0
    group by w.period_start, w.definition
    having count(*) = count(r.platform)
)
select
    w.period_start,
    w.platform,
    w.definition,
    w.window_from,
    w.window_to,
    w.n_window_days,
    w.is_half_year,
    w.n_active_days,
    w.counts_reading,
    w.counts_reactions,
    case
        when w.n_seen_days < w.n_window_days then 'unobserved days'
        when w.counts_reading and r.definition is null then 'reading'
        when w.counts_reactions and not w.counts_reading and w.n_shown_days < w.n_window_days then 'reactions'
        else 'none'
    end as missing
from measured as w
left join reading as r using (period_start, platform, definition)
