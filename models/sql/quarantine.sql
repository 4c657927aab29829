-- grain: record with a fault
-- question: which records could not be used, where are they, and why?
select
    file_id,
    member,
    line,
    rule,
    message
from stg_quarantine
