"""Runs that several tests only look at, made once."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from data_samples import write_company
from pipelines.cli import main
from tests.pipelines import erasable
from tests.pipelines.runs import FULL, Run, give_key, run_models

SAMPLES = Path(__file__).resolve().parents[2] / "data_samples"


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drop folder of a small sample company; the analyst's file is full. Copy it before changing it."""
    folder = tmp_path_factory.mktemp("company") / "drop"
    write_company(folder, people=80, days=90)
    config = folder / "turnout.toml"
    config.write_text(config.read_text(encoding="utf-8") + FULL, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def company_models(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The live warehouse of the small company."""
    return run_models(company, tmp_path_factory.mktemp("models") / "out")


@pytest.fixture(scope="session")
def company_out(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the console command on the small company. Copy it before changing it."""
    out = tmp_path_factory.mktemp("whole") / "out"
    give_key(out)
    assert main(["run", "--exports", str(company), "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture
def my_company(company: Path, tmp_path: Path) -> Path:
    """A copy of the small company's drop folder that a test may change."""
    return shutil.copytree(company, tmp_path / "drop")


@pytest.fixture
def my_out(company_out: Path, tmp_path: Path) -> Path:
    """A copy of the small company's output folder that a test may change."""
    return shutil.copytree(company_out, tmp_path / "out", symlinks=True)


@pytest.fixture(scope="session")
def erasable_drop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The drop folder of a tiny organisation on five platforms. Copy it before changing it."""
    return erasable.write(tmp_path_factory.mktemp("erasable") / "drop")


@pytest.fixture(scope="session")
def erasable_out(erasable_drop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder that has read it, without models. Copy it before changing it."""
    out = tmp_path_factory.mktemp("erasable_out") / "out"
    run_models(erasable_drop, out, is_built=False)
    return out


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    return json.loads((SAMPLES / "acme_truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def acme_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the console command; an unknown file lies among the exports and is no fault."""
    folder = tmp_path_factory.mktemp("acme")
    drop = shutil.copytree(SAMPLES / "acme", folder / "drop")
    config = drop / "turnout.toml"
    config.write_text(config.read_text(encoding="utf-8") + FULL, encoding="utf-8")
    (drop / "notes.docx").write_bytes(b"nothing that anybody reads")
    give_key(folder / "out")
    assert main(["run", "--exports", str(drop), "--out", str(folder / "out"), "--quiet"]) == 0
    return folder / "out"


@pytest.fixture(scope="session")
def acme(acme_out: Path) -> Run:
    return Run(acme_out / "latest" / "turnout.duckdb")


@pytest.fixture(scope="session")
def acme_live(acme_out: Path) -> Run:
    return Run(acme_out / "work" / "turnout.duckdb")
