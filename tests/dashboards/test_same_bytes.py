"""The site depends on its tables alone: not on the order of their rows, nor on how a process orders sets or threads."""

import os
import pickle
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tests.dashboards.conftest import Tables
from tests.test_docs import ROOT

BUILD = """
import pickle, sys
from pathlib import Path
from dashboards import build_site
build_site(pickle.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]))
print(hash("units"))
"""


def test_rows_in_another_order_in_another_process_give_the_same_bytes(
    variants: dict[str, Tables], tmp_path: Path
) -> None:
    shuffled = {
        name: frame if name in ("dim_metric", "meta") else frame.sample(fraction=1, shuffle=True, seed=7)
        for name, frame in variants["full"].items()
    }
    digests, hashes = [], []
    for seed, tables in (("1", variants["full"]), ("2", shuffled)):
        site = tmp_path / seed
        (tmp_path / "tables").write_bytes(pickle.dumps(tables))
        done = subprocess.run(
            [sys.executable, "-c", BUILD, str(tmp_path / "tables"), str(site)], check=True, capture_output=True,
            text=True, cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "POLARS_MAX_THREADS": seed, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        hashes.append(done.stdout)
        found = sorted(path for path in site.rglob("*") if path.is_file())
        digests.append({str(path.relative_to(site)): sha256(path.read_bytes()).hexdigest() for path in found})
    assert hashes[0] != hashes[1]
    assert digests[0] == digests[1]
    assert {"index.html", "index.json", "release.xlsx"} <= digests[0].keys()
