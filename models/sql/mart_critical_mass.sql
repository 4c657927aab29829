-- grain: week, platform (or all), unit (or all)
-- question: how far has participation spread, and has it sustained itself for six weeks without executives and comms?
-- Unseeded is what neither executives nor communications wrote, outside the threads and pages that they started. A week
-- sustains itself if at least as many people returned to such activity (from the week before or from earlier) as fell
-- silent since the week before. It is judged only if every day of both weeks was observed and this concerns at least
-- five people: of nobody it would always be true. In the first 90 observed days some return who are not known to have
-- been there before: then it may be true, but is never false.
with unseeded as (
    select distinct
        k.period_start,
        c.platform,
        c.person_id
    from prep_seeded as c
    join prep_calendar as k on k.occurred_on = c.occurred_on and k.period_kind = 'week'
    where not c.is_leading and not c.is_led
),
scoped as (
    select period_start, platform, person_id from unseeded
    union
    select period_start, 'all' as platform, person_id from unseeded
),
sequenced as (
    select
        e.period_start,
        e.platform,
        e.person_id,
        e.unit,
        lag(e.period_start) over (partition by e.platform, e.person_id order by e.period_start) as counted_before,
        lead(e.period_start) over (partition by e.platform, e.person_id order by e.period_start) as counted_next
    from scoped as s
    join prep_eligible as e
        on e.period_kind = 'week'
        and e.period_start = s.period_start
        and e.platform = s.platform
        and e.person_id = s.person_id
    -- nobody counts in a week of which nothing was observed
    join prep_period as t
        on t.period_kind = 'week'
        and t.period_start = s.period_start
        and t.platform = s.platform
        and t.n_seen_days > 0
),
first_seen as (
    select platform, person_id, min(first_on) as first_on
    from prep_person_period
    where period_kind = 'week'
    group by platform, person_id
),
known_from as (
    select platform, min(occurred_on) as known_from_on
    from prep_platform_day
    where is_new_known
    group by platform
),
marks as (
    select period_start, platform, unit, 'eligible' as mark
    from prep_eligible
    where period_kind = 'week'
    union all
    select e.period_start, e.platform, e.unit, 'adopted' as mark
    from prep_eligible as e
    join first_seen as f on f.platform = e.platform and f.person_id = e.person_id and f.first_on < e.period_start + 7
    where e.period_kind = 'week'
    union all
    select period_start, platform, unit, 'unseeded' as mark
    from sequenced
    union all
    select period_start, platform, unit, 'returning' as mark
    from sequenced
    where counted_before is not null
    union all
    select period_start, platform, unit, 'reviving' as mark
    from sequenced
    where counted_before < period_start - 7
    union all
    select e.period_start, s.platform, s.unit, 'lapsing' as mark
    from sequenced as s
    join prep_eligible as e
        on e.period_kind = 'week'
        and e.period_start = s.period_start + 7
        and e.platform = s.platform
        and e.person_id = s.person_id
    where s.counted_next is distinct from s.period_start + 7
),
counted as (
    select
        period_start,
        platform,
        unit,
        count(*) filter (where mark = 'eligible') as n_eligible,
        count(*) filter (where mark = 'adopted') as n_adopted,
        count(*) filter (where mark = 'unseeded') as n_unseeded_contributors,
        count(*) filter (where mark = 'returning') as n_returning,
        count(*) filter (where mark = 'reviving') as n_reviving,
        count(*) filter (where mark = 'lapsing') as n_lapsing
    from (
        select period_start, platform, unit, mark from marks where unit is not null
        union all
        select period_start, platform, 'all' as unit, mark from marks
    ) as m
    group by period_start, platform, unit
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
        t.n_seen_days > 0 and r.has_top and t.is_previous_seen as is_change_known,
        t.n_seen_days > 0 and coalesce(w.known_from_on <= t.period_end, false) as is_adoption_known,
        coalesce(w.known_from_on <= t.period_start, false) as is_return_known,
        r.has_top and t.is_complete and coalesce(b.is_complete, false) as is_compared,
        coalesce(c.n_eligible, 0) as n_eligible,
        coalesce(c.n_adopted, 0) as n_adopted,
        coalesce(c.n_unseeded_contributors, 0) as n_unseeded_contributors,
        coalesce(c.n_returning, 0) as n_returning,
        coalesce(c.n_reviving, 0) as n_reviving,
        coalesce(c.n_lapsing, 0) as n_lapsing,
        cast(coalesce(c.n_adopted, 0) as double) as k,
        cast(nullif(c.n_eligible, 0) as double) as n,
        1.959963984540054 as z
    from prep_period as t
    cross join prep_unit as u
    cross join (select coalesce(bool_or(is_executive or is_comms), false) as has_top from dim_person) as r
    left join prep_period as b
        on b.period_kind = t.period_kind and b.period_start = t.previous_start and b.platform = t.platform
    left join known_from as w on w.platform = t.platform
    left join counted as c on c.period_start = t.period_start and c.platform = t.platform and c.unit = u.unit
    where t.period_kind = 'week'
),
judged as (
    select
        *,
        case
            when not is_compared or n_returning + n_lapsing < 5 then null
            when n_returning >= n_lapsing then true
            when is_return_known then false
        end as is_self_sustaining_week,
        row_number() over (partition by platform, unit order by period_start) as place
    from filled
),
run as (
    select
        *,
        case when is_self_sustaining_week is not null then
            place - coalesce(
                max(case when not coalesce(is_self_sustaining_week, false) then place end) over (
                    partition by platform, unit
                    order by place
                    rows between unbounded preceding and current row
                ),
                0
            )
        end as n_weeks_in_a_row,
        count(is_self_sustaining_week) over (
            partition by platform, unit
            order by place
            rows between 5 preceding and current row
        ) as n_judged_of_six
    from judged
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
    case when is_adoption_known then n_adopted end as n_adopted,
    case when is_adoption_known then k / n end as adoption_ratio,
    case when is_adoption_known and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as adoption_ratio_low,
    case when is_adoption_known and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as adoption_ratio_high,
    case when is_known then n_unseeded_contributors end as n_unseeded_contributors,
    case when is_known then n_returning end as n_returning,
    case when is_known then n_reviving end as n_reviving,
    case when is_change_known then n_lapsing end as n_lapsing,
    is_self_sustaining_week,
    n_weeks_in_a_row,
    case
        when n_weeks_in_a_row >= 6 then 'sustained'
        when n_judged_of_six = 6 then 'not_yet'
        else 'cannot_tell'
    end as state
from run
