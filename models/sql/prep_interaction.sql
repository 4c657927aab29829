-- grain: platform, day, who acts, towards whom, reaction or not
-- question: who answered or reacted to whom, how often?
-- Only on platforms whose records name targets. A reaction falls on the day of its message where the export does not
-- date it. What people answer to themselves is not here; the target is NULL where the record names none.
with acted as (
    select
        e.platform,
        e.occurred_on,
        a.person_id,
        t.person_id as target_person_id,
        e.action = 'react' as is_reaction
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    join prep_conversation as c on c.platform = e.platform and c.has_targets
    cross join meta as m
    left join dim_account as t on t.account_id = e.target_account_id
    where e.occurred_on <= m.as_of_on
        and (
            (e.is_contribution and e.action in ('reply', 'comment'))
            or (e.action = 'react' and e.actor_kind in ('human', 'external') and c.has_reactions)
        )
)
select
    platform,
    occurred_on,
    person_id,
    target_person_id,
    is_reaction,
    count(*) as n_interactions
from acted
where person_id is distinct from target_person_id
group by platform, occurred_on, person_id, target_person_id, is_reaction
