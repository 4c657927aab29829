-- grain: reply or comment
-- question: who answered whom, from which unit, and was the one who was answered an executive on that day?
select
    e.platform,
    e.occurred_on,
    e.action,
    e.is_delegated,
    a.person_id,
    p.unit,
    t.person_id as target_person_id,
    coalesce(x.is_executive, false) as is_target_executive
from fct_event as e
join dim_account as a on a.account_id = e.account_id
cross join meta as m
left join dim_account as t on t.account_id = e.target_account_id
left join prep_population as p
    on p.person_id = a.person_id
    and p.is_employed
    and p.valid_from <= e.occurred_on
    and e.occurred_on < coalesce(p.valid_to, date '9999-12-31')
left join dim_person as x
    on x.person_id = t.person_id
    and x.valid_from <= e.occurred_on
    and e.occurred_on < coalesce(x.valid_to, date '9999-12-31')
where e.is_contribution
    and e.action in ('reply', 'comment')
    and e.occurred_on <= m.as_of_on
