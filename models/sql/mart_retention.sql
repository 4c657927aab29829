-- grain: month of the first contribution, platform (or all), unit (or all), number of weeks since
-- question: how many of those who contribute for the first time still do, week by week?
-- Week k is days 7k to 7k + 6 from the person's own first day. A cohort is known where its whole month lies after the
-- first 90 observed days, and its week k once it is over for whoever came on the last day of the month.
with known_from as (
    select
        platform,
        min(case when is_new_known then occurred_on end) as known_from_on
    from prep_platform_day
    group by platform
),
contributed as (
    select platform, person_id, occurred_on from fct_person_day where n_contributions > 0
    union
    select 'all' as platform, person_id, occurred_on from fct_person_day where n_contributions > 0
),
first_days as (
    select
        platform,
        person_id,
        min(occurred_on) as first_on
    from contributed
    group by platform, person_id
),
numbers as (
    select cast(g.i as integer) as k
    from unnest(generate_series(0, 12)) as g(i)
),
cohort as (
    select
        e.period_start,
        e.platform,
        e.person_id,
        e.unit,
        f.first_on
    from first_days as f
    join prep_calendar as c on c.occurred_on = f.first_on and c.period_kind = 'month'
    join prep_eligible as e
        on e.period_kind = 'month' and e.period_start = c.period_start and e.platform = f.platform
        and e.person_id = f.person_id
),
weeks as (
    select
        c.period_start,
        c.platform,
        c.person_id,
        c.unit,
        n.k,
        c.first_on + 7 * n.k as from_on,
        c.first_on + 7 * n.k + 7 as until_on
    from cohort as c
    cross join numbers as n
),
employed as (
    select
        w.platform,
        w.person_id,
        w.k,
        cast(
            sum(date_diff('day', greatest(w.from_on, p.valid_from), least(w.until_on, p.valid_to))) as bigint
        ) as n_days
    from weeks as w
    join prep_population as p
        on p.person_id = w.person_id
        and (p.platform is null or p.platform = w.platform)
        and p.valid_from < w.until_on
        and w.from_on < coalesce(p.valid_to, date '9999-12-31')
    group by w.platform, w.person_id, w.k
),
active as (
    select distinct
        d.platform,
        d.person_id,
        date_diff('day', f.first_on, d.occurred_on) // 7 as k
    from contributed as d
    join first_days as f on f.platform = d.platform and f.person_id = d.person_id
    where date_diff('day', f.first_on, d.occurred_on) < 91
),
followed as (
    select
        w.period_start,
        w.platform,
        w.unit,
        w.k,
        coalesce(e.n_days, 0) = 7 as is_here,
        coalesce(
            z.n_seen_days_so_far - a.n_seen_days_so_far + case when a.state <> 'missing' then 1 else 0 end = 7,
            false
        ) as is_seen,
        v.person_id is not null as is_active
    from weeks as w
    left join employed as e on e.platform = w.platform and e.person_id = w.person_id and e.k = w.k
    left join prep_platform_day as a on a.platform = w.platform and a.occurred_on = w.from_on
    left join prep_platform_day as z on z.platform = w.platform and z.occurred_on = w.until_on - 1
    left join active as v on v.platform = w.platform and v.person_id = w.person_id and v.k = w.k
),
by_unit as (
    select period_start, platform, unit, k, is_here, is_seen, is_active from followed where unit is not null
    union all
    select period_start, platform, 'all' as unit, k, is_here, is_seen, is_active from followed
),
counted as (
    select
        period_start,
        platform,
        unit,
        k,
        count(*) as n_cohort,
        count(*) filter (where is_here and is_seen) as n_observable,
        count(*) filter (where not is_here) as n_left,
        count(*) filter (where is_here and is_seen and is_active) as n_active
    from by_unit
    group by period_start, platform, unit, k
),
people as (
    select period_start, platform, unit, count(*) as n_eligible
    from prep_eligible
    where period_kind = 'month' and unit is not null
    group by period_start, platform, unit
    union all
    select period_start, platform, 'all' as unit, count(*) as n_eligible
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
        u.unit,
        t.is_complete,
        t.n_observed_days,
        coalesce(o.n_eligible, 0) as n_eligible,
        cast(n.k as bigint) as n_weeks_since,
        t.n_seen_days > 0 and coalesce(f.known_from_on <= t.period_start, false) as is_known,
        t.n_seen_days > 0 and coalesce(f.known_from_on <= t.period_start, false)
            and t.period_end + 7 * n.k + 6 <= m.as_of_on as is_over,
        r.is_loaded as has_roster,
        coalesce(c.n_cohort, 0) as n_cohort,
        coalesce(c.n_observable, 0) as n_observable,
        coalesce(c.n_left, 0) as n_left,
        c.n_active,
        cast(c.n_active as double) as x,
        cast(nullif(c.n_observable, 0) as double) as n,
        1.959963984540054 as z
    from prep_period as t
    cross join prep_unit as u
    cross join numbers as n
    cross join meta as m
    cross join (select count(*) > 0 as is_loaded from dim_person) as r
    join known_from as f on f.platform = t.platform
    left join people as o on o.period_start = t.period_start and o.platform = t.platform and o.unit = u.unit
    left join counted as c
        on c.period_start = t.period_start and c.platform = t.platform and c.unit = u.unit and c.k = n.k
    where t.period_kind = 'month'
)
select
    period_kind,
    period_start,
    period_end,
    platform,
    unit,
    is_complete,
    n_observed_days,
    n_eligible,
    n_weeks_since,
    case when is_known then n_cohort end as n_cohort,
    case when is_over then n_observable end as n_observable,
    case when is_over and has_roster then n_left end as n_left,
    case when is_over and n is not null then n_active end as n_active,
    case when is_over then x / n end as retention_ratio,
    case when is_over and n is not null then
        greatest(0.0, (x + z * z / 2 - z * sqrt(x * (n - x) / n + z * z / 4)) / (n + z * z))
    end as retention_ratio_low,
    case when is_over and n is not null then
        least(1.0, (x + z * z / 2 + z * sqrt(x * (n - x) / n + z * z / 4)) / (n + z * z))
    end as retention_ratio_high
from filled
