"""Released tables of made-up companies: built by hand from a seed, in several states of completeness."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboards import build_site
from models.metrics import metric_table
from models.release import Policy
from models.release.concentration import only_of_many
from models.release.told import GROUPS, as_told
from models.schemas import TABLES
from models.shares import withhold_shares
from models.statistics.intervals import wilson_bounds
from tests.dashboards import listed
from tests.dashboards.companies import VARIANTS, Company
from tests.dashboards.further import FURTHER

Tables = dict[str, pl.DataFrame]
def released_tables(company: Company) -> Tables:
    """The tables of a release, valid by their schemas."""
    tables = _Builder(company).tables()
    if company.outnumbered:
        periods = tables["rel_contributor_ratios"].filter(
            pl.any_horizontal(
                (pl.col("platform") == platform) & (pl.col("period_start") >= since) & pl.col("n_outside").is_not_null()
                for platform, since in company.outnumbered.items()
            )
        )
        found = periods.select("period_kind", "period_start", "period_end", "platform").unique()
        for name in (
            "rel_active_users", "rel_contributor_ratios", "rel_executive_participation", "rel_unit_platforms",
        ):  # fmt: skip
            tables[name] = withhold_shares(tables[name], found)
    return told(tables)


def told(tables: Tables) -> Tables:
    """The tables with their groups told as coarsely as a release tells them.

    The units of a made-up company do not add up to it, so what would follow from a total is not looked for.
    """
    policy = Policy(without=frozenset({"partition"}))
    tables = tables | {"rel_contributor_ratios": only_of_many(tables["rel_contributor_ratios"], policy)}
    coarse = {name: as_told(name, tables[name], pl.DataFrame(), policy) for name in GROUPS}
    return tables | {name: TABLES[name].validate(rows) for name, rows in coarse.items()}


def empty_tables() -> Tables:
    """A release of nothing: every table has its columns and no row, but for meta and the registry."""
    tables = {name: _frame(name, []) for name in TABLES if name.startswith("rel_") or name == "coverage_day"}
    return tables | {"meta": _meta(None), "dim_metric": metric_table()}


def _meta(as_of: date | None) -> pl.DataFrame:
    row = {"schema_version": 1, "key_id": "0123456789abcdef", "reporting_zone": "Europe/Berlin", "as_of_on": as_of}
    return _frame("meta", [row])


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = TABLES[name].to_schema().columns
    schema = {column: spec.dtype.type for column, spec in columns.items()}
    kept = [{key: value for key, value in row.items() if not key.startswith("_")} for row in rows]
    return TABLES[name].validate(pl.DataFrame(kept, schema=schema))


def _months(company: Company) -> list[tuple[date, date]]:
    starts = []
    start = company.first.replace(day=1)
    while start <= company.as_of:
        following = (start + timedelta(days=32)).replace(day=1)
        starts.append((start, following - timedelta(days=1)))
        start = following
    return [period for period in starts if period[1] <= company.as_of]


def _weeks(company: Company) -> list[tuple[date, date]]:
    start = company.first - timedelta(days=company.first.weekday())
    n = (company.as_of - start).days // 7 + 1
    weeks = [(start + timedelta(weeks=i), start + timedelta(weeks=i, days=6)) for i in range(n)]
    return [week for week in weeks if week[1] <= company.as_of]


class _Builder:
    def __init__(self, company: Company) -> None:
        self.company = company
        self.random = random.Random(f"{company.people} {company.units} {company.unknown}")
        self.level = {name: 0.14 + 0.045 * ((index * 5) % 9) for index, name in enumerate(company.units)}
        self.slope = {name: 0.14 * ((index * 7) % 3 - 0.6) for index, name in enumerate(company.units)}

    def tables(self) -> Tables:
        active, ratios, executives = [], [], []
        platforms = ["all", *self.company.lag]
        scopes = [(p, "all") for p in platforms] + [("all", u) for u in self.company.units]
        for kind, periods in (("week", _weeks(self.company)), ("month", _months(self.company))):
            for platform, unit in scopes:
                before = None
                for start, end in periods:
                    base = self._base(kind, start, end, platform, unit)
                    ratio = self._ratios(base)
                    ratios.append(base | ratio)
                    active.append(base | self._active(base, ratio, before))
                    before = ratio["n_contributors"]
            for flag in (True, False) if self.company.n_executives else ():
                for platform in platforms:
                    for start, end in periods:
                        base = self._base(kind, start, end, platform, "all")
                        executives.append(self._executive(base, is_executive=flag))
        if self.company.people >= 200:
            active += self._days()
        further = {name: _frame(name, rows) for of in FURTHER for name, rows in of(self.company).items()}
        return empty_tables() | further | {
            "meta": _meta(self.company.as_of),
            "dim_metric": metric_table(),
            "coverage_day": _frame("coverage_day", self._coverage()),
            "rel_source": _frame("rel_source", self._sources()),
            "rel_note": _frame("rel_note", listed.notes(self.company.lag)),
            "rel_declared": _frame("rel_declared", listed.declared(self.company.units, self.company.as_of)),
            "rel_agreement": _frame("rel_agreement", listed.agreement(self.company.agreed, self.company.lag)),
            "rel_definitions": _frame("rel_definitions", listed.definitions(
                self._base("month", *month, platform, "all")
                for platform in ("all", *self.company.lag) for month in _months(self.company)[-1:]
            )),
            "rel_breakdown": _frame("rel_breakdown", listed.departments(
                self._base("month", *month, "all", "Sales") for month in _months(self.company)
                if "Sales" in self.company.units
            )),
            "rel_active_users": _frame("rel_active_users", self._forget(active)),
            "rel_contributor_ratios": _frame("rel_contributor_ratios", self._forget(ratios)),
            "rel_executive_participation": _frame("rel_executive_participation", self._forget(executives)),
            "rel_lead_effect": _frame("rel_lead_effect", listed.lead_effect(*self._history())),
            "rel_lead_curve": _frame("rel_lead_curve", listed.lead_curve(*self._history())),
            "rel_withheld": _frame(
                "rel_withheld",
                [
                    {"released_table": table, "reason": reason, "n_units": n, "minimum": minimum}
                    for table, reason, n, minimum in self.company.withheld
                ],
            ),
        }

    def _history(self) -> tuple[date, date, int, str]:
        company = self.company
        return company.first, company.as_of, company.people, company.lead if company.n_executives else "not estimable"

    def _forget(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        kept = ("period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days",
                "n_eligible", "is_executive")  # fmt: skip
        return [
            {k: None if k not in kept and self.random.random() < self.company.unknown else v for k, v in row.items()}
            for row in rows
        ]

    def _state(self, platform: str, day: date) -> str:
        if platform == "all":
            states = {self._state(p, day) for p in self.company.lag if self.company.lag[p] <= 45}
            return states.pop() if len(states) == 1 else "partial"
        last = self.company.as_of - timedelta(days=self.company.lag[platform])
        if day < self.company.first or day > last:
            return "missing"
        if day in (self.company.first, last) and (platform != "mediawiki" or day != last):
            return "partial"
        gap = self.company.gap
        return "missing" if gap and gap[0] <= day <= gap[1] else "observed"

    def _base(self, kind: str, start: date, end: date, platform: str, unit: str) -> dict[str, Any]:
        states = [self._state(platform, start + timedelta(days=i)) for i in range((end - start).days + 1)]
        if kind == "week" and end == self.company.as_of and platform != "all" and self.company.lag[platform] == 0:
            states = ["observed"] * 7
        n = (
            self.company.people
            if unit == "all"
            else 34 + 23 * (len(self.company.units) - self.company.units.index(unit))
        )
        return {
            "period_kind": kind, "period_start": start, "period_end": end, "platform": platform, "unit": unit,
            "is_complete": set(states) == {"observed"}, "n_observed_days": states.count("observed"),
            "n_eligible": n + (start.month % 3 if unit == "all" else 0), "_seen": set(states) != {"missing"},
        }  # fmt: skip

    def _progress(self, day: date) -> float:
        return (day - self.company.first).days / max(1, (self.company.as_of - self.company.first).days)

    def _ratios(self, base: dict[str, Any]) -> dict[str, Any]:
        n, start = base["n_eligible"], base["period_start"]
        names = ("n_outside", "n_contributors", "contributor_ratio", "contributor_ratio_low", "contributor_ratio_high",
                 "n_contributions", "n_none", "n_some", "n_heavy", "top_1_share_ratio", "top_10_share_ratio",
                 "gini_ratio",
                 "absence_factor")  # fmt: skip
        if not base["_seen"]:
            return dict.fromkeys(names)
        month = base["period_kind"] == "month"
        part = {"all": 1.0, "slack": 0.7, "yammer": 0.5}.get(base["platform"], 0.26)
        level = self.level.get(base["unit"], 0.34) + self.slope.get(base["unit"], 0.05) * self._progress(start)
        holiday = 0.72 if start.month == 12 or (base["period_kind"] == "week" and start.month == 8) else 1.0
        share = min(0.97, max(0.01, level * part * holiday * (1.4 if month else 1) + self.random.gauss(0, 0.008)))
        if not base["is_complete"]:
            share *= 0.8
        k = round(n * share)
        heavy = round(k * 0.13)
        low, high = wilson_bounds(k, n)
        merged = base["unit"] == "Other units"
        values: tuple[Any, ...] = (
            k // 20, k, k / n, low, high, k * (9 if month else 4), n - k, k - heavy, heavy,
            None if merged else 0.26 + self.random.gauss(0, 0.01),
            None if merged else 0.66 + self.random.gauss(0, 0.01),
            None if merged else 0.83 + self.random.gauss(0, 0.01), None if merged or not k else max(1, k // 11),
        )  # fmt: skip
        return dict(zip(names, values, strict=True))

    def _active(self, base: dict[str, Any], ratio: dict[str, Any], before: int | None) -> dict[str, Any]:
        k = ratio["n_contributors"]
        names = ("n_reactors", "n_present", "n_contributors_1d", "n_contributors_7d", "n_contributors_28d",
                 "dau_wau_ratio", "dau_mau_ratio", "n_new", "n_unknown", "n_retained", "n_resurrected", "n_lapsed",
                 "n_left")  # fmt: skip
        row: dict[str, Any] = {"n_outside": ratio["n_outside"], "n_contributors": k, **dict.fromkeys(names)}
        if k is None:
            return row
        merged = base["unit"] == "Other units"
        early = self._progress(base["period_start"]) < 0.2
        retained = min(round(k * 0.8), before) if before is not None else 0
        fresh = (k - retained) // (2 if before is not None else 1)
        row |= {
            "n_present": min(base["n_eligible"], round(k * 2.4)) if self._tells_presence(base) else None,
            "n_reactors": round(k * 1.22) if base["platform"] in ("all", "slack") else None,
            "dau_wau_ratio": None if merged else 0.33 + self.random.gauss(0, 0.01),
            "dau_mau_ratio": None if merged else 0.17 + self.random.gauss(0, 0.006),
            "n_retained": retained, "n_resurrected": k - retained - fresh, "n_new": 0 if early else fresh,
            "n_unknown": fresh if early else 0,
        }  # fmt: skip
        if before is not None:
            row |= {"n_left": (before - retained) // 6, "n_lapsed": before - retained - (before - retained) // 6}
        return row

    def _tells_presence(self, base: dict[str, Any]) -> bool:
        """Usage reports of Yammer over the last half of the time, whole weeks only."""
        is_reported = bool(self.company.units) and base["platform"] == "yammer" and base["period_kind"] == "week"
        return is_reported and self._progress(base["period_start"]) > 0.5

    def _days(self) -> list[dict[str, Any]]:
        rows = []
        n_days = (self.company.as_of - self.company.first).days + 1
        for index in range(n_days):
            day = self.company.first + timedelta(days=index)
            state = self._state("all", day)
            window = [self._state("all", day - timedelta(days=i)) for i in range(min(28, index + 1))]
            weekend = day.weekday() >= 5
            holiday = max(0.0, 1 - abs((day - date(2026, 1, 2)).days) / 20)
            level = self.company.people * (0.42 + 0.05 * self._progress(day)) * (1 - 0.25 * holiday)
            level *= 1 + 0.01 * self.random.random()
            counts = (
                round(level * (0.05 if weekend else 0.21 + self.random.random() * 0.02)),
                round(level * 0.62),
                round(level),
            )
            known = [
                None if length > index + 1 or "missing" in window[:length] else value
                for length, value in zip((1, 7, 28), counts, strict=True)
            ]
            row = dict.fromkeys(TABLES["rel_active_users"].to_schema().columns)
            rows.append(row | {
                "period_kind": "day", "period_start": day, "period_end": day, "platform": "all", "unit": "all",
                "is_complete": state == "observed", "n_observed_days": int(state == "observed"),
                "n_eligible": self.company.people,
                "n_outside": 0 if state != "missing" else None, "n_contributors": known[0],
                "n_contributors_1d": known[0],
                "n_contributors_7d": known[1], "n_contributors_28d": known[2],
                "dau_wau_ratio": None if None in known[:2] else min(1.0, counts[0] / counts[1]), "dau_mau_ratio": None,
            })  # fmt: skip
        return rows

    def _executive(self, base: dict[str, Any], *, is_executive: bool) -> dict[str, Any]:
        n = self.company.n_executives if is_executive else base["n_eligible"] - self.company.n_executives
        names = ("n_contributors", "contributor_ratio", "contributor_ratio_low", "contributor_ratio_high", "n_posts",
                 "n_replies", "n_replies_to_staff", "broadcast_ratio", "n_two_way", "two_way_ratio")  # fmt: skip
        own = {name: f"n_own_{name[2:]}" if name.startswith("n_") else f"own_{name}" for name in names}
        row: dict[str, Any] = {**base, "n_eligible": n, "is_executive": is_executive, **dict.fromkeys(names)}
        if not base["_seen"]:
            return row | dict.fromkeys(own.values())
        level = 0.3 + 0.36 * self._progress(base["period_start"]) if is_executive else 0.46
        k = max(0, min(n, round(n * (level + self.random.gauss(0, 0.02)))))
        answers = 1 + 2 * self._progress(base["period_start"]) if is_executive else 2.4 + self.random.random() / 4
        posts, replies = k * 2, round(k * answers)
        low, high = wilson_bounds(k, n)
        themselves = row | {
            "n_contributors": k, "contributor_ratio": k / n, "contributor_ratio_low": low,
            "contributor_ratio_high": high,
            "n_posts": posts, "n_replies": replies, "n_replies_to_staff": replies * 3 // 4,
            "broadcast_ratio": posts / (posts + replies * 3 // 4) if posts else None, "n_two_way": k // 2,
            "two_way_ratio": 0.31 + self.random.gauss(0, 0.02),
        }  # fmt: skip
        posts += 3 * is_executive  # by a delegate
        with_delegates = {"n_posts": posts, "broadcast_ratio": posts / (posts + replies * 3 // 4) if posts else None}
        return themselves | {own[name]: themselves[name] for name in names} | with_delegates

    def _coverage(self) -> list[dict[str, Any]]:
        rows = []
        for platform, lag in self.company.lag.items():
            last = self.company.as_of - timedelta(days=lag if lag > 45 else 0)
            for index in range((last - self.company.first).days + 1):
                day = self.company.first + timedelta(days=index)
                state = self._state(platform, day)
                rows.append({"platform": platform, "workspace": "main", "occurred_on": day, "state": state})
        return rows

    def _sources(self) -> list[dict[str, Any]]:
        rows = []
        for index, (platform, lag) in enumerate(sorted(self.company.lag.items())):
            last = self.company.as_of - timedelta(days=lag)
            days = [row["state"] for row in self._coverage() if row["platform"] == platform]
            parts = (214_302 + 31_007 * index, 1_204 * index, 3_311, 12 * index)
            rows.append({
                "platform": platform, "first_on": self.company.first, "last_on": last, "is_delivering": lag <= 45,
                "n_observed_days": days.count("observed"), "n_partial_days": days.count("partial"),
                "n_missing_days": days.count("missing"), "n_files": 2 + index, "n_read": sum(parts),
                "n_accepted": parts[0],
                "n_duplicate": parts[1], "n_excluded": parts[2], "n_quarantined": parts[3],
                "n_contributions": parts[0] // 2,
                "matched_ratio": 0.97 - 0.01 * index if self.company.units else None,
                "in_scope_ratio": 0.61 if platform == "slack" else None,
                "has_reactions": platform == "slack",
                "has_reading": False,
            })  # fmt: skip
        if self.company.units:
            nothing = dict.fromkeys(TABLES["rel_source"].to_schema().columns, 0)
            rows.append(nothing | {
                "platform": "roster", "first_on": None, "last_on": None, "is_delivering": False, "n_files": 1,
                "n_read": 1674, "n_accepted": 1674, "matched_ratio": None, "in_scope_ratio": None,
                "has_reactions": False, "has_reading": False,
            })  # fmt: skip
        return rows


@pytest.fixture(scope="session")
def variants() -> dict[str, Tables]:
    """All variants by name, and the empty release."""
    return {name: released_tables(company) for name, company in VARIANTS.items()} | {"empty": empty_tables()}


@pytest.fixture(scope="session")
def sites(variants: dict[str, Tables], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The built site of a variant, built once."""
    built: dict[str, Path] = {}

    def site(name: str) -> Path:
        if name not in built:
            built[name] = tmp_path_factory.mktemp(name)
            build_site(variants[name], built[name])
        return built[name]

    return site
