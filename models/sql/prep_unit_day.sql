-- grain: platform, day, person
-- question: what did each employed person contribute on each day, in the unit of that day?
select
    d.platform,
    d.occurred_on,
    d.person_id,
    p.unit,
    d.n_contributions,
    d.n_posts,
    d.n_replies
from fct_person_day as d
join prep_population as p
    on p.person_id = d.person_id
    and p.is_employed
    and p.valid_from <= d.occurred_on
    and d.occurred_on < coalesce(p.valid_to, date '9999-12-31')
