"""Regenerates the committed company: `python -m data_samples`.

Writes `acme/`, `acme_truth.json` and the figures in the README.
"""

import json
import shutil
from pathlib import Path

from data_samples.readme import refresh
from data_samples.write import write_company

HERE = Path(__file__).parent


def main() -> None:
    """Replace the committed output."""
    shutil.rmtree(HERE / "acme", ignore_errors=True)
    truth = write_company(HERE / "acme").to_dict()
    (HERE / "acme_truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    readme = HERE / "README.md"
    readme.write_text(refresh(readme.read_text(encoding="utf-8"), truth), encoding="utf-8")


if __name__ == "__main__":
    main()
