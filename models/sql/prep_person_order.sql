-- grain: person who did anything
-- question: who comes first where several did something at the same instant?
-- By what is known of people, not by their pseudonyms, so that another key changes no figure. People who are alike in
-- all of it have the same place: whichever of them comes first, the figures tell nothing of who it was.
with seen as (
    select
        a.person_id,
        min(e.occurred_at) as first_at,
        max(e.occurred_at) as last_at,
        count(*) as n_events,
        cast(sum(
            date_diff('day', date '1970-01-01', cast(e.occurred_at as date)) * 86400
            + extract(hour from e.occurred_at) * 3600
            + extract(minute from e.occurred_at) * 60
            + cast(floor(extract(second from e.occurred_at)) as bigint)
        ) as bigint) as n_seconds
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    cross join meta as m
    where e.occurred_on <= m.as_of_on
    group by a.person_id
),
employed as (
    select person_id, min(valid_from) as known_from, min(unit) as one_unit, max(unit) as other_unit
    from dim_person
    group by person_id
)
select
    s.person_id,
    dense_rank() over (
        order by
            s.first_at,
            s.last_at desc,
            s.n_events desc,
            s.n_seconds,
            r.known_from nulls last,
            r.one_unit nulls last,
            r.other_unit nulls last
    ) as place
from seen as s
left join employed as r on r.person_id = s.person_id
