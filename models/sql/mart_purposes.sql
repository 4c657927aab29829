-- grain: month, platform (or all), purpose of a space
-- question: which uses of public spaces live?
-- A space counts from the day on which it was created or first contributed to. Over all platforms stand the spaces of
-- those of which some day of the month was observed; without such a day nothing is known.
with purposes as (
    select 'documents' as purpose
    union all
    select 'ideas' as purpose
    union all
    select 'communication' as purpose
    union all
    select 'events' as purpose
    union all
    select 'learning' as purpose
    union all
    select 'unlabelled' as purpose
),
labelled as (
    select distinct purpose, platform, label
    from stg_purpose
    where label is not null
),
contributed as (
    select
        k.period_start,
        e.platform,
        e.space_id,
        a.person_id,
        count(*) as n_contributions,
        min(e.occurred_on) as first_on
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    join prep_calendar as k on k.occurred_on = e.occurred_on and k.period_kind = 'month'
    where e.is_contribution
    group by k.period_start, e.platform, e.space_id, a.person_id
),
used as (
    select platform, space_id, min(first_on) as first_on
    from contributed
    group by platform, space_id
),
spaces as (
    select
        s.platform,
        s.space_id,
        coalesce(l.purpose, 'unlabelled') as purpose,
        least(
            coalesce(cast(s.created_at as date), date '9999-12-31'),
            coalesce(u.first_on, date '9999-12-31')
        ) as since_on
    from dim_space as s
    left join labelled as l on l.platform = s.platform and l.label = s.label
    left join used as u on u.platform = s.platform and u.space_id = s.space_id
    where s.visibility = 'public'
),
months as (
    select t.platform, t.period_start, least(t.period_end, m.as_of_on) as end_on
    from prep_period as t
    cross join meta as m
    where t.period_kind = 'month' and t.platform <> 'all' and t.n_seen_days > 0
),
monthly as (
    select period_start, platform, space_id, cast(sum(n_contributions) as bigint) as n_contributions
    from contributed
    group by period_start, platform, space_id
),
existing as (
    select
        t.period_start,
        s.platform,
        s.purpose,
        coalesce(c.n_contributions, 0) as n_contributions
    from months as t
    join spaces as s on s.platform = t.platform and s.since_on <= t.end_on
    left join monthly as c
        on c.period_start = t.period_start and c.platform = s.platform and c.space_id = s.space_id
),
counted as (
    select
        period_start,
        platform,
        purpose,
        count(*) as n_spaces,
        count(*) filter (where n_contributions > 0) as n_alive,
        cast(sum(n_contributions) as bigint) as n_contributions
    from (
        select period_start, platform, purpose, n_contributions from existing
        union all
        select period_start, 'all' as platform, purpose, n_contributions from existing
    ) as e
    group by period_start, platform, purpose
),
active as (
    select c.period_start, c.platform, s.purpose, c.person_id
    from contributed as c
    join months as t on t.period_start = c.period_start and t.platform = c.platform
    join spaces as s on s.platform = c.platform and s.space_id = c.space_id
),
joined as (
    select a.period_start, a.platform, a.purpose, count(distinct a.person_id) as n_contributors
    from (
        select period_start, platform, purpose, person_id from active
        union all
        select period_start, 'all' as platform, purpose, person_id from active
    ) as a
    join prep_eligible as p
        on p.period_kind = 'month'
        and p.period_start = a.period_start
        and p.platform = a.platform
        and p.person_id = a.person_id
    group by a.period_start, a.platform, a.purpose
),
people as (
    select period_start, platform, count(*) as n_eligible
    from prep_eligible
    where period_kind = 'month'
    group by period_start, platform
),
known as (
    select platform, period_start from months
    union
    select 'all' as platform, period_start from months
),
filled as (
    select
        t.period_start,
        t.period_end,
        t.platform,
        t.is_complete,
        t.n_observed_days,
        coalesce(p.n_eligible, 0) as n_eligible,
        u.purpose,
        coalesce(c.n_spaces, 0) as n_spaces,
        coalesce(c.n_alive, 0) as n_alive,
        coalesce(c.n_contributions, 0) as n_contributions,
        coalesce(j.n_contributors, 0) as n_contributors,
        k.platform is not null as is_known,
        cast(coalesce(c.n_alive, 0) as double) as a,
        cast(nullif(c.n_spaces, 0) as double) as s,
        cast(coalesce(j.n_contributors, 0) as double) as x,
        cast(nullif(p.n_eligible, 0) as double) as n,
        1.959963984540054 as z
    from prep_period as t
    cross join purposes as u
    left join known as k on k.platform = t.platform and k.period_start = t.period_start
    left join people as p on p.platform = t.platform and p.period_start = t.period_start
    left join counted as c
        on c.platform = t.platform and c.period_start = t.period_start and c.purpose = u.purpose
    left join joined as j
        on j.platform = t.platform and j.period_start = t.period_start and j.purpose = u.purpose
    where t.period_kind = 'month'
)
select
    'month' as period_kind,
    period_start,
    period_end,
    platform,
    'all' as unit,
    is_complete,
    n_observed_days,
    n_eligible,
    purpose,
    case when is_known then n_spaces end as n_spaces,
    case when is_known then n_alive end as n_alive,
    case when is_known then a / s end as alive_ratio,
    case when is_known and s is not null then
        greatest(0.0, (a + z * z / 2 - z * sqrt(a * (s - a) / s + z * z / 4)) / (s + z * z))
    end as alive_ratio_low,
    case when is_known and s is not null then
        least(1.0, (a + z * z / 2 + z * sqrt(a * (s - a) / s + z * z / 4)) / (s + z * z))
    end as alive_ratio_high,
    case when is_known then n_contributions end as n_contributions,
    case when is_known then n_contributors end as n_contributors,
    case when is_known then x / n end as contributor_ratio,
    case when is_known and n is not null then
        greatest(0.0, (x + z * z / 2 - z * sqrt(x * (n - x) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_low,
    case when is_known and n is not null then
        least(1.0, (x + z * z / 2 + z * sqrt(x * (n - x) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_high
from filled
