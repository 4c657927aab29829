"""Writes `policy.toml`: the agreement under which the sample company is measured, approved by its parties."""

import hashlib
import json
import tomllib
from datetime import date
from pathlib import Path

from data_samples.archive import write_text

_POLICY = """\
# The agreement on Turnout. `turnout policy --exports DIR` says it in words and prints its hash.
version = "1.0"
purpose = "To see whether people take part in the platforms that are open to everybody, and whether executives lead \
by example. Figures are of groups. They are not used to judge, compare or watch any single person."
parties = ["Acme Corporation, the management", "Acme Corporation, the works council"]
contact = "the data protection officer, privacy@acme.example, or any member of the works council"
sources = ["slack", "yammer", "mediawiki", "confluence", "wordpress", "bookmarks", "m365", "roster"]
include = ["public"]
min_group = 10
analyst_file = "full"
champions = false
valid_until = 2099-12-31

[roles]
"Everybody at Acme" = "these pages"
"Leadership" = "these pages and the workbook, no more"
"Two analysts of the People unit" = "the analyst's file, and rows about single people only to check a figure, with \
the works council's approval each time"
"The operator in IT" = "the exports, the key and the output folder, to run Turnout and for nothing else"

[retention]
events_months = 13
quarantine_days = 30
identity_days = 30
runs_days = 90

[approval]
approved_by = "Management and works council of Acme Corporation"
approved_on = {day}
approved = "{hash}"
"""


def write_policy(out: Path, day: date) -> None:
    """The agreement, approved on `day`, valid for so long that every run of the sample finds it in force."""
    draft = _POLICY.format(day=day, hash="")
    write_text(out / "policy.toml", _POLICY.format(day=day, hash=_content_hash(draft)).splitlines())


def _content_hash(text: str) -> str:
    """What Turnout computes, worked out anew: the generator and the program it tests share no code."""
    content = {key: value for key, value in tomllib.loads(text).items() if key != "approval"}
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()
