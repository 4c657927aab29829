-- grain: day, platform (or all), unit (or all)
-- question: how many people who are there on the day contributed in the 1, 7 and 28 days up to it?
-- Exact and linear: a person counts from each contribution day until the next one or the end of the window, cut to the
-- days on which they are employed and to the unit they are in; counts are running sums of starts and ends.
with scoped as (
    select distinct person_id, platform, occurred_on
    from fct_person_day
    where n_contributions > 0
    union
    select distinct person_id, 'all' as platform, occurred_on
    from fct_person_day
    where n_contributions > 0
),
followed as (
    select
        person_id,
        platform,
        occurred_on,
        lead(occurred_on) over (partition by person_id, platform order by occurred_on) as next_on
    from scoped
),
widths as (
    select cast(1 as integer) as width
    union all
    select 7 as width
    union all
    select 28 as width
),
segments as (
    select
        f.person_id,
        f.platform,
        w.width,
        f.occurred_on as from_on,
        least(f.occurred_on + w.width, coalesce(f.next_on, f.occurred_on + w.width)) as until_on
    from followed as f
    cross join widths as w
),
cut as (
    select
        s.platform,
        s.width,
        p.unit,
        greatest(s.from_on, p.valid_from) as from_on,
        least(s.until_on, coalesce(p.valid_to, s.until_on)) as until_on
    from segments as s
    join prep_population as p
        on p.person_id = s.person_id
        and (p.platform is null or p.platform = s.platform)
        and p.valid_from < s.until_on
        and s.from_on < coalesce(p.valid_to, date '9999-12-31')
),
steps as (
    select platform, width, unit, from_on as step_on, 1 as step from cut
    union all
    select platform, width, unit, until_on as step_on, -1 as step from cut
),
population_steps as (
    select platform, 0 as width, unit, valid_from as step_on, 1 as step from prep_population
    union all
    select platform, 0 as width, unit, valid_to as step_on, -1 as step from prep_population where valid_to is not null
),
every_step as (
    select platform, width, unit, step_on, step from steps
    union all
    select d.platform, p.width, p.unit, p.step_on, p.step
    from population_steps as p
    join (select distinct platform from prep_platform_day) as d
        on p.platform is null or p.platform = d.platform
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
        cast(sum(case when s.width = 0 then s.step else 0 end) as bigint) as n_eligible,
        cast(sum(case when s.width = 1 then s.step else 0 end) as bigint) as n_1d,
        cast(sum(case when s.width = 7 then s.step else 0 end) as bigint) as n_7d,
        cast(sum(case when s.width = 28 then s.step else 0 end) as bigint) as n_28d
    from by_unit as s
    join first_days as f on f.platform = s.platform
    group by s.platform, s.unit, greatest(s.step_on, f.first_on)
),
spine as (
    select
        d.platform,
        d.occurred_on,
        d.state,
        d.first_on,
        u.unit,
        max(case when d.state = 'missing' then d.occurred_on end) over (
            partition by d.platform, u.unit
            order by d.occurred_on
            rows between unbounded preceding and current row
        ) as last_missing_on
    from prep_platform_day as d
    cross join prep_unit as u
),
running as (
    select
        s.platform,
        s.occurred_on,
        s.state,
        s.unit,
        date_diff('day', greatest(s.first_on, coalesce(s.last_missing_on + 1, s.first_on)), s.occurred_on) + 1
            as n_seen_in_a_row,
        cast(sum(coalesce(n.n_eligible, 0)) over w as bigint) as n_eligible,
        cast(sum(coalesce(n.n_1d, 0)) over w as bigint) as n_1d,
        cast(sum(coalesce(n.n_7d, 0)) over w as bigint) as n_7d,
        cast(sum(coalesce(n.n_28d, 0)) over w as bigint) as n_28d
    from spine as s
    left join net as n on n.platform = s.platform and n.unit = s.unit and n.step_on = s.occurred_on
    window w as (
        partition by s.platform, s.unit
        order by s.occurred_on
        rows between unbounded preceding and current row
    )
)
select
    platform,
    occurred_on,
    state,
    unit,
    n_eligible,
    case when n_seen_in_a_row >= 1 then n_1d end as n_contributors_1d,
    case when n_seen_in_a_row >= 7 then n_7d end as n_contributors_7d,
    case when n_seen_in_a_row >= 28 then n_28d end as n_contributors_28d
from running
