-- grain: person, first day of a spell
-- question: who was where in the organisation, in which layer, and was it an executive?
-- A spell is cut where the person becomes or ceases to be an executive under the configured rule, and where somebody
-- above gets another manager: the layer is the number of managers above, where the roster does not state it. Who has
-- nobody above and never anybody below stands outside the tree, in no known layer.
with executives as (
    select
        e.person_id,
        e.valid_from,
        e.valid_to
    from executive_by_rule as e
    join stg_setting as s on s.executive_rule = e.rule
),
cuts as (
    select person_id, valid_from, valid_from as cut_on
    from prep_person
    union
    select p.person_id, p.valid_from, e.valid_from as cut_on
    from prep_person as p
    join executives as e on e.person_id = p.person_id
    where e.valid_from > p.valid_from and e.valid_from < coalesce(p.valid_to, date '9999-12-31')
    union
    select p.person_id, p.valid_from, e.valid_to as cut_on
    from prep_person as p
    join executives as e on e.person_id = p.person_id
    where e.valid_to > p.valid_from and e.valid_to < coalesce(p.valid_to, date '9999-12-31')
    union
    select p.person_id, p.valid_from, a.valid_from as cut_on
    from prep_person as p
    join person_ancestor as a on a.person_id = p.person_id
    where p.layer is null and a.valid_from > p.valid_from and a.valid_from < coalesce(p.valid_to, date '9999-12-31')
    union
    select p.person_id, p.valid_from, a.valid_to as cut_on
    from prep_person as p
    join person_ancestor as a on a.person_id = p.person_id
    where p.layer is null and a.valid_to > p.valid_from and a.valid_to < coalesce(p.valid_to, date '9999-12-31')
),
pieces as (
    select
        person_id,
        valid_from,
        cut_on,
        lead(cut_on) over (partition by person_id, valid_from order by cut_on) as next_cut_on
    from cuts
),
depths as (
    select
        c.person_id,
        c.cut_on,
        max(a.depth) as depth
    from pieces as c
    join person_ancestor as a
        on a.person_id = c.person_id
        and a.valid_from <= c.cut_on
        and c.cut_on < coalesce(a.valid_to, date '9999-12-31')
    group by c.person_id, c.cut_on
),
tops as (
    select distinct ancestor_person_id as person_id
    from person_ancestor
)
select
    p.person_id,
    c.cut_on as valid_from,
    coalesce(c.next_cut_on, p.valid_to) as valid_to,
    p.org_path,
    p.unit,
    p.level,
    coalesce(p.layer, d.depth, case when t.person_id is not null then 0 end) as layer,
    p.manager_person_id,
    exists (
        select 1
        from executives as e
        where e.person_id = p.person_id
            and e.valid_from <= c.cut_on
            and c.cut_on < coalesce(e.valid_to, date '9999-12-31')
    ) as is_executive,
    p.is_comms,
    p.location,
    p.hired_on,
    p.left_on
from prep_person as p
join pieces as c on c.person_id = p.person_id and c.valid_from = p.valid_from
left join depths as d on d.person_id = c.person_id and d.cut_on = c.cut_on
left join tops as t on t.person_id = c.person_id
