-- grain: line of the file of champions that names one person on the roster
-- question: who asked to be named as a champion, and which of their lines counts?
-- A line gives an id or an address; the newest one of a person counts, and of two as new the later one.
with matched as (
    select c.line, p.person_id
    from stg_champion as c
    join dim_person as p on p.person_id = c.person_id
    union
    select c.line, i.person_id
    from stg_champion as c
    join person_identifier as i on i.kind = 'email' and i.identifier_key = c.identifier_key
),
known as (
    select line, min(person_id) as person_id
    from matched
    group by line
    having count(distinct person_id) = 1
),
there as (
    select distinct p.person_id
    from dim_person as p
    cross join meta as m
    where p.valid_from <= m.as_of_on and m.as_of_on < coalesce(p.valid_to, date '9999-12-31')
)
select
    k.person_id,
    c.line,
    c.shown,
    c.scope,
    c.opted_in_on,
    c.is_in_force,
    t.person_id is not null as is_employed,
    row_number() over (partition by k.person_id order by c.changed_on desc, c.line desc) = 1 as is_newest
from known as k
join stg_champion as c on c.line = k.line
left join there as t on t.person_id = k.person_id
