-- grain: week or month, person below an executive
-- question: who stands below an executive in the management tree, on their last employed day of the period?
select distinct
    s.period_kind,
    s.period_start,
    s.person_id
from prep_stay as s
join person_ancestor as a
    on a.person_id = s.person_id
    and a.valid_from <= s.last_on
    and s.last_on < coalesce(a.valid_to, date '9999-12-31')
join dim_person as x
    on x.person_id = a.ancestor_person_id
    and x.is_executive
    and x.valid_from <= s.last_on
    and s.last_on < coalesce(x.valid_to, date '9999-12-31')
