"""Audits what Turnout runs on: the lock file, what is installed, its licences, and known vulnerabilities.

All but the last needs no network. Where no advisory service answers, that is said loudly, and is a fault only with
TURNOUT_REQUIRE_ADVISORIES=1. Prints every fault; exit code 1 if there is one.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK: Final = Path(__file__).resolve().parents[1] / "requirements.lock"
OURS: Final = frozenset({"turnout", "pip", "setuptools"})
"""Not from the lock: this project, and what made the environment."""
LICENCES: Final = re.compile(
    r"0BSD|Apache(-2\.0| Software License)|(\d-Clause )?BSD(-\d-Clause| License)?|CC0-1\.0|MIT(-0|-CMU| License)?"
    r"|MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)|PSF-2\.0|Python Software Foundation License|Zlib"
)
"""Those that allow any use; MPL asks only that changes to its own files are shown."""
KNOWN: Final[Mapping[str, str]] = {}
"""Advisories that do not concern Turnout: id -> the reason."""
SECONDS: Final = 180
UNCHECKED: Final = (
    "NOT CHECKED: no advisory service answers, so nobody knows whether a locked package has a known vulnerability. "
    "Run this where the network is open, and do so before each release."
)


def requirements(lock: str) -> Iterator[tuple[Requirement, str]]:
    """Each entry of a lock file, and the line that it was read from."""
    for line in lock.replace("\\\n", " ").splitlines():
        if re.match(r"[A-Za-z0-9]", line):
            yield Requirement(line.partition(" --hash")[0].strip()), line


def faults_of_lock(lock: str) -> Iterator[str]:
    """Entries that leave open what is installed."""
    for wanted, line in requirements(lock):
        if not re.fullmatch(r"==[^*,]+", str(wanted.specifier)):
            yield f"{wanted.name}: is not pinned to one version"
        if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", line):
            yield f"{wanted.name}: has no hash"


def faults_of_installed(lock: str, installed: Mapping[str, str]) -> Iterator[str]:
    """What is installed and not locked, locked and not installed, or of another version; names are canonical."""
    environment = {key: str(value) for key, value in default_environment().items()}
    here = [wanted for wanted, _ in requirements(lock) if not wanted.marker or wanted.marker.evaluate(environment)]
    locked = {canonicalize_name(wanted.name): str(wanted.specifier).removeprefix("==") for wanted in here}
    for name in sorted(locked.keys() - installed.keys() - OURS):
        yield f"{name}: is locked and not installed"
    for name in sorted(installed.keys() - locked.keys() - OURS):
        yield f"{name}: is installed and not locked"
    for name in sorted(locked.keys() & installed.keys() - OURS):
        if locked[name] != installed[name]:
            yield f"{name}: {installed[name]} is installed, {locked[name]} is locked"


def faults_of_licences(stated: Mapping[str, str]) -> Iterator[str]:
    """Packages whose licence is not stated or not among those that are known to allow any use."""
    for name, licence in sorted(stated.items()):
        parts = re.split(r"; | AND | OR ", licence)
        if name not in OURS and not all(LICENCES.fullmatch(part) for part in parts):
            yield f"{name}: licence {licence or 'not stated'}"


def faults_of_advisories(lock: Path, *, service: str = "") -> Iterator[str] | None:
    """Known vulnerabilities of the locked packages; None where no service answers. `service` is asked instead."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        command = [
            sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--disable-pip", "--require-hashes",
            "--format", "json", "--output", str(found), "--progress-spinner", "off", "--timeout", "10",
            "--vulnerability-service", "osv", *(["--osv-url", service] if service else []),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, check=False, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return None
        if not found.exists():
            return None
        packages = json.loads(found.read_text(encoding="utf-8"))["dependencies"]
    skipped = [f"{one['name']}: was not checked, {one['skip_reason']}" for one in packages if "skip_reason" in one]
    known = [f"{one['name']} {one['version']}: {vulnerability['id']}" for one in packages
             for vulnerability in one.get("vulns", ()) if vulnerability["id"] not in KNOWN]  # fmt: skip
    return iter([*skipped, *known])


def stated_licence(one: Distribution) -> str:
    """The expression, else the classifiers, else the first line of the text or of the file that holds it."""
    classified = [line.split(" :: ")[-1] for line in one.metadata.get_all("Classifier") or () if "License ::" in line]
    text = (one.metadata.get("License") or "").strip()
    files = (one.read_text(f"licenses/{name}") for name in one.metadata.get_all("License-File") or ())
    text = text or next((found.strip() for found in files if found), "")
    return one.metadata.get("License-Expression") or "; ".join(classified) or text.partition("\n")[0]


def main() -> int:
    """Prints every fault; 1 if there is one."""
    lock = LOCK.read_text(encoding="utf-8")
    found = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    faults = [
        *faults_of_lock(lock),
        *faults_of_installed(lock, {name: one.version for name, one in found.items()}),
        *faults_of_licences({name: stated_licence(one) for name, one in found.items()}),
    ]
    advisories = faults_of_advisories(LOCK)
    if advisories is None:
        print(UNCHECKED, file=sys.stderr)
        faults += ["advisories were not checked"] if os.environ.get("TURNOUT_REQUIRE_ADVISORIES") else []
    faults += advisories or ()
    for fault in faults:
        print(fault, file=sys.stderr)
    state = "not checked for advisories" if advisories is None else "without a known vulnerability"
    print(f"{len(found)} packages: {len(faults)} faults" if faults else f"{len(found)} packages as locked, {state}")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
