"""What the documents promise: every setting, option, command and error code, no more and no less."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from benchmarks.screenshots import PICTURES
from connectors.roster_columns import KEYS, VIVA
from connectors.settings import ExecutiveSettings, RosterSettings, SourceSettings
from models.metrics.document import metrics_document
from models.schemas.document import columns_document
from pipelines import cli
from pipelines.agreement import Agreement, Approval, Named
from pipelines.config import (
    AnalystSettings,
    EngineSettings,
    PeopleSettings,
    PurposeSettings,
    ReleaseSettings,
    Retention,
    Settings,
)
from pipelines.declarations import Occasion, Target, Trial

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ERRORS = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
CODE = re.compile(r"PPL-[A-Z]+-[0-9]+")
FOLDERS = ("connectors", "models", "dashboards", "pipelines", "data_samples")
GENERAL = {"home_domains", "roster", "units"}
"""Fields of `SourceSettings` that are filled from the general settings or by the pipeline."""


def keys(struct: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def commands() -> dict[str, argparse.ArgumentParser]:
    """The subcommands of `turnout`."""
    (choices,) = [action.choices for action in cli._parser()._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(choices)


def codes_in_sources() -> Iterator[tuple[str, str]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for code in CODE.findall(path.read_text(encoding="utf-8")):
                yield code, path.name


def test_every_error_code_is_documented_once_and_none_is_made_up() -> None:
    documented = re.findall(rf"^\| ({CODE.pattern}) \|", ERRORS, re.MULTILINE)
    assert len(documented) == len(set(documented))
    used = dict(codes_in_sources())
    assert used
    assert not {code: where for code, where in used.items() if code not in documented}
    assert not set(documented) - set(used)


@pytest.mark.parametrize(
    ("struct", "prefix"),
    [
        (Settings, ""),
        (SourceSettings, ""),
        (RosterSettings, ""),
        (ExecutiveSettings, "exec."),
        (PeopleSettings, ""),
        (PurposeSettings, ""),
        (ReleaseSettings, ""),
        (AnalystSettings, ""),
        (EngineSettings, ""),
        (Target, ""),
        (Occasion, ""),
        (Trial, ""),
    ],
)
def test_every_setting_is_in_the_table_of_settings(struct: type[msgspec.Struct], prefix: str) -> None:
    table = README.partition("## Settings")[2].partition("\n## ")[0]
    wanted = keys(struct) - (GENERAL if struct is SourceSettings else set())
    nested = {"exec": "`exec.", "source": "`[source", "roster": "`[roster]`", "events": "`[[events]]`"}
    nested |= {name: f"`[[{name}]]`" for name in ("target", "event", "trial")}
    for key in wanted:
        shown = (f"`{prefix}{key}`", f"`[{key}]`", nested.get(key, f"`{prefix}{key}`"))
        assert any(one in table for one in shown), key


def test_every_key_of_the_roster_is_in_the_table_of_columns() -> None:
    for key in KEYS:
        assert f"`{key}`" in README, key
    for key, header in VIVA.items():
        assert re.search(rf"^\| `{key}` \| `{header}` \|", README, re.MULTILINE), key


def test_every_command_and_option_is_in_the_readme() -> None:
    for name, parser in commands().items():
        assert f"`turnout {name}" in README, name
        (row,) = re.findall(rf"^\| `turnout {name}.*", README, re.MULTILINE)
        for action in parser._actions:
            for option in set(action.option_strings) - {"-h", "--help"}:
                assert option in row, (name, option)


def test_every_target_of_the_makefile_and_every_exit_code_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)", makefile, re.MULTILINE)
    for target in set(phony.split()) - {"setup"}:
        assert re.search(rf"^\| `make {target}`", README, re.MULTILINE), target
    for code in (cli.RELEASED, cli.NOT_RELEASED, cli.USAGE, cli.RELEASED_WITH_REFUSALS):
        assert re.search(rf"^\| {code} \|", README, re.MULTILINE), code


@pytest.mark.parametrize(
    "document",
    [
        "README.md", "docs/errors.md", "docs/metrics.md", "docs/privacy.md", "docs/columns.md",
        "docs/templates/works-agreement.md", "docs/templates/impact-assessment.md", "docs/templates/notice-to-staff.md",
    ],
)  # fmt: skip
def test_every_file_that_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    folders = "|".join((*FOLDERS, "tests", "docs", r"\.ci"))
    named = re.findall(rf"(?<![\w/<])(?:{folders})/[\w./-]+(?![\w./<-])", text)
    assert not [path for path in named if not (ROOT / path.rstrip(".")).exists()]


def test_pictures_are_small_and_there() -> None:
    assert {"site.png", "site-dark.png", "site-phone.png"} == set(PICTURES)
    for name in PICTURES:
        assert 20_000 < (ROOT / "docs" / name).stat().st_size < 300_000
        assert f"docs/{name}" in README
    for name in ("architecture.svg", "data-flow.svg"):
        picture = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert "prefers-color-scheme: dark" in picture
        assert re.search(r'role="img" aria-labelledby="title\b.*<title id="title">[^<]{20,}', picture, re.DOTALL)
        assert not re.search(r"<script|href=", picture)


def test_the_document_of_metrics_is_what_the_registry_says() -> None:
    assert (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8") == metrics_document()


def test_the_document_of_columns_is_what_the_schemas_say() -> None:
    assert (ROOT / "docs" / "columns.md").read_text(encoding="utf-8") == columns_document()


@pytest.mark.parametrize("struct", [Agreement, Approval, Named, Retention])
def test_every_key_of_the_agreement_is_in_its_table(struct: type[msgspec.Struct]) -> None:
    table = README.partition("## The agreement")[2].partition("\n## ")[0]
    for key in keys(struct):
        assert f"`{key}`" in table or f"`[{key}]`" in table or f"`[[{key}]]`" in table, key
