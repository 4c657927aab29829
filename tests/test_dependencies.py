"""The audit of what Turnout runs on finds what is unpinned, foreign, badly licensed or known to be vulnerable."""

import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
HASH = "--hash=sha256:" + "0a" * 32
LOCK = f"good==1.0 \\\n    {HASH}\nodd==2.0 ; python_full_version >= '3.12' \\\n    {HASH}\n"
OLD = "requests==2.19.0"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Osv(BaseHTTPRequestHandler):
    """Answers as an advisory service does: one old version has one advisory."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        is_old = f"{asked['package']['name']}=={asked['version']}" == OLD
        affected = [{"package": {"name": "requests", "ecosystem": "PyPI"}, "ranges": []}]
        advisory = {"id": "PYSEC-0000-1", "summary": "s", "details": "d", "affected": affected}
        body = json.dumps({"vulns": [advisory]} if is_old else {}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Osv)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_entry_of_the_lock_is_pinned_and_hashed(audit: ModuleType) -> None:
    assert list(audit.faults_of_lock((ROOT / "requirements.lock").read_text(encoding="utf-8"))) == []
    assert list(audit.faults_of_lock(LOCK)) == []
    assert list(audit.faults_of_lock("a>=1.0\nb==1.*\nc==1.0 --hash=md5:00\n")) == [
        "a: is not pinned to one version", "a: has no hash", "b: is not pinned to one version", "b: has no hash",
        "c: has no hash",
    ]  # fmt: skip


def test_what_is_installed_is_what_is_locked(audit: ModuleType) -> None:
    at_hand = {"good": "1.0"} | ({"odd": "2.0"} if sys.version_info >= (3, 12) else {})
    assert list(audit.faults_of_installed(LOCK, {**at_hand, "pip": "1", "turnout": "0.1.0"})) == []
    assert list(audit.faults_of_installed(LOCK, {**at_hand, "stranger": "1"})) == [
        "stranger: is installed and not locked"
    ]
    assert list(audit.faults_of_installed(LOCK, {**at_hand, "good": "1.1"})) == [
        "good: 1.1 is installed, 1.0 is locked"
    ]
    assert list(audit.faults_of_installed("good==1.0\n", {})) == ["good: is locked and not installed"]


@pytest.mark.parametrize(
    ("licence", "is_fine"),
    [("MIT", True), ("BSD-3-Clause AND 0BSD AND MIT", True), ("Apache Software License; MIT License", True),
     ("", False), ("GPL-3.0-only", False), ("MIT AND AGPL-3.0", False), ("Proprietary", False), ("MITX", False)],
)  # fmt: skip
def test_a_licence_that_is_not_known_to_allow_any_use_is_a_fault(
    audit: ModuleType, licence: str, is_fine: bool
) -> None:
    assert (list(audit.faults_of_licences({"x": licence})) == []) is is_fine


def test_an_advisory_about_a_locked_package_is_a_fault(audit: ModuleType, service: str, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text(f"{OLD} \\\n    {HASH}\nidna==3.0 \\\n    {HASH}\n", encoding="utf-8")
    assert list(audit.faults_of_advisories(lock, service=service)) == [f"{OLD.replace('==', ' ')}: PYSEC-0000-1"]
    lock.write_text(f"idna==3.0 \\\n    {HASH}\n", encoding="utf-8")
    assert list(audit.faults_of_advisories(lock, service=service)) == []


def test_that_no_service_answers_is_not_taken_for_no_advisory(audit: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text(f"idna==3.0 \\\n    {HASH}\n", encoding="utf-8")
    assert audit.faults_of_advisories(lock, service="http://127.0.0.1:9") is None


def test_make_lint_runs_every_audit() -> None:
    done = subprocess.run(["make", "-n", "lint"], cwd=ROOT, capture_output=True, text=True, check=True)
    for part in ("ruff check .", "mypy", "bandit", ".ci/audit.py"):
        assert part in done.stdout, part
