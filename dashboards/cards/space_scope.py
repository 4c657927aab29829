"""Of which platforms and kinds of space a card speaks: one card for all of them, the same one for the wikis alone."""

from dataclasses import dataclass
from typing import Final

from dashboards import words
from dashboards.released import ALL, Released, Row
from models.metrics.space_life import SUBJECTS

WIKI_KINDS: Final = ("page", "wiki_space", "blog")
"""What wikis and blogs consist of, the most telling first."""
WIKI_PLATFORMS: Final = ("confluence", "mediawiki", "wordpress")


@dataclass(frozen=True, slots=True)
class SpaceScope:
    """Each of `platforms` has rows of its own; `ALL` stands for them together. `name` begins the ids of the cards."""

    name: str = "space"
    platforms: tuple[str, ...] = (ALL,)
    kinds: tuple[str, ...] = SUBJECTS

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.platforms == (ALL,)

    def rows(self, released: Released, table: str) -> list[Row]:
        """Its rows of a table in a fixed order; `place` says after the name of a kind on which platform it is."""
        order = {kind: index for index, kind in enumerate(self.kinds)}
        rows = [
            row | {"place": "" if row["platform"] == ALL else f" on {words.platform(row['platform'])}"}
            for row in released.tables[table].to_dicts()
            if row["platform"] in self.platforms and row["subject"] in order
        ]
        return sorted(rows, key=lambda row: (order[row["subject"]], row["platform"]))


EVERYTHING: Final = SpaceScope()


def wikis(released: Released) -> SpaceScope:
    """The platforms that hold pages, wikis or blogs, each on its own; without any there is nothing in the scope."""
    rows = released.tables["rel_space_life"]
    holding = {
        platform for platform, kind in rows.select("platform", "subject").iter_rows()
        if kind in WIKI_KINDS and platform != ALL
    }  # fmt: skip
    known = holding | (set(released.platforms) & set(WIKI_PLATFORMS))
    return SpaceScope("wiki", tuple(sorted(known)), WIKI_KINDS)
