-- grain: trial, part of it
-- question: from when to when does each part of a trial last that is judged on its own, and was each day of it seen?
-- Week k is days 7k - 7 to 7k - 1 from the first day. The last 28 days are all of a shorter trial.
with trials as (
    select distinct trial, platform, started_on, ended_on
    from stg_trial
),
parts as (
    select
        t.trial,
        t.platform,
        'whole' as part,
        t.started_on as from_on,
        least(t.ended_on, m.as_of_on) as until_on
    from trials as t
    cross join meta as m
    union all
    select trial, platform, 'start' as part, started_on as from_on, started_on + 13 as until_on
    from trials
    union all
    select trial, platform, 'week 3' as part, started_on + 14 as from_on, started_on + 20 as until_on
    from trials
    union all
    select trial, platform, 'week 5' as part, started_on + 28 as from_on, started_on + 34 as until_on
    from trials
    union all
    select trial, platform, 'week 13' as part, started_on + 84 as from_on, started_on + 90 as until_on
    from trials
    union all
    select
        trial,
        platform,
        'end' as part,
        greatest(started_on, ended_on - 27) as from_on,
        ended_on as until_on
    from trials
)
select
    p.trial,
    p.platform,
    p.part,
    p.from_on,
    p.until_on,
    count(*) filter (where d.state <> 'missing') as n_seen_days,
    -- day 0 is a Monday
    count(*) filter (
        where d.state <> 'missing' and date_diff('day', date '1900-01-01', d.occurred_on) % 7 < 5
    ) as n_working_days,
    count(*) filter (where d.state <> 'missing') = date_diff('day', p.from_on, p.until_on) + 1 as is_seen
from parts as p
left join prep_platform_day as d
    on d.platform = p.platform and d.occurred_on >= p.from_on and d.occurred_on <= p.until_on
group by p.trial, p.platform, p.part, p.from_on, p.until_on
