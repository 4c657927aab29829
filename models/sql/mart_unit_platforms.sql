-- grain: month, platform, unit
-- question: which share of a unit's people contributes on which platform?
select
    period_kind,
    period_start,
    period_end,
    platform,
    unit,
    is_complete,
    n_observed_days,
    n_eligible,
    n_contributors,
    contributor_ratio,
    contributor_ratio_low,
    contributor_ratio_high
from mart_contributor_ratios
where period_kind = 'month' and platform <> 'all' and unit <> 'all'
