-- grain: platform (or all)
-- question: which parts of a conversation do the exports of each platform show?
-- A platform shows threads or targets once any of its records does, whoever wrote it: where none ever does, silence
-- cannot be told from an export that leaves answers out.
with shown as (
    select
        e.platform,
        bool_or(e.action = 'reply' and e.thread_id is not null) as has_threads,
        bool_or(e.action in ('reply', 'comment', 'react') and e.target_account_id is not null) as has_targets
    from fct_event as e
    cross join meta as m
    where e.occurred_on <= m.as_of_on
    group by e.platform
),
capable as (
    select
        f.platform,
        bool_or(c.has_reactions) as has_reactions
    from source_capability as c
    join stg_file as f on f.file_id = c.file_id
    group by f.platform
),
known as (
    select
        s.platform,
        s.has_threads,
        s.has_targets,
        s.has_targets and coalesce(c.has_reactions, false) as has_reactions
    from shown as s
    left join capable as c on c.platform = s.platform
)
select platform, has_threads, has_targets, has_reactions
from known
union all
select
    'all' as platform,
    bool_or(has_threads) as has_threads,
    bool_or(has_targets) as has_targets,
    bool_or(has_reactions) as has_reactions
from known
having count(*) > 0
