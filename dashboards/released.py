"""The released tables as the pages ask for them: series of a scope, units, platforms. No figure is made here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import polars as pl

from dashboards import words
from models.comparison import PeriodKind, comparable_start, is_covered
from models.metrics import MINIMUM_GROUP
from models.release import OTHER_UNITS
from models.release.rows import ALL, of_groups

ROSTER: Final = "roster"
"""The row of `rel_source` that speaks of the roster and not of a platform."""
SHOWN: Final[Mapping[str, int]] = {"day": 365, "week": 104, "month": 25}
"""How many periods a chart shows: about two years, so that a year before is always in sight."""

__all__ = ["ALL", "OTHER_UNITS", "ROSTER", "SHOWN", "Released", "Row", "latest", "latest_told", "reference"]

Row = dict[str, Any]


@dataclass(frozen=True)
class Released:
    """The tables of one release. Every frame that leaves here is sorted, so that pages are reproducible."""

    tables: Mapping[str, pl.DataFrame]

    @cached_property
    def as_of(self) -> date | None:
        """Last day that any figure looks at."""
        meta = self.tables["meta"]
        return meta["as_of_on"][0] if meta.height else None

    @cached_property
    def zone(self) -> str:
        """Zone in which days are cut."""
        meta = self.tables["meta"]
        return str(meta["reporting_zone"][0]) if meta.height else "UTC"

    @cached_property
    def key_id(self) -> str | None:
        """Names the key of the pseudonyms from which the release was made, and says nothing about it."""
        meta = self.tables["meta"]
        return str(meta["key_id"][0]) if meta.height else None

    @cached_property
    def agreement(self) -> Row | None:
        """The agreement under which the release was made; None if none is recorded."""
        rows = self.tables["rel_agreement"].filter(pl.col("version").is_not_null()).to_dicts()
        return rows[0] if rows else None

    @cached_property
    def min_group(self) -> int:
        """Smallest group that the release shows."""
        rows = self.tables["rel_agreement"]
        return int(rows["min_group"][0]) if rows.height else MINIMUM_GROUP

    @cached_property
    def sources(self) -> list[Row]:
        """One row per platform that is measured: the roster is not one."""
        return self.tables["rel_source"].filter(pl.col("platform") != ROSTER).sort("platform").to_dicts()

    @cached_property
    def observed(self) -> list[Row]:
        """The sources whose exports tell what happened; usage reports alone tell who was present."""
        return [row for row in self.sources if row["first_on"] is not None or not row["has_reading"]]

    @cached_property
    def shows_presence(self) -> bool:
        """Whether any released period tells who was present."""
        return not self.tables["rel_active_users"]["n_present"].is_null().all()

    @cached_property
    def platforms(self) -> list[str]:
        """Platforms that have figures of their own."""
        named = self.tables["rel_contributor_ratios"].filter(pl.col("platform") != ALL)["platform"]
        return sorted(named.unique().to_list())

    @cached_property
    def delivering(self) -> list[str]:
        """Those of them whose exports still arrive: "all platforms" counts these."""
        silent = {row["platform"] for row in self.observed if not row["is_delivering"]}
        return [name for name in self.platforms if name not in silent]

    @cached_property
    def platform_names(self) -> list[str]:
        """What the sources are called."""
        return [words.platform(row["platform"]) for row in self.sources]

    @cached_property
    def units(self) -> list[str]:
        """Units with figures of their own, the merged rest last."""
        named = self.tables["rel_contributor_ratios"].filter(pl.col("unit") != ALL)["unit"].unique().to_list()
        return sorted(named, key=lambda unit: (unit == OTHER_UNITS, unit))

    @cached_property
    def has_executives(self) -> bool:
        """Enough executives for a group of their own."""
        return bool(self.tables["rel_executive_participation"]["is_executive"].any())

    @cached_property
    def names_executives(self) -> bool:
        """Executives are shown by name too, by a recorded decision."""
        return not self.tables["rel_named_executives"].is_empty()

    @cached_property
    def names_champions(self) -> bool:
        """People who asked for it are named as champions."""
        return not self.tables["rel_named_champions"].is_empty()

    @cached_property
    def has_roster(self) -> bool:
        """A roster was loaded; else the population is the accounts seen."""
        loaded = self.tables["rel_source"].filter((pl.col("platform") == ROSTER) & (pl.col("n_accepted") > 0))
        return self.has_executives or bool(self.units) or bool(loaded.height)

    @cached_property
    def outnumbered(self) -> pl.DataFrame:
        """Weeks and months of the organisation or a platform in which more people were active than on the roster.

        Their rows say who is outside the roster, and of the people on it nothing: see `models.shares`.
        """
        ratios = self.tables["rel_contributor_ratios"].filter(pl.col("unit") == ALL)
        # that nobody is told to be outside may only mean that they are one or two
        is_seen = pl.col("n_outside").is_not_null() | (pl.col("n_observed_days") > 0)
        withheld = ratios.filter(is_seen & pl.col("contributor_ratio_low").is_null())
        return withheld.sort("platform", "period_start", "period_kind")

    @cached_property
    def definitions(self) -> Mapping[str, Row]:
        """The newest definition of each metric by its id."""
        return {row["id"]: row for row in sorted(self.metrics, key=lambda row: row["version"])}

    @cached_property
    def metrics(self) -> list[Row]:
        """All definitions in the order of the registry."""
        texts = pl.col(pl.String).map_elements(words.typeset, return_dtype=pl.String)
        return self.tables["dim_metric"].with_columns(texts).to_dicts()

    @cached_property
    def names_with_digits(self) -> list[str]:
        """Names of the release as texts show them, as far as they hold a digit, which is no figure."""
        strings = {
            words.clean(value)
            for name, frame in self.tables.items() if name.startswith("rel_")
            for column in frame.iter_columns() if column.dtype == pl.String
            for value in column.drop_nulls().unique()
        }  # fmt: skip
        return sorted(one for one in strings if any(map(str.isdigit, one)) and any(map(str.isalpha, one)))

    @property
    def people(self) -> str:
        """What the population consists of."""
        return "people" if self.has_roster else "accounts"

    @property
    def nouns(self) -> tuple[str, str]:
        """One of them, and several."""
        return ("person", "people") if self.has_roster else ("account", "accounts")

    def series(
        self, table: str, kind: PeriodKind, *, platform: str = ALL, unit: str = ALL, is_executive: bool | None = None
    ) -> pl.DataFrame:
        """The shown periods of one scope in order of time; a period without a released row is a row of NULLs.

        `is_coarse` marks the rows whose counts of people are told in fives: those about groups.
        """
        asked = (table, kind, platform, unit, is_executive)
        if asked not in self._asked:
            self._asked[asked] = self._series(*asked)
        return self._asked[asked]

    @cached_property
    def _asked(self) -> dict[tuple[str, PeriodKind, str, str, bool | None], pl.DataFrame]:
        """Many cards and sentences ask for the same series."""
        return {}

    def _series(
        self, table: str, kind: PeriodKind, platform: str, unit: str, is_executive: bool | None
    ) -> pl.DataFrame:
        frame = self.tables[table].filter(pl.col("period_kind") == kind)
        calendar = frame.select("period_start", "period_end").unique().sort("period_start").tail(SHOWN[kind])
        scope = frame.filter((pl.col("platform") == platform) & (pl.col("unit") == unit))
        if is_executive is not None:
            scope = scope.filter(pl.col("is_executive") == is_executive)
        is_coarse = of_groups(scope.columns, is_told=True)
        if scope.is_empty():
            return scope.with_columns(is_coarse=is_coarse)
        rows = calendar.filter(
            pl.col("period_start").is_between(scope["period_start"].min(), scope["period_start"].max())
        )
        return (
            rows.join(scope.drop("period_end"), on="period_start", how="left")
            .with_columns(pl.col("is_complete").fill_null(value=False), is_coarse=is_coarse)
            .sort("period_start")
        )

    def withholds(self, reason: str) -> bool:
        """Whether the release policy held something back for this reason."""
        return bool((self.tables["rel_withheld"]["reason"] == reason).any())

    def days(self) -> pl.DataFrame:
        """The daily series of the organisation; `is_complete` speaks of the 28 days to the day, `_7d` of seven."""
        days = self.series("rel_active_users", "day")
        if days.is_empty():
            return days
        flags = days["is_complete"].to_list()
        covered = {
            n: [i + 1 >= n and is_covered(sum(flags[i + 1 - n : i + 1]), n) for i in range(len(flags))] for n in (7, 28)
        }
        return days.with_columns(
            is_complete_1d=pl.col("is_complete"),
            is_complete_7d=pl.Series(covered[7]),
            is_complete=pl.Series(covered[28]),
        )


def latest(series: pl.DataFrame, *columns: str) -> Row | None:
    """The last complete period in which all `columns` are known."""
    rows = series.filter(pl.col("is_complete"), *(pl.col(column).is_not_null() for column in columns))
    return rows.row(-1, named=True) if rows.height else None


def latest_told(series: pl.DataFrame, column: str, ratio: str) -> Row | None:
    """The last complete period in which `column` is known, or a bound of the share `ratio` is."""
    is_told = pl.col(column).is_not_null() | pl.col(f"{ratio}_high").is_not_null()
    rows = series.filter(pl.col("is_complete") & is_told) if series.height else series
    return rows.row(-1, named=True) if rows.height else None


def reference(series: pl.DataFrame, column: str, now: Row | None, *, kind: PeriodKind) -> Row | None:
    """The complete period with which `now` may be compared."""
    if now is None:
        return None
    rows = series.filter(pl.col("is_complete") & pl.col(column).is_not_null())
    start = comparable_start(rows["period_start"].to_list(), now["period_start"], kind=kind)
    return None if start is None else rows.row(by_predicate=pl.col("period_start") == start, named=True)
