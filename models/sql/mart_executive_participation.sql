-- grain: week or month, platform (or all), unit (or all), executives or everybody else
-- question: do executives take part, and do they answer?
-- What a delegate writes in somebody's name is in the figures of the first version and not in those named own.
with people as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        e.unit,
        e.is_executive,
        e.n_contributions > 0 as is_active,
        o.person_id is not null as is_active_themselves
    from prep_eligible as e
    left join prep_own_period as o using (period_kind, period_start, platform, person_id)
),
counted as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        is_executive,
        count(*) as n_eligible,
        count(*) filter (where is_active) as n_contributors,
        count(*) filter (where is_active_themselves) as n_own_contributors
    from (
        select period_kind, period_start, platform, unit, is_executive, is_active, is_active_themselves
        from people
        where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit, is_executive, is_active, is_active_themselves
        from people
    ) as p
    group by period_kind, period_start, platform, unit, is_executive
),
wrote as (
    select
        u.period_kind,
        u.period_start,
        u.platform,
        u.unit,
        e.is_executive,
        cast(sum(u.n_posts) as bigint) as n_posts,
        cast(sum(u.n_replies) as bigint) as n_replies,
        cast(sum(u.n_own_posts) as bigint) as n_own_posts,
        cast(sum(u.n_own_replies) as bigint) as n_own_replies
    from prep_unit_period as u
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
    group by u.period_kind, u.period_start, u.platform, u.unit, e.is_executive
),
replied as (
    select
        r.period_kind,
        r.period_start,
        r.platform,
        e.is_executive,
        r.unit,
        r.is_delegated
    from prep_reply_period as r
    join prep_eligible as e using (period_kind, period_start, platform, person_id)
    where r.action = 'reply'
        and not r.is_target_executive
        and (r.target_person_id is null or r.target_person_id <> r.person_id)
),
answered as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        is_executive,
        count(*) as n_replies_to_staff,
        count(*) filter (where not is_delegated) as n_own_replies_to_staff
    from (
        select period_kind, period_start, platform, unit, is_executive, is_delegated from replied where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit, is_executive, is_delegated from replied
    ) as r
    group by period_kind, period_start, platform, unit, is_executive
),
classes as (
    select true as is_executive
    union all
    select false as is_executive
),
-- everybody else of the same unit, beside whom executives are held
others as (
    select
        period_kind, period_start, platform, unit, n_eligible as n_others, n_contributors as n_other_contributors,
        n_own_contributors as n_other_own_contributors
    from counted
    where not is_executive
),
filled as (
    select
        t.period_kind,
        t.period_start,
        t.period_end,
        t.platform,
        u.unit,
        t.is_complete,
        t.n_observed_days,
        x.is_executive,
        t.n_seen_days > 0 as is_seen,
        coalesce(c.n_eligible, 0) as n_eligible,
        coalesce(c.n_contributors, 0) as n_contributors,
        coalesce(c.n_own_contributors, 0) as n_own_contributors,
        cast(coalesce(c.n_contributors, 0) as double) as k,
        cast(coalesce(c.n_own_contributors, 0) as double) as own_k,
        cast(nullif(c.n_eligible, 0) as double) as n,
        case when x.is_executive then cast(o.n_other_contributors as double) end as other_k,
        case when x.is_executive then cast(o.n_other_own_contributors as double) end as other_own_k,
        cast(o.n_others as double) as other_n,
        coalesce(w.n_posts, 0) as n_posts,
        coalesce(w.n_replies, 0) as n_replies,
        coalesce(a.n_replies_to_staff, 0) as n_replies_to_staff,
        coalesce(m.n_pairs, 0) as n_pairs,
        coalesce(m.n_two_way, 0) as n_two_way,
        coalesce(w.n_own_posts, 0) as n_own_posts,
        coalesce(w.n_own_replies, 0) as n_own_replies,
        coalesce(a.n_own_replies_to_staff, 0) as n_own_replies_to_staff,
        coalesce(m.n_own_pairs, 0) as n_own_pairs,
        coalesce(m.n_own_two_way, 0) as n_own_two_way,
        1.959963984540054 as z
    from prep_period as t
    cross join prep_unit as u
    cross join classes as x
    left join counted as c using (period_kind, period_start, platform, unit, is_executive)
    left join others as o using (period_kind, period_start, platform, unit)
    left join wrote as w using (period_kind, period_start, platform, unit, is_executive)
    left join answered as a using (period_kind, period_start, platform, unit, is_executive)
    left join prep_dialogue as m using (period_kind, period_start, platform, unit, is_executive)
),
compared as (
    select
        *,
        case when is_seen and k > 0 and other_k > 0 then (k / n) / (other_k / other_n) end as parity_ratio,
        case when is_seen and k > 0 and other_k > 0 then sqrt(1 / k - 1 / n + 1 / other_k - 1 / other_n) end as log_error,
        case when is_seen and own_k > 0 and other_own_k > 0 then (own_k / n) / (other_own_k / other_n) end
            as own_parity_ratio,
        case when is_seen and own_k > 0 and other_own_k > 0 then
            sqrt(1 / own_k - 1 / n + 1 / other_own_k - 1 / other_n)
        end as own_log_error
    from filled
)
select
    period_kind,
    period_start,
    period_end,
    platform,
    unit,
    is_complete,
    n_observed_days,
    n_eligible,
    is_executive,
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
    case when is_seen then n_posts end as n_posts,
    case when is_seen then n_replies end as n_replies,
    case when is_seen then n_replies_to_staff end as n_replies_to_staff,
    case when is_seen then cast(n_posts as double) / nullif(n_posts + n_replies_to_staff, 0) end as broadcast_ratio,
    case when is_seen then n_two_way end as n_two_way,
    case when is_seen then cast(n_two_way as double) / nullif(n_pairs, 0) end as two_way_ratio,
    case when is_seen then n_own_contributors end as n_own_contributors,
    case when is_seen then own_k / n end as own_contributor_ratio,
    case when is_seen and n is not null then
        greatest(0.0, (own_k + z * z / 2 - z * sqrt(own_k * (n - own_k) / n + z * z / 4)) / (n + z * z))
    end as own_contributor_ratio_low,
    case when is_seen and n is not null then
        least(1.0, (own_k + z * z / 2 + z * sqrt(own_k * (n - own_k) / n + z * z / 4)) / (n + z * z))
    end as own_contributor_ratio_high,
    own_parity_ratio,
    exp(ln(own_parity_ratio) - z * own_log_error) as own_parity_ratio_low,
    exp(ln(own_parity_ratio) + z * own_log_error) as own_parity_ratio_high,
    case when is_seen then n_own_posts end as n_own_posts,
    case when is_seen then n_own_replies end as n_own_replies,
    case when is_seen then n_own_replies_to_staff end as n_own_replies_to_staff,
    case when is_seen then
        cast(n_own_posts as double) / nullif(n_own_posts + n_own_replies_to_staff, 0)
    end as own_broadcast_ratio,
    case when is_seen then n_own_two_way end as n_own_two_way,
    case when is_seen then cast(n_own_two_way as double) / nullif(n_own_pairs, 0) end as own_two_way_ratio
from compared
