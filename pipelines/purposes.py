"""`[purpose]` of turnout.toml: which public spaces serve which purpose, by their names.

Which of them are public is decided by the models; which are alive is `mart_purposes`.
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

import duckdb
import msgspec

from models.problems import SettingsRefused
from pipelines.config import FILE_NAME, Settings
from pipelines.ingest import PLATFORMS

_UNUSED: Final = """
select p.purpose, p.entry
from stg_purpose as p
left join dim_space as s on s.platform = p.platform and s.label = p.label and s.visibility = 'public'
group by p.purpose, p.entry
having count(s.space_id) = 0
order by p.purpose, p.entry
"""


def patterns(settings: Settings) -> list[tuple[str, int, str, str]]:
    """Purpose, number, platform and pattern of each entry; raises `SettingsRefused` for one that cannot be followed."""
    known = {*PLATFORMS, *(one.platform for one in settings.events)}
    declared: Mapping[str, tuple[str, ...]] = msgspec.structs.asdict(settings.purpose)
    found = []
    for purpose, entries in declared.items():
        for position, entry in enumerate(entries, 1):
            platform, colon, pattern = entry.partition(":")
            if not colon or not pattern or platform not in known:
                raise SettingsRefused(
                    f"PPL-PUR-001 {FILE_NAME}: purpose.{purpose}, entry {position}, is not of the form "
                    "platform:label; nothing was run; correct it"
                )
            found.append((purpose, position, platform, pattern))
    return found


def rows(settings: Settings, connection: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """One row per pattern and name of a space that it matches, else one without a name.

    Upper and lower case are the same. A name that patterns of several purposes match belongs to the first of them in
    the order of `PurposeSettings`.
    """
    names = connection.execute(
        "select distinct platform, label from stg_space where visibility = 'public' and label is not null order by all"
    ).fetchall()
    taken: dict[tuple[str, str], str] = {}
    found: list[dict[str, object]] = []
    for purpose, position, platform, pattern in patterns(settings):
        matched = [label for of, label in names if of == platform and _matches(label, pattern)]
        own = [label for label in matched if taken.setdefault((platform, label), purpose) == purpose]
        row = {"purpose": purpose, "entry": position, "platform": platform}
        found += [row | {"label": label} for label in own or (None,)]
    return found


def unused(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What a run says of patterns that no public space has, or that spaces of an earlier purpose took."""
    return [
        f"PPL-PUR-002 {FILE_NAME}: purpose.{purpose}, entry {position}, names no public space that is not of another "
        "purpose already; it has no effect; correct it"
        for purpose, position in connection.execute(_UNUSED).fetchall()
    ]


def _matches(label: str, pattern: str) -> bool:
    # a bracket is a letter of a name, not a set of letters
    return fnmatchcase(label.casefold(), pattern.casefold().replace("[", "[[]"))

