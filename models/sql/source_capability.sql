-- grain: export
-- question: what can each export show at all?
select
    file_id,
    has_reactions,
    has_reading,
    has_direct,
    has_edits,
    has_history
from stg_capability
