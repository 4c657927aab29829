-- grain: week or month, platform (NULL: every platform), person
-- question: on which day of the period was each person there first, and on which last?
with periods as (
    select distinct period_kind, period_start, period_end
    from prep_period
)
select
    p.period_kind,
    p.period_start,
    n.platform,
    n.person_id,
    min(greatest(n.valid_from, p.period_start)) as first_on,
    max(least(coalesce(n.valid_to - 1, p.period_end), p.period_end)) as last_on
from periods as p
join prep_population as n
    on n.valid_from <= p.period_end
    and p.period_start < coalesce(n.valid_to, date '9999-12-31')
group by p.period_kind, p.period_start, n.platform, n.person_id
