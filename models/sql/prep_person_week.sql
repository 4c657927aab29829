-- grain: month, platform (or all), unit (or all)
-- question: how unevenly are contributions spread over the person-weeks of the weeks that end in the month?
-- A person-week is an eligible person in one of these weeks, in the unit of the week's last employed day. Unknown unless
-- no day of these weeks is missing: a week of which only a part was seen is shorter than the others.
with weeks as (
    select
        m.period_start as month_start,
        w.period_start,
        w.platform,
        w.n_seen_days
    from prep_period as m
    join prep_period as w
        on w.period_kind = 'week'
        and w.platform = m.platform
        and w.period_end between m.period_start and m.period_end
    where m.period_kind = 'month'
),
-- day 0 is a Monday, so that n // 7 Sundays lie before day n
seen as (
    select
        m.period_start as month_start,
        m.platform
    from prep_period as m
    join weeks as w on w.month_start = m.period_start and w.platform = m.platform
    where m.period_kind = 'month'
    group by m.period_start, m.period_end, m.platform
    having count(*) filter (where w.n_seen_days = 7)
        = (date_diff('day', date '1900-01-01', m.period_end) + 1) // 7
        - date_diff('day', date '1900-01-01', m.period_start) // 7
),
person_weeks as (
    select
        w.month_start,
        w.platform,
        w.period_start,
        e.person_id,
        e.unit,
        e.n_contributions as x
    from weeks as w
    join seen as s on s.month_start = w.month_start and s.platform = w.platform
    join prep_eligible as e
        on e.period_kind = 'week' and e.period_start = w.period_start and e.platform = w.platform
),
by_unit as (
    select month_start, platform, unit, period_start, person_id, x from person_weeks where unit is not null
    union all
    select month_start, platform, 'all' as unit, period_start, person_id, x from person_weeks
),
sized as (
    select
        month_start,
        platform,
        unit,
        count(*) as n_person_weeks,
        cast(sum(x) as bigint) as total
    from by_unit
    group by month_start, platform, unit
),
-- person-weeks without contributions rank lowest in any order, so only the others need ranks
ranked as (
    select
        month_start,
        platform,
        unit,
        x,
        row_number() over (
            partition by month_start, platform, unit
            order by x desc, period_start, person_id
        ) as rank_down
    from by_unit
    where x > 0
)
select
    s.month_start as period_start,
    s.platform,
    s.unit,
    s.n_person_weeks,
    cast(2 * sum((s.n_person_weeks + 1 - r.rank_down) * r.x) - (s.n_person_weeks + 1) * s.total as double)
        / nullif(s.n_person_weeks * s.total, 0) as gini_ratio
from sized as s
left join ranked as r on r.month_start = s.month_start and r.platform = s.platform and r.unit = s.unit
group by s.month_start, s.platform, s.unit, s.n_person_weeks, s.total
