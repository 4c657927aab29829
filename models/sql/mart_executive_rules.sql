-- grain: week or month, platform (or all), unit all, rule that names somebody
-- question: would the share of executives who contribute be another one under another rule of who is an executive?
-- Only the whole organisation: within a unit a rule names too few people. Everything is counted as in
-- mart_executive_participation, so that the row of the rule in use is its row; posts, replies and pairs are those without
-- what delegates write.
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
named_eligible as (
    select e.period_kind, e.period_start, e.platform, e.person_id, n.rule
    from prep_eligible as e
    join named as n using (period_kind, period_start, person_id)
),
wrote as (
    select
        u.period_kind,
        u.period_start,
        u.platform,
        n.rule,
        cast(sum(u.n_own_posts) as bigint) as n_own_posts,
        cast(sum(u.n_own_replies) as bigint) as n_own_replies
    from prep_unit_period as u
    join named_eligible as n using (period_kind, period_start, platform, person_id)
    where u.unit = 'all'
    group by u.period_kind, u.period_start, u.platform, n.rule
),
replies as (
    select k.period_kind, k.period_start, r.platform, r.occurred_on, r.person_id, r.target_person_id
    from prep_reply as r
    join prep_calendar as k using (occurred_on)
    where r.action = 'reply'
        and not r.is_delegated
        and (r.target_person_id is null or r.target_person_id <> r.person_id)
),
scoped as (
    select period_kind, period_start, platform, occurred_on, person_id, target_person_id from replies
    union all
    select period_kind, period_start, 'all' as platform, occurred_on, person_id, target_person_id from replies
),
answered as (
    select s.period_kind, s.period_start, s.platform, n.rule, count(*) as n_own_replies_to_staff
    from scoped as s
    join named_eligible as n using (period_kind, period_start, platform, person_id)
    left join executive_by_rule as x
        on x.rule = n.rule
        and x.person_id = s.target_person_id
        and x.valid_from <= s.occurred_on
        and s.occurred_on < coalesce(x.valid_to, date '9999-12-31')
    where x.person_id is null
    group by s.period_kind, s.period_start, s.platform, n.rule
),
ways as (
    select distinct period_kind, period_start, platform, person_id, target_person_id
    from prep_reply_period
    where not is_delegated and target_person_id is not null and target_person_id <> person_id
),
ends as (
    select period_kind, period_start, platform, person_id, target_person_id as other_person_id
    from ways
    union all
    select period_kind, period_start, platform, target_person_id as person_id, person_id as other_person_id
    from ways
),
pairs as (
    select n.period_kind, n.period_start, n.platform, n.rule, n.person_id, d.other_person_id, count(*) as n_ways
    from ends as d
    join named_eligible as n using (period_kind, period_start, platform, person_id)
    join prep_eligible as e
        on e.period_kind = d.period_kind
        and e.period_start = d.period_start
        and e.platform = d.platform
        and e.person_id = d.other_person_id
    left join named as o
        on o.period_kind = d.period_kind
        and o.period_start = d.period_start
        and o.person_id = d.other_person_id
        and o.rule = n.rule
    where o.person_id is null
    group by n.period_kind, n.period_start, n.platform, n.rule, n.person_id, d.other_person_id
),
met as (
    select
        period_kind,
        period_start,
        platform,
        rule,
        count(*) as n_own_pairs,
        count(*) filter (where n_ways = 2) as n_own_two_way
    from pairs
    group by period_kind, period_start, platform, rule
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
        coalesce(w.n_own_posts, 0) as n_own_posts,
        coalesce(w.n_own_replies, 0) as n_own_replies,
        coalesce(a.n_own_replies_to_staff, 0) as n_own_replies_to_staff,
        coalesce(m.n_own_pairs, 0) as n_own_pairs,
        coalesce(m.n_own_two_way, 0) as n_own_two_way,
        1.959963984540054 as z
    from prep_period as t
    cross join rules as r
    left join everybody as e using (period_kind, period_start, platform)
    left join counted as c using (period_kind, period_start, platform, rule)
    left join wrote as w using (period_kind, period_start, platform, rule)
    left join answered as a using (period_kind, period_start, platform, rule)
    left join met as m using (period_kind, period_start, platform, rule)
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
    exp(ln(parity_ratio) + z * log_error) as parity_ratio_high,
    case when is_seen then n_own_posts end as n_own_posts,
    case when is_seen then n_own_replies end as n_own_replies,
    case when is_seen then n_own_replies_to_staff end as n_own_replies_to_staff,
    case when is_seen then
        cast(n_own_posts as double) / nullif(n_own_posts + n_own_replies_to_staff, 0)
    end as own_broadcast_ratio,
    case when is_seen then n_own_two_way end as n_own_two_way,
    case when is_seen then cast(n_own_two_way as double) / nullif(n_own_pairs, 0) end as own_two_way_ratio
from compared
