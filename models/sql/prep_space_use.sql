-- grain: page or public space, day with a contribution by a person
-- question: on which days did people contribute to each of them?
-- A page is what was created or edited in wiki spaces, and nowhere else; neither talk pages nor pages that were ever in
-- a space that is not public. Of what has expired the days and counts are still known.
with happened as (
    select
        e.platform,
        e.workspace,
        e.space_id,
        e.thread_id,
        e.action,
        e.occurred_on,
        e.is_contribution,
        p.subject,
        case when not p.is_part then p.space_id end as own_space_id
    from fct_event as e
    cross join meta as m
    left join prep_public_space as p on p.platform = e.platform and p.space_id = e.space_id
    where e.time_basis = 'own' and e.occurred_on <= m.as_of_on
),
pages as (
    select platform, workspace, thread_id
    from happened
    where action in ('create', 'edit', 'comment') and thread_id is not null
    group by platform, workspace, thread_id
    having bool_and(coalesce(subject = 'wiki_space', false))
        and count(*) filter (where action <> 'comment') > 0
),
hidden as (
    select distinct platform, workspace, thread_id
    from happened
    where action in ('create', 'edit', 'comment')
        and thread_id is not null
        and not coalesce(subject = 'wiki_space', false)
),
public as (
    select distinct
        subject,
        platform,
        workspace,
        case when not is_part then space_id end as own_space_id
    from prep_public_space
),
past as (
    select
        u.subject,
        u.platform,
        u.workspace,
        u.thread_id,
        u.space_id,
        u.occurred_on,
        u.n_contributions
    from stg_past_use as u
    cross join meta as m
    left join hidden as h
        on h.platform = u.platform
        and h.workspace = u.workspace
        and h.thread_id = u.thread_id
    where u.occurred_on <= m.as_of_on
        and h.platform is null
        and exists (
            select 1
            from public as p
            where p.platform = u.platform
                and p.workspace = u.workspace
                and (
                    (u.subject = 'page' and p.subject = 'wiki_space')
                    or (p.subject = u.subject and p.own_space_id is not distinct from u.space_id)
                )
        )
),
used as (
    select
        'page' as subject,
        h.platform,
        h.workspace,
        h.thread_id,
        cast(null as varchar) as space_id,
        h.occurred_on,
        count(*) as n_contributions
    from happened as h
    join pages as g
        on g.platform = h.platform
        and g.workspace = h.workspace
        and g.thread_id = h.thread_id
    where h.is_contribution and h.action in ('create', 'edit', 'comment')
    group by h.platform, h.workspace, h.thread_id, h.occurred_on
    union all
    select
        subject,
        platform,
        workspace,
        cast(null as blob) as thread_id,
        own_space_id as space_id,
        occurred_on,
        count(*) as n_contributions
    from happened
    where is_contribution and subject is not null
    group by subject, platform, workspace, own_space_id, occurred_on
    union all
    select subject, platform, workspace, thread_id, space_id, occurred_on, n_contributions
    from past
)
-- a day that expired and comes again with an old export counts once
select
    subject,
    platform,
    workspace,
    thread_id,
    space_id,
    occurred_on,
    max(n_contributions) as n_contributions
from used
group by subject, platform, workspace, thread_id, space_id, occurred_on
