-- grain: person, rule, spell
-- question: who would be an executive under each rule that can be applied?
with listed as (
    select
        p.person_id,
        'people' as rule,
        greatest(p.valid_from, coalesce(e.since_on, p.valid_from)) as valid_from,
        least(p.valid_to, e.until_on) as valid_to
    from prep_person as p
    join stg_executive_person as e on e.person_id = p.person_id
),
graded as (
    select
        p.person_id,
        'grades' as rule,
        p.valid_from,
        p.valid_to
    from prep_person as p
    join stg_executive_grade as g on g.level = p.level
),
layered as (
    select
        p.person_id,
        'max_layer' as rule,
        p.valid_from,
        p.valid_to
    from prep_person as p
    cross join stg_setting as s
    where p.layer <= s.max_layer
),
managers as (
    select distinct manager_person_id as person_id
    from prep_person
    where manager_person_id is not null and manager_person_id <> person_id
),
leads_managers as (
    select distinct p.manager_person_id as person_id
    from prep_person as p
    join managers as m on m.person_id = p.person_id
),
too_deep as (
    select distinct
        a.person_id,
        a.valid_from,
        a.valid_to
    from person_ancestor as a
    cross join stg_setting as s
    where a.depth > s.manager_depth
),
by_depth as (
    select
        p.person_id,
        'manager_depth' as rule,
        p.valid_from,
        p.valid_to
    from prep_person as p
    join leads_managers as l on l.person_id = p.person_id
    cross join stg_setting as s
    left join too_deep as t
        on t.person_id = p.person_id
        and t.valid_from < coalesce(p.valid_to, date '9999-12-31')
        and p.valid_from < coalesce(t.valid_to, date '9999-12-31')
    where s.manager_depth is not null and t.person_id is null
),
every_rule as (
    select person_id, rule, valid_from, valid_to from listed
    union all
    select person_id, rule, valid_from, valid_to from graded
    union all
    select person_id, rule, valid_from, valid_to from layered
    union all
    select person_id, rule, valid_from, valid_to from by_depth
)
select distinct
    person_id,
    rule,
    valid_from,
    valid_to
from every_rule
where valid_to is null or valid_from < valid_to
