-- grain: week or month, platform (or all), person
-- question: who was present: active by a usage report, or contributing?
with active as (
    select distinct
        p.period_kind,
        p.period_start,
        p.platform,
        a.person_id
    from prep_period as p
    join fct_usage as u
        on u.platform = p.platform and u.period_from >= p.period_start and u.period_to <= p.period_end
    join dim_account as a on a.account_id = u.account_id
    where u.is_active and u.space_id is null
),
anybody as (
    select period_kind, period_start, platform, person_id from active
    union
    select period_kind, period_start, 'all' as platform, person_id from active
    union
    select period_kind, period_start, platform, person_id from prep_person_period
)
select
    n.period_kind,
    n.period_start,
    n.platform,
    n.person_id
from anybody as n
join prep_presence as k using (period_kind, period_start, platform)
