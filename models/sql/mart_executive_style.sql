-- grain: week or month, platform (or all), unit (or all), executives or everybody else
-- question: how do executives take part: do they start, answer, return, and does it rest on one of them?
-- People stand in the unit of their last employed day with all that they contributed themselves; only what delegates
-- contributed for them counts in the unit of its day. Figures that describe a typical or a single person need five.
with reacted as (
    select distinct k.period_kind, k.period_start, e.platform, a.person_id
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
shown as (
    select platform, bool_or(has_reactions) as has_reactions, bool_or(is_wiki) as is_wiki
    from (
        select f.platform, c.has_reactions, false as is_wiki
        from source_capability as c
        join stg_file as f on f.file_id = c.file_id
        union all
        select 'all' as platform, has_reactions, false as is_wiki from source_capability
        union all
        select platform, false as has_reactions, true as is_wiki from fct_event where action = 'edit'
        union all
        select 'all' as platform, false as has_reactions, true as is_wiki from fct_event where action = 'edit'
    ) as s
    group by platform
),
-- weeks that lie within one month and of which every day is observed
weeks as (
    select platform, period_start, cast(date_trunc('month', period_start) as date) as month_start
    from prep_period
    where period_kind = 'week'
        and is_complete
        and date_trunc('month', period_start) = date_trunc('month', period_end)
),
-- a month has at most four such weeks, so a share of them is a whole number of twelfths: a sum of those is exact
steady as (
    select
        w.platform,
        w.month_start as period_start,
        e.person_id,
        12 // count(*) * count(o.person_id) as active_twelfths
    from weeks as w
    join prep_eligible as e
        on e.period_kind = 'week' and e.period_start = w.period_start and e.platform = w.platform
    left join prep_own_period as o
        on o.period_kind = 'week'
        and o.period_start = w.period_start
        and o.platform = w.platform
        and o.person_id = e.person_id
    group by w.platform, w.month_start, e.person_id
),
people as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        e.unit,
        e.is_executive,
        e.person_id,
        coalesce(o.n_contributions, 0) as x,
        coalesce(o.n_openings, 0) as n_openings,
        coalesce(o.n_replies_to_staff, 0) as n_replies_to_staff,
        coalesce(o.n_wiki_edits, 0) as n_wiki_edits,
        coalesce(o.n_platforms, 0) as n_platforms,
        r.person_id is not null as has_reacted,
        s.active_twelfths,
        case when t.is_complete then coalesce(h.n_longest_gap_days, date_diff('day', y.first_on, y.last_on) + 1) end
            as n_longest_gap_days,
        h.burstiness
    from prep_eligible as e
    join prep_period as t using (period_kind, period_start, platform)
    left join prep_own_period as o using (period_kind, period_start, platform, person_id)
    left join reactors as r using (period_kind, period_start, platform, person_id)
    left join prep_rhythm as h using (period_kind, period_start, platform, person_id)
    left join steady as s
        on e.period_kind = 'month'
        and s.period_start = e.period_start
        and s.platform = e.platform
        and s.person_id = e.person_id
    join prep_stay as y
        on y.period_kind = e.period_kind
        and y.period_start = e.period_start
        and y.person_id = e.person_id
        and (y.platform is null or y.platform = e.platform)
),
by_unit as (
    select
        period_kind, period_start, platform, unit, is_executive, person_id, x, n_openings, n_replies_to_staff,
        n_wiki_edits, n_platforms, has_reacted, active_twelfths, n_longest_gap_days, burstiness
    from people
    where unit is not null
    union all
    select
        period_kind, period_start, platform, 'all' as unit, is_executive, person_id, x, n_openings, n_replies_to_staff,
        n_wiki_edits, n_platforms, has_reacted, active_twelfths, n_longest_gap_days, burstiness
    from people
),
counted as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        is_executive,
        count(*) as n_eligible,
        count(*) filter (where n_openings > 0) as n_posting,
        count(*) filter (where x > 0 and n_openings = 0) as n_replying,
        count(*) filter (where x = 0 and has_reacted) as n_only_reacting,
        count(*) filter (where x = 0 and not has_reacted) as n_absent,
        count(*) filter (where x >= 4) as n_with_4_contributions,
        count(*) filter (where x >= 4 and 2 * n_replies_to_staff >= x) as n_conversational,
        count(*) filter (where n_platforms >= 2) as n_on_2_platforms,
        count(*) filter (where n_wiki_edits > 0) as n_wiki_editors,
        cast(cast(sum(active_twelfths) as bigint) as double) / nullif(12 * count(active_twelfths), 0)
            as active_weeks_ratio,
        case when count(n_longest_gap_days) >= 5 then cast(median(n_longest_gap_days) as double) end
            as median_longest_gap_days,
        case when count(burstiness) >= 5 then median(burstiness) end as median_burstiness,
        cast(max(x) as double) / nullif(cast(sum(x) as bigint), 0) as top_share
    from by_unit
    group by period_kind, period_start, platform, unit, is_executive
),
ranked as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        is_executive,
        row_number() over (
            partition by period_kind, period_start, platform, unit, is_executive
            order by x desc, person_id
        ) as rank_down,
        cast(
            sum(x) over (
                partition by period_kind, period_start, platform, unit, is_executive
                order by x desc, person_id
                rows between unbounded preceding and current row
            ) as bigint
        ) as held,
        cast(sum(x) over (partition by period_kind, period_start, platform, unit, is_executive) as bigint) as total
    from by_unit
    where x > 0
),
resting as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        is_executive,
        min(case when 2 * held > total then rank_down end) as absence_factor
    from ranked
    group by period_kind, period_start, platform, unit, is_executive
),
delegated as (
    select k.period_kind, k.period_start, d.platform, d.unit, d.person_id, d.n_delegated
    from prep_own_day as d
    join prep_calendar as k using (occurred_on)
    where d.n_delegated > 0
),
delegated_by_unit as (
    select period_kind, period_start, platform, unit, person_id, n_delegated from delegated where unit is not null
    union all
    select period_kind, period_start, 'all' as platform, unit, person_id, n_delegated
    from delegated
    where unit is not null
    union all
    select period_kind, period_start, platform, 'all' as unit, person_id, n_delegated from delegated
    union all
    select period_kind, period_start, 'all' as platform, 'all' as unit, person_id, n_delegated from delegated
),
posted_for as (
    select
        d.period_kind,
        d.period_start,
        d.platform,
        d.unit,
        e.is_executive,
        cast(sum(d.n_delegated) as bigint) as n_delegated
    from delegated_by_unit as d
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
    group by d.period_kind, d.period_start, d.platform, d.unit, e.is_executive
),
classes as (
    select true as is_executive
    union all
    select false as is_executive
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
        x.is_executive,
        t.n_seen_days > 0 as is_seen,
        t.n_seen_days > 0 and coalesce(s.has_reactions, false) as shows_reactions,
        t.n_seen_days > 0 and coalesce(s.is_wiki, false) as is_wiki,
        coalesce(c.n_eligible, 0) as n_eligible,
        coalesce(c.n_posting, 0) as n_posting,
        coalesce(c.n_replying, 0) as n_replying,
        coalesce(c.n_only_reacting, 0) as n_only_reacting,
        coalesce(c.n_absent, 0) as n_absent,
        coalesce(c.n_with_4_contributions, 0) as n_with_4_contributions,
        coalesce(c.n_conversational, 0) as n_conversational,
        cast(coalesce(c.n_conversational, 0) as double) as k,
        cast(nullif(c.n_with_4_contributions, 0) as double) as n,
        coalesce(c.n_on_2_platforms, 0) as n_on_2_platforms,
        coalesce(c.n_wiki_editors, 0) as n_wiki_editors,
        c.active_weeks_ratio,
        c.median_longest_gap_days,
        c.median_burstiness,
        case when x.is_executive and c.n_eligible >= 5 then c.top_share end as top_share,
        r.absence_factor,
        coalesce(d.n_delegated, 0) as n_delegated,
        1.959963984540054 as z
    from prep_period as t
    cross join prep_unit as u
    cross join classes as x
    left join counted as c using (period_kind, period_start, platform, unit, is_executive)
    left join resting as r using (period_kind, period_start, platform, unit, is_executive)
    left join posted_for as d using (period_kind, period_start, platform, unit, is_executive)
    left join shown as s on s.platform = t.platform
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
    is_executive,
    case when is_seen then n_posting end as n_posting,
    case when is_seen then n_replying end as n_replying,
    case when shows_reactions then n_only_reacting end as n_only_reacting,
    case when shows_reactions then n_absent end as n_absent,
    case when is_seen then n_with_4_contributions end as n_with_4_contributions,
    case when is_seen then n_conversational end as n_conversational,
    case when is_seen then k / n end as conversational_ratio,
    case when is_seen and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as conversational_ratio_low,
    case when is_seen and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as conversational_ratio_high,
    case when is_seen and platform = 'all' then n_on_2_platforms end as n_on_2_platforms,
    case when is_wiki then n_wiki_editors end as n_wiki_editors,
    case when is_seen then active_weeks_ratio end as active_weeks_ratio,
    median_longest_gap_days,
    median_burstiness,
    case when is_seen then top_share end as top_executive_share_ratio,
    case when is_seen then absence_factor end as absence_factor,
    case when is_seen then n_delegated end as n_delegated
from filled
