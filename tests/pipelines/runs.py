"""How these tests run the pipeline, and how they look at what it made. No test is here."""

import shutil
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from models.queries import modeled
from models.schemas import GROUPS
from pipelines import agreement, champions, declared, guard, ingest, staging
from pipelines.build import build_model
from pipelines.config import Choices, load_settings
from pipelines.job import Outcome, run_job
from pipelines.keys import open_key
from pipelines.lake import Lake
from pipelines.retention.expire import expire
from pipelines.warehouse import Warehouse
from pipelines.workspace import Workspace
from tests.oracle.staged import needed_for

KEY = bytes(range(32))
NOW = datetime(2027, 1, 1, 12)
FULL = '\n[analyst]\nfile = "full"\napproved_by = "the tests"\n'
MARTS = ("mart_active_users", "mart_contributor_ratios", "mart_executive_participation")
FIGURES = ("fct_person_day", *MARTS)
FACTS = tuple(
    table for group in ("ledger", "dimension", "fact") for table in GROUPS[group] if table in modeled()
)
"""What became of each record, who and where it is about: without marts, which take most of the time."""


@dataclass(frozen=True)
class Run:
    """A database that a run made, and the lines about files that it could not load."""

    path: Path
    problems: Sequence[str] = ()

    def rows(self, query: str, **params: object) -> list[tuple[object, ...]]:
        """The rows of a query."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            return connection.execute(query, params or None).fetchall()

    def one(self, query: str, **params: object) -> object:
        """The only value of a query."""
        ((value,),) = self.rows(query, **params)
        return value

    def table(self, name: str) -> list[tuple[object, ...]]:
        """All rows of a table in one order, with the names of its columns first."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            relation = connection.sql(f'from "{name}"')
            return [tuple(relation.columns), *sorted(relation.fetchall(), key=repr)]

    def tables(self) -> list[str]:
        """The names of all tables."""
        return [str(name) for (name,) in self.rows("select table_name from duckdb_tables() order by 1")]


def give_key(out: Path, key: bytes = KEY) -> None:
    """The key file of an output folder, so that several have the same pseudonyms."""
    state = out / "work" / "state"
    state.mkdir(parents=True, exist_ok=True)
    if not (state / "key").exists():
        (state / "key").write_bytes(key)
        (state / "key").chmod(0o600)


def run_models(
    exports: Path, out: Path, *, as_of: date | None = None, platforms: Sequence[str] = (), is_built: bool = True,
    tables: Sequence[str] = (),
) -> Run:
    """The run without Dagster, release and site: from the drop folder to the marts in the live warehouse.

    `tables` are those that a test looks at, if they are not all: only they, and all that they read, are built then.
    """
    give_key(out)
    settings = load_settings(exports, Choices(as_of=as_of))
    warehouse = Warehouse(out / "work" / "turnout.duckdb", threads=2)
    ring = open_key(out / "work" / "state")
    lake = Lake(out / "work" / "lake", ring)
    guard.admit(warehouse, ring, zone=settings.reporting_zone)
    with warehouse.held():
        found = ingest.survey(warehouse, exports, settings)
        problems = [reason for reason in found["reason"].to_list() if reason]
        for connector in ingest.CONNECTORS:
            if not platforms or connector.platform in platforms or connector.platform == "roster":
                refusals = ingest.read_exports(warehouse, lake, exports, settings, connector, now=NOW)
                problems += [str(refusal.problem) for refusal in refusals]
        declared.keep_mapped_out(exports, settings, ring, lake.ledger())
        wanted = (*platforms, "roster") if platforms else ()
        expire(warehouse, lake, exports, settings, now=NOW)
        staging.mirror(warehouse, lake, zone=settings.reporting_zone, platforms=wanted, now=NOW)
        recorded, today = agreement.load_agreement(exports), NOW.date()
        lines, faults = champions.opted_in(exports, recorded, settings, today=today)
        declared.store_settings(
            warehouse, exports, settings, ring, lake.ledger(), opted_in=champions.rows(lines, ring, today=today),
            named=agreement.may_be_named(recorded, settings, today=today),
        )  # fmt: skip
        problems += faults
        if is_built:
            built = [build_model(warehouse, table) for table in needed_for(*tables)]
            faults = {written.table: list(written.faults) for written in built if written.faults}
            assert not faults, faults
    return Run(warehouse.path, problems)


def run_whole(exports: Path, out: Path, **choices: object) -> tuple[Outcome, Run]:
    """The whole job in process, and the analyst's file of the release."""
    give_key(out)
    outcome = run_job(Workspace(exports=str(exports), out=str(out), **choices))
    return outcome, Run(out / "latest" / "turnout.duckdb", outcome.problems)


def contents(path: Path) -> bytes:
    """The bytes of a file; of a workbook, which is an archive, those of its members."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return b"".join(book.read(name) for name in book.namelist())


def assert_same_tables(one: Run, other: Run, names: Iterable[str]) -> None:
    """Whole-table equality, with the first rows that differ."""
    names = sorted(names)
    of_one, of_other = _digests(one, names), _digests(other, names)
    for name in names:
        if of_one[name] != of_other[name]:
            left, right = one.table(name), other.table(name)
            only_left = sorted(set(left) - set(right), key=repr)[:5]
            only_right = sorted(set(right) - set(left), key=repr)[:5]
            raise AssertionError(
                f"{name}: {len(left) - 1} rows, {len(right) - 1} rows\n{left[0]}\n{only_left}\n{only_right}"
            )


def _digests(run: Run, names: Iterable[str]) -> dict[str, object]:
    """Of each table: its columns, its number of rows, and sums over the hashes of whole rows in any order."""
    with duckdb.connect(str(run.path), read_only=True) as connection:
        return {
            name: (
                connection.execute(f'describe "{name}"').fetchall(),
                connection.execute(
                    f'select count(*), sum(hash(t)::hugeint), bit_xor(hash(t)) from "{name}" as t'
                ).fetchall(),
            )
            for name in names
        }


def drop_folder(folder: Path, files: Mapping[str, Path], *, config: str = FULL) -> Path:
    """A drop folder with copies of these files under these names, and a turnout.toml."""
    for name, path in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "turnout.toml").write_text(config, encoding="utf-8")
    return folder


def frame_of(run: Run, query: str) -> pl.DataFrame:
    """The rows of a query as a frame."""
    with duckdb.connect(str(run.path), read_only=True) as connection:
        return connection.sql(query).pl()


def counts(run: Run, query: str) -> dict[str, int]:
    """The two columns of a query as a dictionary."""
    return {str(key): int(str(n)) for key, n in run.rows(query)}
