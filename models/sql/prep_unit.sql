-- grain: unit (or all)
-- question: for which units is there a row in every period?
select 'all' as unit
union
select distinct unit
from dim_person
where unit is not null
