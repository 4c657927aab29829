-- grain: week or month, platform (or all), unit all, management layer
-- question: at which layer of management does participation stop, and does it go with that of the manager?
-- Only the whole organisation: within a unit the top layers are one or two people. People without a layer are not
-- shown. Association only: that a report contributes where the manager does, says nothing of who led whom.
with layers as (
    select distinct layer
    from dim_person
    where layer is not null
),
members as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        e.person_id,
        m.layer,
        e.n_contributions > 0 as is_active
    from prep_eligible as e
    join prep_membership as m
        on m.period_kind = e.period_kind
        and m.period_start = e.period_start
        and m.person_id = e.person_id
        and (m.platform is null or m.platform = e.platform)
    where m.layer is not null
),
managers as (
    select
        s.period_kind,
        s.period_start,
        s.person_id,
        p.manager_person_id
    from prep_stay as s
    join dim_person as p
        on p.person_id = s.person_id
        and p.valid_from <= s.last_on
        and s.last_on < coalesce(p.valid_to, date '9999-12-31')
    where p.manager_person_id <> p.person_id
),
led as (
    select
        c.period_kind,
        c.period_start,
        c.platform,
        c.layer,
        c.is_active,
        b.n_contributions > 0 as is_boss_active
    from members as c
    join managers as g using (period_kind, period_start, person_id)
    join prep_eligible as b
        on b.period_kind = c.period_kind
        and b.period_start = c.period_start
        and b.platform = c.platform
        and b.person_id = g.manager_person_id
),
counted as (
    select
        period_kind,
        period_start,
        platform,
        layer,
        count(*) as n_people,
        count(*) filter (where is_active) as n_active
    from members
    group by period_kind, period_start, platform, layer
),
paired as (
    select
        period_kind,
        period_start,
        platform,
        layer,
        count(*) filter (where is_boss_active) as n_boss_active,
        count(*) filter (where is_boss_active and is_active) as n_both_active,
        count(*) filter (where not is_boss_active) as n_boss_silent,
        count(*) filter (where not is_boss_active and is_active) as n_active_boss_silent
    from led
    group by period_kind, period_start, platform, layer
),
filled as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        t.platform,
        t.is_complete,
        t.n_observed_days,
        l.layer,
        t.n_seen_days > 0 as is_seen,
        coalesce(c.n_people, 0) as n_eligible,
        coalesce(c.n_active, 0) as n_contributors,
        cast(coalesce(c.n_active, 0) as double) as k,
        cast(nullif(c.n_people, 0) as double) as n,
        cast(a.n_active as double) / nullif(a.n_people, 0) as ratio_above,
        coalesce(p.n_boss_active, 0) as n_boss_active,
        cast(coalesce(p.n_both_active, 0) as double) as k1,
        cast(nullif(p.n_boss_active, 0) as double) as n1,
        coalesce(p.n_boss_silent, 0) as n_boss_silent,
        cast(coalesce(p.n_active_boss_silent, 0) as double) as k0,
        cast(nullif(p.n_boss_silent, 0) as double) as n0,
        1.959963984540054 as z
    from prep_period as t
    cross join layers as l
    left join counted as c using (period_kind, period_start, platform, layer)
    left join counted as a
        on a.period_kind = t.period_kind
        and a.period_start = t.period_start
        and a.platform = t.platform
        and a.layer = l.layer - 1
    left join paired as p
        on p.period_kind = t.period_kind
        and p.period_start = t.period_start
        and p.platform = t.platform
        and p.layer = l.layer
)
select
    period_kind,
    period_start,
    period_end,
    platform,
    'all' as unit,
    is_complete,
    n_observed_days,
    n_eligible,
    layer,
    case when is_seen then n_contributors end as n_contributors,
    case when is_seen then k / n end as contributor_ratio,
    case when is_seen and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_low,
    case when is_seen and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_high,
    case when is_seen then ratio_above - k / n end as drop_from_above,
    case when is_seen then n_boss_active end as n_boss_active,
    case when is_seen then k1 / n1 end as p_active_boss_active_ratio,
    case when is_seen and n1 is not null then
        greatest(0.0, (k1 + z * z / 2 - z * sqrt(k1 * (n1 - k1) / n1 + z * z / 4)) / (n1 + z * z))
    end as p_active_boss_active_ratio_low,
    case when is_seen and n1 is not null then
        least(1.0, (k1 + z * z / 2 + z * sqrt(k1 * (n1 - k1) / n1 + z * z / 4)) / (n1 + z * z))
    end as p_active_boss_active_ratio_high,
    case when is_seen then n_boss_silent end as n_boss_silent,
    case when is_seen then k0 / n0 end as p_active_boss_silent_ratio,
    case when is_seen and n0 is not null then
        greatest(0.0, (k0 + z * z / 2 - z * sqrt(k0 * (n0 - k0) / n0 + z * z / 4)) / (n0 + z * z))
    end as p_active_boss_silent_ratio_low,
    case when is_seen and n0 is not null then
        least(1.0, (k0 + z * z / 2 + z * sqrt(k0 * (n0 - k0) / n0 + z * z / 4)) / (n0 + z * z))
    end as p_active_boss_silent_ratio_high
from filled
