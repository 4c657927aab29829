"""`index.json`: every number of the site for another tool, read from the relations behind the pages' tables.

Its keys are a contract, described in docs/index-json.md; `VERSION` goes up when one changes its meaning.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from dashboards import words
from dashboards.cards import Card
from dashboards.page import MENU, Page, notices
from dashboards.relation import Cell, Column, Relation
from dashboards.released import Released

FILE: Final = "index.json"
VERSION: Final = 2
_NUMBERS: Final = ("count", "ratio", "decimal", "points", "pp")


def index(released: Released, pages: Sequence[Page]) -> str:
    """The file's text: the release, its pages with their cards and tables, and the key figures."""
    labels = dict(MENU)
    versions = {row["id"]: row["version"] for row in released.tables["dim_metric"].sort("version").to_dicts()}
    content = {
        "version": VERSION,
        "as_of": released.as_of.isoformat() if released.as_of else None,
        "zone": released.zone,
        "key_id": released.key_id,
        "population": "roster" if released.has_roster else "accounts seen",
        "min_group": released.min_group,
        "notices": [one.striptags() if isinstance(one, Markup) else one for one in notices(released)],
        "pages": [
            {
                "file": f"{page.slug}.html", "title": page.label or labels[page.slug], "headline": page.title,
                "cards": [_card(card, versions) for card in page.cards],
                "tables": [_table(name, value) for name, value in sorted((page.extra or {}).items())
                           if isinstance(value, Relation)],
            }
            for page in pages
        ],
        "numbers": [
            {"metric": kpi.metric, "label": kpi.label, "value": kpi.number, **kpi.facts}
            for page in pages
            for kpi in page.kpis
        ],
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=1).replace(words.NBSP, " ") + "\n"


def _card(card: Card, versions: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": card.id, "headline": card.headline, "subtitle": card.subtitle, "note": card.note,
        "metrics": [{"id": name, "version": versions[name]} for name in card.metrics],
        **(_content(card.relation) if card.relation else {"columns": [], "rows": [], "remarks": []}),
    }  # fmt: skip


def _table(name: str, relation: Relation) -> dict[str, Any]:
    return {"id": name, "title": relation.caption, **_content(relation)}


def _content(relation: Relation) -> dict[str, Any]:
    """Columns, rows in the order of the visible table, and what its cells say beside their value."""
    frame = relation.frame.reverse() if relation.newest_first else relation.frame
    shown = relation.rows()
    raw = frame.select(column.name for column in relation.columns).rows()
    return {
        "columns": [{"name": one.name, "title": one.title, "kind": one.kind} for one in relation.columns],
        "rows": [
            [_value(*triple) for triple in zip(relation.columns, cells, values, strict=True)]
            for cells, values in zip(shown, raw, strict=True)
        ],
        "remarks": list(_remarks(relation, shown, raw)),
    }


def _value(column: Column, cell: Cell, value: Any) -> Any:
    if value is None:
        return None
    if column.kind in _NUMBERS:
        return json.loads(cell.value or "null")
    return cell.text if column.kind == "text" else value.isoformat()


def _remarks(
    relation: Relation, shown: Sequence[Sequence[Cell]], raw: Sequence[Sequence[Any]]
) -> Iterator[dict[str, Any]]:
    """What stands for each unknown value, and which values are partly observed."""
    flags = {column.name: relation.flags(column.complete) for column in relation.columns if column.complete}
    for place, (cells, values) in enumerate(zip(shown, raw, strict=True)):
        at = len(raw) - 1 - place if relation.newest_first else place
        for column, cell, value in zip(relation.columns, cells, values, strict=True):
            if value is None:
                yield {"row": place, "column": column.name, "text": cell.text}
            elif column.name in flags and not flags[column.name][at]:
                yield {"row": place, "column": column.name, "text": "partly observed"}
