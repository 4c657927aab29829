"""The card of champions who asked to be named: the name they gave, what they help with, since which month."""

from typing import Final

from dashboards import words
from dashboards.cards import Card
from dashboards.headlines import enabling as headlines
from dashboards.relation import Column, Relation
from dashboards.released import Released

TABLE: Final = "rel_named_champions"
SUBTITLE: Final = "Champions who asked to be named, in alphabetical order"
NOTE: Final = (
    "They asked for it themselves, and can take it back at any time. It ends by itself after twelve months at most. No "
    "figure makes anybody a champion, and none is shown of them; others who help as much are not named."
)


def named_champions_card(released: Released) -> Card | None:
    """Everybody who asked for it; None where nobody did."""
    rows = released.tables[TABLE]
    if rows.is_empty():
        return None
    order = sorted(range(rows.height), key=lambda at: (words.clean(rows["shown"][at]).casefold(), at))
    relation = Relation(
        SUBTITLE,
        (
            Column("shown", "Champion", "text"),
            Column("scope", "Helps with", "text"),
            Column("since_month", "Since", "month"),
        ),
        rows[order], newest_first=False,
    )  # fmt: skip
    headline = headlines.named_champions(rows.height)
    return Card("named-champions", headline, SUBTITLE, (), relation, note=NOTE, wide=True)
