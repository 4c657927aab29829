"""The committed company and a small one, each with what its generator counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from data_samples import write_company

HOME = Path(__file__).parents[2] / "data_samples"
Sample = tuple[Path, dict[str, Any]]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("small")
    return folder, json.loads(json.dumps(write_company(folder, people=80, days=90).to_dict()))


@pytest.fixture(scope="session")
def acme() -> Sample:
    return HOME / "acme", json.loads((HOME / "acme_truth.json").read_text(encoding="utf-8"))


@pytest.fixture(params=["acme", "small"])
def sample(request: pytest.FixtureRequest, acme: Sample, small: Sample) -> Sample:
    return small if request.param == "small" else acme
