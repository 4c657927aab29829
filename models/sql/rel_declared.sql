-- grain: target, event and unit, trial and unit
-- question: what has the organisation declared that it wants, did or tries out?
select
    'target' as kind,
    metric as title,
    platform,
    unit,
    value,
    cast(null as date) as from_on,
    by_on as to_on,
    set_by as detail
from stg_target
union all
select
    'event' as kind,
    title,
    'all' as platform,
    unit,
    cast(null as double) as value,
    occurred_on as from_on,
    occurred_on as to_on,
    kind as detail
from stg_occasion
union all
select
    'trial' as kind,
    title,
    platform,
    coalesce(unit, 'listed people') as unit,
    cast(null as double) as value,
    started_on as from_on,
    ended_on as to_on,
    cast(null as varchar) as detail
from stg_trial
