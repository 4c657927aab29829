-- grain: page that people have edited, or public space
-- question: when was it created, and was its launch within what exports tell?
-- A launch is the creation, where a day is given; else, of pages and wikis, the first contribution by a person, if the
-- first change is a creation; else the first contribution, if more than 90 days were seen up to it: a space that was
-- there all along would have been used before.
with known_from as (
    select platform, workspace, min(occurred_on) as known_from_on
    from (
        select
            platform,
            workspace,
            occurred_on,
            cast(
                sum(case when state <> 'missing' then 1 else 0 end) over (
                    partition by platform, workspace
                    order by occurred_on
                    rows between unbounded preceding and current row
                ) as bigint
            ) as n_seen_days_so_far
        from prep_space_day
    ) as c
    where n_seen_days_so_far > 90
    group by platform, workspace
),
used as (
    select subject, platform, workspace, thread_id, space_id, min(occurred_on) as first_on
    from prep_space_use
    group by subject, platform, workspace, thread_id, space_id
),
listed as (
    select
        subject,
        platform,
        workspace,
        case when not is_part then space_id end as space_id,
        min(created_on) as created_on
    from prep_public_space
    group by subject, platform, workspace, case when not is_part then space_id end
)
select
    u.subject,
    u.platform,
    u.workspace,
    u.thread_id,
    u.space_id,
    cast(null as date) as created_on,
    case when b.created_on = b.changed_on then u.first_on end as launched_on
from used as u
join prep_space_start as b
    on b.platform = u.platform
    and b.workspace = u.workspace
    and b.thread_id = u.thread_id
where u.subject = 'page'
union all
select
    s.subject,
    s.platform,
    s.workspace,
    cast(null as blob) as thread_id,
    s.space_id,
    s.created_on,
    case
        when s.created_on is not null then least(s.created_on, coalesce(u.first_on, s.created_on))
        when s.subject = 'wiki_space' then case when b.created_on = b.changed_on then u.first_on end
        when k.known_from_on <= u.first_on then u.first_on
    end as launched_on
from listed as s
left join used as u
    on u.subject = s.subject
    and u.platform = s.platform
    and u.workspace = s.workspace
    and u.space_id is not distinct from s.space_id
left join prep_space_start as b
    on b.platform = s.platform
    and b.workspace = s.workspace
    and b.thread_id is null
    and b.space_id is not distinct from s.space_id
left join known_from as k
    on k.platform = s.platform
    and k.workspace = s.workspace
