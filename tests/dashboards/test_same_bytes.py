"""The site does not depend on the process that builds it: each orders its sets and names anew."""

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


def test_two_processes_write_the_same_bytes(variants: dict[str, Tables], tmp_path: Path) -> None:
    (tmp_path / "tables").write_bytes(pickle.dumps(variants["full"]))
    digests, hashes = [], []
    for seed in ("1", "2"):
        site = tmp_path / seed
        done = subprocess.run(
            [sys.executable, "-c", BUILD, str(tmp_path / "tables"), str(site)], check=True, capture_output=True,
            text=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        hashes.append(done.stdout)
        found = sorted(path for path in site.rglob("*") if path.is_file())
        digests.append({str(path.relative_to(site)): sha256(path.read_bytes()).hexdigest() for path in found})
    assert hashes[0] != hashes[1]
    assert digests[0] == digests[1]
    assert {"index.html", "index.json", "release.xlsx"} <= digests[0].keys()
