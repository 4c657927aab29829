-- grain: week or month, platform (or all)
-- question: of which periods do usage reports tell who was present?
-- Reports that lie inside the period have to cover each of its days, and only a roster tells whose accounts they
-- name. All platforms together are known where each platform observed in the period is.
with reports as (
    select distinct platform, period_from, period_to
    from fct_usage
    where account_id is not null and space_id is null and is_active is not null
),
covered as (
    select
        p.period_kind,
        p.period_start,
        p.platform
    from prep_period as p
    join reports as r
        on r.platform = p.platform and r.period_from >= p.period_start and r.period_to <= p.period_end
    join prep_calendar as k
        on k.period_kind = p.period_kind and k.period_start = p.period_start
        and k.occurred_on between r.period_from and r.period_to
    group by p.period_kind, p.period_start, p.period_end, p.platform
    having count(distinct k.occurred_on) = date_diff('day', p.period_start, p.period_end) + 1
),
known as (
    select c.*
    from covered as c
    cross join (select count(*) > 0 as is_loaded from dim_person) as r
    where r.is_loaded
)
select period_kind, period_start, platform
from known
union all
select
    p.period_kind,
    p.period_start,
    'all' as platform
from prep_period as p
left join known as k using (period_kind, period_start, platform)
where p.platform <> 'all' and p.n_seen_days > 0
group by p.period_kind, p.period_start
having count(*) = count(k.platform)
