-- grain: day, week or month; platform (or all); unit (or all)
-- question: how many people contribute, how regularly, and where does the change come from?
with contributors as (
    select
        c.period_kind,
        c.period_start,
        c.platform,
        c.person_id,
        m.unit,
        coalesce(m.is_eligible, false) as is_eligible
    from prep_person_period as c
    -- nobody counts in a period of which nothing was observed
    join prep_period as t
        on t.period_kind = c.period_kind
        and t.period_start = c.period_start
        and t.platform = c.platform
        and t.n_seen_days > 0
    left join prep_membership as m
        on m.period_kind = c.period_kind
        and m.period_start = c.period_start
        and (m.platform is null or m.platform = c.platform)
        and m.person_id = c.person_id
),
sequenced as (
    select
        period_kind,
        period_start,
        platform,
        person_id,
        unit,
        lag(period_start) over (partition by period_kind, platform, person_id order by period_start) as counted_before,
        lead(period_start) over (partition by period_kind, platform, person_id order by period_start) as counted_next
    from contributors
    where is_eligible
),
first_seen as (
    select
        platform,
        person_id,
        min(first_on) as first_on
    from prep_person_period
    where period_kind = 'week'
    group by platform, person_id
),
known_from as (
    select
        platform,
        min(case when is_new_known then occurred_on end) as known_from_on
    from prep_platform_day
    group by platform
),
reacted as (
    select distinct
        k.period_kind,
        k.period_start,
        e.platform,
        a.person_id
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    join prep_calendar as k on k.occurred_on = e.occurred_on
    where e.action = 'react'
),
reactors as (
    select period_kind, period_start, platform, person_id from reacted
    union
    select period_kind, period_start, 'all' as platform, person_id from reacted
),
showing_reactions as (
    select
        f.platform,
        bool_or(c.has_reactions) as has_reactions
    from source_capability as c
    join stg_file as f on f.file_id = c.file_id
    group by f.platform
    union all
    select
        'all' as platform,
        bool_or(has_reactions) as has_reactions
    from source_capability
),
marks as (
    select period_kind, period_start, platform, unit, 'eligible' as mark
    from prep_eligible
    union all
    select period_kind, period_start, platform, unit, 'outside' as mark
    from contributors
    where not is_eligible
    union all
    select s.period_kind, s.period_start, s.platform, s.unit, 'contributor' as mark
    from sequenced as s
    union all
    select
        s.period_kind,
        s.period_start,
        s.platform,
        s.unit,
        case
            when s.counted_before = t.previous_start then 'retained'
            when s.counted_before is not null then 'resurrected'
            when k.known_from_on is null or f.first_on < k.known_from_on then 'unknown'
            else 'new'
        end as mark
    from sequenced as s
    join prep_period as t
        on t.period_kind = s.period_kind and t.period_start = s.period_start and t.platform = s.platform
    join first_seen as f on f.platform = s.platform and f.person_id = s.person_id
    join known_from as k on k.platform = s.platform
    union all
    select
        s.period_kind,
        t.next_start as period_start,
        s.platform,
        s.unit,
        case when e.person_id is not null then 'lapsed' else 'left' end as mark
    from sequenced as s
    join prep_period as t
        on t.period_kind = s.period_kind and t.period_start = s.period_start and t.platform = s.platform
    left join prep_eligible as e
        on e.period_kind = s.period_kind
        and e.period_start = t.next_start
        and e.platform = s.platform
        and e.person_id = s.person_id
    where s.counted_next is null or s.counted_next <> t.next_start
    union all
    select r.period_kind, r.period_start, r.platform, e.unit, 'reactor' as mark
    from reactors as r
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
    union all
    select n.period_kind, n.period_start, n.platform, e.unit, 'present' as mark
    from prep_present as n
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
),
by_unit as (
    select period_kind, period_start, platform, unit, mark from marks where unit is not null
    union all
    select period_kind, period_start, platform, 'all' as unit, mark from marks
),
counted as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) filter (where mark = 'eligible') as n_eligible,
        count(*) filter (where mark = 'outside') as n_outside,
        count(*) filter (where mark = 'contributor') as n_contributors,
        count(*) filter (where mark = 'reactor') as n_reactors,
        count(*) filter (where mark = 'present') as n_present,
        count(*) filter (where mark = 'new') as n_new,
        count(*) filter (where mark = 'unknown') as n_unknown,
        count(*) filter (where mark = 'retained') as n_retained,
        count(*) filter (where mark = 'resurrected') as n_resurrected,
        count(*) filter (where mark = 'lapsed') as n_lapsed,
        count(*) filter (where mark = 'left') as n_left
    from by_unit
    group by period_kind, period_start, platform, unit
),
rolled as (
    select
        k.period_kind,
        k.period_start,
        r.platform,
        r.unit,
        date_diff('day', cast(date_trunc('week', r.occurred_on) as date), r.occurred_on) < 5 as is_working_day,
        r.n_contributors_1d,
        r.n_contributors_7d,
        r.n_contributors_28d
    from prep_rolling as r
    join prep_calendar as k using (occurred_on)
),
pooled as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        cast(sum(case when n_contributors_7d is not null then n_contributors_1d end) as bigint) as n_daily_of_7,
        cast(sum(case when n_contributors_1d is not null then n_contributors_7d end) as bigint) as n_weekly,
        cast(sum(case when n_contributors_28d is not null then n_contributors_1d end) as bigint) as n_daily_of_28,
        cast(sum(case when n_contributors_1d is not null then n_contributors_28d end) as bigint) as n_monthly,
        cast(sum(case when is_working_day and n_contributors_7d is not null then n_contributors_1d end) as bigint)
            as n_working_daily_of_7,
        cast(sum(case when is_working_day and n_contributors_1d is not null then n_contributors_7d end) as bigint)
            as n_working_weekly,
        cast(sum(case when is_working_day and n_contributors_28d is not null then n_contributors_1d end) as bigint)
            as n_working_daily_of_28,
        cast(sum(case when is_working_day and n_contributors_1d is not null then n_contributors_28d end) as bigint)
            as n_working_monthly
    from rolled
    group by period_kind, period_start, platform, unit
),
-- who came and who fell silent is compared only between two periods of which every day was seen
compared as (
    select
        t.period_kind,
        t.period_start,
        t.platform
    from prep_period as t
    join prep_period as b
        on b.period_kind = t.period_kind and b.period_start = t.previous_start and b.platform = t.platform
    where t.n_seen_days = date_diff('day', t.period_start, t.period_end) + 1
        and b.n_seen_days = date_diff('day', b.period_start, b.period_end) + 1
),
outside_of_day as (
    select
        d.platform,
        d.occurred_on,
        count(*) as n_outside
    from (
        select distinct platform, occurred_on, person_id from fct_person_day where n_contributions > 0
        union
        select distinct 'all' as platform, occurred_on, person_id from fct_person_day where n_contributions > 0
    ) as d
    left join prep_population as p
        on p.person_id = d.person_id
        and (p.platform is null or p.platform = d.platform)
        and p.valid_from <= d.occurred_on
        and d.occurred_on < coalesce(p.valid_to, date '9999-12-31')
    where p.person_id is null
    group by d.platform, d.occurred_on
)
select
    t.period_kind,
    t.period_start,
    t.period_end,
    t.platform,
    u.unit,
    t.is_complete,
    t.n_observed_days,
    coalesce(c.n_eligible, 0) as n_eligible,
    case when t.n_seen_days > 0 then coalesce(c.n_outside, 0) end as n_outside,
    case when t.n_seen_days > 0 then coalesce(c.n_contributors, 0) end as n_contributors,
    case when t.n_seen_days > 0 and s.has_reactions then coalesce(c.n_reactors, 0) end as n_reactors,
    case when w.platform is not null then coalesce(c.n_present, 0) end as n_present,
    cast(null as bigint) as n_contributors_1d,
    cast(null as bigint) as n_contributors_7d,
    cast(null as bigint) as n_contributors_28d,
    cast(null as bigint) as n_present_1d,
    cast(null as bigint) as n_present_7d,
    cast(null as bigint) as n_present_28d,
    case when t.n_seen_days > 0 then cast(p.n_daily_of_7 as double) / nullif(p.n_weekly, 0) end as dau_wau_ratio,
    case when t.n_seen_days > 0 then cast(p.n_daily_of_28 as double) / nullif(p.n_monthly, 0) end as dau_mau_ratio,
    case when t.n_seen_days > 0 then cast(p.n_working_daily_of_7 as double) / nullif(p.n_working_weekly, 0) end
        as dau_wau_working_ratio,
    case when t.n_seen_days > 0 then cast(p.n_working_daily_of_28 as double) / nullif(p.n_working_monthly, 0) end
        as dau_mau_working_ratio,
    case when t.n_seen_days > 0 then coalesce(c.n_new, 0) end as n_new,
    case when t.n_seen_days > 0 then coalesce(c.n_unknown, 0) end as n_unknown,
    case when t.n_seen_days > 0 then coalesce(c.n_retained, 0) end as n_retained,
    case when t.n_seen_days > 0 then coalesce(c.n_resurrected, 0) end as n_resurrected,
    case when t.n_seen_days > 0 and t.is_previous_seen then coalesce(c.n_lapsed, 0) end as n_lapsed,
    case when t.n_seen_days > 0 and t.is_previous_seen then coalesce(c.n_left, 0) end as n_left,
    -- whoever is unknown is either new or returned, and in both cases came
    case when q.platform is not null then
        cast(c.n_new + c.n_unknown + c.n_resurrected as double) / nullif(c.n_lapsed, 0)
    end as quick_ratio,
    case when q.platform is not null then
        cast(c.n_new + c.n_unknown + c.n_resurrected as double) / nullif(c.n_lapsed + c.n_left, 0)
    end as quick_with_left_ratio
