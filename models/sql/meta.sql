-- grain: one row
-- question: what is this warehouse, and up to which day does it look?
with last_day as (
    select max(covered_to) as covered_to
    from stg_coverage
)
select
    s.schema_version,
    s.key_id,
    s.reporting_zone,
    cast(coalesce(s.as_of_on, l.covered_to) as date) as as_of_on
from stg_setting as s
cross join last_day as l
