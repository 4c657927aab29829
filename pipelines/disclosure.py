"""The audit of a site before it is published: reads what stands in it and in earlier releases, asks `models.audit`.

A site of which too much can be worked out is not published. What was looked at is remembered beside the key, so that a
night looks only at what is new; what a site holds is told in it as counts.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial
from pathlib import Path
from typing import Any, Final

import polars as pl

from models.audit import Audited, Finding, Known, Limits, audit, panel_digests
from models.audit.atoms import ATOM_SCHEMA
from models.audit.columns import RELEASED
from models.audit.dominance import AMOUNT_SCHEMA
from models.audit.findings import RULES, added_up
from models.audit.pages import beyond_workbook
from models.audit.solved import Counts
from models.schemas import TABLES
from pipelines import state_file
from pipelines.disclosure_site import WORKBOOK, cells_of_pages, workbook_tables
from pipelines.disclosure_truth import amounts, atoms, spaces
from pipelines.warehouse import Warehouse, frame_of, quoted

REPORT: Final = "disclosure_audit.json"
"""In the site: what was looked at, as counts."""
MEMORY: Final = "disclosure.json"
"""Beside the key: digests of what was looked at, and which of them every release holds."""
CODE: Final = "PPL-PRV-020"
_READ: Final = (*RELEASED, "rel_revision")
BESIDE: Final = ("rel_pockets", "rel_control_chart")
"""Tables that tell of everybody what others tell of parts."""
_SHOWN: Final = 3


__all__ = ["BESIDE", "DisclosureFound", "Limits", "audit_site", "objections"]


class DisclosureFound(Exception):
    """The site would tell too much of few people, and is not published. The text names no group and tells no value."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        rules = sorted({one.rule for one in findings})
        found = {rule: [one for one in findings if one.rule == rule] for rule in rules}
        said = "; ".join(f"{RULES[rule]}: {_where(of_rule)}" for rule, of_rule in found.items())
        super().__init__(
            f"{CODE} site: {sum(one.n_cells for one in findings)} cells tell too much of few people: {said}; nothing "
            "was published; raise min_group, or remove earlier releases that tell more"
        )
        self.findings = findings


def _where(findings: Sequence[Finding]) -> str:
    """In which tables, by what people are told apart, of which measure, in which periods, and how often."""
    most = sorted(findings, key=lambda one: (-one.n_cells, one))[:_SHOWN]
    told = [
        f"{one.table} by {one.dimension}, {one.measure}, {one.period_kind or 'all'} ({one.n_cells})" for one in most
    ]
    return ", ".join(told + ([f"and {len(findings) - _SHOWN} more"] if len(findings) > _SHOWN else []))


def audit_site(site: Path, *, warehouse: Warehouse, out: Path, limits: Limits) -> Callable[[Path], None]:
    """Audits a site before it is published, and writes `disclosure_audit.json` into it; raises `DisclosureFound`.

    `out` is the output folder, where earlier releases still stand. What is returned is to be told of
    the release once it stands, for the next audit.
    """
    releases, state = out / "releases", out / "work" / "state"
    new = _tables(site)
    memory = _memory(state)
    known = _known(memory)
    digests = panel_digests(new, limits)
    earlier = _earlier(releases, memory, digests)
    people, done = pl.DataFrame(schema=dict(ATOM_SCHEMA)), pl.DataFrame(schema=dict(AMOUNT_SCHEMA))
    with warehouse.connect() as connection:
        named = spaces(connection)
        if not digests <= set(known.panels):
            people, done = atoms(connection), amounts(connection)
    found = audit(people, done, [new, *earlier], limits, known, spaces=named)
    on_pages = beyond_workbook(workbook_tables(site), cells_of_pages(site))
    findings = added_up([*found.findings, *on_pages])
    if findings:
        raise DisclosureFound(findings)
    (site / REPORT).write_text(_report(found, limits), encoding="utf-8", newline="\n")
    return partial(_keep, found, memory, state)


def objections(warehouse: Warehouse, out: Path, limits: Limits) -> Callable[[Mapping[str, pl.DataFrame]], Set[Any]]:
    """Of which periods and platforms released tables, not published yet, would tell too much together.

    Tables that are not given are read from the warehouse. What was found harmless before is not looked at again, nor
    will the audit of the site if nothing at all is found here: it recognises the same figures.
    """
    releases, state = out / "releases", out / "work" / "state"
    memory = _memory(state)
    known = _known(memory)
    with warehouse.connect() as connection:
        people, done, named = atoms(connection), amounts(connection), spaces(connection)
        others = {table: frame_of(connection, f"from {quoted(table)}") for table in BESIDE}

    def objected(tables: Mapping[str, pl.DataFrame]) -> Set[Any]:
        nonlocal known
        told = {table: TABLES[table].empty() for table in _READ} | others | dict(tables)
        earlier = _earlier(releases, memory, panel_digests(told, limits))
        found = audit(people, done, [told, *earlier], limits, known, spaces=named)
        known = found.known
        if not found.findings:
            _remember(state, dict(memory) | _as_memory(known))
        return found.objected

    return objected


def _keep(found: Audited, memory: Mapping[str, Any], state: Path, release: Path) -> None:
    """Notes what was looked at, and that `release` holds it; of releases that stand no more nothing is kept."""
    standing = {path.name for path in release.parent.iterdir()}
    held = {name: of for name, of in memory.get("releases", {}).items() if name in standing}
    held[release.name] = sorted(found.known.panels)
    _remember(state, _as_memory(found.known) | {"releases": held})


def _as_memory(known: Known) -> dict[str, Any]:
    panels = {digest: list(counts) for digest, counts in known.panels.items()}
    return {"panels": panels, "tables": sorted(known.tables)}


def _remember(state: Path, content: Mapping[str, Any]) -> None:
    state_file.replace(state / MEMORY, (json.dumps(content, sort_keys=True) + "\n").encode())


def _tables(site: Path) -> dict[str, pl.DataFrame]:
    told = workbook_tables(site, dict.fromkeys(_READ))
    return {table: told[table] if table in told else TABLES[table].empty() for table in _READ}


def _earlier(releases: Path, memory: Mapping[str, Any], digests: Set[str]) -> list[dict[str, pl.DataFrame]]:
    """The tables of the earlier releases that hold anything that the new one does not."""
    held: Mapping[str, Iterable[str]] = memory.get("releases", {})
    standing = sorted(releases.iterdir()) if releases.is_dir() else []
    return [
        _tables(path / "site")
        for path in standing
        if (path / "site" / WORKBOOK).is_file()
        and not path.name.startswith(".")
        and not (path.name in held and set(held[path.name]) <= digests)
    ]


def _memory(state: Path) -> Mapping[str, Any]:
    path = state / MEMORY
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return content


def _known(memory: Mapping[str, Any]) -> Known:
    panels = {digest: Counts(*counts) for digest, counts in memory.get("panels", {}).items()}
    return Known(panels, frozenset(memory.get("tables", ())))


def _report(found: Audited, limits: Limits) -> str:
    content = {
        "smallest_group": limits.smallest_group,
        "narrowest_interval": limits.width,
        **found.counts._asdict(),
        "findings": dict.fromkeys(RULES, 0),
    }
    return json.dumps(content, indent=1) + "\n"
