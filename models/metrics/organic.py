"""What remains of the activity without executives and communications, and without what follows from them."""

from typing import Final

from models.metrics.entry import (
    BY_UNIT,
    EXPORTS,
    MINIMUM_GROUP,
    PEOPLE,
    PERIOD,
    Mart,
    Metric,
    count,
    share,
    share_with_bounds,
)
from models.metrics.initiation import WHILE_THE_TOP_IS_A_GROUP

_REMOVED: Final = (
    "Removed are: what executives, by the configured rule, and communications write, both on that day, and delegates "
    "for them; everything in threads and on pages that they started; replies and comments to them. Communications are "
    "whom the roster marks in the column is_comms or by their function; community managers are removed only if the "
    "roster marks them so"
)
_EXCLUSIONS: Final = (
    f"{PEOPLE}. Unknown where the roster knows neither an executive nor communications. It is arithmetic on what "
    "happened, and no forecast: without them others might have written less, or more"
)

MART: Final = Mart(
    "mart_organic",
    "Contributions, contributors and ties, and what remains of them without the top and what follows from it.",
    (
        Metric(
            "organic_contributions", 1, "Contributions without the top",
            "How much of what is contributed neither comes from the top nor follows from it?",
            f"contributions of eligible people that are not removed. {_REMOVED}",
            "all contributions of eligible people", PERIOD, "period, platform, unit (of the day)", _EXCLUSIONS, EXPORTS,
            MINIMUM_GROUP,
            (
                count("n_contributions", "Contributions of eligible people."),
                count("n_contributions_without", "Of them, not removed."),
                share("contributions_left_ratio", "n_contributions_without / n_contributions."),
            ),
        ),
        Metric(
            "organic_contributors", 1, "Contributors without the top",
            "How many contributors have something to contribute that neither comes from the top nor follows from it?",
            f"eligible people with a contribution that is not removed. {_REMOVED}",
            "eligible people with a contribution", PERIOD, BY_UNIT, _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                count("n_contributors", "Eligible people who contribute."),
                count("n_contributors_without", "Of them, with a contribution that is not removed."),
                *share_with_bounds("contributors_left_ratio", "n_contributors_without / n_contributors."),
            ),
        ),
        Metric(
            "organic_ties", 1, "Ties without the top",
            "How much of the network neither touches the top nor comes about where it began?",
            f"ties with a reply or comment that is not removed, and people with such a tie. {_REMOVED}",
            "ties: pairs of eligible people of whom one replied to or commented on the other; reactions make none. A "
            "tie counts once in each unit that it touches. People with a tie: each once, in their own unit",
            PERIOD, BY_UNIT,
            f"{_EXCLUSIONS}. Unknown where no export says whom a reply answers", EXPORTS, MINIMUM_GROUP,
            (
                *share_with_bounds("tied_left_ratio", "n_tied_without / n_tied."),
                count("n_tied", "Eligible people with at least one tie."),
                count("n_tied_without", "Of them, with at least one that remains."),
                count("n_ties", "Pairs of eligible people of whom one answered the other."),
                count("n_ties_without", "Of them, with an answer that is not removed."),
                share("ties_left_ratio", "n_ties_without / n_ties."),
            ),
        ),
    ),
    released_rows=WHILE_THE_TOP_IS_A_GROUP,
)  # fmt: skip
