"""The registry as a document: `python -m models.metrics.document docs/metrics.md` writes it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from models.metrics import MARTS, PEOPLE
from models.metrics.entry import Column, Mart, Metric
from models.schemas.marts import Mart as Head

_HEAD: Final = (
    "# Every measure, and where it stands\n\n"
    "Generated from `models/metrics` by `python -m models.metrics.document docs/metrics.md`; a test keeps it true.\n"
    "Each table is filled by one file, `models/sql/<table>.sql` or `models/analyses/<name>.py`. What an export cannot\n"
    "show is unknown (NULL), never 0. A definition that changes gets the next version and columns of its own.\n"
)
_LEFT_OUT: Final = {
    "A fitted adoption curve (Bass, logistic)": "it cannot be told before the turn of the curve, and it would be a "
    "forecast; `adoption` shows what happened",
    'Weighted commitment ("gravity")': "its weights are arbitrary",
    "Influential people, influencer risk": "the cut is published nowhere, and it is about single people; "
    "`absence_factor` and `champions` count on how few it rests",
    "Reach of a post, engagement over who has seen it": "no export says who saw a message; `mart_responses` and "
    "`mart_relationships` count who answered",
    "Reasons for silence, culture, return on investment, delay by approvals": "no export tells them",
}
"""Measures of other products and of the literature, and why they are not computed."""


def metrics_document() -> str:
    """The whole of docs/metrics.md."""
    parts = [_HEAD, "## In every mart\n", _table(_every_mart()), *_definition(PEOPLE)]
    for mart in MARTS.values():
        parts += [f"## `{mart.name}`\n", f"{mart.description}\n", *_keys(mart)]
        parts += [line for metric in mart.metrics for line in _definition(metric)]
    parts += ["## Left out on purpose\n", "| measure | why |\n|---|---|"]
    parts += [*(f"| {measure} | {why} |" for measure, why in _LEFT_OUT.items()), ""]
    return "\n".join(parts)


def _every_mart() -> list[tuple[str, str]]:
    return [(name, str(column.description)) for name, column in Head.to_schema().columns.items()]


def _keys(mart: Mart) -> Iterator[str]:
    if mart.keys:
        yield "One row per period, platform, unit and:\n"
        yield _table(_described(mart.keys))


def _definition(metric: Metric) -> Iterator[str]:
    yield f"### {metric.title}\n"
    yield f"{metric.question} (`{metric.id}`, version {metric.version})\n"
    facts = {
        "Counts": metric.numerator,
        "Over": metric.denominator,
        "Window": metric.window,
        "One value per": metric.grain,
        "Leaves out": metric.exclusions,
        "Needs": metric.sources,
        "Smallest group": str(metric.minimum_population),
        "Better is": metric.direction,
        "Published": metric.reference,
    }
    yield "\n".join(f"- {name}: {fact}" for name, fact in facts.items() if fact) + "\n"
    yield _table(_described(metric.columns))


def _described(columns: tuple[Column, ...]) -> list[tuple[str, str]]:
    return [(column.name, column.description) for column in columns]


def _table(rows: list[tuple[str, str]]) -> str:
    lines = ["| column | holds |", "|---|---|", *(f"| `{name}` | {text} |" for name, text in rows)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(metrics_document(), encoding="utf-8")
