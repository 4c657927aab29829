"""The Dagster UI as an analyst uses it, in headless Chromium against what `make ui` starts; and the folder's sensor."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import pytest
from playwright.sync_api import Page, Request, expect, sync_playwright

from pipelines.definitions import ROOT, new_exports
from pipelines.workspace import Workspace
from tests.browser import CHROMIUM, SWITCHES
from tests.pipelines.runs import Run, give_key

START_SECONDS = 180
RUN_SECONDS = 400
PAGE_MS = 60_000
LOCATION = "/locations/pipelines.definitions"
CHOICES = {
    "as_of": "Last day to look at",
    "platforms": "Use only these",
    "memory_limit": "Memory limit of DuckDB",
    "threads": "Threads of DuckDB",
    "min_group": "Smallest group to show",
}


@dataclass(frozen=True)
class Ui:
    """A running UI: where it answers, what it reads and where it writes."""

    url: str
    exports: Path
    out: Path
    log: Path


@pytest.fixture(scope="module")
def ui(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    folder = tmp_path_factory.mktemp("ui")
    (folder / "home").mkdir()
    shutil.copy(ROOT / ".dagster" / "dagster.yaml", folder / "home")
    shutil.copytree(company, folder / "exports")
    give_key(folder / "out")
    made = Ui(f"http://127.0.0.1:{free_port()}", folder / "exports", folder / "out", folder / "log.txt")
    variables = {
        "DAGSTER_HOME": str(folder / "home"),
        "TURNOUT_EXPORTS": str(made.exports),
        "TURNOUT_OUT": str(made.out),
        "POLARS_MAX_THREADS": "2",
    }
    # as in the Makefile; -m dagster rather than the script beside it, so that any interpreter with dagster will do
    command = [sys.executable, "-m", "dagster", "dev", "--host", "127.0.0.1", "--port", made.url.rpartition(":")[2]]
    with (
        made.log.open("wb") as log,
        subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **variables}, stdout=log, stderr=log, start_new_session=True
        ) as server,
    ):
        try:
            wait_for(server, made)
            yield made
        finally:
            stop(server)


@pytest.fixture(scope="module")
def requests() -> list[str]:
    return []


@pytest.fixture(scope="module")
def page(ui: Ui, requests: list[str]) -> Iterator[Page]:
    def note(request: Request) -> None:
        requests.append(request.url)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        tab = browser.new_page(viewport={"width": 1600, "height": 1000})
        tab.set_default_timeout(PAGE_MS)
        tab.on("request", note)
        # Dagster greets whoever opens it first, unless dagster.yaml tells it not to
        greeting = tab.get_by_role("button", name="Skip")
        tab.add_locator_handler(greeting, greeting.click)
        yield tab
        browser.close()


@pytest.fixture(scope="module")
def materialized(ui: Ui, page: Page) -> str:
    """Presses the button and looks at the run when it has ended; returns the address of the run."""
    page.goto(f"{ui.url}/asset-groups")
    button = page.get_by_role("button", name="Materialize all")
    expect(button).to_be_enabled(timeout=PAGE_MS)
    button.click()
    expect(page.get_by_text("Launched run")).to_be_visible(timeout=PAGE_MS)
    page.goto(f"{ui.url}/runs")
    link = page.locator("a[href^='/runs/']").filter(has_text=re.compile("^[0-9a-f]{8}$"))
    expect(link).to_have_count(1, timeout=PAGE_MS)
    address = str(link.get_attribute("href"))
    page.goto("about:blank")  # the page of a run that goes on takes as much of the machine as the run
    wait_for_run(ui, page, address.rpartition("/")[2])
    page.goto(ui.url + address)
    ended = page.get_by_text(re.compile("^(Success|Failure|Canceled)$"))
    expect(ended.first).to_be_visible(timeout=PAGE_MS)
    assert ended.first.inner_text() == "Success", page.inner_text("body")
    return address


@pytest.mark.browser
@pytest.mark.usefixtures("materialized")
def test_materialize_all_gives_the_same_release_as_the_command(ui: Ui, company_out: Path) -> None:
    released, clicked = company_out / "latest", ui.out / "latest"
    assert tree(clicked / "site") == tree(released / "site")
    by_command, by_click = Run(released / "turnout.duckdb"), Run(clicked / "turnout.duckdb")
    assert by_click.tables() == by_command.tables()
    for table in by_command.tables():
        when = "exclude (loaded_at)" if table == "export_file" else ""
        query = f"select * {when} from {table}"
        assert sorted(by_click.rows(query), key=repr) == sorted(by_command.rows(query), key=repr), table


@pytest.mark.browser
@pytest.mark.usefixtures("materialized")
def test_checks_are_shown_as_blocking_and_passed(ui: Ui, page: Page) -> None:
    page.goto(f"{ui.url}/assets/export_file?view=checks")
    for name in ("contract", "row_equation"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible(timeout=PAGE_MS)
    expect(page.get_by_text("Succeeded", exact=True)).to_have_count(2, timeout=PAGE_MS)
    expect(page.get_by_text("This is a blocking asset check")).to_be_visible(timeout=PAGE_MS)


@pytest.mark.browser
@pytest.mark.usefixtures("materialized")
def test_a_mart_shows_its_question_columns_counts_and_preview(ui: Ui, page: Page) -> None:
    page.goto(f"{ui.url}/assets/mart_contributor_ratios")
    for text in ("Row count", "Which share of people contributes", "contributor_ratio_low", "DuckDB", "turnout"):
        expect(page.get_by_text(text).first).to_be_visible(timeout=PAGE_MS)
    page.goto(f"{ui.url}/assets/mart_contributor_ratios?view=events")
    expect(page.get_by_text("preview", exact=True)).to_be_visible(timeout=PAGE_MS)
    expect(page.get_by_role("columnheader", name="n_eligible")).to_be_visible(timeout=PAGE_MS)


@pytest.mark.browser
@pytest.mark.usefixtures("materialized")
def test_a_page_shows_its_headline_main_chart_and_numbers(ui: Ui, page: Page) -> None:
    index = json.loads((ui.out / "latest" / "site" / "index.json").read_text(encoding="utf-8"))
    page.goto(f"{ui.url}/assets/site/index?view=events")
    expect(page.get_by_text(index["pages"][0]["headline"], exact=True)).to_be_visible(timeout=PAGE_MS)
    chart = page.locator("img[src^='data:image/svg+xml']")
    expect(chart).to_be_visible(timeout=PAGE_MS)
    assert chart.evaluate("image => image.naturalWidth") > 0
    expect(page.get_by_role("columnheader", name="Week of")).to_be_visible(timeout=PAGE_MS)


@pytest.mark.browser
def test_the_launchpad_explains_the_choices_and_refuses_wrong_ones(ui: Ui, page: Page) -> None:
    page.goto(f"{ui.url}{LOCATION}/jobs/nightly/playground")
    page.get_by_text("memory_limit").first.click()
    for choice, description in CHOICES.items():
        expect(page.get_by_text(description).first).to_be_visible(timeout=PAGE_MS)
        expect(page.get_by_text(choice).first).to_be_visible(timeout=PAGE_MS)
    page.keyboard.press("Control+A")
    config = {"exports": ui.exports, "out": ui.out, "platforms": "[teams]", "threads": "many", "colour": "red"}
    written = "".join(f"      {key}: {value}\n" for key, value in config.items())
    page.keyboard.insert_text(f"resources:\n  workspace:\n    config:\n{written}")
    for fault in ('unexpected config entry "colour"', "config:threads", "config:platforms"):
        expect(page.get_by_text(fault).first).to_be_visible(timeout=PAGE_MS)


@pytest.mark.browser
def test_the_schedule_and_the_sensor_are_listed_and_off(ui: Ui, page: Page) -> None:
    page.goto(f"{ui.url}/automation")
    for name in ("every_night", "new_exports"):
        expect(page.get_by_role("link", name=name)).to_be_visible(timeout=PAGE_MS)
    # two switches, and three boxes to select with
    expect(page.get_by_role("checkbox")).to_have_count(5, timeout=PAGE_MS)
    assert not any(box.is_checked() for box in page.get_by_role("checkbox").all())


@pytest.mark.browser
@pytest.mark.usefixtures("materialized")
def test_no_request_leaves_this_machine_and_telemetry_is_off(ui: Ui, page: Page, requests: list[str]) -> None:
    page.goto(ui.url)
    assert re.search(r'"telemetryEnabled":\s*false', page.content())
    assert requests
    assert {urlsplit(url).hostname for url in requests if urlsplit(url).scheme not in ("data", "blob")} == {"127.0.0.1"}


def test_dagster_neither_reports_use_nor_asks_for_an_address() -> None:
    config = (ROOT / ".dagster" / "dagster.yaml").read_text(encoding="utf-8")
    assert re.search(r"^telemetry:\n  enabled: false$", config, re.MULTILINE)
    assert re.search(r"^nux:\n  enabled: false$", config, re.MULTILINE)


def test_make_ui_starts_what_these_tests_start() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "dagster dev --host 127.0.0.1 --port" in recipe
    for variable in ("DAGSTER_HOME", "TURNOUT_EXPORTS", "TURNOUT_OUT"):
        assert f"{variable}=" in recipe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exports" / "slack").mkdir(parents=True)
    (tmp_path / "exports" / "slack" / "one.zip").write_bytes(b"one")
    return tmp_path / "exports"


def test_new_files_run_the_job_once_they_keep_still(folder: Path) -> None:
    asked = [evaluate(folder, None)]
    asked.append(evaluate(folder, asked[-1][1]))
    asked.append(evaluate(folder, asked[-1][1]))
    assert [outcome for outcome, _ in asked] == ["files are still arriving", "run", "nothing new"]


def test_files_that_still_arrive_do_not_run_the_job(folder: Path) -> None:
    _, cursor = evaluate(folder, None)
    (folder / "slack" / "two.zip").write_bytes(b"two")
    outcome, cursor = evaluate(folder, cursor)
    assert outcome == "files are still arriving"
    assert evaluate(folder, cursor)[0] == "run"


def test_a_changed_file_runs_the_job_again_under_another_key(folder: Path) -> None:
    def settle(cursor: str | None) -> tuple[str, str | None]:
        return evaluate(folder, evaluate(folder, cursor)[1])

    first, cursor = settle(None)
    (folder / "slack" / "one.zip").write_bytes(b"another")
    second, again = settle(cursor)
    assert (first, second) == ("run", "run")
    assert cursor != again


def evaluate(folder: Path, cursor: str | None) -> tuple[str, str | None]:
    """What the sensor says of the folder, and its next cursor."""
    workspace = Workspace(exports=str(folder), out=str(folder.parent / "out"))
    with dg.build_sensor_context(cursor=cursor, resources={"workspace": workspace}) as context:
        result = new_exports(context)
        if isinstance(result, dg.SkipReason):
            return str(result.skip_message), context.cursor
        assert isinstance(result, dg.SensorResult)
        (request,) = result.run_requests or []
        assert request.run_key in str(result.cursor)
        return "run", result.cursor


def tree(site: Path) -> dict[str, bytes]:
    """Every file of a site with its bytes."""
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(server: subprocess.Popen[bytes], ui: Ui) -> None:
    """Returns as soon as the UI answers."""
    for _ in range(START_SECONDS * 2):
        try:
            with urllib.request.urlopen(f"{ui.url}/server_info", timeout=5):
                return
        except OSError:
            try:
                server.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
            break
    pytest.fail(f"the UI did not start:\n{ui.log.read_text(encoding='utf-8')}")


def wait_for_run(ui: Ui, page: Page, run: str) -> None:
    """Returns when the run has ended, however it did."""
    asked = {"query": "query($id: ID!) {runOrError(runId: $id) {... on Run {endTime}}}", "variables": {"id": run}}
    patience = time.monotonic() + RUN_SECONDS
    while page.request.post(f"{ui.url}/graphql", data=asked).json()["data"]["runOrError"]["endTime"] is None:
        assert time.monotonic() < patience, "the run did not end"
        time.sleep(1)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ends the server and everything that it started: its process group is its own."""
    with suppress(subprocess.TimeoutExpired, ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)
    # what it started may outlive it
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
