-- grain: week or month, platform (or all), unit (or all)
-- question: what remains of the activity without executives and communications, and without what follows from them?
-- This is arithmetic on what happened, no forecast of what would happen without them.
with placed as (
    select
        k.period_kind,
        k.period_start,
        c.platform,
        c.person_id,
        c.target_person_id,
        c.unit,
        not (c.is_leading or c.is_led or c.is_to_leading) as is_left,
        count(*) as n_contributions
    from prep_seeded as c
    join prep_calendar as k using (occurred_on)
    group by k.period_kind, k.period_start, c.platform, c.person_id, c.target_person_id, c.unit,
        not (c.is_leading or c.is_led or c.is_to_leading)
),
scoped as (
    select period_kind, period_start, platform, person_id, target_person_id, unit, is_left, n_contributions
    from placed
    union all
    select period_kind, period_start, 'all' as platform, person_id, target_person_id, unit, is_left, n_contributions
    from placed
),
written as (
    select
        s.period_kind,
        s.period_start,
        s.platform,
        s.person_id,
        s.target_person_id,
        s.unit as unit_of_day,
        s.is_left,
        s.n_contributions,
        e.unit
    from scoped as s
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
),
-- contributions are of the unit of the day, people of that of their last employed day in the period
contributed as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        cast(sum(n_contributions) as bigint) as n_contributions,
        cast(coalesce(sum(n_contributions) filter (where is_left), 0) as bigint) as n_contributions_without
    from (
        select period_kind, period_start, platform, unit_of_day as unit, is_left, n_contributions
        from written
        where unit_of_day is not null
        union all
        select period_kind, period_start, platform, 'all' as unit, is_left, n_contributions
        from written
    ) as w
    group by period_kind, period_start, platform, unit
),
pairs as (
    select
        w.period_kind,
        w.period_start,
        w.platform,
        least(w.person_id, w.target_person_id) as one_id,
        greatest(w.person_id, w.target_person_id) as other_id,
        bool_or(w.is_left) as is_left
    from written as w
    where w.target_person_id <> w.person_id
    group by w.period_kind, w.period_start, w.platform, least(w.person_id, w.target_person_id),
        greatest(w.person_id, w.target_person_id)
),
ties as (
    select
        p.period_kind,
        p.period_start,
        p.platform,
        p.one_id,
        p.other_id,
        p.is_left,
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
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_ties,
        count(*) filter (where is_left) as n_ties_without
    from (
        select period_kind, period_start, platform, one_unit as unit, is_left from ties where one_unit is not null
        union all
        select period_kind, period_start, platform, other_unit as unit, is_left
        from ties
        where other_unit is not null and other_unit is distinct from one_unit
        union all
        select period_kind, period_start, platform, 'all' as unit, is_left from ties
    ) as t
    group by period_kind, period_start, platform, unit
),
-- of each person: anything written, anything that remains, any tie, any tie that remains
marks as (
    select period_kind, period_start, platform, person_id, unit, true as wrote, is_left as wrote_left,
        false as is_tied, false as is_tied_left
    from written
    union all
    select period_kind, period_start, platform, one_id as person_id, one_unit as unit, false as wrote,
        false as wrote_left, true as is_tied, is_left as is_tied_left
    from ties
    union all
    select period_kind, period_start, platform, other_id as person_id, other_unit as unit, false as wrote,
        false as wrote_left, true as is_tied, is_left as is_tied_left
    from ties
),
people as (
    select
        period_kind,
        period_start,
        platform,
        person_id,
        unit,
        bool_or(wrote) as wrote,
        bool_or(wrote_left) as wrote_left,
        bool_or(is_tied) as is_tied,
        bool_or(is_tied_left) as is_tied_left
    from marks
    group by period_kind, period_start, platform, person_id, unit
),
counted as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) filter (where wrote) as n_contributors,
        count(*) filter (where wrote_left) as n_contributors_without,
        count(*) filter (where is_tied) as n_tied,
        count(*) filter (where is_tied_left) as n_tied_without
    from (
        select period_kind, period_start, platform, unit, wrote, wrote_left, is_tied, is_tied_left
        from people
        where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit, wrote, wrote_left, is_tied, is_tied_left
        from people
    ) as p
    group by period_kind, period_start, platform, unit
),
heads as (
    select period_kind, period_start, platform, unit, count(*) as n_eligible
    from (
        select period_kind, period_start, platform, unit from prep_eligible where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit from prep_eligible
    ) as h
    group by period_kind, period_start, platform, unit
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
        t.n_seen_days > 0 as is_seen,
        t.n_seen_days > 0 and r.has_top as is_known,
        coalesce(v.has_targets, false) as has_targets,
        coalesce(h.n_eligible, 0) as n_eligible,
        coalesce(w.n_contributions, 0) as n_contributions,
        coalesce(w.n_contributions_without, 0) as n_contributions_without,
        coalesce(c.n_contributors, 0) as n_contributors,
        coalesce(c.n_contributors_without, 0) as n_contributors_without,
        coalesce(x.n_ties, 0) as n_ties,
        coalesce(x.n_ties_without, 0) as n_ties_without,
        coalesce(c.n_tied, 0) as n_tied,
        coalesce(c.n_tied_without, 0) as n_tied_without,
        cast(coalesce(c.n_contributors_without, 0) as double) as k,
        cast(nullif(c.n_contributors, 0) as double) as n,
        cast(coalesce(c.n_tied_without, 0) as double) as tied_k,
        cast(nullif(c.n_tied, 0) as double) as tied_n,
        1.959963984540054 as z
    from prep_period as t
    cross join prep_unit as u
    cross join (select coalesce(bool_or(is_executive or is_comms), false) as has_top from dim_person) as r
    left join heads as h using (period_kind, period_start, platform, unit)
    left join contributed as w using (period_kind, period_start, platform, unit)
    left join counted as c using (period_kind, period_start, platform, unit)
    left join touched as x using (period_kind, period_start, platform, unit)
    left join prep_conversation as v on v.platform = t.platform
)
select
    period_kind,
    period_start,
    period_end,
    platform,
    unit,
    is_complete,
    n_observed_days,
    n_eligible,
    case when is_seen then n_contributions end as n_contributions,
    case when is_known then n_contributions_without end as n_contributions_without,
    case when is_known then cast(n_contributions_without as double) / nullif(n_contributions, 0) end
        as contributions_left_ratio,
    case when is_seen then n_contributors end as n_contributors,
    case when is_known then n_contributors_without end as n_contributors_without,
    case when is_known then k / n end as contributors_left_ratio,
    case when is_known and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributors_left_ratio_low,
    case when is_known and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributors_left_ratio_high,
    case when is_seen and has_targets then n_ties end as n_ties,
    case when is_known and has_targets then n_ties_without end as n_ties_without,
    case when is_known and has_targets then cast(n_ties_without as double) / nullif(n_ties, 0) end as ties_left_ratio,
    case when is_seen and has_targets then n_tied end as n_tied,
    case when is_known and has_targets then n_tied_without end as n_tied_without,
    case when is_known and has_targets then tied_k / tied_n end as tied_left_ratio,
    case when is_known and has_targets and tied_n is not null then
        greatest(
            0.0, (tied_k + z * z / 2 - z * sqrt(tied_k * (tied_n - tied_k) / tied_n + z * z / 4)) / (tied_n + z * z)
        )
    end as tied_left_ratio_low,
    case when is_known and has_targets and tied_n is not null then
        least(
            1.0, (tied_k + z * z / 2 + z * sqrt(tied_k * (tied_n - tied_k) / tied_n + z * z / 4)) / (tied_n + z * z)
        )
    end as tied_left_ratio_high
from filled
