-- grain: week, platform (or all), unit (or all)
-- question: how many people count in the week, and how many of them contributed?
-- Nobody without a unit is in a unit. Whether a week is observed stands in prep_period.
with known as (
    select count(*) > 0 as has_roster
    from dim_person
),
scoped as (
    select period_start, platform, unit, n_contributions
    from prep_eligible
    where period_kind = 'week' and unit is not null
    union all
    select period_start, platform, 'all' as unit, n_contributions
    from prep_eligible
    where period_kind = 'week'
)
select
    s.period_start,
    s.platform,
    s.unit,
    k.has_roster,
    count(*) as n_eligible,
    count(*) filter (where s.n_contributions > 0) as n_contributors
from scoped as s
cross join known as k
group by s.period_start, s.platform, s.unit, k.has_roster
