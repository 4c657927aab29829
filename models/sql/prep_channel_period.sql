-- grain: week or month
-- question: of which periods do usage reports tell who used e-mail and who used shared files?
-- Reports that lie inside the period have to name accounts and to cover 95 % of its days, so that a report of 30 days
-- does for a month of 31. The two together are known where each of them is that any report tells of. Only a roster tells
-- whose accounts they are.
with reports as (
    select distinct u.platform, u.period_from, u.period_to
    from fct_usage as u
    cross join meta as m
    where u.platform in ('email', 'sharepoint')
        and u.account_id is not null
        and u.space_id is null
        and u.is_active is not null
        and u.period_to <= m.as_of_on
),
sources as (
    select count(distinct platform) as n_sources
    from reports
),
covered as (
    select
        p.period_kind,
        p.period_start,
        r.platform
    from prep_period as p
    join reports as r on r.period_from >= p.period_start and r.period_to <= p.period_end
    join prep_calendar as k
        on k.period_kind = p.period_kind
        and k.period_start = p.period_start
        and k.occurred_on >= r.period_from
        and k.occurred_on <= r.period_to
    where p.platform = 'all'
    group by p.period_kind, p.period_start, p.period_end, r.platform
    having 100 * count(distinct k.occurred_on) >= 95 * (date_diff('day', p.period_start, p.period_end) + 1)
)
select
    c.period_kind,
    c.period_start,
    bool_or(c.platform = 'email') as is_email_known,
    bool_or(c.platform = 'sharepoint') as is_files_known,
    count(*) = s.n_sources as is_closed_known
from covered as c
cross join sources as s
cross join (select count(*) > 0 as is_loaded from dim_person) as r
where r.is_loaded
group by c.period_kind, c.period_start, s.n_sources
