"""Is participation everywhere, or in some units only?"""

from typing import Final

from models.metrics.entry import EXPORTS, MINIMUM_DAILY, MINIMUM_GROUP, PEOPLE, Mart, Metric, count, number, share

_WINDOW: Final = "month"
_GRAIN: Final = "month; the whole organisation, all platforms together"
_EXCLUSIONS: Final = (
    f"{PEOPLE}; people without a unit. Unknown with one unit only, or where nobody contributes. It compares units as "
    "they are on people's last employed day; which of them contribute is in the figures by unit"
)

MART: Final = Mart(
    "mart_pockets",
    "How unevenly participation is spread over units, beside what chance alone would give, and how many are reached.",
    (
        Metric(
            "dissimilarity", 1, "Pockets of contributors", "Is contributing confined to some units?",
            "half the sum over units of the distance between their share of contributors and their share of people",
            None, _WINDOW, _GRAIN, _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                share("dissimilarity_ratio", "Share of contributors who would have to be in another unit."),
                share("dissimilarity_by_chance_ratio", "What it would be if units did not matter; above 0."),
                share("dissimilarity_by_chance_high_ratio", "In 95 % of cases it would then be no more than this."),
                share("dissimilarity_largest_ratio", "The most that it could be with so many contributors."),
                share("dissimilarity_p", "Chance of at least this value if units did not matter."),
                count("n_units", "Units with eligible people."),
                count("n_in_units", "Eligible people with a unit."),
                count("n_contributors", "Of these, people who contribute."),
            ),
            reference="Duncan & Duncan 1955; by chance: Carrington & Troske 1997",
        ),
        Metric(
            "theil", 1, "Unevenness between units", "Is it units that differ, or people within them?",
            "the part of the Theil index of people's contributions that lies between units",
            "the whole index, of eligible people with a unit, those without contributions included",
            _WINDOW, _GRAIN, _EXCLUSIONS, EXPORTS, MINIMUM_GROUP,
            (
                share("theil_between_ratio", "Share of the unevenness that lies between units."),
                share("theil_by_chance_ratio", "What that share would be if units did not matter."),
                share("theil_p", "Chance of at least this share if units did not matter."),
                number("theil", "The index: 0 where all contribute alike, at most the logarithm of their number."),
            ),
            reference="Theil 1967",
        ),
        Metric(
            "units_reached", 1, "Units reached", "In how many units do people take part?",
            "units whose share of contributors, drawn towards that of all the more the smaller the unit is, is at "
            "least half of the organisation's share",
            "units with eligible people; their people", _WINDOW, _GRAIN,
            f"{_EXCLUSIONS}; unknown with fewer than 5 units", EXPORTS, MINIMUM_GROUP,
            (
                share("units_reached_ratio", "Share of units that are reached."),
                share("units_reached_ratio_low", "Share of units whose whole 95 % interval is."),
                share("units_reached_ratio_high", "Share of units whose 95 % interval touches it."),
                share("people_reached_ratio", "Share of people who are in such units."),
                share("people_reached_ratio_low", "Share of people in units whose whole interval is."),
                share("people_reached_ratio_high", "Share of people in units whose interval touches it."),
                share("reached_from_ratio", "Half of the organisation's share of contributors."),
            ),
            direction="higher",
            reference="beta-binomial shrinkage: Gelman et al. 2013, section 5.3",
        ),
    ),
    released_rows=(
        f"Closed months of the organisation, while it has at least {MINIMUM_DAILY} people; units too small to be shown "
        "on their own count as one."
    ),
)  # fmt: skip
