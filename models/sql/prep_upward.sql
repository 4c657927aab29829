-- grain: platform, day, person, reactions or else replies and comments
-- question: who answered, or reacted to, an executive above them, as they stood on that day?
select distinct
    t.platform,
    t.occurred_on,
    t.person_id,
    t.action = 'react' as is_reaction
from prep_talk as t
join person_ancestor as a
    on a.person_id = t.person_id
    and a.ancestor_person_id = t.target_person_id
    and a.valid_from <= t.occurred_on
    and t.occurred_on < coalesce(a.valid_to, date '9999-12-31')
where t.is_target_executive and t.action <> 'post' and not t.is_delegated
