-- grain: week or month, platform (NULL: every platform), person
-- question: who was there in the period, in which unit at its end, and for long enough to be counted?
-- Employed on at least half of the days; without a roster, seen by the end of the period.
with periods as (
    select distinct period_kind, period_start, period_end
    from prep_period
),
stays as (
    select
        p.period_kind,
        p.period_start,
        p.period_end,
        n.platform,
        n.person_id,
        n.unit,
        n.layer,
        n.is_executive,
        n.is_employed,
        date_diff(
            'day',
            greatest(n.valid_from, p.period_start),
            least(coalesce(n.valid_to, p.period_end + 1), p.period_end + 1)
        ) as n_days,
        row_number() over (
            partition by p.period_kind, p.period_start, n.platform, n.person_id
            order by n.valid_from desc
        ) as last_rank
    from periods as p
    join prep_population as n
        on n.valid_from <= p.period_end
        and p.period_start < coalesce(n.valid_to, date '9999-12-31')
),
summed as (
    select
        period_kind,
        period_start,
        period_end,
        platform,
        person_id,
        bool_or(is_employed) as is_employed,
        cast(sum(n_days) as bigint) as n_days,
        max(case when last_rank = 1 then unit end) as unit,
        max(case when last_rank = 1 then layer end) as layer,
        bool_or(last_rank = 1 and is_executive) as is_executive
    from stays
    group by period_kind, period_start, period_end, platform, person_id
)
select
    period_kind,
    period_start,
    platform,
    person_id,
    unit,
    layer,
    is_executive,
    not is_employed or 2 * n_days >= date_diff('day', period_start, period_end) + 1 as is_eligible
from summed
