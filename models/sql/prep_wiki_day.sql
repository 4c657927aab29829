-- grain: page or space, day with an edit by a person
-- question: on which days did people edit each page and each space, and how long was it left alone before?
-- Creations, edits and comments count, minor ones too; bots and null edits do not. A page is what was created or edited,
-- not a talk page; a space is what holds one. Life begins with the first edit by a person. A day of which no export
-- tells may hold edits, so a silence is sure only after the last such day.
with changed as (
    select
        e.platform,
        e.workspace,
        e.thread_id,
        e.space_id,
        e.action,
        e.occurred_on
    from fct_event as e
    join prep_wiki_source as s on s.platform = e.platform and s.workspace = e.workspace
    cross join meta as m
    where e.action in ('create', 'edit')
        and e.occurred_on <= m.as_of_on
        and s.has_edits
        and s.has_history
),
subjects as (
    select
        'page' as subject,
        platform,
        workspace,
        thread_id,
        cast(null as varchar) as space_id,
        coalesce(min(case when action = 'create' then occurred_on end) = min(occurred_on), false) as is_begun
    from changed
    where thread_id is not null
    group by platform, workspace, thread_id
    union all
    select
        'space' as subject,
        platform,
        workspace,
        cast(null as blob) as thread_id,
        space_id,
        coalesce(min(case when action = 'create' then occurred_on end) = min(occurred_on), false) as is_begun
    from changed
    where space_id is not null
    group by platform, workspace, space_id
),
worked as (
    select
        'page' as subject,
        platform,
        workspace,
        thread_id,
        cast(null as varchar) as space_id,
        occurred_on,
        cast(sum(n_creates + n_edits + n_comments) as bigint) as n_edits
    from prep_wiki_work
    where n_creates + n_edits + n_comments > 0
    group by platform, workspace, thread_id, occurred_on
    union all
    select
        'space' as subject,
        platform,
        workspace,
        cast(null as blob) as thread_id,
        space_id,
        occurred_on,
        cast(sum(n_creates + n_edits + n_comments) as bigint) as n_edits
    from prep_wiki_work
    where n_creates + n_edits + n_comments > 0
    group by platform, workspace, space_id, occurred_on
),
covered as (
    select
        platform,
        workspace,
        occurred_on,
        coalesce(
            max(case when state = 'missing' then occurred_on end) over (
                partition by platform, workspace
                order by occurred_on
                rows between unbounded preceding and 1 preceding
            ),
            min(occurred_on) over (partition by platform, workspace) - 1
        ) as unseen_on
    from coverage_day
),
sequenced as (
    select
        w.subject,
        w.platform,
        w.workspace,
        w.thread_id,
        w.space_id,
        w.occurred_on,
        w.n_edits,
        s.is_begun,
        coalesce(c.unseen_on, w.occurred_on - 1) as unseen_on,
        year(w.occurred_on) * 12 + month(w.occurred_on) as month_number,
        min(w.occurred_on) over (partition by w.subject, w.platform, w.workspace, w.thread_id, w.space_id) as born_on,
        lag(w.occurred_on) over by_day as previous_on,
        lead(w.occurred_on) over by_day as next_on,
        dense_rank() over (
            partition by w.subject, w.platform, w.workspace, w.thread_id, w.space_id
            order by year(w.occurred_on) * 12 + month(w.occurred_on)
        ) as month_rank
    from worked as w
    join subjects as s
        on s.subject = w.subject
        and s.platform = w.platform
        and s.workspace = w.workspace
        and s.thread_id is not distinct from w.thread_id
        and s.space_id is not distinct from w.space_id
    left join covered as c
        on c.platform = w.platform
        and c.workspace = w.workspace
        and c.occurred_on = w.occurred_on
    window by_day as (
        partition by w.subject, w.platform, w.workspace, w.thread_id, w.space_id
        order by w.occurred_on
    )
)
select
    subject,
    platform,
    workspace,
    thread_id,
    space_id,
    occurred_on,
    n_edits,
    is_begun,
    born_on,
    next_on,
    max(
        case when previous_on is not null then date_diff('day', greatest(previous_on, unseen_on), occurred_on) - 1 end
    ) over (
        partition by subject, platform, workspace, thread_id, space_id
        order by occurred_on
        rows between unbounded preceding and current row
    ) as longest_silence_days,
    month_number - min(month_number) over (
        partition by subject, platform, workspace, thread_id, space_id, month_number - month_rank
    ) + 1 as n_months_running
from sequenced
