"""Which pairs of units never meet, although chance would bring them together?"""

from typing import Final

from models.metrics.entry import EXPORTS, MINIMUM_DAILY, MINIMUM_GROUP, PEOPLE, Column, Mart, Metric, count, key, number

MET: Final = "met"
SELDOM: Final = "seldom"
NEVER: Final = "never"
CANNOT_TELL: Final = "cannot tell"
VERDICTS: Final = (MET, SELDOM, NEVER, CANNOT_TELL)

_SOURCES: Final = f"{EXPORTS}; exports that say who is answered; reactions where they show them; a roster with units"

MART: Final = Mart(
    "mart_unit_pairs",
    "Which pairs of units never meet, although chance would bring them together?",
    (
        Metric(
            "unit_pairs", 1, "Units that never meet", "Which pairs of units never meet?",
            "pairs of units without a tie (a reply, comment or reaction between two people, in any direction), though "
            "chance would give at least 3, and that is no chance",
            "pairs of units with eligible people", "month", "month, pair of units; all platforms together",
            f"{PEOPLE}; people without a unit; answers to oneself; pages edited together; platforms whose records "
            "never say who is answered; of more than 200 units those with fewer people. A pair without a tie that "
            "chance may explain is a pair of which nothing can be told", _SOURCES, MINIMUM_GROUP,
            (
                Column("verdict", "text", "never: no tie, though by chance; seldom: under half of what chance would "
                       "give, and that is no chance; met: any other with a tie; cannot tell: no tie, and chance may "
                       "be why.", one_of=VERDICTS),
                count("n_pairs_never", "Pairs of units of the month that never meet; this and the other counts of "
                      "pairs are the same in all its rows."),
                count("n_pairs_seldom", "Of the pairs, seldom."),
                count("n_pairs_apart", "Of the pairs, without a tie."),
                number("n_pairs_apart_by_chance", "How many would have none if units did not matter."),
                count("n_pairs", "Pairs of units."),
                number("n_ties_by_chance", "Ties between the two that chance would give: the ends of all ties put "
                       "together at random, each person keeping their number of ties. With 3, none at all has a chance "
                       "of 5 % (rule of three)."),
                count("n_ties", "Pairs of people, one of each, who met."),
                number("none_by_chance_ratio", "Chance of no tie at all if units did not matter: units shuffled over "
                         "people who have about as many ties."),
                number("so_few_p", "Chance of no more ties than there are if units did not matter."),
                number("so_few_adjusted_p", "The same for all pairs at once: of those up to 0.05, 5 % are false on "
                         "average (Benjamini and Hochberg 1995); NULL below 3 ties by chance."),
            ),
            direction="lower",
            reference=(
                "Newman, Physical Review E 67 (2003) (mixing matrix) and PNAS 103 (2006) (expectation with given "
                "degrees); Krackhardt and Stern, Social Psychology Quarterly 51 (1988) (permutation of units)"
            ),
        ),
    ),
    keys=(
        key("one_unit", "text", "The first of the two in the alphabet."),
        key("other_unit", "text", "The other."),
    ),
    released_rows=(
        f"Closed months of an organisation of at least {MINIMUM_DAILY} people; pairs of units that are both shown on "
        "their own. The verdict, and the ties that chance would give as a whole number; no count of ties. The counts "
        "of pairs are of the pairs shown."
    ),
)  # fmt: skip
