"""Public spaces of one platform and month, made by hand: how they are cut, and what an audit finds. No test is here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from models.audit import Finding, Limits, audit
from models.audit.spaces import SPACE_SCHEMA
from models.release import Policy, Rule
from models.release.history import as_published, nothing
from models.release.spaces import release_spaces, still_public
from models.release.told import as_told
from models.schemas import TABLES
from tests.models.audited import amounts, atom, atoms, release

MONTH, END = date(2026, 1, 1), date(2026, 1, 31)
PERIOD = {"period_kind": "month", "period_start": MONTH, "platform": "slack"}
Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Space:
    """A public channel: how many people ever contributed, how many of them this month, and its state."""

    label: str | None
    n_people: int
    n_contributors: int = 0
    state: str = "alive"
    workspace: str = "w"


def true_spaces(spaces: Sequence[Space], n_people: int = 300) -> Tables:
    """`mart_spaces` and `prep_space_people` of these spaces, all on one platform of so many people."""
    names = [(one.workspace, one.label) for one in spaces]
    rows = [
        PERIOD | {
            "period_end": END, "unit": "all", "is_complete": True, "n_observed_days": 31, "n_eligible": n_people,
            "subject": "channel", "workspace": one.workspace, "label": one.label, "state": one.state,
            "first_month": date(2025, 3, 1), "n_unnamed": 0, "n_contributors": one.n_contributors,
        }
        for one in spaces if one.label is not None and names.count((one.workspace, one.label)) == 1
    ]  # fmt: skip
    people = [
        {"subject": "channel", "platform": "slack", "workspace": one.workspace, "space_id": f"s{at}",
         "label": one.label, "period_start": MONTH, "n_people": one.n_people, "n_contributors": one.n_contributors}
        for at, one in enumerate(spaces)
    ]  # fmt: skip
    return {"mart_spaces": _frame("mart_spaces", rows), "prep_space_people": _frame("prep_space_people", people)}


def released(
    spaces: Sequence[Space], *without: Rule, n_people: int = 300, history: pl.DataFrame | None = None
) -> pl.DataFrame:
    """`rel_spaces`, cut as a run cuts it."""
    policy, true = Policy(without=frozenset(without)), true_spaces(spaces, n_people)
    rows = release_spaces(true["mart_spaces"], true["prep_space_people"], policy=policy)
    told = as_told("rel_spaces", rows, rows.clear(), policy)
    before = nothing() if history is None else history
    kept = as_published("rel_spaces", told, before, as_of=END, known_from=date(2025, 1, 1), policy=policy)
    return still_public(kept, true["prep_space_people"])


def findings(
    spaces: Sequence[Space], told: pl.DataFrame, *earlier: pl.DataFrame, n_people: int = 300, n_contributors: int = 80
) -> Sequence[Finding]:  # fmt: skip
    """What an audit finds in a release of these rows, of so many people of whom so many contribute anywhere."""
    by_name: dict[tuple[str, str], list[Space]] = {}
    for one in spaces:
        if one.label is not None:
            by_name.setdefault((one.workspace, one.label), []).append(one)
    rows = [
        {"period_start": MONTH, "platform": "slack", "workspace": workspace, "kind": "channel", "label": label,
         "n_spaces": len(same), "n_people": same[0].n_people, "n_contributors": same[0].n_contributors,
         "n_eligible": n_people}
        for (workspace, label), same in by_name.items()
    ]  # fmt: skip
    truth = pl.DataFrame(rows, schema=dict(SPACE_SCHEMA), orient="row")
    people = atoms(atom("A", n_people, n_contributors, period_start=MONTH, platform="slack"))
    books = [release() | {"rel_spaces": one} for one in (told, *earlier)]
    return audit(people, amounts(), books, Limits(), spaces=truth).findings


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = TABLES[table].to_schema().columns
    return pl.DataFrame(rows, schema={name: column.dtype.type for name, column in columns.items()})
