-- grain: alias, space
-- question: under which names do exports file which space?
select distinct
    space_alias as alias,
    space_id
from stg_space
where space_alias is not null
