-- grain: month, platform (or all), person
-- question: who belongs to the core of the month's contributors, who to the regulars, who to the casual ones?
-- By the share of all contributions held by the people with more of them: under 80 % core, under 95 % regular, else
-- casual. Whoever has most is core, however much that is, and equals have the same role. Only eligible contributors.
with levels as (
    select
        period_start,
        platform,
        n_contributions,
        cast(sum(n_contributions) as bigint) as held
    from prep_eligible
    where period_kind = 'month' and n_contributions > 0
    group by period_start, platform, n_contributions
),
ordered as (
    select
        period_start,
        platform,
        n_contributions,
        cast(sum(held) over (partition by period_start, platform) as bigint) as total,
        cast(
            sum(held) over (
                partition by period_start, platform
                order by n_contributions desc
                rows between unbounded preceding and current row
            ) as bigint
        ) - held as held_by_others
    from levels
)
select
    e.period_start,
    e.platform,
    e.person_id,
    e.unit,
    case
        when 5 * o.held_by_others < 4 * o.total then 'core'
        when 20 * o.held_by_others < 19 * o.total then 'regular'
        else 'casual'
    end as role
from prep_eligible as e
join ordered as o
    on o.period_start = e.period_start
    and o.platform = e.platform
    and o.n_contributions = e.n_contributions
where e.period_kind = 'month'
