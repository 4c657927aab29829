-- grain: note
-- question: what was found wrong and kept all the same?
select
    file_id,
    member,
    line,
    rule,
    message,
    n_records
from stg_note
