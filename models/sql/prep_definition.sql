-- grain: definition of "active"
-- question: how long is the window of each published definition, and what does it count?
-- A window is n_days days or n_months calendar months long and ends on the last day of a month. Who reacts has also
-- read, so that every definition that counts reading counts reactions too. The registry says who published what.
select
    'turnout_28d' as definition,
    cast(28 as bigint) as n_days,
    cast(null as bigint) as n_months,
    cast(1 as bigint) as n_active_days,
    false as counts_reading,
    false as counts_reactions
union all
select 'turnout_month', null, 1, 1, false, false
union all
select 'turnout_6_months', null, 6, 1, false, false
union all
-- Slack counts the day and the seven (28) before it as active, but the day and the six (27) before it as posting
select 'slack_active_8d', 8, null, 1, true, true
union all
select 'slack_active_29d', 29, null, 1, true, true
union all
select 'slack_posting_7d', 7, null, 1, false, false
union all
select 'slack_posting_28d', 28, null, 1, false, false
union all
select 'viva_engage_30d', 30, null, 1, true, true
union all
select 'swoop_28d', 28, null, 1, false, true
union all
select 'swoop_6_months', null, 6, 1, false, true
union all
select 'workplace_28d', 28, null, 1, true, true
union all
select 'workplace_10_of_28d', 28, null, 10, true, true
union all
select 'mattermost_1d', 1, null, 1, true, true
union all
select 'mattermost_31d', 31, null, 1, true, true
union all
select 'zulip_15d', 15, null, 1, true, true
