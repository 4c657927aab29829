-- grain: person, platform (NULL: every platform), first day of a spell
-- question: over whom is everything counted?
-- The people on the roster; without a roster, the human accounts seen so far, each on its own platform.
with roster as (
    select count(*) > 0 as is_loaded
    from dim_person
),
seen as (
    select
        a.person_id,
        e.platform,
        min(e.occurred_on) as valid_from
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    cross join meta as m
    where a.kind = 'human' and e.occurred_on <= m.as_of_on
    group by a.person_id, e.platform
),
anywhere as (
    select
        person_id,
        'all' as platform,
        min(valid_from) as valid_from
    from seen
    group by person_id
)
select
    person_id,
    cast(null as varchar) as platform,
    valid_from,
    valid_to,
    unit,
    layer,
    is_executive,
    true as is_employed
from dim_person
union all
select
    s.person_id,
    s.platform,
    s.valid_from,
    cast(null as date) as valid_to,
    cast(null as varchar) as unit,
    cast(null as bigint) as layer,
    false as is_executive,
    false as is_employed
from (
    select person_id, platform, valid_from from seen
    union all
    select person_id, platform, valid_from from anywhere
) as s
cross join roster as r
where not r.is_loaded
