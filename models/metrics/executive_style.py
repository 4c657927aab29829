"""How do executives take part: do they start, answer, return, and does it rest on one of them?"""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_EXECUTIVES,
    PEOPLE,
    PERIOD,
    Mart,
    Metric,
    count,
    key,
    number,
    share,
    share_with_bounds,
)

_SOURCES: Final = f"{EXPORTS}; an executive rule"
_GRAIN: Final = "period, platform, unit (of the last employed day); executives, and everybody else beside them"
_OWN: Final = f"{PEOPLE}; what a delegate contributes for somebody"

MART: Final = Mart(
    "mart_executive_style",
    "How executives take part: who starts and who answers, how regularly, and on how few it rests.",
    (
        Metric(
            "executive_tiers", 1, "Starting, answering, reacting, absent", "What is the most that each executive does?",
            "people who start something themselves (a thread, a page or an edit of one, a share, an upload); who only "
            "reply or comment; who only react to messages of the period; who do nothing of this",
            None, PERIOD, _GRAIN,
            f"{_OWN}; the last two are unknown where no export shows reactions; readers cannot be told from absentees",
            _SOURCES, MINIMUM_EXECUTIVES,
            (
                count("n_posting", "Eligible people who started something themselves."),
                count("n_replying", "Who replied or commented and started nothing."),
                count("n_only_reacting", "Who contributed nothing and reacted; NULL where reactions are unknown."),
                count("n_absent", "Who did neither; NULL where reactions are unknown. The four sum to n_eligible."),
            ),
        ),
        Metric(
            "conversational", 1, "Conversational executives", "Do executives mostly talk with staff?",
            "people of whose own contributions, at least 4, at least half are replies to others than executives or "
            "themselves",
            "people with at least 4 own contributions", PERIOD, _GRAIN, f"{_OWN}; comments on pages are no replies",
            _SOURCES, MINIMUM_EXECUTIVES,
            (
                count("n_with_4_contributions", "Eligible people with at least 4 own contributions."),
                count("n_conversational", "Of these, at least half of it replies to staff."),
                *share_with_bounds("conversational_ratio", "n_conversational / n_with_4_contributions."),
            ),
            direction="higher",
        ),
        Metric(
            "executive_breadth", 1, "Breadth", "Do executives use more than one platform, and the wiki?",
            "people with own contributions on at least two platforms; people who created or edited a page themselves "
            "where pages are edited at all",
            None, PERIOD, _GRAIN, _OWN, _SOURCES, MINIMUM_EXECUTIVES,
            (
                count("n_on_2_platforms", "Contributing on two platforms or more; only over all platforms."),
                count("n_wiki_editors", "Creating or editing pages; NULL where no page is ever edited."),
            ),
        ),
        Metric(
            "executive_cadence", 1, "Cadence", "Do executives come back week after week?",
            "the mean over people of their weeks with an own contribution over all weeks in which they count, of the "
            "weeks inside the month of which each day was observed; the median over people of the longest run of days "
            "without one",
            None, "month; longest silence: complete week or month", _GRAIN,
            f"{_OWN}; the median needs 5 people", _SOURCES, MINIMUM_EXECUTIVES,
            (
                share("active_weeks_ratio", "Mean share of weeks with a contribution; months only."),
                number("median_longest_gap_days", "Median longest silence in days, of 5 people or more."),
            ),
        ),
        Metric(
            "executive_burstiness", 1, "Burstiness", "Do executives contribute steadily, or all at once?",
            "the median over people of (s - m) / (s + m), m being the mean and s the standard deviation of the times "
            "between their own contributions: -1 like clockwork, 0 at random, towards 1 in bursts",
            None, "complete week or month", _GRAIN,
            f"{_OWN}; people with fewer than 10 gaps; fewer than 5 people. Few gaps pull it down: n of them cannot "
            "give more than (sqrt(n - 1) - 1) / (sqrt(n - 1) + 1), 0.5 for 10",
            _SOURCES, MINIMUM_EXECUTIVES,
            (number("median_burstiness", "Median burstiness, of 5 people or more with 10 gaps each."),),
            reference="Goh and Barabasi 2008, without the correction for few events of Kim and Jo 2016",
        ),
        Metric(
            "executive_concentration", 1, "Concentration", "Does one executive do it all?",
            "own contributions of the executive with most; the smallest number of people who together hold more than "
            "half of the group's own contributions",
            "own contributions of the executives", PERIOD, _GRAIN,
            f"{_OWN}; groups of fewer than 5 executives; the most active of everybody else is nobody's business",
            _SOURCES, MINIMUM_EXECUTIVES,
            (
                share("top_executive_share_ratio", "Share of the most active executive; of 5 or more."),
                count("absence_factor", "Fewest people with over half of it all.", at_least=1),
            ),
            reference="absence factor: CHAOSS contributor absence factor, with more than half instead of half",
        ),
        Metric(
            "delegated", 1, "Contributions by delegates", "How much is written for executives, not by them?",
            "contributions that the export marks as made by a delegate",
            None, PERIOD, "period, platform, unit (of the day of the contribution)",
            f"{PEOPLE}; delegates whom the export does not mark", f"{_SOURCES}; Yammer marks delegates",
            MINIMUM_EXECUTIVES,
            (count("n_delegated", "Contributions by a delegate; in no other figure of this table."),),
        ),
    ),
    keys=(key("is_executive", "flag", "Executives, or everybody else."),),
)
