-- grain: week or month, platform (or all), unit (or all), who asks (anybody or newcomers)
-- question: how few people give more than half of the first answers to what is asked in a unit?
-- A question cannot be told from another thread without its text, so every thread that a person starts counts as one.
-- Newcomers are those whose first step, after the first 90 observed days, lies at most 28 days back.
with placed as (
    select
        k.period_kind,
        k.period_start,
        t.platform as home,
        t.unit,
        t.person_id,
        t.started_on,
        t.first_replier_person_id
    from prep_thread as t
    join prep_conversation as c on c.platform = t.platform and c.has_threads
    join prep_calendar as k on k.occurred_on = t.started_on
),
scoped as (
    select period_kind, period_start, home as platform, unit, person_id, started_on, first_replier_person_id
    from placed
    union all
    select period_kind, period_start, 'all' as platform, unit, person_id, started_on, first_replier_person_id
    from placed
),
asked as (
    select
        s.period_kind,
        s.period_start,
        s.platform,
        s.unit,
        s.person_id,
        s.first_replier_person_id,
        coalesce(f.is_new and date_diff('day', f.first_on, s.started_on) between 0 and 28, false) as is_newcomer
    from scoped as s
    join prep_eligible as e
        on e.period_kind = s.period_kind
        and e.period_start = s.period_start
        and e.platform = s.platform
        and e.person_id = s.person_id
    left join prep_first_step as f on f.platform = s.platform and f.person_id = s.person_id
),
by_unit as (
    select period_kind, period_start, platform, unit, person_id, first_replier_person_id, is_newcomer
    from asked
    where unit is not null
    union all
    select period_kind, period_start, platform, 'all' as unit, person_id, first_replier_person_id, is_newcomer
    from asked
),
askers as (
    select 'anybody' as asked_by
    union all
    select 'newcomers' as asked_by
),
by_asker as (
    select b.period_kind, b.period_start, b.platform, b.unit, a.asked_by, b.person_id, b.first_replier_person_id
    from by_unit as b
    join askers as a on a.asked_by = 'anybody' or b.is_newcomer
),
answering as (
    select
        period_kind, period_start, platform, unit, asked_by,
        first_replier_person_id as person_id,
        count(*) as n_answers
    from by_asker
    where first_replier_person_id is not null
    group by period_kind, period_start, platform, unit, asked_by, first_replier_person_id
),
ranked as (
    select
        period_kind, period_start, platform, unit, asked_by, n_answers,
        row_number() over w as place,
        cast(sum(n_answers) over w as bigint) as n_so_far,
        cast(sum(n_answers) over (partition by period_kind, period_start, platform, unit, asked_by) as bigint) as n_all
    from answering
    window w as (
        partition by period_kind, period_start, platform, unit, asked_by
        order by n_answers desc, person_id
        rows between unbounded preceding and current row
    )
),
resting as (
    select
        period_kind, period_start, platform, unit, asked_by,
        count(*) as n_answerers,
        min(case when 2 * n_so_far > n_all then place end) as n_champions
    from ranked
    group by period_kind, period_start, platform, unit, asked_by
),
counted as (
    select
        period_kind, period_start, platform, unit, asked_by,
        count(*) as n_questions,
        count(distinct person_id) as n_askers,
        count(first_replier_person_id) as n_answered
    from by_asker
    group by period_kind, period_start, platform, unit, asked_by
),
people as (
    select period_kind, period_start, platform, unit, count(*) as n_eligible
    from prep_eligible
    where unit is not null
    group by period_kind, period_start, platform, unit
    union all
    select period_kind, period_start, platform, 'all' as unit, count(*) as n_eligible
    from prep_eligible
    group by period_kind, period_start, platform
),
known_from as (
    select
        platform,
        min(case when is_new_known then occurred_on end) as known_from_on
    from prep_platform_day
    group by platform
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
        a.asked_by,
        t.n_seen_days > 0 and coalesce(c.has_threads, false)
            and (a.asked_by = 'anybody' or coalesce(k.known_from_on <= t.period_end, false)) as is_known
    from prep_period as t
    cross join prep_unit as u
    cross join askers as a
    left join prep_conversation as c on c.platform = t.platform
    left join known_from as k on k.platform = t.platform
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
    f.asked_by,
    case when f.is_known then coalesce(c.n_questions, 0) end as n_questions,
    case when f.is_known then coalesce(c.n_askers, 0) end as n_askers,
    case when f.is_known then coalesce(c.n_answered, 0) end as n_answered,
    case when f.is_known then coalesce(r.n_answerers, 0) end as n_answerers,
    case when f.is_known then r.n_champions end as n_champions
from filled as f
left join people as p using (period_kind, period_start, platform, unit)
left join counted as c using (period_kind, period_start, platform, unit, asked_by)
left join resting as r using (period_kind, period_start, platform, unit, asked_by)
