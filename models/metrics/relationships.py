"""Do people meet both ways, and beyond their own unit?"""

from typing import Final

from models.metrics.entry import EXPORTS, MINIMUM_GROUP, PEOPLE, PERIOD, Column, Mart, Metric, count, number, share

_SOURCES: Final = f"{EXPORTS}; exports that say who is answered; reactions where the exports show them"
_GRAIN: Final = "period, platform, unit (of the last employed day; a pair counts in the unit of either)"
_TIE: Final = "a tie is a pair of eligible people with a reply, comment or reaction between them, in any direction"
_EXCLUSIONS: Final = (
    f"{PEOPLE}; answers to oneself; pages edited together; platforms whose records never say who is answered"
)

MART: Final = Mart(
    "mart_relationships",
    "Do people meet both ways, and beyond their own unit?",
    (
        Metric(
            "relationships", 1, "Two-way relationships", "Do people who meet do so both ways?",
            "ties with a reply, comment or reaction in each direction", f"ties; {_TIE}",
            PERIOD, _GRAIN, _EXCLUSIONS, _SOURCES, MINIMUM_GROUP,
            (
                Column("has_reactions", "flag", "Reactions count; without them only messages do.", is_nullable=False),
                count("n_pairs", "Ties; over all platforms each pair once."),
                count("n_two_way", "Ties in both directions."),
                share("two_way_ratio", "n_two_way / n_pairs."),
            ),
            direction="higher",
            reference="SWOOP Analytics, two-way relationships",
        ),
        Metric(
            "cross_unit_ties", 1, "Ties beyond the unit", "Do people meet beyond their own unit, more than by chance?",
            "ties across units less ties within one (E-I index: -1 all within, 1 all across). By chance: the ends of "
            "all ties put together at random, each person keeping their number of ties (configuration model), without "
            "the pairs that one person would make alone: within unit u come to d_u^2 - sum of d_i^2, and between "
            "units u and v to 2 d_u d_v, with d the ends of a unit or a person. So a unit of one person has nothing "
            "within, as it must",
            f"ties within and across; {_TIE}", PERIOD, _GRAIN,
            f"{_EXCLUSIONS}; ties of people whose unit is not known; unknown without units in the roster",
            f"{_SOURCES}; a roster with units", MINIMUM_GROUP,
            (
                number("ei_index", "(across - within) / (across + within); NULL without ties."),
                number("expected_ei_index", "The same of what chance would give."),
                number("ei_difference", "ei_index less expected_ei_index; above 0 more across than by chance."),
                count("n_ties_within", "Ties of two people of one unit (in a unit: of this one)."),
                count("n_ties_across", "Ties of people of two units (in a unit: of this one and another)."),
            ),
            reference=(
                "Krackhardt and Stern, Social Psychology Quarterly 51 (1988) (E-I index); Newman, PNAS 103 (2006) "
                "(expectation with given degrees)"
            ),
        ),
    ),
)  # fmt: skip
