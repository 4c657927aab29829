"""`turnout.toml` beside the exports: read, checked, and turned into the settings of a run.

Defaults < turnout.toml < command line or launchpad. An unknown key is an error, never ignored.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from connectors.events_mapping import check_mapping
from connectors.events_presets import completed
from connectors.settings import EventMapping, RosterSettings, SourceEntry, SourceSettings
from models.metrics import MINIMUM_GROUP
from models.problems import SettingsRefused
from models.release import Policy
from models.schemas.stored import BY_ITSELF
from pipelines import declarations
from pipelines.declarations import Occasion, Target, Trial

FILE_NAME: Final = "turnout.toml"
POLICY_NAME: Final = "policy.toml"
CHAMPIONS_NAME: Final = "champions.csv"
HARD_FLOOR: Final = 5


class PeopleSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[people]`: accounts that are no people, whether guests count, and the file that joins or splits accounts."""

    service_accounts: tuple[str, ...] = ()
    guests: Literal["count", "leave_out"] = "count"
    mapping: str | None = None


class ReleaseSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[release]`: thresholds of what leadership sees, and whether people are named whom the agreement allows to name.

    `named` is everybody in its `[[named]]`, or nobody, or those with these ids of the roster. `champions` is whether
    those who ask for it are; if it is not said, they are where the agreement allows it.
    """

    min_group: int = MINIMUM_GROUP
    named: bool | tuple[str, ...] = False
    champions: bool | None = None


class AnalystSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[analyst]`: which tables the analyst's file holds."""

    file: Literal["released", "full"] = "released"
    approved_by: str | None = None


