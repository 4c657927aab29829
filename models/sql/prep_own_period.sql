-- grain: week or month, platform (or all), person
-- question: what did each person contribute themselves in the period, in whatever unit?
with placed as (
    select
        k.period_kind,
        k.period_start,
        d.platform,
        d.person_id,
        d.n_contributions,
        d.n_openings,
        d.n_replies_to_staff,
        d.n_page_edits
    from prep_own_day as d
    join prep_calendar as k using (occurred_on)
    where d.n_contributions > 0
),
scoped as (
    select
        period_kind, period_start, platform, person_id, platform as home,
        n_contributions, n_openings, n_replies_to_staff, n_page_edits
    from placed
    union all
    select
        period_kind, period_start, 'all' as platform, person_id, platform as home,
        n_contributions, n_openings, n_replies_to_staff, n_page_edits
    from placed
),
-- where no page is ever edited is no wiki; a blog's posts are created, not edited
wikis as (
    select distinct platform
    from fct_event
    where action = 'edit'
)
select
    s.period_kind,
    s.period_start,
    s.platform,
    s.person_id,
    cast(sum(s.n_contributions) as bigint) as n_contributions,
    cast(sum(s.n_openings) as bigint) as n_openings,
    cast(sum(s.n_replies_to_staff) as bigint) as n_replies_to_staff,
    cast(sum(case when w.platform is not null then s.n_page_edits else 0 end) as bigint) as n_wiki_edits,
    count(distinct s.home) as n_platforms
from scoped as s
left join wikis as w on w.platform = s.home
group by s.period_kind, s.period_start, s.platform, s.person_id
