-- grain: executive who may be shown by name
-- question: which executives may be shown by name, and does the roster know them as executives?
select
    n.person_id,
    n.number,
    n.shown,
    n.role,
    n.basis,
    n.approved_by,
    n.valid_until,
    count(p.person_id) > 0 as is_on_roster,
    coalesce(bool_or(p.is_executive), false) as is_executive
from stg_named_executive as n
cross join meta as m
left join dim_person as p on p.person_id = n.person_id and p.valid_from <= m.as_of_on
group by n.person_id, n.number, n.shown, n.role, n.basis, n.approved_by, n.valid_until
