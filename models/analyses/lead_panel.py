"""From the weeks of executives' own people to panels: units by weeks, as the event study takes them."""

from datetime import date

import numpy as np
import polars as pl

from models.statistics.panel import Panel
from models.statistics.starts import find_start


def lead_panel(weeks: pl.DataFrame, *, column: str = "n_contributors") -> Panel:
    """One platform's rows of `prep_lead_week` as a panel, an executive's own people a unit, placed by `leader_places`.

    `column` counts the people of the outcome. A week in which the unit is not there, is not wholly observed, or has no
    such count is not observed. The start is that of the executive on this platform, whatever the outcome.
    """
    units = leader_places(weeks)
    places: dict[date, int] = {week: i for i, week in enumerate(sorted(weeks["period_start"].unique()))}
    shape = (len(units), len(places))
    k, n = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    observed = np.zeros(shape, dtype=bool)
    active: list[list[bool | None]] = [[None] * len(places) for _ in units]
    for row in weeks.iter_rows(named=True):
        at = units[row["leader_person_id"]], places[row["period_start"]]
        n[at] = row["n_eligible"]
        if row["is_observed"]:
            active[at[0]][at[1]] = row["is_leader_active"]
            observed[at] = row[column] is not None
            k[at] = row[column] or 0
    starts = np.array([find_start(series) for series in active], dtype=np.int64)
    return Panel(k, n, observed, starts)


def leader_places(weeks: pl.DataFrame) -> dict[str, int]:
    """The place of each executive in a panel: by all their weeks, not by their ids, as draws follow the order of units.

    Executives with the same weeks may stand for each other.
    """
    figures = pl.struct(pl.exclude("leader_person_id")).alias("figures")
    of_leader = weeks.sort("period_start").select("leader_person_id", figures).group_by("leader_person_id").all()
    told = {leader: repr([tuple(week.values()) for week in own]) for leader, own in of_leader.iter_rows()}
    return {leader: place for place, leader in enumerate(sorted(told, key=told.__getitem__))}
