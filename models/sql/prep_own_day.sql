-- grain: person, platform, day
-- question: what did each person contribute themselves on each day, and how much did delegates contribute for them?
-- fct_person_day counts what a delegate posts as the person's; here it stands apart. A reply is to staff unless it goes
-- to its own author or to somebody who is an executive on that day.
select
    a.person_id,
    e.platform,
    e.occurred_on,
    p.unit,
    count(*) filter (where not e.is_delegated) as n_contributions,
    count(*) filter (where not e.is_delegated and e.action not in ('reply', 'comment')) as n_openings,
    count(*) filter (where not e.is_delegated and e.action = 'post') as n_posts,
    count(*) filter (where not e.is_delegated and e.action = 'reply') as n_replies,
    count(*) filter (
        where not e.is_delegated
            and e.action = 'reply'
            and not coalesce(x.is_executive, false)
            and (t.person_id is null or t.person_id <> a.person_id)
    ) as n_replies_to_staff,
    count(*) filter (where not e.is_delegated and e.action in ('create', 'edit')) as n_page_edits,
    count(*) filter (where e.is_delegated) as n_delegated
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
where e.is_contribution and e.occurred_on <= m.as_of_on
group by a.person_id, e.platform, e.occurred_on, p.unit
