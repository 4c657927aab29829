"""turnout.toml: defaults, what the command line may choose, and what is refused. Exit codes are in test_faults."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from models.metrics import MINIMUM_GROUP
from models.problems import SettingsRefused
from pipelines.config import Choices, Settings, load_settings
from pipelines.workspace import Workspace


def settings_of(folder: Path, text: str, choices: Choices | None = None) -> Settings:
    (folder / "turnout.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, choices or Choices())


def test_without_a_file_the_defaults_hold(tmp_path):
    settings = load_settings(tmp_path)
    assert settings == Settings()
    assert (settings.reporting_zone, settings.unit_depth, settings.as_of) == ("UTC", 1, None)
    assert (settings.analyst.file, settings.release.min_group) == ("released", MINIMUM_GROUP)
    assert settings.for_source("any.zip").include == ("public",)
    assert settings.for_source("any.zip").cadence_days == 45


def test_a_lone_export_takes_the_file_beside_it(tmp_path):
    (tmp_path / "turnout.toml").write_text("unit_depth = 2\n", encoding="utf-8")
    (tmp_path / "export.zip").write_bytes(b"")
    assert load_settings(tmp_path / "export.zip").unit_depth == 2


def test_every_documented_key_is_taken(tmp_path):
    settings = settings_of(tmp_path, """
        reporting_zone = "Europe/Paris"
        home_domains = ["acme.example"]
        unit_depth = 2
        as_of = 2024-03-31
        [source."slack/*"]
        platform = "slack"
        workspace = "T1"
        zone = "Europe/Berlin"
        window_from = "2024-01-01"
        window_to = "2024-02-01"
        cadence_days = 10
        include = ["public", "private"]
        [roster]
        columns.person_id = "Id"
        columns.org_path = ["A", "B"]
        date_format = "%d/%m/%Y"
        exec.people = ["E1", { person = "E2", since = "2024-01-01" }]
        exec.grades = ["VP"]
        exec.max_layer = 2
        exec.manager_depth = 3
        [people]
        service_accounts = ["slack:U1"]
        mapping = "mapping.csv"
        [release]
        min_group = 12
        named = false
        [analyst]
        file = "full"
        approved_by = "the council"
        [engine]
        name = "duckdb"
        memory_limit = "2GB"
        threads = 3
    """)  # fmt: skip
    assert settings.as_of == date(2024, 3, 31)
    source = settings.for_source("slack/one.zip")
    assert (source.workspace, source.cadence_days, source.home_domains) == ("T1", 10, ("acme.example",))
    assert source.roster.exec.grades == ("VP",)
    assert settings.for_source("yammer/one.zip").workspace is None


def test_the_first_glob_that_matches_decides(tmp_path):
    text = '[source."a/*"]\nworkspace = "first"\n[source."*"]\nworkspace = "second"\n'
    settings = settings_of(tmp_path, text)
    assert settings.for_source("a/x.zip").workspace == "first"
    assert settings.for_source("b/x.zip").workspace == "second"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("min_group = 10", "min_group"),
        ("[sources]", "sources"),
        ('[source."*"]\nworkspaces = "x"', "workspaces"),
        ("[roster]\nexec.layers = 1", "layers"),
        ("[engine]\ncpu = 1", "cpu"),
        ('unit_depth = "1"', "unit_depth"),
        ("[release]\nmin_group = 10.5", "min_group"),
        ('[analyst]\nfile = "everything"', "file"),
        ('[engine]\nname = "spark"', "name"),
    ],
)
def test_a_key_or_value_that_is_not_understood_is_named_and_refused(tmp_path: Path, text: str, named: str):
    with pytest.raises(SettingsRefused, match=rf"PPL-CFG-001 turnout\.toml: .*{named}"):
        settings_of(tmp_path, text)


def test_the_first_mapping_that_matches_is_the_sources(tmp_path):
    settings = settings_of(tmp_path, """
        [[events]]
        match = "intranet/*.csv"
        platform = "intranet"
        zone = "Europe/Paris"
        columns.actor = ["User", "Login"]
        columns.at = "Time"
        columns.action = "Action"
        actions."Page created" = "create"
        [[events]]
        match = "*"
        preset = "teams"
        workspace = "acme"
    """)  # fmt: skip
    first, second = settings.for_source("intranet/a.csv").events, settings.for_source("other.json").events
    assert first is not None
    assert second is not None
    assert (first.platform, first.columns["actor"], first.actions) == (
        "intranet", ("User", "Login"), {"Page created": "create"})
    assert (second.platform, second.format, second.workspace) == ("teams", "json", "acme")
    assert Settings().for_source("any.csv").events is None
    assert not settings.for_source("any.csv").units


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('match = "*"\npreset = "myspace"', "PPL-CFG-020 .*number 1, preset"),
        ('match = "*"', "PPL-CFG-001 .*platform"),
        ('preset = "teams"', "PPL-CFG-001 .*match"),
        ('match = "*"\npreset = "teams"\nfromat = "csv"', "PPL-CFG-001 .*fromat"),
        ('match = "*"\npreset = "teams"\nformat = "xml"', "PPL-CFG-001 .*xml"),
        ('match = "*"\npreset = "teams"\ncolumns.body = "body"', "PPL-CFG-022 .*columns.body"),
        ('match = "*"\npreset = "facebook"', "PPL-CFG-026 .*accounts"),
        ('match = "*"\npreset = "twitter"\naccounts = ["a"]', "PPL-CFG-021 .*columns.actor"),
        ('match = "*"\npreset = "teams"\nzone = "Mars"', "PPL-CFG-007"),
    ],
)
def test_a_mapping_that_cannot_be_followed_stops_the_run(tmp_path: Path, text: str, named: str):
    with pytest.raises(SettingsRefused, match=named):
        settings_of(tmp_path, f"[[events]]\n{text}\n")


def test_the_smallest_group_is_never_below_the_floor(tmp_path):
    with pytest.raises(SettingsRefused, match="PPL-CFG-002"):
        settings_of(tmp_path, "[release]\nmin_group = 4")
    assert settings_of(tmp_path, "[release]\nmin_group = 5").release.min_group == 5


def test_only_periods_that_a_run_keeps_to_by_itself_are_taken(tmp_path):
    kept = {"events_months": 13, "quarantine_days": 30, "runs_days": 90}
    text = "[retention]\n" + "\n".join(f"{kind} = {n}" for kind, n in kept.items())
    assert settings_of(tmp_path, text).retention.periods == kept
    with pytest.raises(SettingsRefused, match=r"PPL-CFG-012 .*identity_days"):
        settings_of(tmp_path, text + "\nidentity_days = 30")
    for kind in kept:
        with pytest.raises(SettingsRefused, match="PPL-CFG-011"):
            settings_of(tmp_path, f"[retention]\n{kind} = 0")


@pytest.mark.parametrize(("chosen", "expected"), [(None, 12), (6, 12), (12, 12), (20, 20)])
def test_a_run_may_only_ask_for_larger_groups(tmp_path: Path, chosen: int | None, expected: int):
    settings = settings_of(tmp_path, "[release]\nmin_group = 12", Choices(min_group=chosen))
    assert settings.release.min_group == expected


def test_a_run_chooses_its_day_and_its_engine_limits(tmp_path):
    text = "as_of = 2024-01-31\n[engine]\nmemory_limit = '2GB'\nthreads = 2\n"
    choices = Choices(as_of=date(2024, 1, 15), memory_limit="1GB", threads=1)
    settings = settings_of(tmp_path, text, choices)
    assert (settings.as_of, settings.engine.memory_limit, settings.engine.threads) == (date(2024, 1, 15), "1GB", 1)
    assert settings_of(tmp_path, text).engine.threads == 2


def test_no_choice_of_a_run_can_make_the_analysts_file_full():
    assert {"analyst", "file", "approved_by", "named"}.isdisjoint(Workspace.model_fields)


@pytest.mark.parametrize(
    "choice",
    [{"as_of": "31.12.2024"}, {"platforms": ["slack", "myspace"]}, {"memory_limit": "4 gigabytes"}, {"threads": -1},
     {"min_group": -1}],
    ids=lambda choice: next(iter(choice)),
)  # fmt: skip
def test_the_launchpad_refuses_a_choice_that_cannot_be_followed(choice: dict[str, object]):
    with pytest.raises(ValidationError):
        Workspace(exports="in", out="out", **choice)


def test_every_choice_of_the_launchpad_is_described():
    assert all(field.description for field in Workspace.model_fields.values())


def test_the_roster_is_always_among_the_platforms_of_a_run():
    assert Workspace(exports="in", out="out", platforms=["slack"]).wanted_platforms() == ("slack", "roster")
    assert Workspace(exports="in", out="out").wanted_platforms() == ()
