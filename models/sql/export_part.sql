-- grain: export, member
-- question: which members does each export hold, and how many records?
select
    file_id,
    member,
    crc32,
    bytes,
    n_read,
    file_id as parsed_in
from stg_part
