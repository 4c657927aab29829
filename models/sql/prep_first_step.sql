-- grain: platform (or all), person who did anything there
-- question: what did each person do first, in how large a space, and do they still contribute 8 and 12 weeks later?
-- What delegates do is nobody's first step. A reaction without a time of its own bears that of its message, the earliest
-- at which it can have been given: people may seem to begin with a reaction that came after something else. One to a
-- message from before the person's first employed day may have come at any time, and is left out. A space is small if at
-- most 15 people contributed to it in the 28 days before the day of the step; unknown unless all of them were seen. Of
-- steps at the same moment in several spaces of a workspace, that in the smallest counts.
with showing as (
    select f.platform
    from source_capability as c
    join stg_file as f on f.file_id = c.file_id
    group by f.platform
    having bool_or(c.has_reactions)
),
hired as (
    select person_id, min(valid_from) as hired_on
    from prep_population
    where is_employed
    group by person_id
),
-- of steps at the same moment the later ones of this list: a reaction may have come later, the others did not
acted as (
    select
        e.platform,
        e.workspace,
        e.space_id,
        e.occurred_at,
        e.occurred_on,
        a.person_id,
        case
            when e.action = 'react' then 1
            when e.action in ('reply', 'comment') then 2
            when e.action in ('share', 'upload') then 3
            when e.action in ('create', 'edit') then 4
            else 5
        end as effort
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    cross join meta as m
    left join showing as s on s.platform = e.platform
    left join hired as h on h.person_id = a.person_id
    where e.occurred_on <= m.as_of_on
        and not e.is_delegated
        and (e.is_contribution or (
            e.action = 'react'
            and e.actor_kind in ('human', 'external')
            and s.platform is not null
            and (e.time_basis = 'own' or e.occurred_on >= coalesce(h.hired_on, e.occurred_on))
        ))
),
ranked as (
    select
        *,
        rank() over (partition by platform, person_id order by occurred_at, effort desc, workspace) as place
    from acted
),
scoped as (
    select distinct platform, platform as home, workspace, space_id, occurred_at, occurred_on, person_id, effort
    from ranked
    where place = 1
    union all
    select distinct
        'all' as platform, platform as home, workspace, space_id, occurred_at, occurred_on, person_id, effort
    from ranked
    where place = 1
),
placed as (
    select
        *,
        rank() over (partition by platform, person_id order by occurred_at, effort desc, home, workspace) as place
    from scoped
),
candidates as (
    select
        platform,
        home,
        workspace,
        space_id,
        person_id,
        occurred_on as first_on,
        case effort when 1 then 'reaction' when 2 then 'reply' when 3 then 'share' when 4 then 'page' else 'post' end
            as step
    from placed
    where place = 1
),
-- exact rolling counts: a day on which somebody contributes counts on the 28 days after it
visits as (
    select distinct
        e.platform,
        e.workspace,
        e.space_id,
        a.person_id,
        e.occurred_on
    from fct_event as e
    join dim_account as a on a.account_id = e.account_id
    cross join meta as m
    where e.is_contribution and e.occurred_on <= m.as_of_on and e.space_id is not null
),
sequenced as (
    select
        *,
        lag(occurred_on) over (
            partition by platform, workspace, space_id, person_id order by occurred_on
        ) as previous_on,
        lead(occurred_on) over (partition by platform, workspace, space_id, person_id order by occurred_on) as next_on
    from visits
),
changes as (
    select platform, workspace, space_id, occurred_on + 1 as occurred_on, 1 as n
    from sequenced
    where previous_on is null or date_diff('day', previous_on, occurred_on) > 28
    union all
    select platform, workspace, space_id, occurred_on + 29 as occurred_on, -1 as n
    from sequenced
    where next_on is null or date_diff('day', occurred_on, next_on) > 28
    union all
    select home as platform, workspace, space_id, first_on as occurred_on, 0 as n
    from candidates
    where space_id is not null
),
daily as (
    select platform, workspace, space_id, occurred_on, cast(sum(n) as bigint) as n
    from changes
    group by platform, workspace, space_id, occurred_on
),
sized as (
    select
        platform,
        workspace,
        space_id,
        occurred_on,
        cast(
            sum(n) over (
                partition by platform, workspace, space_id
                order by occurred_on
                rows between unbounded preceding and current row
            ) as bigint
        ) as n_people
    from daily
),
firsts as (
    select
        c.platform,
        c.home,
        c.workspace,
        c.space_id,
        c.person_id,
        c.first_on,
        c.step,
        s.n_people,
        row_number() over (
            partition by c.platform, c.person_id
            order by s.n_people nulls last, c.space_id
        ) as place
    from candidates as c
    left join sized as s
        on s.platform = c.home
        and s.workspace = c.workspace
        and s.space_id = c.space_id
        and s.occurred_on = c.first_on
),
covered as (
    select
        platform,
        workspace,
        occurred_on,
        cast(
            sum(case when state <> 'missing' then 1 else 0 end) over (
                partition by platform, workspace
                order by occurred_on
                rows between 28 preceding and 1 preceding
            ) as bigint
        ) as n_seen_days
    from coverage_day
),
known_from as (
    select
        platform,
        min(case when is_new_known then occurred_on end) as known_from_on
    from prep_platform_day
    group by platform
),
employed as (
    select
        f.platform,
        f.person_id,
        cast(
            sum(date_diff('day', greatest(f.first_on, p.valid_from), least(f.first_on + 84, p.valid_to))) as bigint
        ) as n_days
    from firsts as f
    join prep_population as p
        on p.person_id = f.person_id
        and (p.platform is null or p.platform = f.platform)
        and p.valid_from < f.first_on + 84
        and f.first_on < coalesce(p.valid_to, date '9999-12-31')
    where f.place = 1
    group by f.platform, f.person_id
),
contributed as (
    select platform, person_id, occurred_on from prep_own_day where n_contributions > 0
    union all
    select 'all' as platform, person_id, occurred_on from prep_own_day where n_contributions > 0
),
lasting as (
    select
        f.platform,
        f.person_id,
        bool_or(date_diff('day', f.first_on, c.occurred_on) between 28 and 55) as is_on_5_8,
        bool_or(date_diff('day', f.first_on, c.occurred_on) between 56 and 83) as is_on_9_12
    from firsts as f
    join contributed as c on c.platform = f.platform and c.person_id = f.person_id
    where f.place = 1
    group by f.platform, f.person_id
)
select
    f.platform,
    f.person_id,
    f.first_on,
    f.step,
    case when v.n_seen_days = 28 then case when f.n_people <= 15 then 'small' else 'large' end end as space_size,
    coalesce(k.known_from_on <= f.first_on, false) as is_new,
    coalesce(e.n_days, 0) = 84
        and coalesce(
            z.n_seen_days_so_far - b.n_seen_days_so_far + case when b.state <> 'missing' then 1 else 0 end = 84,
            false
        ) as is_followed,
    coalesce(l.is_on_5_8, false) as is_on_5_8,
    coalesce(l.is_on_9_12, false) as is_on_9_12
from firsts as f
left join known_from as k on k.platform = f.platform
left join covered as v
    on v.platform = f.home
    and v.workspace = f.workspace
    and v.occurred_on = f.first_on
    and f.space_id is not null
left join employed as e on e.platform = f.platform and e.person_id = f.person_id
left join prep_platform_day as b on b.platform = f.platform and b.occurred_on = f.first_on
left join prep_platform_day as z on z.platform = f.platform and z.occurred_on = f.first_on + 83
left join lasting as l on l.platform = f.platform and l.person_id = f.person_id
where f.place = 1
