-- grain: month, platform (or all)
-- question: of which months do we know who was there for the first time?
-- Of those whose days, up to the as-of day, each have a usage report of this one day that names accounts, once 90 such
-- days have passed: who is met on one of the first 90 may have been there before. Reports of longer periods do not tell
-- the day. On all platforms together a day is read if it is on each platform that is observed on it.
with reports as (
    select distinct platform, period_from as occurred_on
    from fct_usage
    where account_id is not null and space_id is null and is_active is not null and period_from = period_to
),
own as (
    select
        d.platform,
        d.occurred_on,
        d.state <> 'missing' as is_seen,
        d.state <> 'missing' and r.platform is not null as is_read
    from prep_platform_day as d
    left join reports as r on r.platform = d.platform and r.occurred_on = d.occurred_on
    where d.platform <> 'all'
),
days as (
    select platform, occurred_on, is_read
    from own
    union all
    select
        'all' as platform,
        occurred_on,
        count(*) filter (where is_read) > 0 and count(*) filter (where is_read) = count(*) filter (where is_seen)
            as is_read
    from own
    group by occurred_on
),
numbered as (
    select
        platform,
        occurred_on,
        is_read,
        cast(
            sum(case when is_read then 1 else 0 end) over (
                partition by platform
                order by occurred_on
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_read_so_far
    from days
)
select
    c.period_start,
    n.platform
from numbered as n
join prep_calendar as c on c.occurred_on = n.occurred_on and c.period_kind = 'month'
-- only a roster tells whose accounts the reports name
cross join (select count(*) > 0 as is_loaded from dim_person) as r
where r.is_loaded
group by c.period_start, n.platform
having count(*) = count(*) filter (where n.is_read)
    and min(case when n.n_read_so_far > 90 then n.occurred_on end) = c.period_start
