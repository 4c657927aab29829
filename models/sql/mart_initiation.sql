-- grain: week or month of the start, platform (or all), unit of the starter on the day (or all), thread, page or space
-- question: who starts what others join, against what headcount alone would give?
with kinds as (
    select 'thread' as what
    union all
    select 'page' as what
    union all
    select 'space' as what
),
placed as (
    select
        k.period_kind,
        k.period_start,
        s.platform,
        s.unit,
        s.what,
        s.origin,
        s.is_decided,
        s.n_drawn >= 2 as has_drawn
    from prep_start as s
    join prep_calendar as k on k.occurred_on = s.started_on
),
scoped as (
    select period_kind, period_start, platform, unit, what, origin, is_decided, has_drawn from placed
    union all
    select period_kind, period_start, 'all' as platform, unit, what, origin, is_decided, has_drawn from placed
),
by_unit as (
    select period_kind, period_start, platform, unit, what, origin, is_decided, has_drawn
    from scoped
    where unit is not null
    union all
    select period_kind, period_start, platform, 'all' as unit, what, origin, is_decided, has_drawn
    from scoped
),
counted as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        what,
        count(*) filter (where origin <> 'elsewhere') as n_started,
        count(*) filter (where origin = 'bottom') as n_bottom_started,
        count(*) filter (where origin = 'elsewhere') as n_elsewhere_started,
        count(*) filter (where origin <> 'elsewhere' and not is_decided) as n_undecided,
        count(*) filter (where origin <> 'elsewhere' and is_decided and has_drawn) as n_drew,
        count(*) filter (where origin = 'bottom' and is_decided and has_drawn) as n_bottom_drew
    from by_unit
    group by period_kind, period_start, platform, unit, what
),
people as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        e.unit,
        not e.is_executive and not p.is_comms as is_bottom
    from prep_eligible as e
    left join prep_stay as s
        on s.period_kind = e.period_kind
        and s.period_start = e.period_start
        and s.person_id = e.person_id
        and (s.platform is null or s.platform = e.platform)
    left join dim_person as p
        on p.person_id = e.person_id
        and p.valid_from <= s.last_on
        and s.last_on < coalesce(p.valid_to, date '9999-12-31')
),
heads as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_eligible,
        count(*) filter (where is_bottom) as n_bottom
    from (
        select period_kind, period_start, platform, unit, is_bottom from people where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit, is_bottom from people
    ) as h
    group by period_kind, period_start, platform, unit
),
-- from when on starts are shown: of spaces only after the first 90 observed days
shown as (
    select platform, what, min(started_on) as from_on
    from (
        select platform, what, date '0001-01-01' as started_on from prep_opening
        union all
        select 'all' as platform, what, date '0001-01-01' as started_on from prep_opening
        union all
        select platform, 'space' as what, occurred_on as started_on
        from prep_platform_day
        where is_new_known
    ) as o
    group by platform, what
),
public_spaces as (
    select platform
    from dim_space
    where kind in ('channel', 'group', 'space', 'blog') and visibility = 'public'
),
with_spaces as (
    select platform from public_spaces
    union
    select 'all' as platform from public_spaces
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
        w.what,
        coalesce(h.n_eligible, 0) as n_eligible,
        coalesce(
            t.n_seen_days > 0 and s.from_on <= t.period_start and (w.what <> 'space' or b.platform is not null),
            false
        ) as is_shown,
        r.has_roster,
        r.has_top,
        coalesce(c.n_started, 0) as n_started,
        coalesce(c.n_bottom_started, 0) as n_bottom_started,
        coalesce(c.n_elsewhere_started, 0) as n_elsewhere_started,
        coalesce(c.n_undecided, 0) as n_undecided,
        coalesce(c.n_drew, 0) as n_drew,
        coalesce(c.n_bottom_drew, 0) as n_bottom_drew,
        cast(coalesce(c.n_bottom_drew, 0) as double) as k,
        cast(nullif(c.n_drew, 0) as double) as n,
        cast(h.n_bottom as double) / nullif(h.n_eligible, 0) as headcount_ratio,
        1.959963984540054 as z
    from prep_period as t
    cross join prep_unit as u
    cross join kinds as w
    cross join (
        select count(*) > 0 as has_roster, coalesce(bool_or(is_executive or is_comms), false) as has_top
        from dim_person
    ) as r
    left join heads as h using (period_kind, period_start, platform, unit)
    left join shown as s on s.platform = t.platform and s.what = w.what
    left join with_spaces as b on b.platform = t.platform
    left join counted as c
        on c.period_kind = t.period_kind
        and c.period_start = t.period_start
        and c.platform = t.platform
        and c.unit = u.unit
        and c.what = w.what
),
judged as (
    select
        *,
        is_shown and has_roster as is_known,
        -- where nothing that was started can be judged, none is said to have drawn others
        is_shown and has_roster and (n_started = 0 or n_undecided < n_started) as is_drawn_known
    from filled
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
    what,
    case when is_known then n_started end as n_started,
    case when is_known and has_top then n_bottom_started end as n_bottom_started,
    case when is_shown and unit = 'all' then n_elsewhere_started end as n_elsewhere_started,
    case when is_known then n_undecided end as n_undecided,
    case when is_drawn_known then n_drew end as n_drew,
    case when is_drawn_known and has_top then n_bottom_drew end as n_bottom_drew,
    case when is_drawn_known and has_top then k / n end as bottom_up_ratio,
    case when is_drawn_known and has_top and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as bottom_up_ratio_low,
    case when is_drawn_known and has_top and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as bottom_up_ratio_high,
    case when is_known and has_top then headcount_ratio end as headcount_ratio,
    case when is_drawn_known and has_top then k / n / nullif(headcount_ratio, 0) end as bottom_up_index
from judged
