-- grain: person, platform, day
-- question: what did each person contribute on each day?
with roster as (
    select distinct person_id
    from prep_person
),
contributed as (
    select
        a.person_id,
        r.person_id is not null as is_matched,
        e.platform,
        e.occurred_on,
        e.action,
        e.is_contribution
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    left join roster as r on r.person_id = a.person_id
    cross join meta as m
    where e.occurred_on <= m.as_of_on
        and (e.is_contribution or (
            e.action = 'react' and e.time_basis = 'own' and e.actor_kind in ('human', 'external')
        ))
)
select
    person_id,
    bool_or(is_matched) as is_matched,
    platform,
    occurred_on,
    count(*) filter (where is_contribution and action = 'post') as n_posts,
    count(*) filter (where is_contribution and action = 'reply') as n_replies,
    count(*) filter (where is_contribution and action = 'create') as n_creates,
    count(*) filter (where is_contribution and action = 'edit') as n_edits,
    count(*) filter (where is_contribution and action = 'comment') as n_comments,
    count(*) filter (where is_contribution and action = 'share') as n_shares,
    count(*) filter (where is_contribution and action = 'upload') as n_uploads,
    count(*) filter (where is_contribution) as n_contributions,
    count(*) filter (where not is_contribution) as n_reacts
from contributed
group by person_id, platform, occurred_on
