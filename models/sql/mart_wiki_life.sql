-- grain: month, platform (or all), page or space
-- question: how many pages and spaces live on, and how long do they live?
with months as (
    select
        t.period_start,
        t.period_end,
        t.platform,
        t.is_complete,
        t.n_observed_days,
        t.n_seen_days,
        count(e.person_id) as n_eligible
    from prep_period as t
    left join prep_eligible as e
        on e.period_kind = t.period_kind
        and e.period_start = t.period_start
        and e.platform = t.platform
    where t.period_kind = 'month'
    group by t.period_start, t.period_end, t.platform, t.is_complete, t.n_observed_days, t.n_seen_days
),
-- months of which the state of some wiki is known
known as (
    select period_start, platform, bool_or(is_year_seen) as is_year_seen
    from (
        select period_start, platform, is_year_seen from prep_wiki_end
        union all
        select period_start, 'all' as platform, is_year_seen from prep_wiki_end
    ) as e
    group by period_start, platform
),
states as (
    select period_start, platform, subject, state, is_ended, life_days, is_year_old, is_continuous, n_subjects
    from prep_wiki_state
    union all
    select
        period_start, 'all' as platform, subject, state, is_ended, life_days, is_year_old, is_continuous, n_subjects
    from prep_wiki_state
),
counted as (
    select
        period_start,
        platform,
        subject,
        cast(sum(n_subjects) as bigint) as n_subjects,
        cast(sum(case when state = 'alive' then n_subjects else 0 end) as bigint) as n_alive,
        cast(sum(case when state = 'revived' then n_subjects else 0 end) as bigint) as n_revived,
        cast(sum(case when state = 'fading' then n_subjects else 0 end) as bigint) as n_fading,
        cast(sum(case when state = 'forgotten' then n_subjects else 0 end) as bigint) as n_forgotten,
        cast(sum(case when state = 'unknown' then n_subjects else 0 end) as bigint) as n_unknown,
        cast(sum(case when is_ended is not null then n_subjects else 0 end) as bigint) as n_followed,
        cast(sum(case when is_ended then n_subjects else 0 end) as bigint) as n_ended,
        cast(sum(case when is_year_old then n_subjects else 0 end) as bigint) as n_year_old,
        cast(sum(case when is_continuous then n_subjects else 0 end) as bigint) as n_continuous
    from states
    group by period_start, platform, subject
),
-- Kaplan-Meier: of those who lived to a day, the share that did not end on it
lives as (
    select
        period_start,
        platform,
        subject,
        life_days,
        cast(sum(n_subjects) as bigint) as n_lives,
        cast(sum(case when is_ended then n_subjects else 0 end) as bigint) as n_ends
    from states
    where is_ended is not null
    group by period_start, platform, subject, life_days
),
at_risk as (
    select
        period_start,
        platform,
        subject,
        life_days,
        n_ends,
        cast(
            sum(n_lives) over (
                partition by period_start, platform, subject
                order by life_days desc
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_at_risk
    from lives
),
curve as (
    select
        period_start,
        platform,
        subject,
        life_days,
        case
            when n_at_risk = n_ends then 0.0
            else exp(
                cast(
                    sum(ln(cast(n_at_risk - n_ends as double) / nullif(n_at_risk, 0))) over (
                        partition by period_start, platform, subject
                        order by life_days
                        rows between unbounded preceding and current row
                    ) as double
                )
            )
        end as survival_ratio
    from at_risk
),
survived as (
    select
        period_start,
        platform,
        subject,
        max(life_days) as followed_days,
        min(survival_ratio) as last_ratio,
        coalesce(min(case when life_days <= 14 then survival_ratio end), 1.0) as survival_14d_ratio,
        coalesce(min(case when life_days <= 90 then survival_ratio end), 1.0) as survival_90d_ratio,
        coalesce(min(case when life_days <= 365 then survival_ratio end), 1.0) as survival_365d_ratio,
        -- the product of shares may miss an exact half by its last digits
        min(case when round(survival_ratio, 9) <= 0.5 then life_days end) as median_life_days
    from curve
    group by period_start, platform, subject
),
-- edits by week of life, of the subjects that are old enough at the end of the month
weeks as (
    select
        subject,
        platform,
        workspace,
        born_on,
        date_diff('day', born_on, occurred_on) // 7 + 1 as life_week,
        cast(sum(n_edits) as bigint) as n_edits
    from prep_wiki_day
    where is_begun and date_diff('day', born_on, occurred_on) < 364
    group by subject, platform, workspace, born_on, date_diff('day', born_on, occurred_on) // 7 + 1
),
edited as (
    select
        e.period_start,
        w.platform,
        w.subject,
        w.life_week,
        cast(sum(w.n_edits) as bigint) as n_edits
    from weeks as w
    join prep_wiki_end as e
        on e.platform = w.platform
        and e.workspace = w.workspace
        and w.born_on > e.unseen_on
        and w.born_on + 364 <= e.end_on
    group by e.period_start, w.platform, w.subject, w.life_week
),
edited_anywhere as (
    select period_start, platform, subject, life_week, cast(sum(n_edits) as bigint) as n_edits
    from (
        select period_start, platform, subject, life_week, n_edits from edited
        union all
        select period_start, 'all' as platform, subject, life_week, n_edits from edited
    ) as e
    group by period_start, platform, subject, life_week
),
accumulated as (
    select
        period_start,
        platform,
        subject,
        life_week,
        cast(
            sum(n_edits) over (
                partition by period_start, platform, subject
                order by life_week
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_edits_so_far,
        cast(sum(n_edits) over (partition by period_start, platform, subject) as bigint) as n_edits_of_year
    from edited_anywhere
),
halved as (
    select
        period_start,
        platform,
        subject,
        min(case when 2 * n_edits_so_far >= n_edits_of_year then life_week end) as half_life_weeks
    from accumulated
    group by period_start, platform, subject
),
subjects as (
    select 'page' as subject
    union all
    select 'space' as subject
),
filled as (
    select
        t.period_start,
        t.period_end,
        t.platform,
        t.is_complete,
        t.n_observed_days,
        t.n_eligible,
        x.subject,
        t.n_seen_days > 0 and k.period_start is not null as is_known,
        coalesce(k.is_year_seen, false) as is_year_seen,
        coalesce(c.n_subjects, 0) as n_subjects,
        coalesce(c.n_alive, 0) as n_alive,
        coalesce(c.n_revived, 0) as n_revived,
        coalesce(c.n_fading, 0) as n_fading,
        coalesce(c.n_forgotten, 0) as n_forgotten,
        coalesce(c.n_unknown, 0) as n_unknown,
        coalesce(c.n_followed, 0) as n_followed,
        coalesce(c.n_ended, 0) as n_ended,
        case when v.followed_days >= 14 or v.last_ratio = 0 then v.survival_14d_ratio end as survival_14d_ratio,
        case when v.followed_days >= 90 or v.last_ratio = 0 then v.survival_90d_ratio end as survival_90d_ratio,
        case when v.followed_days >= 365 or v.last_ratio = 0 then v.survival_365d_ratio end as survival_365d_ratio,
        v.median_life_days,
        h.half_life_weeks,
        coalesce(c.n_year_old, 0) as n_year_old,
        coalesce(c.n_continuous, 0) as n_continuous
    from months as t
    cross join subjects as x
    left join known as k
        on k.period_start = t.period_start
        and k.platform = t.platform
    left join counted as c
        on c.period_start = t.period_start
        and c.platform = t.platform
        and c.subject = x.subject
    left join survived as v
        on v.period_start = t.period_start
        and v.platform = t.platform
        and v.subject = x.subject
    left join halved as h
        on h.period_start = t.period_start
        and h.platform = t.platform
        and h.subject = x.subject
)
select
    'month' as period_kind,
    period_start,
    period_end,
    platform,
    'all' as unit,
    is_complete,
    n_observed_days,
    n_eligible,
    subject,
    case when is_known then n_subjects end as n_subjects,
    case when is_known then n_alive end as n_alive,
    case when is_known then n_revived end as n_revived,
    case when is_known then n_fading end as n_fading,
    case when is_known then n_forgotten end as n_forgotten,
    case when is_known then n_unknown end as n_unknown,
    case when is_known then cast(n_forgotten as double) / nullif(n_subjects - n_unknown, 0) end as forgotten_ratio,
    case when is_known then n_followed end as n_followed,
    case when is_known then n_ended end as n_ended,
    case when is_known then survival_14d_ratio end as survival_14d_ratio,
    case when is_known then survival_90d_ratio end as survival_90d_ratio,
    case when is_known then survival_365d_ratio end as survival_365d_ratio,
    case when is_known then median_life_days end as median_life_days,
    case when is_known then half_life_weeks end as half_life_weeks,
    case when is_known and is_year_seen then n_year_old end as n_year_old,
    case when is_known and is_year_seen then n_continuous end as n_continuous,
    case when is_known and is_year_seen then cast(n_continuous as double) / nullif(n_year_old, 0) end
        as continuous_ratio
from filled
