-- grain: account
-- question: which rule says who is behind an account, how sure is that, and what speaks against it?
with owned as (
    select
        i.account_id,
        i.kind,
        count(distinct p.person_id) as n_people,
        min(p.person_id) as person_id
    from account_identifier as i
    join person_identifier as p on p.kind = i.kind and p.identifier_key = i.identifier_key
    group by i.account_id, i.kind
),
against as (
    select
        o.account_id,
        bool_or(o.n_people > 1) as is_shared,
        bool_or(o.n_people = 1 and o.person_id <> a.person_id) as is_other
    from owned as o
    join dim_account as a on a.account_id = o.account_id
    group by o.account_id
)
select
    a.account_id,
    a.platform,
    a.match_rule,
    case
        when a.match_rule in ('mapping', 'split', 'directory_id', 'employee_number') then 'certain'
        when a.match_rule = 'email' then 'high'
        when a.match_rule = 'none' then 'none'
        else 'low'
    end as confidence,
    case
        when g.is_other and a.match_rule in ('mapping', 'split') then 'the mapping file overrides an identifier'
        when g.is_other then 'another identifier belongs to somebody else'
        when g.is_shared then 'an identifier belongs to several people'
    end as contradiction
from dim_account as a
left join against as g on g.account_id = a.account_id
