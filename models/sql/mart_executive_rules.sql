-- grain: week or month, platform (or all), unit all, rule that names somebody
-- question: would the share of executives who contribute be another one under another rule of who is an executive?
-- Only the whole organisation: within a unit a rule names too few people. Contributions are those of
-- mart_executive_participation, so that the row of the rule in use is its row.
with rules as (
    select x.rule, max(case when x.rule = s.executive_rule then 1 else 0 end) = 1 as is_used
    from executive_by_rule as x
    cross join stg_setting as s
    group by x.rule
),
named as (
    select distinct s.period_kind, s.period_start, s.person_id, x.rule
    from prep_stay as s
    join executive_by_rule as x
        on x.person_id = s.person_id
        and x.valid_from <= s.last_on
        and s.last_on < coalesce(x.valid_to, date '9999-12-31')
),
everybody as (
    select
        period_kind,
        period_start,
        platform,
        count(*) as n_people,
        count(*) filter (where n_contributions > 0) as n_active
    from prep_eligible
    group by period_kind, period_start, platform
),
counted as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        n.rule,
        count(*) as n_people,
        count(*) filter (where e.n_contributions > 0) as n_active
    from prep_eligible as e
    join named as n using (period_kind, period_start, person_id)
    group by e.period_kind, e.period_start, e.platform, n.rule
),
filled as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        t.platform,
        t.is_complete,
        t.n_observed_days,
        r.rule,
        r.is_used,
        t.n_seen_days > 0 as is_seen,
        coalesce(c.n_people, 0) as n_eligible,
        coalesce(c.n_active, 0) as n_contributors,
        cast(coalesce(c.n_active, 0) as double) as k,
        cast(nullif(c.n_people, 0) as double) as n,
        cast(coalesce(e.n_active, 0) - coalesce(c.n_active, 0) as double) as other_k,
        cast(nullif(coalesce(e.n_people, 0) - coalesce(c.n_people, 0), 0) as double) as other_n,
        1.959963984540054 as z
    from prep_period as t
    cross join rules as r
    left join everybody as e using (period_kind, period_start, platform)
    left join counted as c using (period_kind, period_start, platform, rule)
),
compared as (
    select
        *,
        case when is_seen and k > 0 and other_k > 0 then (k / n) / (other_k / other_n) end as parity_ratio,
        case when is_seen and k > 0 and other_k > 0 then sqrt(1 / k - 1 / n + 1 / other_k - 1 / other_n) end as log_error
    from filled
)
select
    period_kind,
    period_start,
    period_end,
    platform,
    'all' as unit,
    is_complete,
    n_observed_days,
    n_eligible,
    rule,
    is_used,
    case when is_seen then n_contributors end as n_contributors,
    case when is_seen then k / n end as contributor_ratio,
    case when is_seen and n is not null then
        greatest(0.0, (k + z * z / 2 - z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_low,
    case when is_seen and n is not null then
        least(1.0, (k + z * z / 2 + z * sqrt(k * (n - k) / n + z * z / 4)) / (n + z * z))
    end as contributor_ratio_high,
    parity_ratio,
    exp(ln(parity_ratio) - z * log_error) as parity_ratio_low,
    exp(ln(parity_ratio) + z * log_error) as parity_ratio_high
from compared
