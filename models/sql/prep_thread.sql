-- grain: thread that a person started
-- question: who started it, when did another person first answer, and until when would an answer have been seen?
-- A thread is followed to the end of the last day before the first missing day of its source; on a day of which the end
-- was not observed, to the last record. What is started on a missing day is not followed at all. Working time is the
-- time that passed without Saturdays and Sundays, in UTC; times are in whole seconds.
with days as (
    select
        platform,
        workspace,
        occurred_on,
        state,
        coalesce(
            min(case when state = 'missing' then occurred_on end) over (
                partition by platform, workspace
                order by occurred_on
                rows between current row and unbounded following
            ) - 1,
            max(occurred_on) over (partition by platform, workspace)
        ) as until_on
    from coverage_day
),
last_record as (
    select platform, workspace, occurred_on, max(occurred_at) as last_at
    from fct_event
    where time_basis = 'own'
    group by platform, workspace, occurred_on
),
ends as (
    select
        d.platform,
        d.workspace,
        d.occurred_on as until_on,
        -- a reporting day may last longer than the UTC day; its records show it
        greatest(
            r.last_at,
            cast(case when d.state = 'observed' then d.occurred_on + 1 else d.occurred_on end as timestamp)
        ) as until_at
    from days as d
    left join last_record as r
        on r.platform = d.platform and r.workspace = d.workspace and r.occurred_on = d.occurred_on
    where d.occurred_on = d.until_on
),
messages as (
    select
        e.platform,
        e.workspace,
        case when f.ids_per_space then e.space_id end as key_space_id,
        e.space_id,
        e.thread_id,
        e.occurred_at,
        e.occurred_on,
        e.action,
        e.event_id = e.thread_id as is_root,
        a.person_id,
        o.place as person_place
    from fct_event as e
    join stg_file as f on f.file_id = e.file_id
    join dim_account as a on a.account_id = e.account_id
    join prep_person_order as o on o.person_id = a.person_id
    cross join meta as m
    where e.is_contribution
        and e.action in ('post', 'reply', 'comment')
        and e.time_basis = 'own'
        and e.thread_id is not null
        and e.occurred_on <= m.as_of_on
),
starters as (
    select
        *,
        row_number() over (
            partition by platform, key_space_id, thread_id
            order by occurred_at, person_place, person_id
        ) as place
    from messages
    where action = 'post' and is_root
),
followed as (
    select
        s.platform,
        s.workspace,
        s.key_space_id,
        s.space_id,
        s.thread_id,
        s.occurred_at as started_at,
        s.occurred_on as started_on,
        s.person_id,
        d.until_on,
        coalesce(n.until_at, s.occurred_at) as until_at
    from starters as s
    left join days as d
        on d.platform = s.platform
        and d.workspace = s.workspace
        and d.occurred_on = s.occurred_on
        and d.state <> 'missing'
    left join ends as n
        on n.platform = d.platform and n.workspace = d.workspace and n.until_on = d.until_on
    where s.place = 1
),
answers as (
    select
        t.platform,
        t.key_space_id,
        t.thread_id,
        r.occurred_at as replied_at,
        r.person_id,
        row_number() over (
            partition by t.platform, t.key_space_id, t.thread_id
            order by r.occurred_at, r.person_place, r.person_id
        ) as place
    from followed as t
    join messages as r
        on r.platform = t.platform
        and r.thread_id = t.thread_id
        and r.key_space_id is not distinct from t.key_space_id
    where r.action in ('reply', 'comment')
        and r.person_id <> t.person_id
        and r.occurred_at >= t.started_at
        and r.occurred_on <= t.until_on
),
-- each of the three moments as a day, counted from a Monday, and a second of that day
moments as (
    select
        t.platform,
        t.workspace,
        t.space_id,
        t.thread_id,
        t.started_at,
        t.started_on,
        t.person_id,
        t.until_at,
        r.replied_at,
        r.person_id as first_replier_person_id,
        date_diff('day', date '1900-01-01', cast(t.started_at as date)) as started_day,
        date_diff('day', date '1900-01-01', cast(r.replied_at as date)) as replied_day,
        date_diff('day', date '1900-01-01', cast(t.until_at as date)) as until_day,
        extract(hour from t.started_at) * 3600 + extract(minute from t.started_at) * 60
            + cast(floor(extract(second from t.started_at)) as bigint) as started_second,
        extract(hour from r.replied_at) * 3600 + extract(minute from r.replied_at) * 60
            + cast(floor(extract(second from r.replied_at)) as bigint) as replied_second,
        extract(hour from t.until_at) * 3600 + extract(minute from t.until_at) * 60
            + cast(floor(extract(second from t.until_at)) as bigint) as until_second
    from followed as t
    left join answers as r
        on r.platform = t.platform
        and r.thread_id = t.thread_id
        and r.key_space_id is not distinct from t.key_space_id
        and r.place = 1
),
-- seconds since that Monday: all of them, and those from Monday to Friday
clocked as (
    select
        *,
        started_day * 86400 + started_second as started_clock,
        replied_day * 86400 + replied_second as replied_clock,
        until_day * 86400 + until_second as until_clock,
        (started_day // 7 * 5 + least(started_day % 7, 5)) * 86400
            + case when started_day % 7 < 5 then started_second else 0 end as started_working,
        (replied_day // 7 * 5 + least(replied_day % 7, 5)) * 86400
            + case when replied_day % 7 < 5 then replied_second else 0 end as replied_working,
        (until_day // 7 * 5 + least(until_day % 7, 5)) * 86400
            + case when until_day % 7 < 5 then until_second else 0 end as until_working
    from moments
)
select
    c.platform,
    c.workspace,
    c.space_id,
    c.thread_id,
    c.started_at,
    c.started_on,
    c.person_id,
    p.unit,
    coalesce(p.is_executive, false) as is_starter_executive,
    c.replied_at as first_replied_at,
    c.first_replier_person_id,
    c.until_at as observed_until_at,
    cast(c.replied_clock - c.started_clock as bigint) as n_seconds_to_reply,
    -- least() leaves NULL out, also where nobody answered
    case when c.replied_at is not null then cast(c.replied_working - c.started_working as bigint) end
        as n_working_seconds_to_reply,
    cast(c.until_clock - c.started_clock as bigint) as n_seconds_observed,
    cast(c.until_working - c.started_working as bigint) as n_working_seconds_observed
from clocked as c
left join prep_population as p
    on p.person_id = c.person_id
    and p.is_employed
    and p.valid_from <= c.started_on
    and c.started_on < coalesce(p.valid_to, date '9999-12-31')
