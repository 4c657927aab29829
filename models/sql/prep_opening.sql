-- grain: thread or page that somebody started
-- question: who started it, and did it come from the top, from anybody else on the roster, or from elsewhere?
-- The top are executives and communications on that day, and what delegates write for them. Elsewhere are bots, service
-- and shared accounts, and people who are not known to be employed on that day.
with started as (
    select
        e.platform,
        e.workspace,
        case when f.ids_per_space then e.space_id end as key_space_id,
        e.thread_id,
        case e.action when 'create' then 'page' else 'thread' end as what,
        e.occurred_on,
        a.person_id,
        p.unit,
        case
            when e.is_contribution and e.is_delegated then 'top'
            when not e.is_contribution or p.person_id is null then 'elsewhere'
            when p.is_executive or p.is_comms then 'top'
            else 'bottom'
        end as origin,
        row_number() over (
            partition by e.platform, case when f.ids_per_space then e.space_id end, e.thread_id
            -- two accounts may share an event: see the key of fct_event
            order by
                e.occurred_at,
                e.action,
                o.place nulls last,
                e.is_contribution desc,
                e.is_delegated,
                e.event_id,
                e.account_id
        ) as place
    from fct_event as e
    join stg_file as f on f.file_id = e.file_id
    cross join meta as m
    left join dim_account as a on a.account_id = e.account_id
    left join prep_person_order as o on o.person_id = a.person_id
    left join dim_person as p
        on p.person_id = a.person_id
        and p.valid_from <= e.occurred_on
        and e.occurred_on < coalesce(p.valid_to, date '9999-12-31')
    where (e.action = 'create' or (e.action = 'post' and e.event_id = e.thread_id))
        and (e.is_contribution or e.actor_kind not in ('human', 'external'))
        and e.thread_id is not null
        and e.occurred_on <= m.as_of_on
)
select
    platform,
    workspace,
    key_space_id,
    thread_id,
    what,
    occurred_on as started_on,
    person_id,
    unit,
    origin
from started
where place = 1
