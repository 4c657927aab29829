-- grain: week or month, platform (or all), unit (or all)
-- question: do executives answer, are they answered, and how far down do they reach?
-- Messages and threads count in the unit of the executive on that day, pairs in that of the executive, people below
-- executives in their own. Median waits need threads of five people.
with asked as (
    select
        k.period_kind,
        k.period_start,
        q.platform,
        q.unit,
        q.executive_person_id as person_id,
        q.is_old_enough,
        q.is_answered
    from prep_executive_question as q
    join prep_calendar as k using (occurred_on)
),
asked_by_unit as (
    select period_kind, period_start, platform, unit, person_id, is_old_enough, is_answered from asked
    where unit is not null
    union all
    select period_kind, period_start, 'all' as platform, unit, person_id, is_old_enough, is_answered from asked
    where unit is not null
    union all
    select period_kind, period_start, platform, 'all' as unit, person_id, is_old_enough, is_answered from asked
    union all
    select period_kind, period_start, 'all' as platform, 'all' as unit, person_id, is_old_enough, is_answered from asked
),
questions as (
    select
        a.period_kind,
        a.period_start,
        a.platform,
        a.unit,
        count(*) as n_asked,
        count(*) filter (where a.is_old_enough) as n_old_enough,
        count(*) filter (where a.is_old_enough and a.is_answered) as n_answered_5d
    from asked_by_unit as a
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
    group by a.period_kind, a.period_start, a.platform, a.unit
),
started as (
    select
        k.period_kind,
        k.period_start,
        w.platform,
        w.workspace,
        w.space_id,
        w.hour_of_day,
        w.person_id,
        w.unit,
        w.is_executive,
        w.n_seconds,
        w.is_answered,
        w.platform as home
    from prep_executive_wait as w
    join prep_calendar as k using (occurred_on)
),
threads as (
    select
        s.period_kind, s.period_start, s.platform, s.home, s.workspace, s.space_id, s.hour_of_day, s.person_id, s.unit,
        s.is_executive, s.n_seconds, s.is_answered
    from (
        select
            period_kind, period_start, platform, home, workspace, space_id, hour_of_day, person_id, unit, is_executive,
            n_seconds, is_answered
        from started
        union all
        select
            period_kind, period_start, 'all' as platform, home, workspace, space_id, hour_of_day, person_id, unit,
            is_executive, n_seconds, is_answered
        from started
    ) as s
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
),
executive_threads as (
    select
        period_kind, period_start, platform, unit, home, workspace, space_id, hour_of_day, person_id, n_seconds,
        is_answered
    from threads
    where is_executive and unit is not null
    union all
    select
        period_kind, period_start, platform, 'all' as unit, home, workspace, space_id, hour_of_day, person_id, n_seconds,
        is_answered
    from threads
    where is_executive
),
-- executives' threads and everybody else's by space and hour: these weigh together as much as those; in whole
-- millionths of a millionth, because a sum of fractions depends on the order of rows
cells as (
    select period_kind, period_start, platform, unit, home, workspace, space_id, hour_of_day, count(*) as n_threads
    from executive_threads
    group by period_kind, period_start, platform, unit, home, workspace, space_id, hour_of_day
),
other_cells as (
    select period_kind, period_start, platform, home, workspace, space_id, hour_of_day, count(*) as n_threads
    from threads
    where not is_executive
    group by period_kind, period_start, platform, home, workspace, space_id, hour_of_day
),
waits as (
    select
        period_kind, period_start, platform, unit, true as is_executive, person_id, n_seconds, is_answered,
        cast(1000000000000 as bigint) as weight
    from executive_threads
    union all
    select
        c.period_kind, c.period_start, c.platform, c.unit, false as is_executive, t.person_id, t.n_seconds,
        t.is_answered, cast(round(1000000000000.0 * c.n_threads / o.n_threads) as bigint) as weight
    from cells as c
    join other_cells as o using (period_kind, period_start, platform, home, workspace, space_id, hour_of_day)
    join threads as t using (period_kind, period_start, platform, home, workspace, space_id, hour_of_day)
    where not t.is_executive
),
sized as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        is_executive,
        count(*) as n_threads,
        count(distinct person_id) as n_starters
    from waits
    group by period_kind, period_start, platform, unit, is_executive
),
-- the product-limit estimate of the share that still waits after each time at which somebody was answered
leaving as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        is_executive,
        n_seconds,
        cast(cast(sum(weight) as bigint) as double) as leaving_weight,
        cast(cast(sum(case when is_answered then weight else 0 end) as bigint) as double) as answered_weight
    from waits
    group by period_kind, period_start, platform, unit, is_executive, n_seconds
),
at_risk as (
    select
        *,
        cast(
            sum(leaving_weight) over (
                partition by period_kind, period_start, platform, unit, is_executive
                order by n_seconds desc
                rows between unbounded preceding and current row
            ) as double
        ) as waiting_weight
    from leaving
),
surviving as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        is_executive,
        n_seconds,
        -- nobody waits any more: a logarithm needs a little
        exp(
            cast(
                sum(ln(greatest(1 - answered_weight / waiting_weight, 0.000000000001))) over (
                    partition by period_kind, period_start, platform, unit, is_executive
                    order by n_seconds
                    rows between unbounded preceding and current row
                ) as double
            )
        ) as still_waiting
    from at_risk
),
medians as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        is_executive,
        cast(min(n_seconds) as double) / 3600 as median_hours
    from surviving
    where still_waiting <= 0.5 + 0.000000001
    group by period_kind, period_start, platform, unit, is_executive
),
pairs as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_dyads,
        cast(sum(distance) as double) / count(*) as mean_tree_distance,
        cast(count(*) filter (where distance >= 3) as double) / count(*) as distant_ratio
    from (
        select period_kind, period_start, platform, unit, distance
        from prep_executive_pair
        where unit is not null and distance is not null
        union all
        select period_kind, period_start, platform, 'all' as unit, distance
        from prep_executive_pair
        where distance is not null
    ) as p
    group by period_kind, period_start, platform, unit
),
answered as (
    select period_kind, period_start, platform, person_id, bool_or(not is_reaction) as has_replied
    from (
        select k.period_kind, k.period_start, w.platform, w.person_id, w.is_reaction
        from prep_upward as w
        join prep_calendar as k using (occurred_on)
        union all
        select k.period_kind, k.period_start, 'all' as platform, w.person_id, w.is_reaction
        from prep_upward as w
        join prep_calendar as k using (occurred_on)
    ) as p
    group by period_kind, period_start, platform, person_id
),
below as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        e.unit,
        a.person_id is not null as is_reached,
        coalesce(a.has_replied, false) as has_replied
    from prep_eligible as e
    join prep_below as b using (period_kind, period_start, person_id)
    left join answered as a using (period_kind, period_start, platform, person_id)
),
reached as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_below,
        count(*) filter (where has_replied) as n_reached_by_reply,
        count(*) filter (where is_reached) as n_reached
    from (
        select period_kind, period_start, platform, unit, has_replied, is_reached from below where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit, has_replied, is_reached from below
    ) as r
    group by period_kind, period_start, platform, unit
),
counted as (
    select period_kind, period_start, platform, unit, count(*) as n_eligible
    from (
        select period_kind, period_start, platform, unit from prep_eligible where is_executive and unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit from prep_eligible where is_executive
    ) as e
    group by period_kind, period_start, platform, unit
),
shown as (
    select
        platform,
        bool_or(action <> 'react' and target_account_id is not null) as has_targets,
        bool_or(action = 'reply' and thread_id is not null) as has_threads
    from (
        select platform, action, target_account_id, thread_id
        from fct_event
        where action in ('reply', 'comment', 'react')
        union all
        select 'all' as platform, action, target_account_id, thread_id
        from fct_event
        where action in ('reply', 'comment', 'react')
    ) as s
    group by platform
),
showing_reactions as (
    select f.platform, bool_or(c.has_reactions) as has_reactions
    from source_capability as c
    join stg_file as f on f.file_id = c.file_id
    group by f.platform
    union all
    select 'all' as platform, bool_or(has_reactions) as has_reactions
    from source_capability
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
        t.n_seen_days > 0 and coalesce(s.has_targets, false) as shows_targets,
        t.n_seen_days > 0 and coalesce(s.has_threads, false) as shows_threads,
        t.n_seen_days > 0 and coalesce(s.has_targets, false) and coalesce(y.has_reactions, false) as shows_reactions,
        coalesce(c.n_eligible, 0) as n_eligible,
        coalesce(q.n_asked, 0) as n_asked,
        coalesce(q.n_old_enough, 0) as n_old_enough,
        coalesce(q.n_answered_5d, 0) as n_answered_5d,
        cast(coalesce(q.n_answered_5d, 0) as double) as k,
        cast(nullif(q.n_old_enough, 0) as double) as n,
        coalesce(a.n_threads, 0) as n_threads,
        case when a.n_starters >= 5 then v.median_hours end as median_hours_to_executive,
        coalesce(b.n_threads, 0) as n_matched_threads,
        case when a.n_starters >= 5 and b.n_starters >= 5 then w.median_hours end as median_hours_to_matched,
        coalesce(p.n_dyads, 0) as n_dyads,
        p.mean_tree_distance,
        p.distant_ratio,
        coalesce(r.n_below, 0) as n_below,
        coalesce(r.n_reached_by_reply, 0) as n_reached_by_reply,
        coalesce(r.n_reached, 0) as n_reached,
        cast(coalesce(r.n_reached, 0) as double) as reach_k,
        cast(nullif(r.n_below, 0) as double) as reach_n,
        1.959963984540054 as z
    from prep_period as t
    cross join prep_unit as u
    left join counted as c using (period_kind, period_start, platform, unit)
    left join questions as q using (period_kind, period_start, platform, unit)
    left join pairs as p using (period_kind, period_start, platform, unit)
    left join reached as r using (period_kind, period_start, platform, unit)
    left join shown as s on s.platform = t.platform
    left join showing_reactions as y on y.platform = t.platform
    left join sized as a
        on a.period_kind = t.period_kind and a.period_start = t.period_start and a.platform = t.platform
        and a.unit = u.unit and a.is_executive
    left join medians as v
        on v.period_kind = t.period_kind and v.period_start = t.period_start and v.platform = t.platform
        and v.unit = u.unit and v.is_executive
    left join sized as b
        on b.period_kind = t.period_kind and b.period_start = t.period_start and b.platform = t.platform
        and b.unit = u.unit and not b.is_executive
    left join medians as w
        on w.period_kind = t.period_kind and w.period_start = t.period_start and w.platform = t.platform
        and w.unit = u.unit and not w.is_executive
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
    case when shows_targets then n_asked end as n_asked,
    case when shows_targets then n_old_enough end as n_old_enough,
    case when shows_targets then n_answered_5d end as n_answered_5d,
    case when shows_targets then k / n end as answered_5d_ratio,
    case when shows_targets and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as answered_5d_ratio_low,
    case when shows_targets and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as answered_5d_ratio_high,
    case when shows_threads then n_threads end as n_threads,
    case when shows_threads then median_hours_to_executive end as median_hours_to_executive,
    case when shows_threads then n_matched_threads end as n_matched_threads,
    case when shows_threads then median_hours_to_matched end as median_hours_to_matched,
    case when shows_targets then n_dyads end as n_dyads,
    case when shows_targets then mean_tree_distance end as mean_tree_distance,
    case when shows_targets then distant_ratio end as distant_ratio,
    case when shows_targets then n_below end as n_below,
    case when shows_targets then n_reached_by_reply end as n_reached_by_reply,
    case when shows_reactions then n_reached end as n_reached,
    case when shows_reactions then reach_k / reach_n end as reach_ratio,
    case when shows_reactions and reach_n is not null then
        greatest(0.0, (reach_k + z * z / 2 - z * sqrt(reach_k * (reach_n - reach_k) / reach_n + z * z / 4))
            / (reach_n + z * z))
    end as reach_ratio_low,
    case when shows_reactions and reach_n is not null then
        least(1.0, (reach_k + z * z / 2 + z * sqrt(reach_k * (reach_n - reach_k) / reach_n + z * z / 4))
            / (reach_n + z * z))
    end as reach_ratio_high
from filled
