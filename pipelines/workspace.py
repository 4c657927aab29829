"""The resource behind every asset: where the exports are, where the output goes, and what this run may choose."""

import os
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import dagster as dg
from pydantic import Field, field_validator

from pipelines.agreement import Recorded, admit
from pipelines.config import Choices, Settings, load_settings
from pipelines.ingest import PLATFORMS
from pipelines.keys import KeyRing, open_key
from pipelines.lake import Lake
from pipelines.warehouse import Warehouse

ROOT: Final = Path(__file__).parent.parent
Platform = StrEnum("Platform", list(PLATFORMS))
"""As an enumeration, so that the launchpad itself refuses any other."""


class Workspace(dg.ConfigurableResource):
    """Choices of one run. Everything else is in `turnout.toml` beside the exports."""

    exports: str = Field(
        default=os.environ.get("TURNOUT_EXPORTS", str(ROOT / "data_samples" / "acme")),
        description="Drop folder: any tree of zips, folders and files with the platforms' exports.",
    )
    out: str = Field(
        default=os.environ.get("TURNOUT_OUT", str(ROOT / "out")),
        description="Output folder: releases, latest, and work with the lake and the key.",
    )
    as_of: str = Field(default="", description="Last day to look at, as YYYY-MM-DD. Empty: the last observed day.")
    platforms: list[Platform] = Field(
        default=[], description="Use only these platforms; the roster is always used. Empty: all."
    )
    memory_limit: str = Field(default="", description="Memory limit of DuckDB, such as 4GB. Empty: as in turnout.toml.")
    threads: int = Field(default=0, ge=0, le=256, description="Threads of DuckDB. 0: as in turnout.toml.")
    min_group: int = Field(default=0, ge=0, description="Smallest group to show. Only larger than in turnout.toml.")

    @field_validator("as_of")
    @classmethod
    def _is_day(cls, value: str) -> str:
        if value:
            date.fromisoformat(value)
        return value

    @field_validator("memory_limit")
    @classmethod
    def _is_size(cls, value: str) -> str:
        if value and not (value[:-2].isdigit() and value[-2:] in ("MB", "GB")):
            raise ValueError("a number with MB or GB, such as 4GB")
        return value

    @property
    def exports_path(self) -> Path:
        """The drop folder."""
        return Path(self.exports).expanduser()

    @property
    def out_path(self) -> Path:
        """The output folder."""
        return Path(self.out).expanduser()

    def settings(self) -> Settings:
        """turnout.toml with this run's choices; raises `SettingsRefused`."""
        choices = Choices(
            as_of=date.fromisoformat(self.as_of) if self.as_of else None,
            memory_limit=self.memory_limit or None,
            threads=self.threads or None,
            min_group=self.min_group or None,
        )
        return load_settings(self.exports_path, choices)

    def agreement(self) -> Recorded | None:
        """The agreement under which this run goes on, None if none is recorded.

        Raises `SettingsRefused` if a setting is looser than agreed, `NotInForce` if the agreement does not hold now.
        """
        return admit(
            self.exports_path,
            self.out_path,
            self.settings(),
            platforms=self.wanted_platforms(),
            today=self.now().date(),
        )

    @property
    def state(self) -> Path:
        """What nothing can rebuild: the key, and what was published."""
        return self.out_path / "work" / "state"

    def ring(self) -> KeyRing:
        """The key of this output folder, made on the first run."""
        return open_key(self.state)

    def lake(self) -> Lake:
        """The parsed exports."""
        return Lake(self.out_path / "work" / "lake", self.ring())

    def warehouse(self) -> Warehouse:
        """The live database."""
        engine = self.settings().engine
        return Warehouse(self.out_path / "work" / "turnout.duckdb", engine.memory_limit, engine.threads)

    def wanted_platforms(self) -> tuple[str, ...]:
        """The platforms of this run; none means all."""
        return (*(one.value for one in self.platforms), "roster") if self.platforms else ()

    def now(self) -> datetime:
        """The time of the run (naive UTC); it names releases and ledger rows and enters no figure."""
        return datetime.now(UTC).replace(tzinfo=None)
