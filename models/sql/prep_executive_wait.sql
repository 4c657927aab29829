-- grain: thread that an employed person started themselves
-- question: how long did it take until somebody who is no executive answered, or until nobody looked any more?
-- A thread is followed for whole days, up to the last one before its platform was not observed; what comes later than
-- that many times 24 hours is not known. Times are in whole seconds, the hour of the day is in UTC.
with days as (
    select
        d.platform,
        d.occurred_on,
        coalesce(
            min(case when d.state = 'missing' then d.occurred_on end) over (
                partition by d.platform
                order by d.occurred_on
                rows between current row and unbounded following
            ) - 1,
            m.as_of_on
        ) as until_on
    from prep_platform_day as d
    cross join meta as m
),
clocked as (
    select
        t.platform,
        t.workspace,
        coalesce(t.space_id, '') as space_id,
        t.thread_id,
        t.event_id,
        t.occurred_at,
        t.occurred_on,
        t.action,
        t.is_delegated,
        t.person_id,
        t.is_employed,
        t.unit,
        t.is_executive,
        date_diff('day', date '1970-01-01', cast(t.occurred_at as date)) * 86400 + extract(hour from t.occurred_at) * 3600
            + extract(minute from t.occurred_at) * 60 + cast(floor(extract(second from t.occurred_at)) as bigint)
            as at_second
    from prep_talk as t
    where t.thread_id is not null and t.action <> 'react'
),
answers as (
    select
        s.platform,
        s.workspace,
        s.space_id,
        s.event_id,
        s.person_id,
        min(r.at_second - s.at_second) as n_seconds
    from clocked as s
    join clocked as r
        on r.platform = s.platform
        and r.workspace = s.workspace
        and r.space_id = s.space_id
        and r.thread_id = s.thread_id
        and r.action in ('reply', 'comment')
        and not r.is_executive
        and r.person_id <> s.person_id
        and r.occurred_at >= s.occurred_at
    where s.action = 'post'
    group by s.platform, s.workspace, s.space_id, s.event_id, s.person_id
)
select
    s.platform,
    s.occurred_on,
    s.workspace,
    s.space_id,
    cast(extract(hour from s.occurred_at) as bigint) as hour_of_day,
    s.person_id,
    s.unit,
    s.is_executive,
    cast(
        least(a.n_seconds, 86400 * date_diff('day', s.occurred_on, d.until_on)) as bigint
    ) as n_seconds,
    coalesce(a.n_seconds <= 86400 * date_diff('day', s.occurred_on, d.until_on), false) as is_answered
from clocked as s
join days as d on d.platform = s.platform and d.occurred_on = s.occurred_on and d.until_on >= s.occurred_on
left join answers as a
    on a.platform = s.platform
    and a.workspace = s.workspace
    and a.space_id = s.space_id
    and a.event_id = s.event_id
    and a.person_id = s.person_id
where s.action = 'post' and s.is_employed and not s.is_delegated
