-- grain: week or month, platform (or all), reply or comment
-- question: who answered whom in which period?
with placed as (
    select
        k.period_kind,
        k.period_start,
        r.platform,
        r.action,
        r.is_delegated,
        r.person_id,
        r.unit,
        r.target_person_id,
        r.is_target_executive
    from prep_reply as r
    join prep_calendar as k using (occurred_on)
)
select period_kind, period_start, platform, action, is_delegated, person_id, unit, target_person_id, is_target_executive
from placed
union all
select
    period_kind, period_start, 'all' as platform, action, is_delegated, person_id, unit, target_person_id,
    is_target_executive
from placed
