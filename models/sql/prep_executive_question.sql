-- grain: message to an executive
-- question: did the executive to whom somebody else wrote answer within 5 working days?
-- A message is a thread starter, reply or comment by an employed person who is no executive on its day, to somebody who
-- is. The answer is a later reply or comment of that executive in the same thread, not of a delegate: exports do not say
-- which message of a thread it answers. It is in time up to the end of the fifth day from Monday to Friday after the day
-- of the message; a message is old enough once each day up to that one was observed on its platform.
with spoken as (
    select
        platform,
        workspace,
        coalesce(space_id, '') as space_id,
        thread_id,
        event_id,
        occurred_at,
        occurred_on,
        person_id,
        target_person_id as executive_person_id,
        target_unit as unit,
        false as is_answer
    from prep_talk
    where action <> 'react'
        and is_employed
        and not is_executive
        and is_target_executive
        and target_person_id <> person_id
    union all
    select
        platform,
        workspace,
        coalesce(space_id, '') as space_id,
        thread_id,
        event_id,
        occurred_at,
        occurred_on,
        person_id,
        person_id as executive_person_id,
        unit,
        true as is_answer
    from prep_talk
    where action in ('reply', 'comment') and not is_delegated
),
-- backwards in time, what came before a message is later than it; an answer of the same instant is not
followed as (
    select
        platform,
        occurred_on,
        executive_person_id,
        unit,
        is_answer,
        least(occurred_on + 7, cast(date_trunc('week', occurred_on) as date) + 11) as due_on,
        case when thread_id is not null then
            min(case when is_answer then occurred_on end) over (
                partition by platform, workspace, space_id, thread_id, executive_person_id
                order by occurred_at desc, is_answer, event_id, person_id
                rows between unbounded preceding and current row
            )
        end as answered_on
    from spoken
)
select
    f.platform,
    f.occurred_on,
    f.executive_person_id,
    f.unit,
    coalesce(d.n_seen_days_so_far - s.n_seen_days_so_far = date_diff('day', f.occurred_on, f.due_on), false)
        and s.state <> 'missing' as is_old_enough,
    coalesce(f.answered_on <= f.due_on, false) as is_answered
from followed as f
left join prep_platform_day as s on s.platform = f.platform and s.occurred_on = f.occurred_on
left join prep_platform_day as d on d.platform = f.platform and d.occurred_on = f.due_on
where not f.is_answer
