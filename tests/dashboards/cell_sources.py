"""What rows and headings of pages name in the release, and what pages work out from released cells: worked out anew.

The declarations of single cards are in `released_cells`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from models.comparison import Share
from tests.dashboards.page_rows import PLATFORMS, Line, day_in
from tests.dashboards.release_rows import Of, Release, Row, interval

RATIOS, MASS = "rel_contributor_ratios", "rel_critical_mass"
ALL = {"platform": "all", "unit": "all"}
HISTORY = {"period_kind": "history"} | ALL
KINDS = {
    "Wiki pages": "page", "Wiki spaces": "wiki_space", "Blogs": "blog", "Channels": "channel",
    "Communities": "community",
}  # fmt: skip
PERIODS = {"Day": "day", "Week of": "week", "Month": "month"}
STEPS = {
    "Reaction": ("reaction", "any"), "Reply or comment": ("reply", "any"), "Post of their own": ("post", "any"),
    "Page": ("page", "any"), "Bookmark or file": ("share", "any"), "In a small space": ("any", "small"),
    "In a large space": ("any", "large"),
}  # fmt: skip
PURPOSES = {
    "Documents": "documents", "Ideas": "ideas", "Communication": "communication", "Events": "events",
    "Learning": "learning", "No purpose given": "unlabelled",
}  # fmt: skip
LAYERS = {name: place for place, name in enumerate(("Top layer", "Second layer", "Third layer", "Fourth layer",
                                                    "Fifth layer", "Sixth layer"))}  # fmt: skip
TRIAL = {
    "In its last four weeks": ("n_at_end", "end"), "At any time": ("n_people", "ever"),
    "Starters after 2 weeks": ("n_followed_2w", "still_2w"), "Starters after 4 weeks": ("n_followed_4w", "still_4w"),
    "Starters after 12 weeks": ("n_followed_12w", "still_12w"), "On a working day": ("n_people", "daily_use"),
}  # fmt: skip
SIDES = {"People follow": "people_follow", "Executives follow": "leaders_follow"}
CHANNELS = {"In the open": "open", "E-mail": "email", "Shared files": "files"}
AGAIN = {"With an answer": "answered", "Without": "unanswered"}


def period(line: Line, _: str) -> Any:
    """The period of the row."""
    return line.period


def kind_of_period(line: Line, _: str) -> str:
    """What stands above the periods."""
    return next(kind for heading in line.card.headings for title, kind in PERIODS.items() if title == heading)


def own_heading(line: Line, column: str) -> Any:
    """The period that is the heading of the column; none if it has another."""
    return day_in(line.heading(column))


def above(line: Line, column: str) -> Any:
    """The period above the column."""
    return line.period_above(column)


def captioned(line: Line, _: str) -> Any:
    """The period in the caption of the table."""
    return day_in(line.card.caption)


def unit(line: Line, _: str) -> str:
    """The unit that the row names."""
    return {"Whole organisation": "all", "All accounts": "all", "All people": "all"}.get(line.name, line.name)


def unit_of_page(line: Line, _: str) -> str:
    """The unit with which the title of the page begins."""
    return line.card.title.partition(":")[0]


def named(names: Mapping[str, Any], at: int | None = None) -> Callable[[Line, str], Any]:
    """What the name of the row stands for, or one of several things."""
    return lambda line, _: names[line.name] if at is None else names[line.name][at]


def in_text(pattern: str) -> Callable[[Line, str], str]:
    """The platform that a text of the card names; all of them if it names none."""
    return lambda line, _: PLATFORMS[found[1]] if (found := re.search(pattern, line.card.text)) else "all"


def kind_and_place(line: Line) -> tuple[str, str]:
    """The kind of spaces, and the platform on which they are."""
    kind, _, place = line.name.partition(" on ")
    return KINDS[kind], PLATFORMS[place] if place else "all"


def every(**more: Any) -> dict[str, Any]:
    """The periods of the whole organisation over all platforms: of the kind that stands above them."""
    return {"period_kind": kind_of_period, "period_start": period} | ALL | more


def known(*names: str) -> Callable[[Row], bool]:
    """Shown is a row in which all of these are told."""
    return lambda row: all(row[name] is not None for name in names)


def told(name: str) -> Callable[[Row], bool]:
    """Shown is a row in which this share or a bound of it is told."""
    return lambda row: row[name] is not None or row[f"{name}_high"] is not None


def on_each(*names: str, **more: bool) -> dict[str, Of]:
    """Columns with a platform above each."""
    return {name: Of(name, {"platform": lambda line, column: line.platform_above(column)}, **more) for name in names}


def part_of_all(name: str) -> Callable[[Release, Line, Row], float | None]:
    """One of three parts, of their own sum: told in fives they do not add up to the people."""
    return lambda _, __, row: row[name] / (row["n_none"] + row["n_some"] + row["n_heavy"])


def difference(release: Release, line: Line, row: Row) -> float | None:
    """The share of a unit less that of the earlier month, wherever contributors and people of both are told."""
    where = {"period_kind": "month", "period_start": day_in(line.heading("then")), "platform": "all"}
    then = release.row(RATIOS, where | {"unit": row["unit"]})
    counts = [(one.get("n_contributors"), one.get("n_eligible")) for one in (row, then)]
    if any(None in pair for pair in counts):
        return None
    # a made-up release may forget a share and tell its counts: how coarse it would be is tested in `test_comparison`
    shares = [Share(*pair, is_coarse=row["unit"] != "all").ratio for pair in counts]
    now, before = (
        share if one["contributor_ratio"] is None else one["contributor_ratio"]
        for one, share in zip((row, then), shares, strict=True)
    )
    return now - before


def units_in(state: str) -> Callable[[Release, Line, Row], float]:
    """How many units, not the organisation itself, are in a state in the week."""
    return lambda release, line, _: sum(
        row["unit"] != "all" and row["state"] == state
        for row in release.rows(MASS, {"period_kind": "week", "period_start": line.period, "platform": "all"})
    )


def decided(name: str) -> Callable[[Release, Line, Row], float | None]:
    """A bound of a wholly observed month in which nearly all that was started has had its 28 days."""

    def bound(_: Release, __: Line, row: Row) -> float | None:
        counts = (row.get("n_undecided"), row.get("n_started"))
        is_decided = None not in counts and counts[0] <= 0.05 * counts[1]
        return row[name] if is_decided and row["is_complete"] else None

    return bound


def signal(_: Release, __: Line, row: Row) -> float | None:
    """The share of a week that is out of the ordinary."""
    return row["contributor_ratio"] if row["is_signal"] else None


def bound_of(names: Mapping[str, tuple[str, str]], end: str) -> Callable[[Release, Line, Row], float | None]:
    """A bound of the second of two things for which the name of the row stands, if it has bounds."""
    return lambda _, line, row: row.get(f"{names[line.name][1]}_ratio_{end}")


SHARE = interval("contributor_ratio")
THEN = {"period_start": own_heading}
ABOVE = {"period_start": above}
