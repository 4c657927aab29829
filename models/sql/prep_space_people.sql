-- grain: public space, last closed month of its platform of which exports tell
-- question: how many different people have contributed to each public space, ever and in that month?
-- The name of a wiki is that of its workspace. Of the month only people who are counted in it.
with months as (
    select t.platform, max(t.period_start) as period_start, max(t.period_end) as period_end
    from prep_period as t
    cross join meta as m
    where t.period_kind = 'month'
        and t.platform <> 'all'
        and t.n_seen_days > 0
        and t.period_end <= m.as_of_on
    group by t.platform
),
listed as (
    select
        p.subject,
        p.platform,
        p.workspace,
        case when not p.is_part then p.space_id end as space_id,
        min(case when p.is_part then p.workspace else s.label end) as label
    from prep_public_space as p
    join dim_space as s on s.space_id = p.space_id
    group by p.subject, p.platform, p.workspace, case when not p.is_part then p.space_id end
),
contributed as (
    select
        p.subject,
        p.platform,
        p.workspace,
        case when not p.is_part then p.space_id end as space_id,
        a.person_id,
        max(e.occurred_on) as last_on
    from fct_event as e
    join months as t on t.platform = e.platform and e.occurred_on <= t.period_end
    join prep_public_space as p on p.platform = e.platform and p.space_id = e.space_id
    join dim_account as a on a.account_id = e.account_id
    where e.is_contribution and e.time_basis = 'own'
    group by p.subject, p.platform, p.workspace, case when not p.is_part then p.space_id end, a.person_id
)
select
    s.subject,
    s.platform,
    s.workspace,
    s.space_id,
    s.label,
    t.period_start,
    count(c.person_id) as n_people,
    count(n.person_id) as n_contributors
from listed as s
join months as t on t.platform = s.platform
left join contributed as c
    on c.subject = s.subject
    and c.platform = s.platform
    and c.workspace = s.workspace
    and c.space_id is not distinct from s.space_id
left join prep_eligible as n
    on n.period_kind = 'month'
    and n.platform = s.platform
    and n.period_start = t.period_start
    and n.person_id = c.person_id
    and c.last_on >= t.period_start
group by s.subject, s.platform, s.workspace, s.space_id, s.label, t.period_start
