"""What a total tells of its parts: a total less all parts but one is that one, to within their rounding.

Where it would tell that fewer than three people of a part did something, or all but fewer than three, no part is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from models.release.coarse import SLACK, Family, Groups
from models.release.policy import SMALLEST_COUNT

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Part:
    """A group of `size` people; what is told of how many of them are counted, and how many truly are."""

    size: int
    told: Interval
    count: int

    @classmethod
    def of(cls, size: int, count: int, told: int | None) -> "Part":
        """A part whose count is told as `told`, or hidden."""
        return cls(size, (0, size) if told is None else (max(0, told - SLACK), min(size, told + SLACK)), count)


def tells_too_much(parts: Sequence[Part], total: Interval) -> bool:
    """Whether some part's ends follow: of each, 0 to 3 must stay possible if few are counted, and so at the other end.

    Nothing is held against the parts that the total alone says: if nobody is counted at all, nobody is in any part.
    """
    everybody = sum(part.size for part in parts)
    least = sum(part.told[0] for part in parts)
    most = sum(part.told[1] for part in parts)
    return any(_is_narrow(part, total, least, most, everybody) for part in parts)


def _is_narrow(part: Part, total: Interval, least: int, most: int, everybody: int) -> bool:
    low = max(part.told[0], total[0] - (most - part.told[1]))
    high = min(part.told[1], total[1] - (least - part.told[0]))
    few = min(SMALLEST_COUNT, part.size)
    # the total alone
    floor, ceiling = max(0, total[0] - (everybody - part.size)), min(part.size, total[1])
    if high < min(few, ceiling) or low > max(part.size - few, floor):
        return True
    if part.count < few and low > floor:
        return True
    return part.size - part.count < few and high < ceiling


def hide_what_follows(
    told: pl.DataFrame, true: pl.DataFrame, totals: pl.DataFrame, groups: Groups, parts: Sequence[str]
) -> pl.DataFrame:
    """`told` with every count unknown whose partition tells too much; shares of such counts are unknown too.

    `true` holds the true figures of those rows of `told` that are parts, `_row` being their place in it; `parts` names
    the columns that tell partitions apart, and `totals` holds for each of them the exact counts of everybody
    (`n_eligible` among them). A partition without a total tells nothing of itself. People of no part are one more part,
    of which nothing is told.
    """
    of_all = {tuple(row[name] for name in parts): row for row in totals.to_dicts()}
    hidden: dict[str, set[int]] = {name: set() for family in groups.families for name in family.names}
    rows = true.partition_by(list(parts), as_dict=True)
    for key, members in rows.items():
        if key in of_all:
            for family in _telling(groups, told, members, of_all[key]):
                for name in family.names:
                    hidden[name].update(members["_row"])
    return _without(told, groups, hidden)


def _telling(
    groups: Groups, told: pl.DataFrame, members: pl.DataFrame, total: Mapping[str, int | None]
) -> Iterator[Family]:
    """The families of counts that have to be hidden in a partition, with those within them."""
    too_much: set[str] = set()
    for family in groups.families:
        if family.whole in too_much or _tells(family, told, members, total):
            too_much.update(family.names)
            yield family


def _tells(
    family: Family, told: pl.DataFrame, members: pl.DataFrame, total: Mapping[str, int | None]
) -> bool:
    name = family.count
    of_all, everybody = total.get(name), total.get(family.of)
    sizes, counts = members[family.of].to_list(), members[name].to_list()
    if of_all is None or everybody is None or None in counts or None in sizes:
        return False
    shown = told[name].gather(members["_row"]).to_list()
    parts = [Part.of(*one) for one in zip(sizes, counts, shown, strict=True)]
    n_others = everybody - sum(sizes)
    if n_others > 0:
        parts.append(Part.of(n_others, min(n_others, max(0, of_all - sum(counts))), None))
    return any(one is not None for one in shown) and tells_too_much(parts, (of_all, of_all))


def _without(told: pl.DataFrame, groups: Groups, hidden: Mapping[str, set[int]]) -> pl.DataFrame:
    row = pl.int_range(pl.len())
    blank: dict[str, set[int]] = {name: rows for name, rows in hidden.items() if rows}
    for share, (part, _) in groups.shares.items():
        if hidden.get(part):
            blank |= dict.fromkeys((share, f"{share}_low", f"{share}_high"), hidden[part])
    return told.with_columns(
        pl.when(~row.is_in(sorted(rows))).then(pl.col(name)).alias(name) for name, rows in blank.items()
    )
