-- grain: month, platform (or all), person
-- question: how long after their first day on a platform did people contribute for the first time?
-- Their first day is the first of which a usage report of one day calls them active, or of which they contribute. They
-- are followed to the day before the first missing one, or to their last day in the organisation; who has not
-- contributed by then is censored there. Only eligible people who were employed on their first day.
-- Reports of e-mail or shared files tell of no platform that is measured.
with there as (
    select u.platform, a.person_id, u.period_from as occurred_on
    from fct_usage as u
    join dim_account as a on a.account_id = u.account_id
    cross join meta as m
    where u.is_active and u.space_id is null and u.period_from = u.period_to and u.period_to <= m.as_of_on
        and u.platform in (select platform from prep_platform_day)
    union
    select platform, person_id, occurred_on
    from fct_person_day
    where n_contributions > 0
),
first_days as (
    select platform, person_id, min(occurred_on) as first_on
    from there
    group by platform, person_id
    union all
    select 'all' as platform, person_id, min(occurred_on) as first_on
    from there
    group by person_id
),
first_contributions as (
    select platform, person_id, min(occurred_on) as contributed_on
    from fct_person_day
    where n_contributions > 0
    group by platform, person_id
    union all
    select 'all' as platform, person_id, min(occurred_on) as contributed_on
    from fct_person_day
    where n_contributions > 0
    group by person_id
),
runs as (
    select
        platform,
        occurred_on,
        coalesce(
            min(case when state = 'missing' then occurred_on end) over (
                partition by platform
                order by occurred_on
                rows between current row and unbounded following
            ) - 1,
            max(occurred_on) over (partition by platform)
        ) as until_on
    from prep_platform_day
),
spells as (
    select
        person_id,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to,
        case
            when lag(valid_to) over (partition by person_id order by valid_from) = valid_from then 0
            else 1
        end as is_new
    from prep_population
    where is_employed
),
numbered as (
    select
        person_id,
        valid_from,
        valid_to,
        cast(
            sum(is_new) over (
                partition by person_id
                order by valid_from
                rows between unbounded preceding and current row
            ) as bigint
        ) as stay
    from spells
),
stays as (
    select person_id, min(valid_from) as valid_from, max(valid_to) as valid_to
    from numbered
    group by person_id, stay
),
followed as (
    select
        h.period_start,
        h.platform,
        f.person_id,
        e.unit,
        f.first_on,
        x.contributed_on,
        least(r.until_on, s.valid_to - 1) as until_on
    from first_days as f
    join prep_calendar as c on c.occurred_on = f.first_on and c.period_kind = 'month'
    join prep_cohort as h on h.period_start = c.period_start and h.platform = f.platform
    join prep_eligible as e
        on e.period_kind = 'month'
        and e.period_start = c.period_start
        and e.platform = f.platform
        and e.person_id = f.person_id
    join stays as s on s.person_id = f.person_id and s.valid_from <= f.first_on and f.first_on < s.valid_to
    join runs as r on r.platform = f.platform and r.occurred_on = f.first_on
    left join first_contributions as x on x.platform = f.platform and x.person_id = f.person_id
)
select
    period_start,
    platform,
    person_id,
    unit,
    date_diff('day', first_on, case when contributed_on <= until_on then contributed_on else until_on end) as n_days,
    coalesce(contributed_on <= until_on, false) as is_converted
from followed
