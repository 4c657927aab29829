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
-- under manager_depth on the days on which somebody is employed, not too deep, and has a report who has a report
managing as (
    select
        q.manager_person_id as person_id,
        greatest(q.valid_from, r.valid_from) as valid_from,
        least(q.valid_to, r.valid_to) as valid_to
    from prep_person as q
    join prep_person as r
        on r.manager_person_id = q.person_id
        and r.valid_from < coalesce(q.valid_to, date '9999-12-31')
        and q.valid_from < coalesce(r.valid_to, date '9999-12-31')
    where q.manager_person_id <> q.person_id
),
spans as (
    select person_id, valid_from, valid_to, 1 as n_employed, 0 as n_led, 0 as n_deep
    from prep_person
    union all
    select person_id, valid_from, valid_to, 0 as n_employed, 1 as n_led, 0 as n_deep
    from managing
    union all
    select a.person_id, a.valid_from, a.valid_to, 0 as n_employed, 0 as n_led, 1 as n_deep
    from person_ancestor as a
    cross join stg_setting as s
    where a.depth > s.manager_depth
),
changes as (
    select person_id, valid_from as changed_on, n_employed, n_led, n_deep
    from spans
    union all
    select person_id, valid_to as changed_on, -n_employed as n_employed, -n_led as n_led, -n_deep as n_deep
    from spans
    where valid_to is not null
),
daily as (
    select
        person_id,
        changed_on,
        cast(sum(n_employed) as bigint) as n_employed,
        cast(sum(n_led) as bigint) as n_led,
        cast(sum(n_deep) as bigint) as n_deep
    from changes
    group by person_id, changed_on
),
states as (
    select
        person_id,
        changed_on,
        cast(sum(n_employed) over w as bigint) > 0
            and cast(sum(n_led) over w as bigint) > 0
            and cast(sum(n_deep) over w as bigint) = 0 as is_named
    from daily
    window w as (partition by person_id order by changed_on rows unbounded preceding)
),
turns as (
    select
        person_id,
        changed_on,
        is_named,
        lag(is_named) over (partition by person_id order by changed_on) as was_named
    from states
),
by_depth as (
    select
        t.person_id,
        'manager_depth' as rule,
        t.changed_on as valid_from,
        lead(t.changed_on) over (partition by t.person_id order by t.changed_on) as valid_to,
        t.is_named
    from turns as t
    where t.is_named <> coalesce(t.was_named, false)
),
every_rule as (
    select person_id, rule, valid_from, valid_to from listed
    union all
    select person_id, rule, valid_from, valid_to from graded
    union all
    select person_id, rule, valid_from, valid_to from layered
    union all
    select b.person_id, b.rule, b.valid_from, b.valid_to
    from by_depth as b
    cross join stg_setting as s
    where b.is_named and s.manager_depth is not null
)
select distinct
    person_id,
    rule,
    valid_from,
    valid_to
from every_rule
where valid_to is null or valid_from < valid_to
