"""How far participation has spread, and whether it sustains itself without executives and communications."""

from typing import Final

from models.metrics.entry import (
    EXPORTS,
    MINIMUM_GROUP,
    PEOPLE,
    TOLD_COARSELY,
    Column,
    Mart,
    Metric,
    count,
    key,
    share_with_bounds,
)

_GRAIN: Final = "week, platform, unit (of the last employed day; who lapses counts in that of the week before)"
_UNSEEDED: Final = (
    "Unseeded is what neither executives, by the configured rule, nor communications wrote, nor delegates for them, "
    "outside the threads and pages that they started; all as of the day. Communications are whom the roster marks in "
    "the column is_comms or by their function; community managers only if the roster marks them so"
)
_EXCLUSIONS: Final = (
    f"{PEOPLE}; unknown where the roster knows neither an executive nor communications. It describes weeks that are "
    "over, and is no forecast. The bar is low: it is met even if up to half of the people fall silent each week and "
    "few replace them; n_reviving beside n_lapsing shows what replaces those who lapse"
)

MART: Final = Mart(
    "mart_critical_mass",
    "How many people ever contributed, and whether unseeded participation has sustained itself for six weeks.",
    (
        Metric(
            "adoption", 1, "Adoption", "Which share of people has ever contributed?",
            "eligible people with a contribution on some day up to the end of the week, seeded or not",
            "eligible people", "all days up to the end of the week; unknown up to the 90th observed day", _GRAIN,
            f"{PEOPLE}; what people contributed before the exports begin. People who leave take their adoption along",
            EXPORTS, MINIMUM_GROUP,
            (
                count("n_adopted", "Eligible people who ever contributed."),
                *share_with_bounds("adoption_ratio", "n_adopted / n_eligible."),
            ),
            direction="higher",
            reference="Rogers, Diffusion of Innovations: cumulative adoption",
        ),
        Metric(
            "critical_mass", 1, "Critical mass",
            "Does participation sustain itself without executives and communications?",
            "weeks in a row, up to this one, in which at least as many people returned to unseeded activity, from the "
            f"week before or from earlier, as lapsed from it since the week before. {_UNSEEDED}",
            None,
            "this week and the one before; six weeks in a row for the state",
            _GRAIN,
            f"{_EXCLUSIONS}. A week is judged only if every day of it and of the week before was observed, and if at "
            "least 5 people returned or lapsed; in the first 90 observed days it may be true but is never false: some "
            "return who are not known to have been there before. A week that is not judged ends the run",
            EXPORTS, MINIMUM_GROUP,
            (
                Column("n_weeks_in_a_row", "count", "Self-sustaining weeks up to this one; NULL if it is not judged."),
                Column("is_self_sustaining_week", "flag", "n_returning >= n_lapsing; NULL if the week is not judged."),
                count("n_unseeded_contributors", "Eligible people with an unseeded contribution."),
                count("n_returning", "Of them, with one in an earlier week; at first too few."),
                count("n_reviving", "Of n_returning, without one in the week before."),
                count("n_lapsing", "Eligible people with one in the week before and none in this; no leavers."),
                key(
                    "state", "text",
                    "sustained: from the sixth self-sustaining week in a row on; cannot_tell: one of the last six "
                    "weeks is not judged; not_yet: otherwise, also after a run has ended.",
                    one_of=("sustained", "not_yet", "cannot_tell"),
                ),
            ),
            direction="higher",
            reference="Markus 1987, Rogers: critical mass; the six weeks are our own",
        ),
    ),
    released_rows=(
        "Closed weeks: the organisation, each platform, each large enough unit; small units are left out. Who returns "
        f"and who lapses is counted for a large organisation only, never in units. {TOLD_COARSELY}"
    ),
)  # fmt: skip
