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
                "cards": [_card(card, released) for card in page.cards],
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


def _card(card: Card, released: Released) -> dict[str, Any]:
    return {
        "id": card.id, "headline": card.headline, "subtitle": card.subtitle, "note": card.note,
        "metrics": [{"id": name, "version": released.definitions[name]["version"]} for name in card.metrics],
        **(_content(card.relation) if card.relation else {"columns": [], "rows": [], "remarks": []}),
    }  # fmt: skip


def _table(name: str, relation: Relation) -> dict[str, Any]:
    return {"id": name, "title": relation.caption, **_content(relation)}


def _content(relation: Relation) -> dict[str, Any]:
    """Columns, rows in the order of the visible table, and what its cells say beside their value."""
    shown, raw = relation.rows(), relation.shown()
    return {
        "columns": [{"name": one.name, "title": one.title, "kind": one.kind} for one in relation.columns],
        "rows": [
            [_value(column, cell, row[column.name]) for column, cell in zip(relation.columns, cells, strict=True)]
            for cells, row in zip(shown, raw, strict=True)
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
    relation: Relation, shown: Sequence[Sequence[Cell]], raw: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """What stands for each unknown value, and which values are partly observed."""
    for place, (cells, row) in enumerate(zip(shown, raw, strict=True)):
        for column, cell in zip(relation.columns, cells, strict=True):
            if row[column.name] is None:
                yield {"row": place, "column": column.name, "text": cell.text}
            elif column.complete and not row.get(column.complete, True):
                yield {"row": place, "column": column.name, "text": "partly observed"}
