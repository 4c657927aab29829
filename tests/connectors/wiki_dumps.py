"""Builds tiny wiki dumps and loads what a reader makes of an export, asserting that no record is lost."""

from pathlib import Path

import polars as pl

from connectors.contract import FRAMES, Connector
from connectors.settings import SourceSettings
from connectors.source import Source, open_source

SITE = """<siteinfo><sitename>W</sitename><dbname>wikidb</dbname><base>https://wiki.example.org/Main</base>
<namespaces><namespace key="-1">Special</namespace><namespace key="0" /><namespace key="1">Talk</namespace>
<namespace key="6">File</namespace></namespaces></siteinfo>"""


def dump(*pages: str, site: str = SITE, version: str = "0.11") -> bytes:
    root = f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-{version}/" version="{version}" xml:lang="en">'
    return f"{root}\n{site}\n{''.join(pages)}</mediawiki>\n".encode()


def page(*revisions: str, number: int = 1, ns: int | None = 0, title: str = "T") -> str:
    namespace = "" if ns is None else f"<ns>{ns}</ns>"
    return f"<page><title>{title}</title>{namespace}<id>{number}</id>\n{''.join(revisions)}</page>\n"


def user(name: str) -> str:
    return f"<contributor><username>{name}</username><id>7</id></contributor>"


def revision(number: int, second: int | str, text: str = "", *, by: str = user("Ann"), extra: str = "",
             parent: int | None = None) -> str:
    stamp = f"2024-01-01T00:00:{second:02d}Z" if isinstance(second, int) else second
    parentid = "" if parent is None else f"<parentid>{parent}</parentid>"
    return (f"<revision><id>{number}</id>{parentid}<timestamp>{stamp}</timestamp>{by}{extra}"
            f'<text xml:space="preserve">{text}</text></revision>\n')


def load(connector: Connector, source: Source, settings: SourceSettings | None = None) -> dict[str, pl.DataFrame]:
    """All frames by table, every one in its exact layout."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for frame in connector.read(source, settings or SourceSettings()):
        assert dict(frame.rows.schema) == dict(FRAMES[frame.table])
        parts.setdefault(frame.table, []).append(frame.rows)
    tables = {name: pl.concat(parts[name]) if name in parts else pl.DataFrame(schema=dict(schema))
              for name, schema in FRAMES.items()}
    records = sum(tables[name]["is_record"].sum() for name in ("event", "account", "space", "person"))
    aside = tables["quarantine"].height + tables["exclusion"]["n_records"].sum()
    assert tables["part"]["n_read"].sum() == records + aside
    assert tables["capability"].height == 1
    return tables


def load_bytes(connector: Connector, folder: Path, content: bytes, **settings: object) -> dict[str, pl.DataFrame]:
    """The same for the content of one file."""
    path = folder / "export"
    path.write_bytes(content)
    return load(connector, open_source(path, "export"), SourceSettings(**settings))


def rows(table: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return table.select(columns).rows()
