"""Would the share of executives who contribute be another one under another rule of who is an executive?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_EXECUTIVES,
    PEOPLE,
    PERIOD,
    Column,
    Mart,
    Metric,
    count,
    key,
    number,
    share,
    share_with_bounds,
)

RULES: Final = ("people", "grades", "max_layer", "manager_depth")
"""What `executive_by_rule` knows: a list, grades, layers, and depth in the management tree."""

MART: Final = Mart(
    "mart_executive_rules",
    "The share of executives who contribute under each rule that names somebody; n_eligible are its executives.",
    (
        Metric(
            "executive_rules", 1, "Executives by rule", "Does the headline depend on who counts as an executive?",
            "executives under the rule with a contribution", "executives under the rule on their last employed day",
            PERIOD, "period, platform, rule; the whole organisation only", PEOPLE,
            f"{EXPORTS}; executive rules", MINIMUM_EXECUTIVES,
            (
                Column("is_used", "flag", "The rule that decides everywhere else.", is_nullable=False),
                count("n_contributors", "Executives under the rule with a contribution."),
                *share_with_bounds("contributor_ratio", "n_contributors / n_eligible."),
                number("parity_ratio", "contributor_ratio over that of everybody else; NULL where either is 0."),
                number("parity_ratio_low", "Katz 95 % lower bound."),
                number("parity_ratio_high", "Katz 95 % upper bound."),
            ),
            reference="ratio of two shares with log interval: Katz et al. 1978",
        ),
        Metric(
            "executive_talk_rules", 1, "Announcing and answering by rule",
            "Does how executives talk depend on who counts as one?",
            "threads started, replies and two-way pairs of executives under the rule, as in broadcast and two_way",
            "executives under the rule on their last employed day",
            PERIOD, "period, platform, rule; the whole organisation only",
            f"{PEOPLE}; what a delegate writes in somebody's name, where the export tells it; reactions",
            f"{EXPORTS}; executive rules", MINIMUM_EXECUTIVES,
            (
                count("n_own_posts", "Threads that they start themselves."),
                count("n_own_replies", "Replies that they give themselves."),
                count("n_own_replies_to_staff", "Of these, not to themselves or to an executive under the rule."),
                share("own_broadcast_ratio", "Threads started over threads started and replies to staff."),
                count("n_own_two_way", "Pairs with somebody outside the rule who reply both ways themselves."),
                share("own_two_way_ratio", "n_own_two_way / pairs with any reply."),
            ),
        ),
    ),
    keys=(key("rule", "text", "Rule of who is an executive.", one_of=RULES),),
)
