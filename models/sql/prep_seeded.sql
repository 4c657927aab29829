-- grain: contribution of a person
-- question: did it come from executives or communications, or stand where they began, or answer them?
-- What delegates write is of those for whom they write.
select
    e.platform,
    e.workspace,
    case when f.ids_per_space then e.space_id end as key_space_id,
    e.space_id,
    e.thread_id,
    e.occurred_at,
    e.occurred_on,
    e.action,
    a.person_id,
    p.unit,
    p.person_id is not null and not p.is_executive and not e.is_delegated as is_of_staff,
    e.is_delegated or coalesce(p.is_executive or p.is_comms, false) as is_leading,
    coalesce(o.origin = 'top', false) as is_led,
    case when e.action in ('reply', 'comment') then t.person_id end as target_person_id,
    e.action in ('reply', 'comment') and coalesce(q.is_executive or q.is_comms, false) as is_to_leading
from fct_event as e
join stg_file as f on f.file_id = e.file_id
join dim_account as a on a.account_id = e.account_id
cross join meta as m
left join dim_person as p
    on p.person_id = a.person_id
    and p.valid_from <= e.occurred_on
    and e.occurred_on < coalesce(p.valid_to, date '9999-12-31')
left join dim_account as t on t.account_id = e.target_account_id
left join dim_person as q
    on q.person_id = t.person_id
    and q.valid_from <= e.occurred_on
    and e.occurred_on < coalesce(q.valid_to, date '9999-12-31')
left join prep_opening as o
    on o.platform = e.platform
    and o.thread_id = e.thread_id
    and o.key_space_id is not distinct from case when f.ids_per_space then e.space_id end
where e.is_contribution
    and e.occurred_on <= m.as_of_on
