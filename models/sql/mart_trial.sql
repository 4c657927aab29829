-- grain: declared trial, people in it or everybody else
-- question: who takes part in a trial, do they stay, and is its target met?
-- In a trial is who is employed on its first day in one of its units, or listed. Everybody else employed on that day
-- is beside it, over the same days of the same platform. What delegates write is nobody's own.
with trials as (
    select distinct t.trial, t.title, t.platform, t.started_on, t.ended_on
    from stg_trial as t
),
classes as (
    select true as is_in_trial
    union all
    select false as is_in_trial
),
people as (
    select
        t.trial,
        t.platform,
        d.person_id,
        d.unit,
        d.unit || ' / ' || coalesce(d.org_path[s.unit_depth + 1], '(none)') as department,
        d.is_executive,
        u.trial is not null or l.trial is not null as is_in_trial
    from trials as t
    cross join meta as m
    cross join stg_setting as s
    join dim_person as d
        on d.valid_from <= t.started_on
        and t.started_on < coalesce(d.valid_to, date '9999-12-31')
    left join (select distinct trial, unit from stg_trial) as u on u.trial = t.trial and u.unit = d.unit
    left join (select distinct trial, person_id from stg_trial_person) as l
        on l.trial = t.trial and l.person_id = d.person_id
    where t.started_on <= m.as_of_on
),
members as (
    select
        trial,
        is_in_trial,
        count(*) as n_people,
        count(distinct unit) as n_units,
        count(distinct department) as n_departments,
        count(*) filter (where is_executive) as n_executives
    from people
    group by trial, is_in_trial
),
-- who is employed on each day of a part
present as (
    select
        p.trial,
        p.is_in_trial,
        p.person_id,
        w.part
    from people as p
    join prep_trial_window as w on w.trial = p.trial
    join dim_person as d
        on d.person_id = p.person_id
        and d.valid_from <= w.until_on
        and w.from_on < coalesce(d.valid_to, date '9999-12-31')
    group by p.trial, p.is_in_trial, p.person_id, w.part, w.from_on, w.until_on
    having cast(
        sum(date_diff('day', greatest(w.from_on, d.valid_from), least(w.until_on + 1, d.valid_to))) as bigint
    ) = date_diff('day', w.from_on, w.until_on) + 1
),
active as (
    select distinct p.trial, p.person_id, w.part
    from people as p
    join prep_trial_window as w on w.trial = p.trial
    join prep_own_day as o
        on o.person_id = p.person_id
        and o.platform = w.platform
        and o.occurred_on >= w.from_on
        and o.occurred_on <= w.until_on
    where o.n_contributions > 0
),
ever as (
    select p.trial, p.is_in_trial, count(*) as n_ever
    from people as p
    join active as a on a.trial = p.trial and a.person_id = p.person_id and a.part = 'whole'
    group by p.trial, p.is_in_trial
),
started as (
    select p.trial, p.is_in_trial, p.person_id
    from people as p
    join active as a on a.trial = p.trial and a.person_id = p.person_id and a.part = 'start'
),
starters as (
    select trial, is_in_trial, count(*) as n_starters
    from started
    group by trial, is_in_trial
),
-- of the weeks those who started, of the end everybody
parted as (
    select
        n.trial,
        n.is_in_trial,
        n.part,
        count(*) as n_followed,
        count(a.person_id) as n_still
    from present as n
    left join started as s on s.trial = n.trial and s.person_id = n.person_id
    left join active as a on a.trial = n.trial and a.person_id = n.person_id and a.part = n.part
    where n.part = 'end' or (n.part in ('week 3', 'week 5', 'week 13') and s.person_id is not null)
    group by n.trial, n.is_in_trial, n.part
),
working as (
    select w.trial, w.platform, d.occurred_on
    from prep_trial_window as w
    join prep_platform_day as d
        on d.platform = w.platform and d.occurred_on >= w.from_on and d.occurred_on <= w.until_on
    where w.part = 'whole' and d.state <> 'missing' and date_diff('day', date '1900-01-01', d.occurred_on) % 7 < 5
),
used as (
    select
        p.trial,
        p.is_in_trial,
        count(*) as n_person_days,
        count(o.person_id) as n_active_days
    from people as p
    join working as k on k.trial = p.trial
    join dim_person as d
        on d.person_id = p.person_id
        and d.valid_from <= k.occurred_on
        and k.occurred_on < coalesce(d.valid_to, date '9999-12-31')
    left join (
        select distinct person_id, platform, occurred_on from prep_own_day where n_contributions > 0
    ) as o on o.person_id = p.person_id and o.platform = k.platform and o.occurred_on = k.occurred_on
    group by p.trial, p.is_in_trial
),
targets as (
    select t.trial, max(g.value) as target_ratio
    from stg_trial as t
    join stg_target as g
        on g.metric = 'contributor_ratio'
        and g.platform = t.platform
        and g.unit in ('all', coalesce(t.unit, 'all'))
        and g.by_on >= t.started_on
    group by t.trial
),
span as (
    select
        platform,
        min(occurred_on) as first_on,
        max(occurred_on) as last_on,
        count(*) filter (where state = 'observed') as n_observed_days,
        count(*) as n_days
    from prep_platform_day
    group by platform
),
history as (
    select min(first_on) as first_on
    from span
),
numbers as (
    select
        t.trial,
        t.title,
        t.platform,
        t.started_on,
        t.ended_on,
        c.is_in_trial,
        r.is_loaded and t.started_on <= m.as_of_on as is_known,
        w.n_seen_days > 0 as is_used_known,
        s.is_seen as is_start_seen,
        coalesce(b.n_people, 0) as n_people,
        coalesce(b.n_units, 0) as n_units,
        coalesce(b.n_departments, 0) as n_departments,
        coalesce(b.n_executives, 0) as n_executives,
        w.n_working_days,
        coalesce(u.n_person_days, 0) as n_person_days,
        coalesce(u.n_active_days, 0) as n_active_days,
        coalesce(e.n_ever, 0) as n_ever,
        coalesce(a.n_starters, 0) as n_starters
    from trials as t
    cross join classes as c
    cross join meta as m
    cross join (select count(*) > 0 as is_loaded from dim_person) as r
    join prep_trial_window as w on w.trial = t.trial and w.part = 'whole'
    join prep_trial_window as s on s.trial = t.trial and s.part = 'start'
    left join members as b on b.trial = t.trial and b.is_in_trial = c.is_in_trial
    left join used as u on u.trial = t.trial and u.is_in_trial = c.is_in_trial
    left join ever as e on e.trial = t.trial and e.is_in_trial = c.is_in_trial
    left join starters as a on a.trial = t.trial and a.is_in_trial = c.is_in_trial
),
shares as (
    select trial, is_in_trial, 'ever' as part, n_people as n_followed, n_ever as n_still
    from numbers
    where is_known and is_used_known
    union all
    select
        n.trial,
        n.is_in_trial,
        w.part,
        coalesce(p.n_followed, 0) as n_followed,
        coalesce(p.n_still, 0) as n_still
    from numbers as n
    join prep_trial_window as w on w.trial = n.trial and w.is_seen
    left join parted as p on p.trial = n.trial and p.is_in_trial = n.is_in_trial and p.part = w.part
    where n.is_known
        and (w.part = 'end' or (w.part in ('week 3', 'week 5', 'week 13') and n.is_start_seen))
),
measured as (
    select
        trial,
        is_in_trial,
        part,
        n_followed,
        n_still,
        cast(n_still as double) as k,
        cast(nullif(n_followed, 0) as double) as n,
        1.959963984540054 as z
    from shares
),
rated as (
    select
        trial,
        is_in_trial,
        part,
        n_followed,
        n_still,
        k / n as ratio,
        case when n is not null then
            greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
        end as low,
        case when n is not null then
            least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
        end as high
    from measured
),
shown as (
    select
        trial,
        is_in_trial,
        max(case when part = 'ever' then ratio end) as ever_ratio,
        max(case when part = 'ever' then low end) as ever_ratio_low,
        max(case when part = 'ever' then high end) as ever_ratio_high,
        max(case when part = 'week 3' then n_followed end) as n_followed_2w,
        max(case when part = 'week 3' then n_still end) as n_still_2w,
        max(case when part = 'week 3' then ratio end) as still_2w_ratio,
        max(case when part = 'week 3' then low end) as still_2w_ratio_low,
        max(case when part = 'week 3' then high end) as still_2w_ratio_high,
        max(case when part = 'week 5' then n_followed end) as n_followed_4w,
        max(case when part = 'week 5' then n_still end) as n_still_4w,
        max(case when part = 'week 5' then ratio end) as still_4w_ratio,
        max(case when part = 'week 5' then low end) as still_4w_ratio_low,
        max(case when part = 'week 5' then high end) as still_4w_ratio_high,
        max(case when part = 'week 13' then n_followed end) as n_followed_12w,
        max(case when part = 'week 13' then n_still end) as n_still_12w,
        max(case when part = 'week 13' then ratio end) as still_12w_ratio,
        max(case when part = 'week 13' then low end) as still_12w_ratio_low,
        max(case when part = 'week 13' then high end) as still_12w_ratio_high,
        max(case when part = 'end' then n_followed end) as n_at_end,
        max(case when part = 'end' then n_still end) as n_contributors_at_end,
        max(case when part = 'end' then ratio end) as end_ratio,
        max(case when part = 'end' then low end) as end_ratio_low,
        max(case when part = 'end' then high end) as end_ratio_high
    from rated
    group by trial, is_in_trial
),
everybody as (
    select trial, count(*) as n_eligible
    from people
    group by trial
)
select
    'history' as period_kind,
    h.first_on as period_start,
    m.as_of_on as period_end,
    n.platform,
    'all' as unit,
    coalesce(s.first_on = h.first_on and s.n_observed_days = s.n_days, false) as is_complete,
    coalesce(s.n_observed_days, 0) as n_observed_days,
    coalesce(b.n_eligible, 0) as n_eligible,
    n.trial,
    n.is_in_trial,
    n.title,
    n.started_on,
    n.ended_on,
    case when n.is_known then n.n_people end as n_people,
    case when n.is_known then n.n_units end as n_units,
    case when n.is_known then n.n_departments end as n_departments,
    case when n.is_known then n.n_executives end as n_executives,
    case when n.is_known then n.n_working_days end as n_working_days,
    case when n.is_known then n.n_person_days end as n_person_days,
    case when n.is_known and n.n_working_days > 0 then n.n_active_days end as n_active_days,
    case when n.is_known then cast(n.n_active_days as double) / nullif(n.n_person_days, 0) end as daily_use_ratio,
    case when n.is_known and n.is_used_known then n.n_ever end as n_ever,
    v.ever_ratio,
    v.ever_ratio_low,
    v.ever_ratio_high,
    case when n.is_known and n.is_start_seen then n.n_starters end as n_starters,
    v.n_followed_2w,
    v.n_still_2w,
    v.still_2w_ratio,
    v.still_2w_ratio_low,
    v.still_2w_ratio_high,
    v.n_followed_4w,
    v.n_still_4w,
    v.still_4w_ratio,
    v.still_4w_ratio_low,
    v.still_4w_ratio_high,
    v.n_followed_12w,
    v.n_still_12w,
    v.still_12w_ratio,
    v.still_12w_ratio_low,
    v.still_12w_ratio_high,
    v.n_at_end,
    v.n_contributors_at_end,
    v.end_ratio,
    v.end_ratio_low,
    v.end_ratio_high,
    case when n.is_in_trial then g.target_ratio end as target_ratio,
    case
        when not n.is_in_trial then null
        when g.target_ratio is null then 'no_target'
        when n.ended_on > m.as_of_on then 'too_early'
        when v.end_ratio is null then 'cannot_tell'
        when v.end_ratio_low >= g.target_ratio then 'met'
        when v.end_ratio_high < g.target_ratio then 'not_met'
        else 'too_close'
    end as verdict
from numbers as n
cross join meta as m
cross join history as h
left join span as s on s.platform = n.platform
left join everybody as b on b.trial = n.trial
left join targets as g on g.trial = n.trial
left join shown as v on v.trial = n.trial and v.is_in_trial = n.is_in_trial
-- without any observed day there is no history
where h.first_on is not null
