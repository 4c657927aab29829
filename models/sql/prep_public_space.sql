-- grain: public space in a workspace whose exports tell of contributions
-- question: which public spaces are there, and what are they: wiki spaces, channels, communities or blogs?
-- The namespaces of a wiki are parts of one space, the wiki. A wiki is followed only where exports show all its edits.
-- A space without pages, of a platform that calls it nothing else, is a channel. What is named nowhere, and spaces of
-- one person, are left out. Of what has expired it is still known what it was.
with telling as (
    select platform, workspace
    from fct_event
    where is_contribution and time_basis = 'own'
    union
    select platform, workspace
    from stg_past_use
),
past_wikis as (
    select distinct platform, workspace
    from stg_past_use
    where subject = 'wiki_space'
),
sorted as (
    select
        s.platform,
        s.workspace,
        s.space_id,
        case
            when s.kind = 'group' then 'community'
            when s.kind = 'blog' then 'blog'
            when s.kind = 'channel' or (s.kind = 'space' and w.platform is null and h.platform is null) then 'channel'
            when h.platform is not null or (w.has_edits and w.has_history) then 'wiki_space'
        end as subject,
        s.kind = 'namespace' as is_part,
        case when s.kind <> 'namespace' then cast(s.created_at as date) end as created_on
    from dim_space as s
    join telling as t on t.platform = s.platform and t.workspace = s.workspace
    left join prep_wiki_source as w on w.platform = s.platform and w.workspace = s.workspace
    left join past_wikis as h on h.platform = s.platform and h.workspace = s.workspace
    where s.visibility = 'public' and s.kind in ('channel', 'group', 'space', 'namespace', 'blog')
)
select subject, platform, workspace, space_id, is_part, created_on
from sorted
where subject is not null
