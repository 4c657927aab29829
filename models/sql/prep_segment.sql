-- grain: week, platform (or all), person, habit
-- question: how habitually did each person contribute in the 12 and in the 4 calendar weeks that end with this one?
-- Windows are weeks of the calendar, never rows: somebody who was away has fewer weeks, not older ones. A window with a
-- week that was not observed whole, or in which the person was not there, is unknown. Means are compared as sums.
with habits as (
    select '9 of 12' as habit, 12 as n_weeks, 9 as n_habit_weeks
    union all
    select '4 of 4' as habit, 4 as n_weeks, 4 as n_habit_weeks
),
offsets as (
    select cast(g.i as integer) as n
    from unnest(generate_series(0, 11)) as g(i)
),
observed as (
    select
        period_start,
        platform,
        count(*) filter (where n_seen_days = 7) over (
            partition by platform
            order by period_start
            range between interval 77 days preceding and current row
        ) as n_whole_of_12,
        count(*) filter (where n_seen_days = 7) over (
            partition by platform
            order by period_start
            range between interval 21 days preceding and current row
        ) as n_whole_of_4
    from prep_period
    where period_kind = 'week'
),
there as (
    select
        period_start,
        platform,
        person_id,
        unit,
        count(*) over (
            partition by platform, person_id
            order by period_start
            range between interval 77 days preceding and current row
        ) as n_there_of_12,
        count(*) over (
            partition by platform, person_id
            order by period_start
            range between interval 21 days preceding and current row
        ) as n_there_of_4
    from prep_membership
    where period_kind = 'week' and is_eligible
),
-- each week of a person counts in the windows that end with it or with one of the eleven weeks after it
contributed as (
    select
        p.period_start + 7 * o.n as period_start,
        p.platform,
        p.person_id,
        count(*) filter (where p.n_contributions >= 1) as n_qualifying_of_12,
        count(*) filter (where p.n_contributions >= 1 and o.n < 4) as n_qualifying_of_4,
        cast(sum(p.n_contributions) as bigint) as n_given_in_12,
        cast(sum(case when o.n < 4 then p.n_contributions else 0 end) as bigint) as n_given_in_4
    from prep_person_period as p
    cross join offsets as o
    where p.period_kind = 'week'
    group by p.period_start + 7 * o.n, p.platform, p.person_id
),
windows as (
    select
        w.period_start,
        w.platform,
        t.person_id,
        t.unit,
        h.habit,
        h.n_weeks,
        h.n_habit_weeks,
        case h.n_weeks when 12 then w.n_whole_of_12 else w.n_whole_of_4 end as n_whole_weeks,
        case h.n_weeks when 12 then t.n_there_of_12 else t.n_there_of_4 end as n_eligible_weeks,
        coalesce(case h.n_weeks when 12 then c.n_qualifying_of_12 else c.n_qualifying_of_4 end, 0)
            as n_qualifying_weeks,
        coalesce(case h.n_weeks when 12 then c.n_given_in_12 else c.n_given_in_4 end, 0) as n_contributions
    from observed as w
    join there as t
        on t.period_start = w.period_start and (t.platform is null or t.platform = w.platform)
    left join contributed as c
        on c.period_start = w.period_start and c.platform = w.platform and c.person_id = t.person_id
    cross join habits as h
)
select
    period_start,
    platform,
    person_id,
    unit,
    habit,
    n_eligible_weeks,
    n_qualifying_weeks,
    n_contributions,
    case
        when n_whole_weeks < n_weeks or n_eligible_weeks < n_weeks then 'unknown'
        when n_qualifying_weeks >= n_habit_weeks and n_contributions >= 15 * n_weeks then 'power'
        when n_qualifying_weeks >= n_habit_weeks then 'habitual'
        when n_contributions >= 1 * n_weeks then 'novice'
        when n_contributions > 0 then 'low'
        else 'none'
    end as segment
from windows
