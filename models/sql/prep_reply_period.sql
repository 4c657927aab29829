-- grain: week or month, platform (or all), reply or comment
-- question: who answered whom in which period?
with kinds as (
    select 'week' as period_kind
    union all
    select 'month' as period_kind
),
placed as (
    select
        k.period_kind,
        case k.period_kind
            when 'week' then cast(date_trunc('week', r.occurred_on) as date)
            else cast(date_trunc('month', r.occurred_on) as date)
        end as period_start,
        r.platform,
        r.action,
        r.person_id,
        r.unit,
        r.target_person_id,
        r.is_target_executive
    from prep_reply as r
    cross join kinds as k
)
select period_kind, period_start, platform, action, person_id, unit, target_person_id, is_target_executive
from placed
union all
select period_kind, period_start, 'all' as platform, action, person_id, unit, target_person_id, is_target_executive
from placed
