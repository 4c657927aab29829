-- grain: week or month, person
-- question: who used e-mail or shared files in the period, by any usage report that lies inside it?
select
    k.period_kind,
    k.period_start,
    a.person_id,
    bool_or(u.platform = 'email') as is_email,
    bool_or(u.platform = 'sharepoint') as is_files
from prep_channel_period as k
join prep_period as p
    on p.period_kind = k.period_kind and p.period_start = k.period_start and p.platform = 'all'
join fct_usage as u on u.period_from >= p.period_start and u.period_to <= p.period_end
join dim_account as a on a.account_id = u.account_id
cross join meta as m
where u.is_active
    and u.space_id is null
    and u.period_to <= m.as_of_on
    and (u.platform = 'email' and k.is_email_known or u.platform = 'sharepoint' and k.is_files_known)
group by k.period_kind, k.period_start, a.person_id
