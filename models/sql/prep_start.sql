-- grain: thread, page or space that somebody started
-- question: how many others did it draw within 28 days, and were these days observed?
-- Drawn is who contributes to it on the day of the start or one of the 27 days after, is employed on that day, no
-- executive, and did not start it. Exports do not name who creates a space: its starter is whoever contributes first to
-- a public one that is first seen, and as far as known created, after the first 90 observed days of its platform.
with known_from as (
    select platform, min(occurred_on) as known_from_on
    from prep_platform_day
    where is_new_known
    group by platform
),
seen as (
    select platform, space_id, min(occurred_on) as seen_on
    from fct_event
    where space_id is not null
    group by platform, space_id
),
new_spaces as (
    select s.platform, s.space_id
    from dim_space as s
    join seen as n on n.platform = s.platform and n.space_id = s.space_id
    join known_from as k on k.platform = s.platform and k.known_from_on <= n.seen_on
    where s.kind in ('channel', 'group', 'space', 'blog')
        and s.visibility = 'public'
        and (s.created_at is null or k.known_from_on <= cast(s.created_at as date))
),
in_new_spaces as (
    select
        c.platform,
        c.workspace,
        c.space_id,
        c.occurred_on,
        c.person_id,
        c.unit,
        c.is_of_staff,
        c.is_leading,
        row_number() over (
            partition by c.platform, c.space_id
            order by c.occurred_at, r.place, c.is_leading, c.person_id
        ) as place
    from prep_seeded as c
    join new_spaces as s on s.platform = c.platform and s.space_id = c.space_id
    join prep_person_order as r on r.person_id = c.person_id
),
opened as (
    select
        platform,
        workspace,
        space_id,
        occurred_on as started_on,
        person_id,
        unit,
        case when is_leading then 'top' when is_of_staff then 'bottom' else 'elsewhere' end as origin
    from in_new_spaces
    where place = 1
),
drawn_by_space as (
    select o.platform, o.space_id, count(distinct c.person_id) as n_drawn
    from opened as o
    join in_new_spaces as c
        on c.platform = o.platform
        and c.space_id = o.space_id
        and c.person_id <> o.person_id
        and c.occurred_on between o.started_on and o.started_on + 27
    where c.is_of_staff
    group by o.platform, o.space_id
),
drawn_by_thread as (
    select o.platform, o.key_space_id, o.thread_id, count(distinct c.person_id) as n_drawn
    from prep_opening as o
    join prep_seeded as c
        on c.platform = o.platform
        and c.thread_id = o.thread_id
        and c.key_space_id is not distinct from o.key_space_id
        and c.person_id is distinct from o.person_id
        and c.occurred_on between o.started_on and o.started_on + 27
    where c.is_of_staff
    group by o.platform, o.key_space_id, o.thread_id
),
-- where no export shows what others add, nothing can be said of it
showing as (
    select platform, 'thread' as what
    from prep_seeded
    where action in ('reply', 'comment') and thread_id is not null
    union
    select platform, 'page' as what
    from prep_seeded
    where action in ('edit', 'comment') and thread_id is not null
    union
    select platform, 'space' as what
    from known_from
),
starts as (
    select
        o.platform,
        o.workspace,
        o.what,
        o.started_on,
        o.unit,
        o.origin,
        coalesce(d.n_drawn, 0) as n_drawn
    from prep_opening as o
    left join drawn_by_thread as d
        on d.platform = o.platform
        and d.thread_id = o.thread_id
        and d.key_space_id is not distinct from o.key_space_id
    union all
    select
        o.platform,
        o.workspace,
        'space' as what,
        o.started_on,
        o.unit,
        o.origin,
        coalesce(d.n_drawn, 0) as n_drawn
    from opened as o
    left join drawn_by_space as d on d.platform = o.platform and d.space_id = o.space_id
),
observed as (
    select
        platform,
        workspace,
        occurred_on,
        state <> 'missing' as is_seen,
        cast(
            sum(case when state <> 'missing' then 1 else 0 end) over (
                partition by platform, workspace
                order by occurred_on
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_seen_so_far
    from coverage_day
)
select
    s.platform,
    s.what,
    s.started_on,
    s.unit,
    s.origin,
    s.n_drawn,
    w.platform is not null
        and coalesce(
            z.n_seen_so_far - b.n_seen_so_far + case when b.is_seen then 1 else 0 end = 28,
            false
        ) as is_decided
from starts as s
left join showing as w on w.platform = s.platform and w.what = s.what
left join observed as b
    on b.platform = s.platform and b.workspace = s.workspace and b.occurred_on = s.started_on
left join observed as z
    on z.platform = s.platform and z.workspace = s.workspace and z.occurred_on = s.started_on + 27
