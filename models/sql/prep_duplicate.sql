-- grain: event, export that holds it more often than it is in use from there
-- question: which records are not in use, because another version of the event is, and does that version differ?
-- Two versions say the same if action, account, thread, time and time of the edit are equal: what else a record has
-- depends on the rest of its export. A copy that no version in use equals was superseded; the others are identical.
with losing as (
    select s.file_id
    from (select file_id, count(*) as n_staged from stg_event where is_record group by file_id) as s
    left join (select file_id, count(*) as n_used from fct_event where line is not null group by file_id) as u
        on u.file_id = s.file_id
    where s.n_staged > coalesce(u.n_used, 0)
),
staged as (
    select e.event_id, e.file_id, count(*) as n_staged
    from stg_event as e
    join losing as l on l.file_id = e.file_id
    where e.is_record
    group by e.event_id, e.file_id
),
used as (
    select e.event_id, e.file_id, count(*) as n_used
    from fct_event as e
    join losing as l on l.file_id = e.file_id
    where e.line is not null
    group by e.event_id, e.file_id
),
lost as (
    select
        s.event_id,
        s.file_id,
        s.n_staged - coalesce(u.n_used, 0) as n_lost,
        u.n_used is not null as is_within
    from staged as s
    left join used as u on u.event_id = s.event_id and u.file_id = s.file_id
    where s.n_staged > coalesce(u.n_used, 0)
),
-- the edit time of the version in use stands only in staging
winning as (
    select distinct u.event_id, u.action, u.account_id, u.thread_id, u.occurred_at, e.version_at
    from fct_event as u
    join (select distinct event_id from lost) as l on l.event_id = u.event_id
    join stg_event as e
        on e.event_id = u.event_id
        and e.file_id = u.file_id
        and e.line = u.line
        and e.action = u.action
        and e.account_id is not distinct from u.account_id
    where u.line is not null and e.is_record
)
select
    l.file_id,
    l.event_id,
    case when min(e.member) = max(e.member) then min(e.member) else '' end as member,
    l.is_within,
    count(*) filter (where w.event_id is null) as n_superseded,
    l.n_lost - count(*) filter (where w.event_id is null) as n_identical
from lost as l
join stg_event as e on e.event_id = l.event_id and e.file_id = l.file_id
left join winning as w
    on w.event_id = e.event_id
    and w.action = e.action
    and w.account_id is not distinct from e.account_id
    and w.thread_id is not distinct from e.thread_id
    and w.occurred_at is not distinct from e.occurred_at
    and w.version_at is not distinct from e.version_at
where e.is_record
group by l.file_id, l.event_id, l.is_within, l.n_lost
