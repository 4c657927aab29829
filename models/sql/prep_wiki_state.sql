-- grain: month, platform, page or space, state, life
-- question: how many pages and spaces were in which state at the end of each month, after how long a life?
-- Silence is counted from the last edit by a person. Up to 90 days is alive: a page that is used at all changes once a
-- quarter. Up to 180 days, two quarters, is fading; then it is forgotten. Who is alive and was once forgotten is
-- revived. Where a day of which no export tells could have changed the state, it is unknown.
-- In the curve of lives is whose days are all seen since its creation, 90 days after that: by then it is known whether
-- it ended on a day. A life is followed to its last edit, at most to the day on which an end would be known.
with limits as (
    select
        90 as alive_days,
        180 as fading_days
),
silent as (
    select
        e.period_start,
        d.platform,
        d.subject,
        d.born_on,
        d.occurred_on,
        e.end_on,
        date_diff('day', d.occurred_on, e.end_on) as silent_days,
        date_diff('day', greatest(d.occurred_on, e.unseen_on), e.end_on) as surely_silent_days,
        coalesce(d.longest_silence_days > t.fading_days, false) as was_forgotten,
        d.is_begun
            and d.born_on > e.unseen_on
            and date_diff('day', d.born_on, e.end_on) > t.alive_days as is_followed,
        e.is_year_seen
            and d.born_on < cast(e.period_start - interval 10 month as date) as is_year_old,
        d.n_months_running >= 12
            and d.occurred_on >= e.period_start as is_continuous,
        t.alive_days,
        t.fading_days
    from prep_wiki_day as d
    join prep_wiki_end as e
        on e.platform = d.platform
        and e.workspace = d.workspace
        and d.occurred_on <= e.end_on
        and e.end_on < coalesce(d.next_on, date '9999-12-31')
    cross join limits as t
),
judged as (
    select
        period_start,
        platform,
        subject,
        case
            when silent_days <= alive_days then case when was_forgotten then 'revived' else 'alive' end
            when surely_silent_days > fading_days then 'forgotten'
            when silent_days <= fading_days and surely_silent_days > alive_days then 'fading'
            else 'unknown'
        end as state,
        case when is_followed then silent_days > alive_days end as is_ended,
        case when is_followed then least(
            date_diff('day', born_on, occurred_on),
            date_diff('day', born_on, end_on) - alive_days - 1
        ) end as life_days,
        is_year_old,
        is_year_old and is_continuous as is_continuous
    from silent
)
select
    period_start,
    platform,
    subject,
    state,
    is_ended,
    life_days,
    is_year_old,
    is_continuous,
    count(*) as n_subjects
from judged
group by period_start, platform, subject, state, is_ended, life_days, is_year_old, is_continuous
