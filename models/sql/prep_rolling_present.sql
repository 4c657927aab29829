-- grain: day, platform (or all), unit (or all)
-- question: how many people who are there on the day read or wrote in the 1, 7 and 28 days up to it?
-- Known where the usage reports that lie inside the window cover each of its days (daily ones, or one of just that
-- length) and a roster tells whose accounts they name; for all platforms, where each one observed in the window is.
-- Linear as prep_rolling is: a report puts a person into the windows that hold the whole of it.
-- Reports of e-mail or shared files tell of no platform that is measured.
with widths as (
    select cast(1 as integer) as width
    union all
    select 7 as width
    union all
    select 28 as width
),
steps as (
    select cast(g.i as integer) as n
    from unnest(generate_series(0, 27)) as g(i)
),
reports as (
    select distinct
        platform,
        period_from,
        period_to,
        date_diff('day', period_from, period_to) + 1 as n_days
    from fct_usage
    where account_id is not null and space_id is null and is_active is not null
),
covered as (
    select
        r.platform,
        w.width,
        r.period_to + e.n as occurred_on
    from reports as r
    join widths as w on r.n_days <= w.width
    join steps as e on e.n <= w.width - r.n_days
    join steps as c on c.n < r.n_days
    group by r.platform, w.width, r.period_to + e.n
    having count(distinct r.period_from + c.n) = w.width
),
told as (
    select c.platform, c.width, c.occurred_on
    from covered as c
    cross join (select count(*) > 0 as is_loaded from dim_person) as r
    where r.is_loaded
),
last_seen as (
    select
        platform,
        occurred_on,
        max(case when state <> 'missing' then occurred_on end) over (
            partition by platform
            order by occurred_on
            rows between unbounded preceding and current row
        ) as last_seen_on
    from prep_platform_day
    where platform <> 'all'
),
known as (
    select platform, width, occurred_on
    from told
    union all
    select
        'all' as platform,
        w.width,
        s.occurred_on
    from last_seen as s
    cross join widths as w
    left join told as t on t.platform = s.platform and t.width = w.width and t.occurred_on = s.occurred_on
    where s.last_seen_on > s.occurred_on - w.width
    group by w.width, s.occurred_on
    having count(*) = count(t.platform)
),
reported as (
    select distinct platform
    from known
),
active as (
    select platform, person_id, occurred_on as period_from, occurred_on as period_to
    from fct_person_day
    where n_contributions > 0
    union
    select u.platform, a.person_id, u.period_from, u.period_to
    from fct_usage as u
    join dim_account as a on a.account_id = u.account_id
    where u.is_active and u.space_id is null and u.platform in (select platform from prep_platform_day)
),
scoped as (
    select platform, person_id, period_from, period_to from active
    union
    select 'all' as platform, person_id, period_from, period_to from active
),
spans as (
    select
        s.platform,
        w.width,
        s.person_id,
        s.period_to as from_on,
        max(s.period_from + w.width) as until_on
    from scoped as s
    join reported as r on r.platform = s.platform
    join widths as w on date_diff('day', s.period_from, s.period_to) < w.width
    group by s.platform, w.width, s.person_id, s.period_to
),
-- where spans of a person overlap, the later one starts only where the earlier ones end
apart as (
    select
        platform,
        width,
        person_id,
        greatest(
            from_on,
            max(until_on) over (
                partition by platform, width, person_id
                order by from_on
                rows between unbounded preceding and 1 preceding
            )
        ) as from_on,
        until_on
    from spans
),
cut as (
    select
        s.platform,
        s.width,
        p.unit,
        greatest(s.from_on, p.valid_from) as from_on,
        least(s.until_on, p.valid_to) as until_on
    from apart as s
    join prep_population as p
        on p.person_id = s.person_id
        and p.is_employed
        and p.valid_from < s.until_on
        and s.from_on < coalesce(p.valid_to, date '9999-12-31')
    where s.from_on < s.until_on
),
every_step as (
    select platform, width, unit, from_on as step_on, 1 as step from cut
    union all
    select platform, width, unit, until_on as step_on, -1 as step from cut
),
by_unit as (
    select platform, width, unit, step_on, step from every_step where unit is not null
    union all
    select platform, width, 'all' as unit, step_on, step from every_step
),
first_days as (
    select distinct platform, first_on
    from prep_platform_day
),
net as (
    select
        s.platform,
        s.unit,
        greatest(s.step_on, f.first_on) as step_on,
        cast(sum(case when s.width = 1 then s.step else 0 end) as bigint) as n_1d,
        cast(sum(case when s.width = 7 then s.step else 0 end) as bigint) as n_7d,
        cast(sum(case when s.width = 28 then s.step else 0 end) as bigint) as n_28d
    from by_unit as s
    join first_days as f on f.platform = s.platform
    group by s.platform, s.unit, greatest(s.step_on, f.first_on)
),
running as (
    select
        d.platform,
        d.occurred_on,
        u.unit,
        cast(sum(coalesce(n.n_1d, 0)) over w as bigint) as n_1d,
        cast(sum(coalesce(n.n_7d, 0)) over w as bigint) as n_7d,
        cast(sum(coalesce(n.n_28d, 0)) over w as bigint) as n_28d
    from prep_platform_day as d
    join reported as r on r.platform = d.platform
    cross join prep_unit as u
    left join net as n on n.platform = d.platform and n.unit = u.unit and n.step_on = d.occurred_on
    window w as (
        partition by d.platform, u.unit
        order by d.occurred_on
        rows between unbounded preceding and current row
    )
),
known_widths as (
    select
        platform,
        occurred_on,
        bool_or(width = 1) as is_1d_known,
        bool_or(width = 7) as is_7d_known,
        bool_or(width = 28) as is_28d_known
    from known
    group by platform, occurred_on
)
select
    r.platform,
    r.occurred_on,
    r.unit,
    case when k.is_1d_known then r.n_1d end as n_present_1d,
    case when k.is_7d_known then r.n_7d end as n_present_7d,
    case when k.is_28d_known then r.n_28d end as n_present_28d
from running as r
join known_widths as k on k.platform = r.platform and k.occurred_on = r.occurred_on