from prep_period as t
cross join prep_unit as u
left join counted as c using (period_kind, period_start, platform, unit)
left join pooled as p using (period_kind, period_start, platform, unit)
left join showing_reactions as s on s.platform = t.platform
left join prep_presence as w using (period_kind, period_start, platform)
left join compared as q using (period_kind, period_start, platform)
union all
select
    'day' as period_kind,
    r.occurred_on as period_start,
    r.occurred_on as period_end,
    r.platform,
    r.unit,
    r.state = 'observed' as is_complete,
    cast(case when r.state = 'observed' then 1 else 0 end as bigint) as n_observed_days,
    r.n_eligible,
    case
        when r.state = 'missing' then null
        when r.unit = 'all' then coalesce(o.n_outside, 0)
        else 0
    end as n_outside,
    r.n_contributors_1d as n_contributors,
    cast(null as bigint) as n_reactors,
    cast(null as bigint) as n_present,
    r.n_contributors_1d,
    r.n_contributors_7d,
    r.n_contributors_28d,
    n.n_present_1d,
    n.n_present_7d,
    n.n_present_28d,
    cast(r.n_contributors_1d as double) / nullif(r.n_contributors_7d, 0) as dau_wau_ratio,
    cast(r.n_contributors_1d as double) / nullif(r.n_contributors_28d, 0) as dau_mau_ratio,
    case when date_diff('day', cast(date_trunc('week', r.occurred_on) as date), r.occurred_on) < 5 then
        cast(r.n_contributors_1d as double) / nullif(r.n_contributors_7d, 0)
    end as dau_wau_working_ratio,
    case when date_diff('day', cast(date_trunc('week', r.occurred_on) as date), r.occurred_on) < 5 then
        cast(r.n_contributors_1d as double) / nullif(r.n_contributors_28d, 0)
    end as dau_mau_working_ratio,
    cast(null as bigint) as n_new,
    cast(null as bigint) as n_unknown,
    cast(null as bigint) as n_retained,
    cast(null as bigint) as n_resurrected,
    cast(null as bigint) as n_lapsed,
    cast(null as bigint) as n_left,
    cast(null as double) as quick_ratio,
    cast(null as double) as quick_with_left_ratio
from prep_rolling as r
left join prep_rolling_present as n
    on n.platform = r.platform and n.occurred_on = r.occurred_on and n.unit = r.unit
left join outside_of_day as o on o.platform = r.platform and o.occurred_on = r.occurred_on
