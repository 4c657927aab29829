"""People and releases for tests of the audit, made by hand: everybody in a unit, one month, all platforms."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from models.audit import Finding, Limits, audit
from models.audit.atoms import ATOM_SCHEMA
from models.audit.columns import RELEASED
from models.audit.dominance import AMOUNT_SCHEMA
from models.audit.measures import BASIC
from models.schemas import TABLES

MONTH = date(2026, 4, 1)
LIMITS = Limits(smallest_group=5, crowd=200)


def atom(unit: str | None, n_people: int, contributors: int, **labels: Any) -> dict[str, Any]:
    """People of a unit of whom so many contribute; everybody was counted in the month before in the same unit."""
    blank = dict.fromkeys(ATOM_SCHEMA, None) | dict.fromkeys(BASIC, 0)
    here = {"period_kind": "month", "period_start": MONTH, "platform": "all", "kind": "counted", "was_counted": True}
    counted = {"contributors": contributors, "some": contributors, "retained": contributors, "adopted": contributors}
    return blank | here | {"unit": unit, "previous_unit": unit, "n_people": n_people} | counted | labels


def atoms(*rows: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([dict(row) for row in rows], schema=dict(ATOM_SCHEMA), orient="row")


def amount(what: str, person: int, n: int, **labels: Any) -> dict[str, Any]:
    here = {"period_kind": "month", "period_start": MONTH, "platform": "all", "amount": what}
    return dict.fromkeys(AMOUNT_SCHEMA, None) | here | {"person": person, "n": n} | labels


def amounts(*rows: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([dict(row) for row in rows], schema=dict(AMOUNT_SCHEMA), orient="row")


def release(**rows: Sequence[Mapping[str, Any]]) -> dict[str, pl.DataFrame]:
    """A release with these rows in these tables; what a row does not say is unknown."""
    return {table: _table(table, rows.get(table, ())) for table in (*RELEASED, "rel_revision")}


def _table(table: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    shape = TABLES[table].empty().schema
    here = {"period_kind": "month", "period_start": MONTH, "period_end": date(2026, 4, 30), "platform": "all"}
    whole = {"unit": "all", "is_complete": True, "n_observed_days": 30}
    filled = [dict.fromkeys(shape, None) | here | whole | dict(row) for row in rows]
    return pl.DataFrame([{name: row[name] for name in shape} for row in filled], schema=shape, orient="row")


def counted(unit: str, n_eligible: int, n_contributors: int | None, **more: Any) -> dict[str, Any]:
    """A row of `rel_active_users` or `rel_contributor_ratios`."""
    return {"unit": unit, "n_eligible": n_eligible, "n_contributors": n_contributors} | more


def found(
    people: pl.DataFrame, *releases: Mapping[str, pl.DataFrame], done: pl.DataFrame | None = None,
    limits: Limits = LIMITS,
) -> Sequence[Finding]:  # fmt: skip
    """What the audit finds."""
    return audit(people, amounts() if done is None else done, list(releases), limits).findings


def rules(findings: Sequence[Finding]) -> set[str]:
    return {one.rule for one in findings}
