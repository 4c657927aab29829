-- grain: month, platform (or all)
-- question: on how many people do public spaces rest, and how many have lost them?
-- The main contributors of a space are the fewest people who made at least half of its contributions in the 12 months
-- that end with the month; equals belong to them together, so nobody is picked by chance. All is judged as of the last
-- day of the month, at most the as-of day. Somebody is silent after 90 observed days without a contribution anywhere: a
-- day counts only if every platform that still delivers was observed on it.
with months as (
    select
        t.platform,
        t.period_start,
        least(t.period_end, m.as_of_on) as end_on,
        cast(
            count(*) filter (where t.n_seen_days > 0) over (
                partition by t.platform
                order by t.period_start
                rows between 11 preceding and current row
            ) as bigint
        ) as n_seen_months
    from prep_period as t
    cross join meta as m
    where t.period_kind = 'month' and t.platform <> 'all'
),
contributed as (
    select
        k.period_start,
        e.platform,
        e.space_id,
        a.person_id,
        count(*) as n_contributions,
        max(e.occurred_on) as last_on
    from fct_event as e
    join dim_space as s on s.space_id = e.space_id and s.platform = e.platform and s.visibility = 'public'
    join dim_account as a on a.account_id = e.account_id
    join prep_calendar as k on k.occurred_on = e.occurred_on and k.period_kind = 'month'
    where e.is_contribution
    group by k.period_start, e.platform, e.space_id, a.person_id
),
yearly as (
    select
        t.period_start,
        t.end_on,
        c.platform,
        c.space_id,
        c.person_id,
        cast(sum(c.n_contributions) as bigint) as n_contributions,
        max(c.last_on) as last_on
    from months as t
    join contributed as c
        on c.platform = t.platform
        and c.period_start <= t.period_start
        and c.period_start >= cast(t.period_start - interval 11 month as date)
    where t.n_seen_months = 12
    group by t.period_start, t.end_on, c.platform, c.space_id, c.person_id
),
levels as (
    select
        period_start,
        platform,
        space_id,
        n_contributions,
        cast(sum(n_contributions) as bigint) as held
    from yearly
    group by period_start, platform, space_id, n_contributions
),
ordered as (
    select
        period_start,
        platform,
        space_id,
        n_contributions,
        cast(sum(held) over (partition by period_start, platform, space_id) as bigint) as total,
        cast(
            sum(held) over (
                partition by period_start, platform, space_id
                order by n_contributions desc
                rows between unbounded preceding and current row
            ) as bigint
        ) - held as held_by_others
    from levels
),
-- the last contribution anywhere, as of each month
months_active as (
    select
        k.period_start,
        d.person_id,
        max(d.occurred_on) as last_on
    from fct_person_day as d
    join prep_calendar as k on k.occurred_on = d.occurred_on and k.period_kind = 'month'
    where d.n_contributions > 0
    group by k.period_start, d.person_id
),
anywhere as (
    select
        person_id,
        period_start as from_start,
        lead(period_start) over (partition by person_id order by period_start) as until_start,
        last_on
    from months_active
),
observed as (
    select
        occurred_on,
        cast(
            sum(case when state = 'observed' then 1 else 0 end) over (
                order by occurred_on
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_days_so_far
    from prep_platform_day
    where platform = 'all'
),
hired as (
    select person_id, min(valid_from) as hired_on
    from prep_population
    where is_employed
    group by person_id
),
stewards as (
    select
        y.period_start,
        y.platform,
        y.space_id,
        coalesce(h.hired_on <= y.end_on, false) and p.person_id is null as has_left,
        z.n_days_so_far - coalesce(b.n_days_so_far, 0) >= 90 as is_silent
    from yearly as y
    join ordered as o
        on o.period_start = y.period_start
        and o.platform = y.platform
        and o.space_id = y.space_id
        and o.n_contributions = y.n_contributions
        and 2 * o.held_by_others < o.total
    join anywhere as a
        on a.person_id = y.person_id
        and a.from_start <= y.period_start
        and y.period_start < coalesce(a.until_start, date '9999-12-31')
    join observed as z on z.occurred_on = y.end_on
    left join observed as b on b.occurred_on = a.last_on
    left join hired as h on h.person_id = y.person_id
    left join prep_population as p
        on p.person_id = y.person_id
        and p.is_employed
        and p.valid_from <= y.end_on
        and y.end_on < coalesce(p.valid_to, date '9999-12-31')
),
kept as (
    select
        period_start,
        platform,
        space_id,
        count(*) = 1 as is_on_one,
        bool_and(has_left) as is_left,
        bool_and(has_left or is_silent) as is_unattended
    from stewards
    group by period_start, platform, space_id
),
used as (
    select
        period_start,
        platform,
        space_id,
        date_diff('day', max(last_on), max(end_on)) < 90 as is_alive
    from yearly
    group by period_start, platform, space_id
),
spaces as (
    select u.period_start, u.platform, u.is_alive, k.is_on_one, k.is_left, k.is_unattended
    from used as u
    join kept as k on k.period_start = u.period_start and k.platform = u.platform and k.space_id = u.space_id
),
counted as (
    select
        period_start,
        platform,
        count(*) as n_spaces,
        count(*) filter (where is_alive) as n_alive,
        count(*) filter (where is_left) as n_left,
        count(*) filter (where is_unattended and not is_left) as n_silent,
        count(*) filter (where is_on_one) as n_on_one
    from (
        select period_start, platform, is_alive, is_on_one, is_left, is_unattended from spaces
        union all
        select period_start, 'all' as platform, is_alive, is_on_one, is_left, is_unattended from spaces
    ) as s
    group by period_start, platform
),
-- over all platforms the spaces of those of which twelve months are known
known as (
    select platform, period_start from months where n_seen_months = 12
    union
    select 'all' as platform, period_start from months where n_seen_months = 12
),
people as (
    select period_start, platform, count(*) as n_eligible
    from prep_eligible
    where period_kind = 'month'
    group by period_start, platform
),
filled as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        t.platform,
        t.is_complete,
        t.n_observed_days,
        coalesce(p.n_eligible, 0) as n_eligible,
        k.platform is not null as is_known,
        r.is_loaded as has_roster,
        z.n_days_so_far >= 90 as can_be_silent,
        coalesce(c.n_spaces, 0) as n_spaces,
        coalesce(c.n_alive, 0) as n_alive,
        coalesce(c.n_left, 0) as n_left,
        coalesce(c.n_silent, 0) as n_silent,
        coalesce(c.n_on_one, 0) as n_on_one
    from prep_period as t
    cross join meta as m
    cross join (select count(*) > 0 as is_loaded from dim_person) as r
    left join known as k on k.platform = t.platform and k.period_start = t.period_start
    left join observed as z on z.occurred_on = least(t.period_end, m.as_of_on)
    left join people as p on p.platform = t.platform and p.period_start = t.period_start
    left join counted as c on c.platform = t.platform and c.period_start = t.period_start
    where t.period_kind = 'month'
)
select
    period_kind,
    period_start,
    period_end,
    platform,
    'all' as unit,
    is_complete,
    n_observed_days,
    n_eligible,
    case when is_known then n_spaces end as n_spaces,
    case when is_known then n_alive end as n_alive,
    case when is_known and has_roster then n_left end as n_left,
    case when is_known and has_roster then cast(n_left as double) / nullif(n_spaces, 0) end as left_ratio,
    case when is_known and can_be_silent then n_silent end as n_silent,
    case when is_known and can_be_silent then cast(n_silent as double) / nullif(n_spaces, 0) end as silent_ratio,
    case when is_known then n_on_one end as n_on_one,
    case when is_known then cast(n_on_one as double) / nullif(n_spaces, 0) end as on_one_ratio
from filled
