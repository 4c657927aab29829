-- grain: week, platform (or all), executive who has people of their own
-- question: how many of an executive's own people contribute in each week, and does the executive?
-- Somebody is of the nearest executive above them on their last employed day of the week; executives and communications
-- are nobody's. Not counted are what a delegate writes, replies and comments in threads that the executive started, and
-- those to the executive: they follow from the executive's writing. Elsewhere are the platforms on which the executive
-- never writes.
with staff as (
    select
        e.period_start,
        e.platform,
        e.person_id,
        s.last_on
    from prep_eligible as e
    join prep_stay as s
        on s.period_kind = e.period_kind and s.period_start = e.period_start and s.person_id = e.person_id
    join dim_person as p
        on p.person_id = e.person_id
        and p.valid_from <= s.last_on
        and s.last_on < coalesce(p.valid_to, date '9999-12-31')
    where e.period_kind = 'week' and not e.is_executive and not p.is_comms
),
above as (
    select
        s.period_start,
        s.person_id,
        a.ancestor_person_id as leader_person_id,
        row_number() over (
            partition by s.period_start, s.person_id
            order by a.depth, a.ancestor_person_id
        ) as place
    from (select distinct period_start, person_id, last_on from staff) as s
    join person_ancestor as a
        on a.person_id = s.person_id
        and a.valid_from <= s.last_on
        and s.last_on < coalesce(a.valid_to, date '9999-12-31')
    join dim_person as x
        on x.person_id = a.ancestor_person_id
        and x.is_executive
        and x.valid_from <= s.last_on
        and s.last_on < coalesce(x.valid_to, date '9999-12-31')
),
led as (
    select period_start, person_id, leader_person_id
    from above
    where place = 1
),
sizes as (
    select s.period_start, s.platform, l.leader_person_id, count(*) as n_eligible
    from staff as s
    join led as l using (period_start, person_id)
    group by s.period_start, s.platform, l.leader_person_id
),
written as (
    select
        cast(date_trunc('week', e.occurred_on) as date) as period_start,
        e.platform,
        case when f.ids_per_space then e.space_id end as key_space_id,
        e.thread_id,
        e.occurred_at,
        e.action,
        e.is_delegated,
        a.person_id,
        o.place as person_place,
        t.person_id as target_person_id
    from fct_event as e
    join stg_file as f on f.file_id = e.file_id
    join dim_account as a on a.account_id = e.account_id
    join prep_person_order as o on o.person_id = a.person_id
    cross join meta as m
    left join dim_account as t on t.account_id = e.target_account_id
    where e.is_contribution and e.occurred_on <= m.as_of_on
),
starters as (
    select platform, key_space_id, thread_id, person_id
    from (
        select
            platform,
            key_space_id,
            thread_id,
            person_id,
            row_number() over (
                partition by platform, key_space_id, thread_id
                order by occurred_at, person_place, person_id
            ) as place
        from written
        where thread_id is not null and action in ('post', 'create')
    ) as s
    where place = 1
),
at_home as (
    select distinct person_id, platform
    from prep_own_day
    where n_contributions > 0
),
counted as (
    select distinct
        w.period_start,
        w.platform,
        l.leader_person_id,
        w.person_id,
        h.person_id is null as is_elsewhere
    from written as w
    join led as l using (period_start, person_id)
    left join starters as s
        on s.platform = w.platform
        and s.thread_id = w.thread_id
        and s.key_space_id is not distinct from w.key_space_id
    left join at_home as h on h.person_id = l.leader_person_id and h.platform = w.platform
    where not w.is_delegated
        and not (
            w.action in ('reply', 'comment')
            and (
                coalesce(s.person_id = l.leader_person_id, false)
                or coalesce(w.target_person_id = l.leader_person_id, false)
            )
        )
),
active as (
    select
        period_start,
        platform,
        leader_person_id,
        count(distinct person_id) as n_contributors,
        count(distinct case when is_elsewhere then person_id end) as n_elsewhere
    from (
        select period_start, platform, leader_person_id, person_id, is_elsewhere from counted
        union all
        select period_start, 'all' as platform, leader_person_id, person_id, is_elsewhere from counted
    ) as c
    group by period_start, platform, leader_person_id
),
homes as (
    select o.person_id, count(*) as n_platforms
    from at_home as o
    group by o.person_id
),
offered as (
    select count(distinct platform) as n_platforms
    from prep_period
    where platform <> 'all'
)
select
    z.period_start,
    z.platform,
    z.leader_person_id,
    t.is_complete as is_observed,
    z.n_eligible,
    coalesce(c.n_contributors, 0) as n_contributors,
    case when z.platform = 'all' and coalesce(h.n_platforms, 0) < o.n_platforms then coalesce(c.n_elsewhere, 0) end
        as n_elsewhere,
    w.person_id is not null as is_leader_active
from sizes as z
cross join offered as o
join prep_period as t
    on t.period_kind = 'week' and t.period_start = z.period_start and t.platform = z.platform
left join active as c
    on c.period_start = z.period_start
    and c.platform = z.platform
    and c.leader_person_id = z.leader_person_id
left join homes as h on h.person_id = z.leader_person_id
left join prep_own_period as w
    on w.period_kind = 'week'
    and w.period_start = z.period_start
    and w.platform = z.platform
    and w.person_id = z.leader_person_id
