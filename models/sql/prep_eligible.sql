-- grain: week or month, platform (or all), person
-- question: who is counted in the period, in which unit and class, and what did they contribute?
select
    t.period_kind,
    t.period_start,
    t.platform,
    m.person_id,
    m.unit,
    m.is_executive,
    coalesce(c.n_contributions, 0) as n_contributions
from prep_period as t
join prep_membership as m
    on m.period_kind = t.period_kind
    and m.period_start = t.period_start
    and (m.platform is null or m.platform = t.platform)
left join prep_person_period as c
    on c.period_kind = t.period_kind
    and c.period_start = t.period_start
    and c.platform = t.platform
    and c.person_id = m.person_id
where m.is_eligible
