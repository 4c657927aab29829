-- grain: week or month, platform (or all), unit (or all)
-- question: what happens on wiki pages, and do people work on them together?
with seen as (
    select distinct k.period_kind, k.period_start, c.platform, c.workspace
    from coverage_day as c
    join prep_calendar as k on k.occurred_on = c.occurred_on
    where c.state <> 'missing'
),
-- what the wikis show that were observed in the period
shown as (
    select
        n.period_kind,
        n.period_start,
        n.platform,
        s.has_edits,
        s.has_sizes,
        s.has_reverts,
        s.has_minor
    from seen as n
    join prep_wiki_source as s on s.platform = n.platform and s.workspace = n.workspace
),
showing as (
    select
        period_kind,
        period_start,
        platform,
        bool_or(has_edits) as has_edits,
        bool_or(has_edits and has_sizes) as has_sizes,
        bool_or(has_edits and has_reverts) as has_reverts,
        bool_or(has_edits and has_minor) as has_minor
    from (
        select period_kind, period_start, platform, has_edits, has_sizes, has_reverts, has_minor from shown
        union all
        select period_kind, period_start, 'all' as platform, has_edits, has_sizes, has_reverts, has_minor from shown
    ) as s
    group by period_kind, period_start, platform
),
placed as (
    select
        k.period_kind,
        k.period_start,
        w.*
    from prep_wiki_work as w
    join prep_calendar as k on k.occurred_on = w.occurred_on
),
done as (
    select
        w.period_kind,
        w.period_start,
        e.platform,
        w.person_id,
        w.unit,
        e.unit as own_unit,
        w.thread_id,
        w.n_creates,
        w.n_edits,
        w.n_comments,
        w.n_minor_edits,
        w.n_null_edits,
        w.n_sized_edits,
        w.n_bytes_added,
        w.n_bytes_removed,
        w.n_reverts,
        w.n_self_reverts
    from placed as w
    join prep_eligible as e
        on e.period_kind = w.period_kind
        and e.period_start = w.period_start
        and e.person_id = w.person_id
        and e.platform in (w.platform, 'all')
),
by_unit as (
    select
        period_kind,
        period_start,
        platform,
        person_id,
        unit,
        thread_id,
        n_creates,
        n_edits,
        n_comments,
        n_minor_edits,
        n_null_edits,
        n_sized_edits,
        n_bytes_added,
        n_bytes_removed,
        n_reverts,
        n_self_reverts
    from done
    where unit is not null
    union all
    select
        period_kind,
        period_start,
        platform,
        person_id,
        'all' as unit,
        thread_id,
        n_creates,
        n_edits,
        n_comments,
        n_minor_edits,
        n_null_edits,
        n_sized_edits,
        n_bytes_added,
        n_bytes_removed,
        n_reverts,
        n_self_reverts
    from done
),
summed as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        cast(sum(n_creates) as bigint) as n_creates,
        cast(sum(n_edits) as bigint) as n_edits,
        cast(sum(n_comments) as bigint) as n_comments,
        cast(sum(n_minor_edits) as bigint) as n_minor_edits,
        cast(sum(n_null_edits) as bigint) as n_null_edits,
        cast(sum(n_sized_edits) as bigint) as n_sized_edits,
        cast(sum(n_bytes_added) as bigint) as n_bytes_added,
        cast(sum(n_bytes_removed) as bigint) as n_bytes_removed,
        cast(sum(n_reverts) as bigint) as n_reverts,
        cast(sum(n_self_reverts) as bigint) as n_self_reverts
    from by_unit
    group by period_kind, period_start, platform, unit
),
pages as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        thread_id,
        count(distinct person_id) as n_people
    from by_unit
    where n_creates + n_edits > 0 and thread_id is not null
    group by period_kind, period_start, platform, unit, thread_id
),
paged as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_edited_pages,
        count(*) filter (where n_people > 1) as n_co_edited_pages
    from pages
    group by period_kind, period_start, platform, unit
),
edited as (
    select distinct period_kind, period_start, platform, person_id, own_unit
    from done
    where n_creates + n_edits > 0
),
editing as (
    select
        period_kind,
        period_start,
        platform,
        unit,
        count(*) as n_editors
    from (
        select period_kind, period_start, platform, own_unit as unit from edited where own_unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit from edited
    ) as e
    group by period_kind, period_start, platform, unit
),
headcount as (
    select period_kind, period_start, platform, unit, count(*) as n_eligible
    from (
        select period_kind, period_start, platform, unit from prep_eligible where unit is not null
        union all
        select period_kind, period_start, platform, 'all' as unit from prep_eligible
    ) as e
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
        coalesce(h.n_eligible, 0) as n_eligible,
        t.n_seen_days > 0 and s.platform is not null as is_seen,
        t.n_seen_days > 0 and coalesce(s.has_edits, false) as has_edits,
        t.n_seen_days > 0 and coalesce(s.has_sizes, false) as has_sizes,
        t.n_seen_days > 0 and coalesce(s.has_reverts, false) as has_reverts,
        t.n_seen_days > 0 and coalesce(s.has_minor, false) as has_minor,
        coalesce(c.n_creates, 0) as n_creates,
        coalesce(c.n_edits, 0) as n_edits,
        coalesce(c.n_comments, 0) as n_comments,
        coalesce(c.n_minor_edits, 0) as n_minor_edits,
        coalesce(c.n_null_edits, 0) as n_null_edits,
        coalesce(c.n_sized_edits, 0) as n_sized_edits,
        coalesce(c.n_bytes_added, 0) as n_bytes_added,
        coalesce(c.n_bytes_removed, 0) as n_bytes_removed,
        coalesce(c.n_reverts, 0) as n_reverts,
        coalesce(c.n_self_reverts, 0) as n_self_reverts,
        coalesce(p.n_edited_pages, 0) as n_edited_pages,
        coalesce(p.n_co_edited_pages, 0) as n_co_edited_pages,
        coalesce(n.n_editors, 0) as n_editors
    from prep_period as t
    cross join prep_unit as u
    left join showing as s using (period_kind, period_start, platform)
    left join headcount as h using (period_kind, period_start, platform, unit)
    left join summed as c using (period_kind, period_start, platform, unit)
    left join paged as p using (period_kind, period_start, platform, unit)
    left join editing as n using (period_kind, period_start, platform, unit)
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
    case when is_seen then n_creates end as n_pages_created,
    case when has_edits then n_edits end as n_edits,
    case when has_edits then n_editors end as n_editors,
    case when has_minor then n_minor_edits end as n_minor_edits,
    case when has_sizes then n_null_edits end as n_null_edits,
    case when has_sizes then n_sized_edits end as n_sized_edits,
    case when has_sizes then n_bytes_added end as n_bytes_added,
    case when has_sizes then n_bytes_removed end as n_bytes_removed,
    case when has_reverts then n_reverts end as n_reverts,
    case when has_reverts then n_self_reverts end as n_self_reverts,
    case when has_edits then n_edited_pages end as n_edited_pages,
    case when has_edits then n_co_edited_pages end as n_co_edited_pages,
    case when has_edits then cast(n_co_edited_pages as double) / nullif(n_edited_pages, 0) end as co_edited_ratio,
    case when is_seen then n_comments end as n_comments
from filled
