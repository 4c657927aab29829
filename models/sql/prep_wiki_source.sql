-- grain: platform, workspace with pages
-- question: which workspaces hold pages, and what do their exports show of the changes to them?
-- Edits of latest revisions only are no contributions: such an export shows no edits, whatever it says of itself.
select
    e.platform,
    e.workspace,
    bool_or(c.has_edits and (c.has_history or (e.action = 'edit' and e.is_contribution))) as has_edits,
    bool_or(c.has_edits and c.has_history) as has_history,
    bool_or(e.bytes_delta is not null) as has_sizes,
    bool_or(e.is_revert is not null) as has_reverts,
    bool_or(e.is_minor is not null) as has_minor
from fct_event as e
join source_capability as c on c.file_id = e.file_id
cross join meta as m
where e.action in ('create', 'edit')
    and e.occurred_on <= m.as_of_on
group by e.platform, e.workspace
