-- grain: account
-- question: who is the person behind each account, and by which rule?
-- An identifier that belongs to several people decides nothing. A line of the mapping file decides before any other
-- rule. Without a match the account stands for itself.
with owners as (
    select
        kind,
        identifier_key,
        min(person_id) as person_id
    from person_identifier as i
    -- people whose roster rows all start after the as-of day are not known yet
    join (select distinct person_id from prep_person) as p using (person_id)
    group by kind, identifier_key
    having count(distinct person_id) = 1
),
candidates as (
    select
        i.account_id,
        i.kind,
        min(o.person_id) as person_id
    from account_identifier as i
    join owners as o on o.kind = i.kind and o.identifier_key = i.identifier_key
    group by i.account_id, i.kind
    having count(distinct o.person_id) = 1
),
best as (
    select
        account_id,
        kind,
        person_id,
        row_number() over (
            partition by account_id
            order by
                case kind
                    when 'directory_id' then 1
                    when 'employee_number' then 2
                    when 'email' then 3
                    when 'login' then 4
                    else 5
                end,
                kind
        ) as trust_rank
    from candidates
),
mapped as (
    select
        account_id,
        max(person_id) as person_id
    from stg_mapping
    group by account_id
)
select
    a.account_id,
    a.platform,
    a.workspace,
    a.kind,
    a.is_guest,
    a.is_deactivated,
    case
        when a.kind in ('bot', 'system') then a.account_id
        when m.account_id is not null then coalesce(m.person_id, a.account_id)
        else coalesce(b.person_id, a.account_id)
    end as person_id,
    case
        when a.kind in ('bot', 'system') then 'none'
        when m.account_id is not null then case when m.person_id is null then 'split' else 'mapping' end
        when b.person_id is not null then b.kind
        else 'none'
    end as match_rule
from prep_account as a
left join mapped as m on m.account_id = a.account_id
left join best as b on b.account_id = a.account_id and b.trust_rank = 1
