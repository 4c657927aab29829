"""Plants canaries into chosen fields of an export of any format, and looks for them. No test is here.

A field is a path: keys of JSON, header of CSV, tags and attributes of XML or HTML. The same value gets the same mark
everywhere, so that accounts, spaces and threads still find each other.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import dagster as dg
import duckdb
import polars as pl

from pipelines.definitions import defs, nightly
from pipelines.workspace import Workspace

CANARY = "kanarij"
FIRST_DIGITS = "9180273645"
"""Of every number that is planted."""
ADDRESS = "203.0.113.77"
CANARIES = (CANARY, FIRST_DIGITS, ADDRESS)
Change = Callable[[str, str], str]
"""From a field and its value to the new value."""
_ASSIGNED = re.compile(r"\A\s*window\.[\w.]+\s*=\s*")
_TAG = re.compile(r'(?P<attribute>\s(?P<name>[A-Z_-]+)=")(?P<value>[^"]*)(?=")|>(?P<text>[^<>\n]*\w[^<>\n]*)(?=[<\n])')


class Marks:
    """One mark for each value that is ever planted."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, value: str) -> str:
        """The value with a mark; of a number another number, and of a native id still one in capitals."""
        n = self._numbers.setdefault(value, len(self._numbers))
        if value.isascii() and value.isdigit():
            return f"{FIRST_DIGITS}{n:04}"
        if re.fullmatch(r"[A-Z0-9]+", value):
            return f"{value}{CANARY.upper()}{n}X"
        return f"{value}{CANARY}{n}x"


def fields_of(content: bytes) -> list[str]:
    """Every field of a text, in order."""
    return list(_values(content))


def planted(content: bytes, chosen: Collection[str], marks: Marks) -> bytes:
    """The text with a mark in every value of the chosen fields, and in a field that is always empty."""
    is_empty = {field for field, values in _values(content).items() if not any(values)}

    def plant(field: str, value: str) -> str:
        return marks.of(value) if field in chosen and (value.strip() or field in is_empty) else value

    return rewritten(content, plant)


def _values(content: bytes) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}

    def note(field: str, value: str) -> str:
        found.setdefault(field, set()).add(value.strip())
        return value

    rewritten(content, note)
    return found


def rewritten(content: bytes, change: Change) -> bytes:
    """The text with every value as `change` has it."""
    if content.startswith(b"PAR1"):
        rows = pl.read_parquet(content)
        texts = [name for name, kind in rows.schema.items() if kind == pl.String]
        changed = {name: [value and change(name, value) for value in rows[name]] for name in texts}
        stream = io.BytesIO()
        rows.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in changed.items()
                          ).write_parquet(stream)  # fmt: skip
        return stream.getvalue()
    code = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return _text(content.decode(code), change).encode(code)


def _text(text: str, change: Change) -> str:
    head = match[0] if (match := _ASSIGNED.match(text)) else ""
    body = text[len(head) :]
    if body.lstrip()[:1] in ("{", "["):
        try:
            return head + json.dumps(_json(json.loads(body), "", change), ensure_ascii=False)
        except json.JSONDecodeError:
            lines = [line for line in body.split("\n") if line]
            return "".join(json.dumps(_json(json.loads(line), "", change)) + "\n" for line in lines)
    if body.lstrip("\ufeff \n").startswith("<"):
        try:
            return _xml(body, change)
        except ElementTree.ParseError:
            return _TAG.sub(lambda match: _tag(match, change), body)
    if re.match(r"(#.*\n)*[\w.-]+\s*[:=]", body):
        return re.sub(r"(?m)^([\w.-]+)(\s*[:=]\s*)(.+)$", lambda m: m[1] + m[2] + change(m[1], m[3]), body)
    return _csv(body, change)


def _json(value: object, path: str, change: Change) -> object:
    if isinstance(value, dict):
        return {key: _json(inner, f"{path}.{key}", change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_json(inner, f"{path}[]", change) for inner in value]
    if isinstance(value, str):
        return change(path, value)
    if isinstance(value, int) and not isinstance(value, bool):
        changed = change(path, str(value))
        return int(changed) if changed.lstrip("-").isdigit() else value
    return value


def _csv(text: str, change: Change) -> str:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    header, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n" if first.endswith("\r") else "\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(name, value, change) for name, value in zip(header, row, strict=True)] if row else row)
    return mark + stream.getvalue()


def _cell(name: str, value: str, change: Change) -> str:
    if value.startswith("{"):
        return json.dumps(_json(json.loads(value), name, change))
    return change(name, value)


def _xml(text: str, change: Change) -> str:
    for _, (prefix, address) in ElementTree.iterparse(io.StringIO(text), ["start-ns"]):
        if not re.fullmatch(r"ns\d+", prefix):
            ElementTree.register_namespace(prefix, address)
    root = ElementTree.fromstring(text)
    _element(root, root.tag.rpartition("}")[2], change)
    return ElementTree.tostring(root, encoding="unicode")


def _element(element: ElementTree.Element, path: str, change: Change) -> None:
    """`name` and `class` tell the elements of Confluence apart and are part of the path."""
    told = [element.get(name, "") for name in ("class", "name")]
    path += "".join(f"[{one}]" for one in told if one)
    for name, value in element.attrib.items():
        if not name.startswith("{") and name not in ("class", "name", "package"):
            element.set(name, change(f"{path}@{name}", value))
    if element.text and element.text.strip():
        element.text = change(path, element.text)
    for child in element:
        _element(child, f"{path}/{child.tag.rpartition('}')[2]}", change)


def _tag(match: re.Match[str], change: Change) -> str:
    if match["attribute"]:
        return match["attribute"] + change(f"@{match['name']}", match["value"])
    return ">" + change("text", match["text"])


def found_in(values: Iterable[object]) -> bool:
    """Whether any canary is in these values."""
    return any(one in text for text in (str(value).lower() for value in values) for one in CANARIES)


def assert_no_canary(text: str, where: str) -> None:
    lowered = text.lower()
    for one in CANARIES:
        at = lowered.find(one)
        assert at < 0, f"{where}: …{text[max(0, at - 80) : at + 60]}…"


def files_of(folder: Path) -> Iterator[Path]:
    key = folder / "work" / "state" / "key"
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and path != key]
    assert found
    yield from found


def columns_of(path: Path) -> Iterator[tuple[str, str]]:
    """Table and all values of each column of a database, as text."""
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = "select table_name, column_name from duckdb_columns() where not internal"
        for table, column in connection.execute(columns).fetchall():
            values = connection.execute(f'select distinct "{column}" from "{table}"').fetchall()
            yield f"{table}.{column}", repr(values)


def run_in_dagster(drop: Path, out: Path, home: Path) -> list[str]:
    """The nightly job with Dagster's storage in `home`; returns everything that was logged."""
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        result = defs.resolve_job_def(nightly.name).execute_in_process(
            instance=instance,
            resources={"workspace": Workspace(exports=str(drop), out=str(out))},
            raise_on_error=False,
        )
        lines = [str(entry) for entry in instance.all_logs(result.run_id)]
    assert result.success
    return lines
