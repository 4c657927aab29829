-- grain: week or month, platform (or all), unit (or all)
-- question: do people meet both ways, and beyond their own unit?
with placed as (
    select distinct
        k.period_kind,
        k.period_start,
        i.platform,
        i.person_id,
        i.target_person_id
    from prep_interaction as i
    join prep_calendar as k using (occurred_on)
    where i.target_person_id is not null
),
directed as (
    select period_kind, period_start, platform, person_id, target_person_id from placed
    union
    select period_kind, period_start, 'all' as platform, person_id, target_person_id from placed
),
pairs as (
    select
        period_kind,
        period_start,
        platform,
        least(person_id, target_person_id) as one_id,
        greatest(person_id, target_person_id) as other_id,
        count(*) = 2 as is_two_way
    from directed
    group by period_kind, period_start, platform, least(person_id, target_person_id),
        greatest(person_id, target_person_id)
),
ties as (
    select
        p.period_kind,
        p.period_start,
        p.platform,
        p.one_id,
        p.other_id,
        p.is_two_way,
        a.unit as one_unit,
        b.unit as other_unit
    from pairs as p
    join prep_eligible as a
        on a.period_kind = p.period_kind
        and a.period_start = p.period_start
        and a.platform = p.platform
        and a.person_id = p.one_id
    join prep_eligible as b
        on b.period_kind = p.period_kind
        and b.period_start = p.period_start
        and b.platform = p.platform
        and b.person_id = p.other_id
),
-- a tie counts once in each unit that it touches
touched as (
    select period_kind, period_start, platform, one_unit as unit, is_two_way, one_unit, other_unit
    from ties
    where one_unit is not null
    union all
    select period_kind, period_start, platform, other_unit as unit, is_two_way, one_unit, other_unit
    from ties
    where other_unit is not null and (one_unit is null or one_unit <> other_unit)
    union all
    select period_kind, period_start, platform, 'all' as unit, is_two_way, one_unit, other_unit
    from ties
),
tied as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_pairs,
        count(*) filter (where is_two_way) as n_two_way,
        count(*) filter (where one_unit = other_unit) as n_ties_within,
        count(*) filter (where one_unit <> other_unit) as n_ties_across
    from touched
    group by period_kind, period_start, platform, unit
),
-- what chance would give: the ends of all ties, put together at random, but never two of the same person
ends as (
    select period_kind, period_start, platform, one_unit as unit, one_id as person_id
    from ties
    where one_unit is not null and other_unit is not null
    union all
    select period_kind, period_start, platform, other_unit as unit, other_id as person_id
    from ties
    where one_unit is not null and other_unit is not null
),
degrees as (
    select period_kind, period_start, platform, unit, person_id, count(*) as n_ends
    from ends
    group by period_kind, period_start, platform, unit, person_id
),
of_unit as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        cast(sum(n_ends) as bigint) as n_ends,
        cast(sum(n_ends * n_ends) as bigint) as n_own
    from degrees
    group by period_kind, period_start, platform, unit
),
of_all as (
    select
        period_kind,
        period_start,
        platform,
        cast(sum(n_ends) as bigint) as n_ends,
        cast(sum(n_ends * n_ends - n_own) as bigint) as n_within,
        cast(sum(n_ends) * sum(n_ends) - sum(n_ends * n_ends) as bigint) as n_across
    from of_unit
    group by period_kind, period_start, platform
),
chance as (
    select
        u.period_kind,
        u.period_start,
        u.platform,
        u.unit,
        u.n_ends * u.n_ends - u.n_own as n_within,
        2 * u.n_ends * (a.n_ends - u.n_ends) as n_across
    from of_unit as u
    join of_all as a using (period_kind, period_start, platform)
    union all
    select period_kind, period_start, platform, 'all' as unit, n_within, n_across
    from of_all
),
measured as (
    select
        t.period_kind,
        t.period_start,
        t.platform,
        t.unit,
        t.n_pairs,
        t.n_two_way,
        t.n_ties_within,
        t.n_ties_across,
        cast(t.n_ties_across - t.n_ties_within as double) / nullif(t.n_ties_across + t.n_ties_within, 0) as ei_index,
        cast(c.n_across - c.n_within as double) / nullif(c.n_across + c.n_within, 0) as expected_ei_index
    from tied as t
    left join chance as c using (period_kind, period_start, platform, unit)
),
counted as (
    select period_kind, period_start, platform, unit, count(*) as n_eligible
    from (
        select period_kind, period_start, platform, unit from prep_eligible where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit from prep_eligible
    ) as p
    group by period_kind, period_start, platform, unit
),
roster as (
    select count(*) > 1 as has_units
    from prep_unit
),
filled as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        t.platform,
        u.unit,
        t.is_complete,
        t.n_observed_days,
        t.n_seen_days > 0 and coalesce(c.has_targets, false) as is_known,
        t.n_seen_days > 0 and coalesce(c.has_targets, false) and r.has_units as is_placed,
        coalesce(c.has_reactions, false) as has_reactions
    from prep_period as t
    cross join prep_unit as u
    cross join roster as r
    left join prep_conversation as c on c.platform = t.platform
)
select
    f.period_kind,
    f.period_start,
    f.period_end,
    f.platform,
    f.unit,
    f.is_complete,
    f.n_observed_days,
    coalesce(n.n_eligible, 0) as n_eligible,
    f.has_reactions,
    case when f.is_known then coalesce(m.n_pairs, 0) end as n_pairs,
    case when f.is_known then coalesce(m.n_two_way, 0) end as n_two_way,
    case when f.is_known then cast(m.n_two_way as double) / nullif(m.n_pairs, 0) end as two_way_ratio,
    case when f.is_placed then m.ei_index end as ei_index,
    case when f.is_placed then m.expected_ei_index end as expected_ei_index,
    case when f.is_placed then m.ei_index - m.expected_ei_index end as ei_difference,
    case when f.is_placed then coalesce(m.n_ties_within, 0) end as n_ties_within,
    case when f.is_placed then coalesce(m.n_ties_across, 0) end as n_ties_across
from filled as f
left join counted as n using (period_kind, period_start, platform, unit)
left join measured as m using (period_kind, period_start, platform, unit)
