-- grain: executive who may be shown by name, month
-- question: what did each of them post and reply outside private spaces, themselves and by delegates?
-- A space of which no export says what it is, such as the feed of a whole network, is not a private one.
select
    n.person_id,
    cast(date_trunc('month', e.occurred_on) as date) as month_start,
    count(*) filter (where e.action = 'post') as n_posts,
    count(*) filter (where e.action = 'reply') as n_replies,
    count(*) filter (where e.action = 'post' and not e.is_delegated) as n_own_posts,
    count(*) filter (where e.action = 'reply' and not e.is_delegated) as n_own_replies
from stg_named_executive as n
join dim_account as a on a.person_id = n.person_id
join fct_event as e on e.account_id = a.account_id
cross join meta as m
left join dim_space as s on s.space_id = e.space_id
where e.is_contribution
    and e.action in ('post', 'reply')
    and e.occurred_on <= m.as_of_on
    and coalesce(s.visibility, 'unknown') not in ('private', 'direct')
group by n.person_id, cast(date_trunc('month', e.occurred_on) as date)
