-- grain: week or month, platform (or all), unit (or all)
-- question: do people give as much to conversations as they receive?
with acts as (
    select
        d.platform,
        d.occurred_on,
        d.person_id,
        d.n_posts as n_given_messages,
        0 as n_given_reactions,
        0 as n_received_answers,
        0 as n_received_reactions
    from fct_person_day as d
    join prep_conversation as c on c.platform = d.platform and c.has_targets
    where d.n_posts > 0
    union all
    select
        platform,
        occurred_on,
        person_id,
        case when is_reaction then 0 else n_interactions end as n_given_messages,
        case when is_reaction then n_interactions else 0 end as n_given_reactions,
        0 as n_received_answers,
        0 as n_received_reactions
    from prep_interaction
    union all
    select
        platform,
        occurred_on,
        target_person_id as person_id,
        0 as n_given_messages,
        0 as n_given_reactions,
        case when is_reaction then 0 else n_interactions end as n_received_answers,
        case when is_reaction then n_interactions else 0 end as n_received_reactions
    from prep_interaction
    where target_person_id is not null
),
placed as (
    select
        k.period_kind,
        k.period_start,
        a.platform,
        a.person_id,
        a.n_given_messages,
        a.n_given_reactions,
        a.n_received_answers,
        a.n_received_reactions
    from acts as a
    join prep_calendar as k using (occurred_on)
),
scoped as (
    select
        period_kind, period_start, platform, person_id,
        n_given_messages, n_given_reactions, n_received_answers, n_received_reactions
    from placed
    union all
    select
        period_kind, period_start, 'all' as platform, person_id,
        n_given_messages, n_given_reactions, n_received_answers, n_received_reactions
    from placed
),
summed as (
    select
        period_kind,
        period_start,
        platform,
        person_id,
        cast(sum(n_given_messages) as bigint) as n_given_messages,
        cast(sum(n_given_reactions) as bigint) as n_given_reactions,
        cast(sum(n_received_answers) as bigint) as n_received_answers,
        cast(sum(n_received_reactions) as bigint) as n_received_reactions
    from scoped
    group by period_kind, period_start, platform, person_id
),
people as (
    select
        e.period_kind,
        e.period_start,
        e.platform,
        e.unit,
        coalesce(s.n_given_messages, 0) as n_given_messages,
        coalesce(s.n_given_reactions, 0) as n_given_reactions,
        coalesce(s.n_received_answers, 0) as n_received_answers,
        coalesce(s.n_received_reactions, 0) as n_received_reactions,
        coalesce(s.n_given_messages + s.n_given_reactions, 0) as n_given,
        coalesce(s.n_received_answers + s.n_received_reactions, 0) as n_received
    from prep_eligible as e
    left join summed as s using (period_kind, period_start, platform, person_id)
),
by_unit as (
    select
        period_kind, period_start, platform, unit,
        n_given_messages, n_given_reactions, n_received_answers, n_received_reactions, n_given, n_received
    from people
    where unit is not null
    union all
    select
        period_kind, period_start, platform, 'all' as unit,
        n_given_messages, n_given_reactions, n_received_answers, n_received_reactions, n_given, n_received
    from people
),
-- log((1 + given) / (1 + received)) is beyond log 2 where one side is more than twice the other
counted as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_eligible,
        cast(sum(n_given_messages) as bigint) as n_given_messages,
        cast(sum(n_given_reactions) as bigint) as n_given_reactions,
        cast(sum(n_received_answers) as bigint) as n_received_answers,
        cast(sum(n_received_reactions) as bigint) as n_received_reactions,
        count(*) filter (where n_given + n_received = 0) as n_silent,
        count(*) filter (where n_given + n_received between 1 and 3) as n_few,
        count(*) filter (where n_given + n_received >= 4 and 1 + n_given > 2 * (1 + n_received)) as n_mostly_giving,
        count(*) filter (
            where n_given + n_received >= 4
                and 1 + n_given <= 2 * (1 + n_received)
                and 1 + n_received <= 2 * (1 + n_given)
        ) as n_balanced,
        count(*) filter (where n_given + n_received >= 4 and 1 + n_received > 2 * (1 + n_given)) as n_mostly_receiving,
        median(
            case when n_given + n_received >= 4 then ln(cast(1 + n_given as double) / (1 + n_received)) end
        ) as median_balance
    from by_unit
    group by period_kind, period_start, platform, unit
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
        t.n_seen_days > 0 and coalesce(c.has_targets, false) as is_known,
        coalesce(c.has_reactions, false) as has_reactions
    from prep_period as t
    cross join prep_unit as u
    left join prep_conversation as c on c.platform = t.platform
)
select
    f.period_kind,
    f.period_start,
    f.period_end,
    f.platform,
    f.unit,
    f.is_complete,
    f.n_observed_days,
    coalesce(c.n_eligible, 0) as n_eligible,
    f.has_reactions,
    case when f.is_known then c.median_balance end as median_balance,
    case when f.is_known then coalesce(c.n_silent, 0) end as n_silent,
    case when f.is_known then coalesce(c.n_few, 0) end as n_few,
    case when f.is_known then coalesce(c.n_mostly_giving, 0) end as n_mostly_giving,
    case when f.is_known then coalesce(c.n_balanced, 0) end as n_balanced,
    case when f.is_known then coalesce(c.n_mostly_receiving, 0) end as n_mostly_receiving,
    case when f.is_known then coalesce(c.n_given_messages, 0) end as n_given_messages,
    case when f.is_known and f.has_reactions then coalesce(c.n_given_reactions, 0) end as n_given_reactions,
    case when f.is_known then coalesce(c.n_received_answers, 0) end as n_received_answers,
    case when f.is_known and f.has_reactions then coalesce(c.n_received_reactions, 0) end as n_received_reactions
from filled as f
left join counted as c using (period_kind, period_start, platform, unit)
