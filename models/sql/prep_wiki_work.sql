-- grain: workspace, day, person, page, space
-- question: what did each person do to each page on each day?
-- A null edit is a person's revision that is no contribution and leaves the size as it was. A revert restores a state
-- of 2 to 15 revisions before; facts do not say which, so it is the nearest one of the same size. It undoes own work
-- only if everything after that state is by the same person; where sizes are unknown, it is of neither kind.
with revisions as (
    select
        e.platform,
        e.workspace,
        e.event_id,
        e.occurred_at,
        e.occurred_on,
        e.line,
        e.action,
        e.is_contribution,
        a.person_id,
        e.actor_kind,
        e.thread_id,
        e.space_id,
        e.bytes_delta,
        e.is_revert,
        e.is_minor
    from fct_event as e
    join prep_wiki_source as s on s.platform = e.platform and s.workspace = e.workspace
    left join dim_account as a on a.account_id = e.account_id
    cross join meta as m
    where e.action in ('create', 'edit', 'comment')
        and e.occurred_on <= m.as_of_on
),
disputed as (
    select distinct platform, thread_id
    from revisions
    where is_revert
),
ordered as (
    select
        r.platform,
        r.event_id,
        r.thread_id,
        r.person_id,
        r.is_revert,
        row_number() over page_order as place,
        cast(coalesce(sum(r.bytes_delta) over page_order, 0) as bigint) as size,
        cast(sum(case when r.bytes_delta is null then 1 else 0 end) over page_order as bigint) as n_unsized,
        lag(r.person_id) over page_order as person_before
    from revisions as r
    join disputed as d on d.platform = r.platform and d.thread_id = r.thread_id
    window page_order as (partition by r.platform, r.thread_id order by r.occurred_at, r.line, r.event_id)
),
placed as (
    select
        *,
        max(case when person_id is distinct from person_before then place end) over (
            partition by platform, thread_id
            order by place
        ) as own_from_place
    from ordered
),
restored as (
    select
        p.platform,
        p.event_id,
        p.thread_id,
        p.own_from_place <= max(q.place) + 1 as is_self_revert
    from placed as p
    join placed as q
        on q.platform = p.platform
        and q.thread_id = p.thread_id
        and q.size = p.size
        and q.n_unsized = p.n_unsized
        and q.place between p.place - 15 and p.place - 2
    where p.is_revert
    group by p.platform, p.event_id, p.thread_id, p.own_from_place
),
judged as (
    select
        r.platform,
        r.workspace,
        r.occurred_on,
        r.person_id,
        p.unit,
        r.thread_id,
        r.space_id,
        r.action,
        r.is_contribution,
        r.bytes_delta,
        coalesce(r.is_minor, false) as is_minor,
        case when r.is_contribution and r.action = 'edit' then t.is_self_revert end as is_self_revert
    from revisions as r
    left join restored as t
        on t.platform = r.platform
        and t.event_id = r.event_id
        and t.thread_id = r.thread_id
    left join prep_population as p
        on p.person_id = r.person_id
        and p.is_employed
        and p.valid_from <= r.occurred_on
        and r.occurred_on < coalesce(p.valid_to, date '9999-12-31')
    where r.person_id is not null
        and (r.is_contribution or (
            r.action <> 'create' and r.bytes_delta = 0 and r.actor_kind in ('human', 'external')
        ))
)
select
    platform,
    workspace,
    occurred_on,
    person_id,
    unit,
    thread_id,
    space_id,
    count(*) filter (where is_contribution and action = 'create') as n_creates,
    count(*) filter (where is_contribution and action = 'edit') as n_edits,
    count(*) filter (where is_contribution and action = 'comment') as n_comments,
    count(*) filter (where is_contribution and action = 'edit' and is_minor) as n_minor_edits,
    count(*) filter (where not is_contribution) as n_null_edits,
    count(*) filter (where is_contribution and action <> 'comment' and bytes_delta is not null) as n_sized_edits,
    cast(coalesce(sum(bytes_delta) filter (
        where is_contribution and action <> 'comment' and bytes_delta > 0
    ), 0) as bigint) as n_bytes_added,
    cast(coalesce(sum(-bytes_delta) filter (
        where is_contribution and action <> 'comment' and bytes_delta < 0
    ), 0) as bigint) as n_bytes_removed,
    count(*) filter (where not is_self_revert) as n_reverts,
    count(*) filter (where is_self_revert) as n_self_reverts
from judged
group by platform, workspace, occurred_on, person_id, unit, thread_id, space_id
