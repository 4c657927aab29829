"""The stored columns as a document: `python -m models.schemas.document docs/columns.md` writes it."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from models.queries import modeled, tables_read
from models.schemas import GROUPS
from models.schemas.base import Table
from models.schemas.purposes import purpose_of
from models.schemas.stored import RECOMMENDED, STATE_FILES, STORES, Store, retention_of

_HEAD: Final = (
    "# Every stored column, why it is stored, and how long\n\n"
    "Generated from `models/schemas` by `python -m models.schemas.document docs/columns.md`; tests keep it true, and\n"
    "see to it that no column is stored without a purpose. No column holds what somebody wrote, how long it was, an\n"
    "e-mail address, an employee number, or the name of a person, but of executives of whom an agreement says so and\n"
    "of champions who ask for it.\n\n"
    "The periods are recommended. `[retention]` in `policy.toml` holds those that were agreed, and in `turnout.toml`\n"
    "those after which a run deletes by itself; without it nothing is deleted. See [privacy.md](privacy.md).\n"
)
_MOST_NAMED: Final = 6
_STEPS: Final = (
    "## Steps on the way to a figure: `OUT/work/turnout.duckdb`\n\n"
    "Made anew from the tables above in every run, and published nowhere. Their columns hold nothing but what is in\n"
    "those tables, counted or put in order; what they are for are the tables made from them.\n"
)
_FIGURES: Final = (
    "## Figures\n\n"
    "The marts (`mart_`) hold counts of groups, every column of which is defined in [metrics.md](metrics.md). What of\n"
    "them is published (`rel_`) has passed the release policy of [privacy.md](privacy.md).\n"
)


def columns_document() -> str:
    """The whole of docs/columns.md."""
    parts = [_HEAD, *_retention()]
    for store in STORES:
        parts += _store(store)
    parts += [_STEPS, *_steps(), _FIGURES]
    return "\n".join(parts)


def made_from(step: str) -> list[str]:
    """The tables that are no steps and read this one, directly or over other steps, in alphabetical order."""
    reads = {table: tables_read(table) for table in modeled()}
    found: set[str] = set()
    ahead = [step]
    while ahead:
        source = ahead.pop()
        readers = {table for table, sources in reads.items() if source in sources} - found
        found |= readers
        ahead += [table for table in readers if table in GROUPS["prepared"]]
    return sorted(found - set(GROUPS["prepared"]))


def _retention() -> Iterator[str]:
    yield "## Recommended periods\n"
    rows = [(about, f"{n} {unit}", f"`retention.{kind}`") for kind, (about, n, unit) in RECOMMENDED.items()]
    yield _table(("what", "may be kept", "key"), rows)


def _store(store: Store) -> Iterator[str]:
    yield f"## {store.title}: `{store.place}`\n"
    yield f"{store.about} {store.kept}\n"
    if store.name == "state":
        yield _table(("file", "holds", "why"), [(f"`{name}`", *texts) for name, texts in STATE_FILES.items()])
    for table, schema in store.tables.items():
        yield f"### `{table}`\n"
        yield f"{_sentence(schema)}{_kept(table)}\n"
        columns = schema.to_schema().columns.items()
        rows = [(f"`{name}`", str(column.description), purpose_of(table, name)) for name, column in columns]
        yield _table(("column", "holds", "why"), rows)


def _kept(table: str) -> str:
    kind = retention_of(table)
    if kind is None:
        return ""
    _, n, unit = RECOMMENDED[kind]
    return f" About single people: recommended for {n} {unit} (`{kind}`)."


def _steps() -> Iterator[str]:
    rows = [(f"`{table}`", _sentence(schema), _named(made_from(table))) for table, schema in GROUPS["prepared"].items()]
    yield _table(("table", "holds", "for"), rows)


def _named(tables: list[str]) -> str:
    return f"{len(tables)} tables" if len(tables) > _MOST_NAMED else ", ".join(f"`{name}`" for name in tables)


def _sentence(schema: type[Table]) -> str:
    """The first paragraph of a docstring on one line."""
    return " ".join((schema.__doc__ or "").partition("\n\n")[0].split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(columns_document(), encoding="utf-8")
