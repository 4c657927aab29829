-- grain: month, person
-- question: in which department, at which place and since when was each employed person on their last day of the month?
with periods as (
    select distinct period_start, period_end
    from prep_period
    where period_kind = 'month'
),
spells as (
    select
        p.period_start,
        p.period_end,
        d.person_id,
        d.org_path,
        d.layer,
        d.location,
        d.hired_on,
        row_number() over (partition by p.period_start, d.person_id order by d.valid_from desc) as last_rank
    from periods as p
    join dim_person as d
        on d.valid_from <= p.period_end
        and p.period_start < coalesce(d.valid_to, date '9999-12-31')
),
-- whole months from the hire to the last day of the month; who was hired on 29 February completes a year on 1 March
served as (
    select
        s.*,
        12 * (extract(year from period_end) - extract(year from hired_on))
            + (extract(month from period_end) - extract(month from hired_on))
            - case when extract(day from period_end) < extract(day from hired_on) then 1 else 0 end as n_months
    from spells as s
    where s.last_rank = 1
)
select
    v.period_start,
    v.person_id,
    v.org_path[t.unit_depth] as unit,
    -- people of a unit who are in no department stay within it: the departments of a unit are all of it
    v.org_path[t.unit_depth] || ' / ' || coalesce(v.org_path[t.unit_depth + 1], '(none)') as department,
    v.layer,
    v.location,
    case
        when v.n_months < 12 then 'under 1 year'
        when v.n_months < 36 then '1 to 3 years'
        when v.n_months < 120 then '3 to 10 years'
        when v.n_months >= 120 then '10 years or more'
        else 'unknown'
    end as tenure
from served as v
cross join stg_setting as t
