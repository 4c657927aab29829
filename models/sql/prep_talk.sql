-- grain: thread starter, reply, comment or reaction of a person
-- question: who spoke to whom, in which thread, and which of them was an executive on that day?
select
    e.platform,
    e.workspace,
    e.space_id,
    e.thread_id,
    e.event_id,
    e.occurred_at,
    e.occurred_on,
    e.action,
    e.is_delegated,
    a.person_id,
    p.person_id is not null as is_employed,
    p.unit,
    coalesce(p.is_executive, false) as is_executive,
    t.person_id as target_person_id,
    q.unit as target_unit,
    coalesce(q.is_executive, false) as is_target_executive
from fct_event as e
join dim_account as a on a.account_id = e.account_id
cross join meta as m
left join dim_account as t on t.account_id = e.target_account_id
left join dim_person as p
    on p.person_id = a.person_id
    and p.valid_from <= e.occurred_on
    and e.occurred_on < coalesce(p.valid_to, date '9999-12-31')
left join dim_person as q
    on q.person_id = t.person_id
    and q.valid_from <= e.occurred_on
    and e.occurred_on < coalesce(q.valid_to, date '9999-12-31')
where e.occurred_on <= m.as_of_on
    and (e.action = 'react' or (e.is_contribution and e.action in ('post', 'reply', 'comment')))
