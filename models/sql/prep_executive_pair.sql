-- grain: week or month, platform (or all), executive, somebody else with whom there was a reply or comment
-- question: how far apart in the management tree are executives and those with whom they talk?
-- Both count in the period; what a delegate wrote is no talk. The distance is the number of steps up to the nearest
-- common manager and down again, on the last day on which both were there; NULL where the roster does not say.
with placed as (
    select k.period_kind, k.period_start, t.platform, t.person_id, t.target_person_id
    from prep_talk as t
    join prep_calendar as k using (occurred_on)
    where t.action in ('reply', 'comment')
        and not t.is_delegated
        and t.target_person_id is not null
        and t.target_person_id <> t.person_id
),
scoped as (
    select period_kind, period_start, platform, person_id, target_person_id from placed
    union
    select period_kind, period_start, 'all' as platform, person_id, target_person_id from placed
),
ends as (
    select period_kind, period_start, platform, person_id, target_person_id as other_person_id from scoped
    union
    select period_kind, period_start, platform, target_person_id as person_id, person_id as other_person_id from scoped
),
pairs as (
    select
        n.period_kind,
        n.period_start,
        n.platform,
        n.person_id,
        n.other_person_id,
        a.unit,
        least(s.last_on, o.last_on) as met_on
    from ends as n
    join prep_eligible as a
        on a.period_kind = n.period_kind
        and a.period_start = n.period_start
        and a.platform = n.platform
        and a.person_id = n.person_id
        and a.is_executive
    join prep_eligible as b
        on b.period_kind = n.period_kind
        and b.period_start = n.period_start
        and b.platform = n.platform
        and b.person_id = n.other_person_id
        and not b.is_executive
    join prep_stay as s
        on s.period_kind = n.period_kind and s.period_start = n.period_start and s.person_id = n.person_id
    join prep_stay as o
        on o.period_kind = n.period_kind and o.period_start = n.period_start and o.person_id = n.other_person_id
),
-- everybody stands on the way up from themselves
above as (
    select person_id, ancestor_person_id, depth, valid_from, valid_to from person_ancestor
    union all
    select
        person_id,
        person_id as ancestor_person_id,
        cast(0 as bigint) as depth,
        valid_from,
        valid_to
    from dim_person
)
select
    p.period_kind,
    p.period_start,
    p.platform,
    p.person_id,
    p.other_person_id,
    p.unit,
    min(case when x.ancestor_person_id = y.ancestor_person_id then x.depth + y.depth end) as distance
from pairs as p
left join above as x
    on x.person_id = p.person_id
    and x.valid_from <= p.met_on
    and p.met_on < coalesce(x.valid_to, date '9999-12-31')
left join above as y
    on y.person_id = p.other_person_id
    and y.valid_from <= p.met_on
    and p.met_on < coalesce(y.valid_to, date '9999-12-31')
group by p.period_kind, p.period_start, p.platform, p.person_id, p.other_person_id, p.unit
