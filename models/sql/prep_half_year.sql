-- grain: month, platform (or all), person
-- question: who is counted in the six months up to the end of the month, and in which unit at their end?
-- Employed on at least half of the days; without a roster, seen by the end of the month.
with periods as (
    select
        period_start,
        platform,
        cast(period_start - interval 5 month as date) as window_from,
        period_end as window_to
    from prep_period
    where period_kind = 'month'
),
stays as (
    select
        p.period_start,
        p.window_from,
        p.window_to,
        n.platform,
        n.person_id,
        n.unit,
        n.is_employed,
        date_diff(
            'day',
            greatest(n.valid_from, p.window_from),
            least(coalesce(n.valid_to, p.window_to + 1), p.window_to + 1)
        ) as n_days,
        row_number() over (
            partition by p.period_start, n.platform, n.person_id
            order by n.valid_from desc
        ) as last_rank
    from (select distinct period_start, window_from, window_to from periods) as p
    join prep_population as n
        on n.valid_from <= p.window_to
        and p.window_from < coalesce(n.valid_to, date '9999-12-31')
),
summed as (
    select
        period_start,
        platform,
        person_id,
        max(case when last_rank = 1 then unit end) as unit,
        not bool_or(is_employed)
            or 2 * cast(sum(n_days) as bigint) >= date_diff('day', window_from, window_to) + 1 as is_eligible
    from stays
    group by period_start, window_from, window_to, platform, person_id
)
select
    p.period_start,
    p.platform,
    s.person_id,
    s.unit
from periods as p
join summed as s on s.period_start = p.period_start and (s.platform is null or s.platform = p.platform)
where s.is_eligible
