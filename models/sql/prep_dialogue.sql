-- grain: week or month, platform (or all), unit (or all), executives or everybody else
-- question: in how many pairs with somebody who is no executive was there a reply, and in how many both ways?
-- Ways that only a delegate wrote are no way of one's own.
with directed as (
    select
        period_kind,
        period_start,
        platform,
        person_id,
        target_person_id,
        max(case when is_delegated then 0 else 1 end) as n_own
    from prep_reply_period
    where target_person_id is not null and target_person_id <> person_id
    group by period_kind, period_start, platform, person_id, target_person_id
),
pairs as (
    select
        period_kind,
        period_start,
        platform,
        least(person_id, target_person_id) as one_id,
        greatest(person_id, target_person_id) as other_id,
        count(*) as n_ways,
        cast(sum(n_own) as bigint) as n_own_ways
    from directed
    group by period_kind, period_start, platform, least(person_id, target_person_id),
        greatest(person_id, target_person_id)
),
ends as (
    select
        period_kind, period_start, platform, one_id, other_id, n_ways, n_own_ways, one_id as person_id,
        other_id as staff_id
    from pairs
    union all
    select
        period_kind, period_start, platform, one_id, other_id, n_ways, n_own_ways, other_id as person_id,
        one_id as staff_id
    from pairs
),
placed as (
    select
        n.period_kind,
        n.period_start,
        n.platform,
        n.one_id,
        n.other_id,
        n.n_ways,
        n.n_own_ways,
        a.unit,
        a.is_executive
    from ends as n
    join prep_eligible as a using (period_kind, period_start, platform, person_id)
    join prep_eligible as b
        on b.period_kind = n.period_kind
        and b.period_start = n.period_start
        and b.platform = n.platform
        and b.person_id = n.staff_id
        and not b.is_executive
)
select
    period_kind,
    period_start,
    platform,
    unit,
    is_executive,
    count(*) as n_pairs,
    count(*) filter (where n_ways = 2) as n_two_way,
    count(*) filter (where n_own_ways > 0) as n_own_pairs,
    count(*) filter (where n_own_ways = 2) as n_own_two_way
from (
    select period_kind, period_start, platform, unit, is_executive, one_id, other_id, n_ways, n_own_ways
    from placed
    where unit is not null
    union
    select period_kind, period_start, platform, 'all' as unit, is_executive, one_id, other_id, n_ways, n_own_ways
    from placed
) as p
group by period_kind, period_start, platform, unit, is_executive
