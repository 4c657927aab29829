-- grain: account, kind, identifier
-- question: by which keyed identifiers can an account be matched?
select distinct
    account_id,
    kind,
    identifier_key
from stg_account_identifier
