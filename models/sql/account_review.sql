-- grain: account that is held to be no person, or left out as a guest
-- question: which accounts count as automation or as guests to leave out, and why?
-- For a person to look over: a line of the mapping file that names a person makes the account one again.
select
    account_id,
    platform,
    workspace,
    kind,
    kind_rule,
    n_contributions,
    contribution_share
from prep_account
where kind in ('bot', 'system') or kind_rule = 'guest'