class Retention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[retention]`, also of an agreement: how long what is about single people may be kept, counted back from the last
    day of the data.
    """

    events_months: int | None = None
    quarantine_days: int | None = None
    identity_days: int | None = None
    runs_days: int | None = None

    @property
    def periods(self) -> dict[str, int]:
        """Those that are set, by key."""
        return {kind: n for kind, n in msgspec.structs.asdict(self).items() if n is not None}


class EngineSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[engine]`: limits of DuckDB."""

    name: Literal["duckdb"] = "duckdb"
    memory_limit: Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{1,6}(MB|GB)\Z")] = "4GB"
    threads: Annotated[int, msgspec.Meta(ge=1)] | None = None


class PurposeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[purpose]`: what public spaces are for, as `platform:label`, where `*` and `?` stand for any letters or one."""

    documents: tuple[str, ...] = ()
    ideas: tuple[str, ...] = ()
    communication: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    learning: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of turnout.toml."""

    reporting_zone: str = "UTC"
    home_domains: tuple[str, ...] = ()
    unit_depth: int = 1
    as_of: date | None = None
    source: dict[str, SourceEntry] = {}
    roster: RosterSettings = RosterSettings()
    events: tuple[EventMapping, ...] = ()
    people: PeopleSettings = PeopleSettings()
    release: ReleaseSettings = ReleaseSettings()
    analyst: AnalystSettings = AnalystSettings()
    engine: EngineSettings = EngineSettings()
    target: tuple[Target, ...] = ()
    event: tuple[Occasion, ...] = ()
    trial: tuple[Trial, ...] = ()
    purpose: PurposeSettings = PurposeSettings()
    retention: Retention = Retention()

    @property
    def policy(self) -> Policy:
        """The thresholds of the release."""
        return Policy(min_group=self.release.min_group)

    @property
    def not_exports(self) -> frozenset[str]:
        """Files of the drop folder that are Turnout's own: turnout.toml, the agreement, mapping file and champions."""
        return frozenset(filter(None, (FILE_NAME, POLICY_NAME, CHAMPIONS_NAME, self.people.mapping)))

    def for_source(self, file: str) -> SourceSettings:
        """Settings of one export: the first `[source."glob"]` that its path matches, completed by the general ones."""
        matching = (value for glob, value in self.source.items() if fnmatch(file, glob))
        found = msgspec.structs.asdict(next(matching, SourceEntry()))
        events = next((mapping for mapping in self.events if fnmatch(file, mapping.match)), None)
        return SourceSettings(**found, home_domains=self.home_domains, roster=self.roster, events=events)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line or the launchpad may choose; it can only narrow a release, never widen it."""

    as_of: date | None = None
    memory_limit: str | None = None
    threads: int | None = None
    min_group: int | None = None


def folder_of(exports: Path) -> Path:
    """Where turnout.toml and the mapping file lie: the drop folder, or the folder of a lone export."""
    return exports if exports.is_dir() else exports.parent


def load_settings(exports: Path, choices: Choices = Choices()) -> Settings:
    """The settings for a drop folder; raises `SettingsRefused` naming the file and the key."""
    path = folder_of(exports) / FILE_NAME
    raw: dict[str, Any] = {}
    if path.is_file():
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsRefused(
                f"PPL-CFG-003 {FILE_NAME}: not valid TOML ({error}); nothing was run; correct the file"
            ) from error
    if "events" in raw:
        raw["events"] = completed(raw["events"])
    try:
        settings = msgspec.convert(raw, Settings, strict=True)
    except msgspec.ValidationError as error:
        raise SettingsRefused(
            f"PPL-CFG-001 {FILE_NAME}: {error}; nothing was run; correct or remove the key, see the README for all keys"
        ) from error
    _check(settings)
    return _chosen(settings, choices)


def _check(settings: Settings) -> None:
    if settings.release.min_group < HARD_FLOOR:
        raise SettingsRefused(
            f"PPL-CFG-002 min_group must be at least {HARD_FLOOR}; nothing was run; raise "
            f"release.min_group in {FILE_NAME}"
        )
    if settings.analyst.file == "full" and not settings.analyst.approved_by:
        raise SettingsRefused(
            f'PPL-CFG-005 {FILE_NAME}: analyst.file = "full" needs analyst.approved_by; nothing was '
            "run; record who approved that analysts work with person-level data"
        )
    if settings.unit_depth < 1:
        raise SettingsRefused(f"PPL-CFG-006 {FILE_NAME}: unit_depth counts from 1; nothing was run; correct it")
    if any(n < 1 for n in settings.retention.periods.values()):
        raise SettingsRefused(
            f"PPL-CFG-011 {FILE_NAME}: a period of [retention] is below 1; nothing was run; correct it, or remove it "
            "to keep without end"
        )
    if by_hand := settings.retention.periods.keys() - BY_ITSELF:
        raise SettingsRefused(
            f"PPL-CFG-012 {FILE_NAME}: Turnout does not keep to retention.{', '.join(sorted(by_hand))} by itself; "
            "nothing was run; remove it here, and see docs/privacy.md for what to delete by hand"
        )
    declarations.check(settings.target, settings.trial, minimum=settings.release.min_group, file=FILE_NAME)
    for number, mapping in enumerate(settings.events, 1):
        check_mapping(mapping, number)
    zones = [settings.reporting_zone, *(source.zone for source in settings.source.values() if source.zone),
             *(mapping.zone for mapping in settings.events if mapping.zone)]
    for zone in zones:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SettingsRefused(
                f"PPL-CFG-007 {FILE_NAME}: a time zone is not known; nothing was run; use an IANA "
                "name such as Europe/Paris"
            ) from error


def _chosen(settings: Settings, choices: Choices) -> Settings:
    engine = msgspec.structs.replace(
        settings.engine,
        memory_limit=choices.memory_limit or settings.engine.memory_limit,
        threads=choices.threads or settings.engine.threads,
    )
    min_group = max(settings.release.min_group, choices.min_group or 0)
    return msgspec.structs.replace(
        settings,
        as_of=choices.as_of or settings.as_of,
        engine=engine,
        release=msgspec.structs.replace(settings.release, min_group=min_group),
    )
