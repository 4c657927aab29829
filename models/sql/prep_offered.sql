-- grain: week or month, unit
-- question: how many platforms is a unit offered, how many people has it, and how many of them contribute?
-- A platform is offered to a unit if it is observed in the period and anybody contributed to it, while employed in the
-- unit, up to the end of the period: also earlier, or units that contribute much would be offered more for that alone.
with used as (
    select platform, unit, min(occurred_on) as first_on
    from prep_unit_day
    where n_contributions > 0 and unit <> 'all'
    group by platform, unit
),
offered as (
    select
        t.period_kind,
        t.period_start,
        u.unit,
        count(*) as n_platforms_offered
    from prep_period as t
    join used as u on u.platform = t.platform and u.first_on <= t.period_end
    where t.n_seen_days > 0
    group by t.period_kind, t.period_start, u.unit
),
units as (
    select
        e.period_kind,
        e.period_start,
        e.unit,
        count(*) as n_people,
        count(*) filter (where e.n_contributions > 0) as n_contributors
    from prep_eligible as e
    where e.platform = 'all' and e.unit is not null
    group by e.period_kind, e.period_start, e.unit
)
select
    u.period_kind,
    u.period_start,
    u.unit,
    coalesce(o.n_platforms_offered, 0) as n_platforms_offered,
    u.n_people,
    u.n_contributors
from units as u
left join offered as o
    on o.period_kind = u.period_kind and o.period_start = u.period_start and o.unit = u.unit
