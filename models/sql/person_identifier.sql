-- grain: person, kind, identifier
-- question: by which keyed identifiers can a person be matched?
select distinct
    person_id,
    kind,
    identifier_key
from stg_person_identifier
