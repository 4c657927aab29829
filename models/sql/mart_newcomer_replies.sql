-- grain: week or month, platform (or all), unit (or all)
-- question: is the first post of a newcomer answered, and do newcomers post again?
with first_by_platform as (
    select
        e.platform,
        a.person_id,
        min(e.occurred_at) as first_at,
        min(e.occurred_on) as first_on
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    cross join meta as m
    where e.is_contribution and e.occurred_on <= m.as_of_on
    group by e.platform, a.person_id
),
first_seen as (
    select platform, person_id, first_at, first_on from first_by_platform
    union all
    select 'all' as platform, person_id, min(first_at) as first_at, min(first_on) as first_on
    from first_by_platform
    group by person_id
),
known_from as (
    select
        platform,
        min(case when is_new_known then occurred_on end) as known_from_on
    from prep_platform_day
    group by platform
),
-- the next thread of the person in the same workspace, where both were observed alike
sequenced as (
    select
        t.platform as home,
        t.workspace,
        t.space_id,
        t.thread_id,
        t.started_at,
        t.started_on,
        t.person_id,
        t.unit,
        t.n_working_seconds_to_reply,
        t.n_seconds_observed,
        t.n_working_seconds_observed,
        lead(t.started_at) over (
            partition by t.platform, t.workspace, t.person_id
            order by t.started_at, t.n_working_seconds_to_reply nulls last, t.thread_id, t.space_id
        ) as next_started_at
    from prep_thread as t
    join prep_conversation as c on c.platform = t.platform and c.has_threads
),
scoped as (
    select
        home as platform, home, workspace, space_id, thread_id, started_at, started_on, person_id, unit,
        n_working_seconds_to_reply, n_seconds_observed, n_working_seconds_observed, next_started_at
    from sequenced
    union all
    select
        'all' as platform, home, workspace, space_id, thread_id, started_at, started_on, person_id, unit,
        n_working_seconds_to_reply, n_seconds_observed, n_working_seconds_observed, next_started_at
    from sequenced
),
first_posts as (
    select
        s.platform,
        s.person_id,
        s.unit,
        s.started_on,
        s.n_working_seconds_observed >= 2 * 86400 as is_old_enough,
        coalesce(s.n_working_seconds_to_reply <= 2 * 86400, false) as is_answered,
        s.n_seconds_observed >= 28 * 86400 as is_followed,
        coalesce(s.next_started_at <= s.started_at + interval 28 day, false) as is_again,
        row_number() over (
            partition by s.platform, s.person_id
            -- of several at the same instant the one that is answered first
            order by
                s.home,
                s.workspace,
                s.n_working_seconds_to_reply nulls last,
                s.next_started_at nulls last,
                s.thread_id,
                s.space_id
        ) as place
    from scoped as s
    join first_seen as f on f.platform = s.platform and f.person_id = s.person_id and f.first_at = s.started_at
    join known_from as k on k.platform = s.platform and k.known_from_on <= f.first_on
),
counting as (
    select
        k.period_kind,
        k.period_start,
        p.platform,
        p.unit,
        p.is_old_enough,
        p.is_answered,
        p.is_followed,
        p.is_again
    from first_posts as p
    join prep_calendar as k on k.occurred_on = p.started_on
    join prep_eligible as e
        on e.period_kind = k.period_kind
        and e.period_start = k.period_start
        and e.platform = p.platform
        and e.person_id = p.person_id
    where p.place = 1
),
by_unit as (
    select period_kind, period_start, platform, unit, is_old_enough, is_answered, is_followed, is_again
    from counting
    where unit is not null
    union all
    select period_kind, period_start, platform, 'all' as unit, is_old_enough, is_answered, is_followed, is_again
    from counting
),
counted as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_newcomer_threads,
        count(*) filter (where is_old_enough) as n_old_enough_2d,
        count(*) filter (where is_old_enough and not is_answered) as n_unanswered_2d,
        count(*) filter (where is_followed and is_answered) as n_answered_old_enough,
        count(*) filter (where is_followed and is_answered and is_again) as n_second_post_answered,
        count(*) filter (where is_followed and not is_answered) as n_unanswered_old_enough,
        count(*) filter (where is_followed and not is_answered and is_again) as n_second_post_unanswered
    from by_unit
    group by period_kind, period_start, platform, unit
),
shares as (
    select
        period_kind, period_start, platform, unit,
        'answered' as mark,
        cast(n_old_enough_2d - n_unanswered_2d as double) as k,
        cast(n_old_enough_2d as double) as n,
        1.959963984540054 as z
    from counted
    where n_old_enough_2d > 0
    union all
    select
        period_kind, period_start, platform, unit,
        'again after an answer' as mark,
        cast(n_second_post_answered as double) as k,
        cast(n_answered_old_enough as double) as n,
        1.959963984540054 as z
    from counted
    where n_answered_old_enough > 0
    union all
    select
        period_kind, period_start, platform, unit,
        'again without' as mark,
        cast(n_second_post_unanswered as double) as k,
        cast(n_unanswered_old_enough as double) as n,
        1.959963984540054 as z
    from counted
    where n_unanswered_old_enough > 0
),
rated as (
    select
        period_kind, period_start, platform, unit, mark,
        k / n as ratio,
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)) as low,
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z)) as high
    from shares
),
shown as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        max(case when mark = 'answered' then ratio end) as answered_2d_ratio,
        max(case when mark = 'answered' then low end) as answered_2d_ratio_low,
        max(case when mark = 'answered' then high end) as answered_2d_ratio_high,
        max(case when mark = 'again after an answer' then ratio end) as second_post_answered_ratio,
        max(case when mark = 'again after an answer' then low end) as second_post_answered_ratio_low,
        max(case when mark = 'again after an answer' then high end) as second_post_answered_ratio_high,
        max(case when mark = 'again without' then ratio end) as second_post_unanswered_ratio,
        max(case when mark = 'again without' then low end) as second_post_unanswered_ratio_low,
        max(case when mark = 'again without' then high end) as second_post_unanswered_ratio_high
    from rated
    group by period_kind, period_start, platform, unit
),
-- who is new is unknown in a period that ends before anybody could be
filled as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        t.platform,
        u.unit,
        t.is_complete,
        t.n_observed_days,
        t.n_seen_days > 0 and coalesce(c.has_threads, false) and coalesce(k.known_from_on <= t.period_end, false)
            as is_known
    from prep_period as t
    cross join prep_unit as u
    left join prep_conversation as c on c.platform = t.platform
    left join known_from as k on k.platform = t.platform
),
people as (
    select period_kind, period_start, platform, unit, count(*) as n_eligible
    from (
        select period_kind, period_start, platform, unit from prep_eligible where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit from prep_eligible
    ) as p
    group by period_kind, period_start, platform, unit
)
select
    f.period_kind,
    f.period_start,
    f.period_end,
    f.platform,
    f.unit,
    f.is_complete,
    f.n_observed_days,
    coalesce(p.n_eligible, 0) as n_eligible,
    case when f.is_known then coalesce(c.n_newcomer_threads, 0) end as n_newcomer_threads,
    case when f.is_known then coalesce(c.n_old_enough_2d, 0) end as n_old_enough_2d,
    case when f.is_known then coalesce(c.n_unanswered_2d, 0) end as n_unanswered_2d,
    case when f.is_known then s.answered_2d_ratio end as answered_2d_ratio,
    case when f.is_known then s.answered_2d_ratio_low end as answered_2d_ratio_low,
    case when f.is_known then s.answered_2d_ratio_high end as answered_2d_ratio_high,
    case when f.is_known then coalesce(c.n_answered_old_enough, 0) end as n_answered_old_enough,
    case when f.is_known then coalesce(c.n_second_post_answered, 0) end as n_second_post_answered,
    case when f.is_known then s.second_post_answered_ratio end as second_post_answered_ratio,
    case when f.is_known then s.second_post_answered_ratio_low end as second_post_answered_ratio_low,
    case when f.is_known then s.second_post_answered_ratio_high end as second_post_answered_ratio_high,
    case when f.is_known then coalesce(c.n_unanswered_old_enough, 0) end as n_unanswered_old_enough,
    case when f.is_known then coalesce(c.n_second_post_unanswered, 0) end as n_second_post_unanswered,
    case when f.is_known then s.second_post_unanswered_ratio end as second_post_unanswered_ratio,
    case when f.is_known then s.second_post_unanswered_ratio_low end as second_post_unanswered_ratio_low,
    case when f.is_known then s.second_post_unanswered_ratio_high end as second_post_unanswered_ratio_high
from filled as f
left join people as p using (period_kind, period_start, platform, unit)
left join counted as c using (period_kind, period_start, platform, unit)
left join shown as s using (period_kind, period_start, platform, unit)
