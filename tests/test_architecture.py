"""The rules of the house that a reader relies on: who imports whom, how big a file gets, what every model says."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.analyses import ANALYSES
from models.metrics import MARTS, METRICS, mart_of
from models.queries import SQL, modeled, queries, question, source_of, tables_read
from models.schemas import GROUPS, TABLES
from models.schemas.lake import LAKE
from models.schemas.marts import RELEASED_SCHEMAS
from models.schemas.staging import SETTINGS
from pipelines.assets.models import MODELS

ROOT = Path(__file__).parent.parent
OURS = ("models", "connectors", "dashboards", "pipelines", "data_samples")
MAY_IMPORT = {
    "models": {"models"},
    "connectors": {"connectors", "models"},
    "dashboards": {"dashboards", "models"},
    "pipelines": {"pipelines", "connectors", "models", "dashboards", "data_samples"},
    "data_samples": {"data_samples"},
}
ONLY = {"dagster": {"pipelines"}, "plotly": {"dashboards"}, "duckdb": {"pipelines"}}
SOFT_LINES, HARD_LINES = 300, 400
WRITTEN_IN_PYTHON = {
    "dim_metric", "rel_note", "rel_agreement", "rel_named_champions", "rel_named_executives", "rel_revision",
    "rel_withheld", *RELEASED_SCHEMAS,
}  # fmt: skip
"""Tables that are no SQL model: the registry, and what the release policy cuts out of marts and notes."""
HOME_OR_WORK = re.compile(r"(?<![\w.~}/-])/(?:" + "|".join(("home", "work", "Users", "root")) + r")/[\w.-]+")
REGISTRY_HOST = re.compile(r"\b(?:files\.)?py" + r"(?:pi|thonhosted)\.org\b|\bregistry\.npm" + r"js\.org\b")
ADDRESS = re.compile(r"\bhttps?" + "://|--(?:extra-)?index" + "-url|--find" + "-links")


def modules(package: str) -> list[Path]:
    """The Python files of a package."""
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The top-level names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield str(node.module).partition(".")[0]


def tracked() -> list[Path]:
    """The files that belong to the project: tracked, or new and not ignored."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout: the list of files is unknown")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("package", OURS)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): set(imports(path)) & set(OURS) - MAY_IMPORT[package] for path in modules(package)
    }
    assert not {path: names for path, names in wrong.items() if names}


def test_the_audit_knows_nothing_of_the_release_policy() -> None:
    audit = [*modules("models/audit"), *(ROOT / "pipelines").glob("disclosure*.py")]
    assert len(audit) > 10
    policy = re.compile(r"^\s*(?:from|import) (?:models\.release|models import .*release|pipelines\.assets)\b", re.M)
    assert not [path.name for path in audit if policy.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("library", ONLY)
def test_a_library_is_known_to_one_package(library: str) -> None:
    users = {package for package in OURS for path in modules(package) if library in imports(path)}
    assert users <= ONLY[library]


def test_only_the_warehouse_opens_duckdb() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in OURS
        for path in modules(package)
        if "duckdb.connect" in path.read_text(encoding="utf-8")
    }
    assert found == {"pipelines/warehouse.py"}


def test_no_module_is_too_long() -> None:
    files = [path for folder in (*OURS, "tests", "benchmarks") for path in modules(folder)]
    lines = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in files}
    assert not {path: n for path, n in lines.items() if n > HARD_LINES}
    long = {path: n for path, n in lines.items() if n > SOFT_LINES}
    if long:
        print("above the soft limit:", long)


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [path for package in OURS for path in modules(package) if not module_docstring(path)]
    assert not silent


def module_docstring(path: Path) -> str | None:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_no_module_is_a_drawer_of_odds_and_ends() -> None:
    files = [path for folder in (*OURS, "benchmarks") for path in modules(folder)]
    assert not [path for path in files if path.stem in ("utils", "util", "helpers", "common", "misc")]


def test_every_model_is_one_select_with_its_grain_and_question() -> None:
    for table, query in queries().items():
        header = query.splitlines()[:2]
        assert header[0].startswith("-- grain: "), table
        assert header[1].startswith("-- question: "), table
        assert question(table).endswith("?"), table
        code = re.sub(r"--[^\n]*|'[^']*'", "", query).strip()
        assert code.split(maxsplit=1)[0] in ("with", "select"), table
        assert ";" not in code, table
        assert not re.search(r"\b(?:create|insert|update|delete|drop|alter|copy|attach)\b", code), table
        assert not re.search(r"[{}]|select \*", code), table


def test_models_schemas_and_assets_name_the_same_tables() -> None:
    in_groups = [table for tables in GROUPS.values() for table in tables]
    assert len(in_groups) == len(set(in_groups))
    assert set(queries()) == {path.stem for path in SQL.iterdir()}
    assert {asset.key.path[-1] for asset in MODELS} == modeled()
    assert set(TABLES) - modeled() == WRITTEN_IN_PYTHON
    assert modeled() <= set(TABLES)
    assert not set(queries()) & set(ANALYSES)
    assert all((ROOT / source_of(table)).is_file() for table in modeled())


def test_models_read_only_what_exists() -> None:
    staged = {f"stg_{table}" for table in LAKE} | set(SETTINGS) | {"stg_file"}
    for table in modeled():
        assert set(tables_read(table)) <= modeled() | staged, table


def test_every_mart_has_an_entry_and_every_column_one_measure() -> None:
    assert set(MARTS) == {table for table in modeled() if table.startswith("mart_")}
    for mart in MARTS.values():
        named = [column.name for metric in mart.metrics for column in metric.columns]
        assert len(named) == len(set(named)), mart.name
        assert not {column.name for column in mart.keys} & set(named), mart.name


def test_a_version_of_a_metric_has_columns_of_its_own() -> None:
    keys = [(metric.id, metric.version) for metric in METRICS]
    assert len(keys) == len(set(keys))
    for metric in METRICS:
        same = [other for other in METRICS if other.id == metric.id and mart_of(other) == mart_of(metric)]
        columns = [column.name for version in same for column in version.columns]
        assert len(columns) == len(set(columns)), metric.id


def test_every_column_and_every_table_is_described() -> None:
    for table, schema in TABLES.items():
        assert schema.__doc__, table
        bare = [name for name, column in schema.to_schema().columns.items() if not column.description]
        assert not bare, (table, bare)


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not ADDRESS.search(lock)
    pinned = [line for line in lock.replace("\\\n", " ").splitlines() if re.match(r"[a-z0-9]", line, re.IGNORECASE)]
    assert pinned
    assert not [line for line in pinned if "==" not in line or "--hash=sha256:" not in line]


def test_no_file_knows_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content[:8192]:
            continue
        text = content.decode("utf-8", errors="replace")
        found += [
            f"{path.relative_to(ROOT)}: {match[0]}"
            for pattern in (HOME_OR_WORK, REGISTRY_HOST)
            for match in pattern.finditer(text)
        ]
    assert not found
