-- grain: week or month, unit (or all)
-- question: which share of people takes part in the open, and which uses e-mail and shared files?
-- Open is a contribution on any public platform. The others are known by usage reports only: see prep_channel_period.
with people as (
    select
        e.period_kind,
        e.period_start,
        e.unit,
        e.n_contributions > 0 as is_open,
        coalesce(c.is_email, false) as is_email,
        coalesce(c.is_files, false) as is_files,
        coalesce(c.is_email or c.is_files, false) as is_closed
    from prep_eligible as e
    left join prep_channel_person as c
        on c.period_kind = e.period_kind and c.period_start = e.period_start and c.person_id = e.person_id
    where e.platform = 'all'
),
counted as (
    select
        period_kind,
        period_start,
        unit,
        count(*) as n_eligible,
        count(*) filter (where is_open) as n_open,
        count(*) filter (where is_email) as n_email,
        count(*) filter (where is_files) as n_files,
        count(*) filter (where is_closed) as n_closed,
        count(*) filter (where is_open and is_closed) as n_both
    from (
        select period_kind, period_start, unit, is_open, is_email, is_files, is_closed from people where unit is not null
        union all
        select period_kind, period_start, 'all' as unit, is_open, is_email, is_files, is_closed from people
    ) as p
    group by period_kind, period_start, unit
),
filled as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        u.unit,
        t.is_complete,
        t.n_observed_days,
        coalesce(c.n_eligible, 0) as n_eligible,
        case when t.n_seen_days > 0 then coalesce(c.n_open, 0) end as n_open,
        case when k.is_email_known then coalesce(c.n_email, 0) end as n_email,
        case when k.is_files_known then coalesce(c.n_files, 0) end as n_files,
        case when k.is_closed_known then coalesce(c.n_closed, 0) end as n_closed,
        case when k.is_closed_known and t.n_seen_days > 0 then coalesce(c.n_both, 0) end as n_both
    from prep_period as t
    cross join prep_unit as u
    left join prep_channel_period as k on k.period_kind = t.period_kind and k.period_start = t.period_start
    left join counted as c
        on c.period_kind = t.period_kind and c.period_start = t.period_start and c.unit = u.unit
    where t.platform = 'all'
),
parts as (
    select period_kind, period_start, unit, 'open' as part, n_open as n_part, n_eligible as n_whole
    from filled
    union all
    select period_kind, period_start, unit, 'email' as part, n_email as n_part, n_eligible as n_whole
    from filled
    union all
    select period_kind, period_start, unit, 'files' as part, n_files as n_part, n_eligible as n_whole
    from filled
    union all
    select period_kind, period_start, unit, 'closed' as part, n_closed as n_part, n_eligible as n_whole
    from filled
    union all
    select period_kind, period_start, unit, 'mix' as part, n_open as n_part, n_open + n_closed - n_both as n_whole
    from filled
),
measured as (
    select
        period_kind,
        period_start,
        unit,
        part,
        cast(n_part as double) as k,
        cast(nullif(n_whole, 0) as double) as n,
        1.959963984540054 as z
    from parts
    where n_part is not null
),
rated as (
    select
        period_kind,
        period_start,
        unit,
        part,
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
        period_kind,
        period_start,
        unit,
        max(case when part = 'open' then ratio end) as open_ratio,
        max(case when part = 'open' then low end) as open_ratio_low,
        max(case when part = 'open' then high end) as open_ratio_high,
        max(case when part = 'email' then ratio end) as email_ratio,
        max(case when part = 'email' then low end) as email_ratio_low,
        max(case when part = 'email' then high end) as email_ratio_high,
        max(case when part = 'files' then ratio end) as files_ratio,
        max(case when part = 'files' then low end) as files_ratio_low,
        max(case when part = 'files' then high end) as files_ratio_high,
        max(case when part = 'closed' then ratio end) as closed_ratio,
        max(case when part = 'closed' then low end) as closed_ratio_low,
        max(case when part = 'closed' then high end) as closed_ratio_high,
        max(case when part = 'mix' then ratio end) as open_share_ratio,
        max(case when part = 'mix' then low end) as open_share_ratio_low,
        max(case when part = 'mix' then high end) as open_share_ratio_high
    from rated
    group by period_kind, period_start, unit
)
select
    f.period_kind,
    f.period_start,
    f.period_end,
    'all' as platform,
    f.unit,
    f.is_complete,
    f.n_observed_days,
    f.n_eligible,
    f.n_open,
    s.open_ratio,
    s.open_ratio_low,
    s.open_ratio_high,
    f.n_email,
    s.email_ratio,
    s.email_ratio_low,
    s.email_ratio_high,
    f.n_files,
    s.files_ratio,
    s.files_ratio_low,
    s.files_ratio_high,
    f.n_closed,
    s.closed_ratio,
    s.closed_ratio_low,
    s.closed_ratio_high,
    f.n_both,
    s.open_share_ratio,
    s.open_share_ratio_low,
    s.open_share_ratio_high
from filled as f
left join shown as s on s.period_kind = f.period_kind and s.period_start = f.period_start and s.unit = f.unit
