"""policy.toml: what is refused, what stops publishing, and that pages, trail and run.json say what was agreed."""

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from models.agreement import content_hash
from models.problems import SettingsRefused
from pipelines import agreement
from pipelines.agreement import Approval, NotInForce, load_agreement
from pipelines.agreement_words import agreement_row, described
from pipelines.assets.release import release_asset
from pipelines.cli import main
from pipelines.config import load_settings
from pipelines.job import run_job
from pipelines.workspace import Workspace
from tests.pipelines import tiny
from tests.pipelines.conftest import SAMPLES

TODAY = date(2026, 5, 4)
POLICY = """\
version = "3"
purpose = "To see whether people take part."
parties = ["the management", "the works council"]
contact = "privacy@t.example"
sources = ["slack", "roster"]
min_group = 10
valid_until = 2026-12-31

[roles]
"Leadership" = "the pages"

[retention]
events_months = 13
"""
ENTRY = (
    '[[named]]\nperson = "P{0}"\nshown = "N{0}"\nrole = "x"\nbasis = "x"\napproved_by = "x"\nvalid_until = {1}\n'
)
KEPT = "[retention]\nevents_months = 13\n"
LINE = re.compile(r"PPL-AGR-\d{3} policy\.toml: [^;]+(; [^;]+)+; .+")


def approved(text: str, on: str = "2026-01-01") -> str:
    """The text with an approval of just this content."""
    given = content_hash(tomllib.loads(text))
    return f'{text}\n[approval]\napproved_by = "both"\napproved_on = {on}\napproved = "{given}"\n'


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    return folder


@pytest.fixture
def agree(drop: Path) -> Callable[..., Path]:
    """Writes the agreement and the settings of a drop folder."""

    def write(policy: str, settings: str = "", kept: str = KEPT) -> Path:
        (drop / "policy.toml").write_text(policy, encoding="utf-8")
        (drop / "turnout.toml").write_text(settings + kept, encoding="utf-8")
        return drop

    return write


def admit(drop: Path, out: Path | None = None, *, today: date = TODAY, platforms: tuple[str, ...] = ()):
    return agreement.admit(drop, out or drop.parent / "out", load_settings(drop), platforms=platforms, today=today)


def test_without_a_policy_a_run_is_admitted(drop):
    assert admit(drop) is None


def test_an_approved_agreement_admits_its_settings(agree):
    recorded = admit(agree(approved(POLICY)))
    assert recorded is not None
    assert recorded.agreement.approval == Approval("both", date(2026, 1, 1), recorded.content_hash)


LOOSER = {
    "events for ever": ("", "retention.events_months is without end, agreed is 13"),
    "events for longer": ("[retention]\nevents_months = 14\n", "retention.events_months is 14, agreed is 13"),
    "a smaller group": ("[release]\nmin_group = 9\n", "release.min_group is 9, agreed is 10"),
    "rows about people": ('[analyst]\nfile = "full"\napproved_by = "x"\n', "analyst.file is full, agreed is released"),
    "private spaces": ('[source."*"]\ninclude = ["public", "private"]\n',
                       'source."glob".include is private, public, agreed is public'),
}  # fmt: skip


@pytest.mark.parametrize("what", LOOSER)
def test_a_looser_setting_is_refused_by_name_with_exit_2_and_nothing_is_touched(what, agree, tmp_path, capfd):
    settings, words = LOOSER[what]
    drop = agree(approved(POLICY), settings, kept="" if words.startswith("retention") else KEPT)
    with pytest.raises(SettingsRefused, match=f"PPL-AGR-001 policy.toml: .*{re.escape(words)}"):
        admit(drop)
    assert main(["run", "--exports", str(drop), "--out", str(tmp_path / "out"), "--quiet"]) == 2
    assert words in capfd.readouterr().err.replace("\n", " ")
    assert not (tmp_path / "out").exists()


def test_every_looser_key_is_named_at_once(agree):
    drop = agree(approved(POLICY), "[release]\nmin_group = 5\n[analyst]\nfile = 'full'\napproved_by = 'x'\n")
    with pytest.raises(SettingsRefused, match=r"release\.min_group.*analyst\.file"):
        admit(drop)


def test_a_platform_asked_for_that_is_not_agreed_is_refused(agree):
    drop = agree(approved(POLICY))
    with pytest.raises(SettingsRefused, match="platforms is roster, yammer, agreed is roster, slack"):
        admit(drop, platforms=("yammer", "roster"))
    assert admit(drop, platforms=("slack", "roster"))


def test_a_period_that_only_a_hand_can_keep_to_is_not_asked_of_a_run(agree):
    assert admit(agree(approved(POLICY + "identity_days = 30\n")))


def test_stricter_settings_are_admitted(agree):
    assert admit(agree(approved(POLICY), KEPT.replace("13", "12"), kept=""))
    assert admit(agree(approved(POLICY), "[release]\nmin_group = 20\n"))
    allowing = POLICY.replace("[roles]", 'analyst_file = "full"\ninclude = ["public", "private"]\n[roles]')
    assert admit(agree(approved(allowing)))


STOPPED = {
    "never approved": (POLICY, "PPL-AGR-004"),
    "approved tomorrow": (approved(POLICY, on="2026-05-05"), "PPL-AGR-004"),
    "changed afterwards": (approved(POLICY).replace("13", "14"), "PPL-AGR-005"),
    "a smaller group afterwards": (approved(POLICY).replace("min_group = 10", "min_group = 9"), "PPL-AGR-005"),
    "expired yesterday": (approved(POLICY.replace("2026-12-31", "2026-05-03")), "PPL-AGR-006"),
}


@pytest.mark.parametrize("what", STOPPED)
def test_an_agreement_that_does_not_hold_stops_publishing(what, agree):
    text, code = STOPPED[what]
    with pytest.raises(NotInForce, match=code) as stopped:
        admit(agree(text))
    assert LINE.fullmatch(str(stopped.value))
    assert "last release stands" in str(stopped.value)


@pytest.mark.parametrize(
    "text", [approved(POLICY.replace("2026-12-31", "2026-05-04")), approved(POLICY, on="2026-05-04")]
)
def test_the_first_and_the_last_day_of_an_agreement_count(text, agree):
    assert admit(agree(text))


def test_a_comment_needs_no_new_approval(agree):
    assert admit(agree("# as signed\n" + approved(POLICY)))


NAMED_ONE = POLICY + ENTRY.format(1, "2026-12-31")
UNREADABLE = {
    "an unknown key": (POLICY.replace("version", "versoin"), "PPL-AGR-002"),
    "an unknown key of a section": (POLICY + "events_weeks = 2\n", "PPL-AGR-002"),
    "a missing key": (POLICY.replace("min_group = 10\n", ""), "PPL-AGR-002"),
    "a wrong type": (POLICY.replace("= 10", '= "ten"'), "PPL-AGR-002"),
    "no TOML": (POLICY + "[", "PPL-AGR-002"),
    "a group below the floor": (POLICY.replace("= 10", "= 4"), "PPL-AGR-003"),
    "an empty purpose": (POLICY.replace("To see whether people take part.", " "), "PPL-AGR-003"),
    "nobody who agreed": (POLICY.replace('"the management", "the works council"', ""), "PPL-AGR-003"),
    "no source": (POLICY.replace('"slack", "roster"', ""), "PPL-AGR-003"),
    "no role": (POLICY.replace('"Leadership" = "the pages"', ""), "PPL-AGR-003"),
    "a name without a basis": (NAMED_ONE.replace('basis = "x"', 'basis = " "'), "PPL-AGR-003"),
    "one person named twice": (NAMED_ONE + ENTRY.format(1, "2026-12-31").replace("N1", "N2"), "PPL-AGR-003"),
    "two people of one name": (NAMED_ONE + ENTRY.format(2, "2026-12-31").replace("N2", "n1 "), "PPL-AGR-003"),
    "a period of nothing": (POLICY.replace("13", "0"), "PPL-AGR-003"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_an_agreement_that_cannot_be_read_is_refused(what, agree):
    text, code = UNREADABLE[what]
    with pytest.raises(SettingsRefused, match=code):
        load_agreement(agree(text))


def test_only_platforms_that_a_run_would_read_are_held_against_the_sources(agree):
    recorded = admit(agree(approved(POLICY)))
    found = pl.DataFrame({
        "platform": ["slack", "roster", "wordpress", "m365", None],
        "status": ["loaded", "loaded", "refused", "loaded", "unknown"],
    })  # fmt: skip
    agreement.admit_platforms(None, found)
    agreement.admit_platforms(recorded, found, wanted=("slack", "roster"))
    agreement.admit_platforms(recorded, found.filter(pl.col("platform") != "m365"))
    with pytest.raises(NotInForce, match=r"PPL-AGR-007 .*exports of m365 are in") as stopped:
        agreement.admit_platforms(recorded, found)
    assert "wordpress" not in str(stopped.value)


def test_exports_of_a_platform_that_is_not_agreed_are_not_read(agree, tmp_path):
    drop = agree(approved(POLICY.replace('"slack", ', "").replace("2026-12-31", "2099-12-31")))
    tiny.slack_zip(drop / "slack.zip", [tiny.slack_user("U1")], {"c": [tiny.slack_message(TODAY, "U1")]})
    outcome = run_job(Workspace(exports=str(drop), out=str(tmp_path / "out")))
    assert outcome.release is None
    assert "PPL-AGR-007 policy.toml: exports of slack" in outcome.problems[0]
    assert not list((tmp_path / "out").glob("work/lake/*/*"))


def test_a_run_without_the_agreement_of_the_last_release_is_stopped(drop, tmp_path):
    latest = tmp_path / "out" / "latest"
    latest.mkdir(parents=True)
    (latest / "run.json").write_text('{"agreement": null}', encoding="utf-8")
    assert admit(drop) is None
    (latest / "run.json").write_text('{"agreement": {"version": "3"}}', encoding="utf-8")
    with pytest.raises(NotInForce, match="PPL-AGR-009"):
        admit(drop)


@pytest.mark.parametrize(
    ("named", "numbers", "over"),
    [("true", [2, 3], ["1"]), ("false", [], []), ('["P3"]', [3], []), ('["P1", "P2"]', [2], ["1"])],
)
def test_who_is_named_is_agreed_on_chosen_and_not_over(named, numbers, over, agree):
    entries = (ENTRY.format(1, "2026-05-03"), ENTRY.format(2, "2026-05-04"), ENTRY.format(3, "2026-12-31"))
    drop = agree(approved(POLICY + "".join(entries)), f"[release]\nnamed = {named}\n")
    recorded, settings = admit(drop), load_settings(drop)
    chosen = agreement.may_be_named(recorded, settings, today=TODAY)
    assert [number for number, _ in chosen] == numbers
    assert [one.person for _, one in chosen] == [f"P{number}" for number in numbers]
    notes = agreement.naming_over(recorded, settings, today=TODAY)
    assert [note.split()[3] for note in notes] == over
    assert all(re.fullmatch(r"PPL-NAM-003 policy\.toml: [^;]+; [^;]+; .+", note) for note in notes)


def test_whom_the_agreement_does_not_name_nobody_may_name(agree):
    drop = agree(approved(POLICY + ENTRY.format(1, "2026-12-31")), '[release]\nnamed = ["P1", "P2"]\n')
    with pytest.raises(SettingsRefused, match=r"PPL-AGR-001 .*release\.named is 2, agreed is 1"):
        admit(drop)
    (drop / "policy.toml").unlink()
    with pytest.raises(SettingsRefused, match=r"PPL-CFG-004 turnout\.toml: release\.named needs an agreement"):
        admit(drop)
    lines, is_admitted = described(drop, today=TODAY)
    assert not is_admitted
    assert lines[0].startswith("PPL-CFG-004")


def test_whose_naming_is_over_is_no_longer_named(agree):
    text = POLICY + ENTRY.format(1, "2026-05-03") + ENTRY.format(2, "2026-05-04")
    recorded = admit(agree(approved(text)))
    assert agreement.agreed_terms(recorded.agreement, today=TODAY).named == {"P2"}


def test_the_row_tells_what_the_run_keeps_to_and_names_no_person(agree):
    named = '[[named]]\nperson = "P007"\nshown = "Ada L."\nrole = "CEO"\nbasis = "consent"\napproved_by = "Zed"\n' \
            "valid_until = 2026-12-31\n"  # fmt: skip
    drop = agree(approved(POLICY + named), "[release]\nmin_group = 12\n")
    recorded = admit(drop)
    row = agreement_row(recorded, load_settings(drop), today=TODAY).row(0, named=True)
    assert {key: row[key] for key in ("min_group", "agreed_min_group", "version", "roles", "sources", "parties",
                                      "events_months", "runs_days", "visibilities", "analyst_file")} == {
        "min_group": 12, "agreed_min_group": 10, "version": "3", "roles": "Leadership\tthe pages",
        "sources": "slack\nroster", "parties": "the management\nthe works council", "events_months": 13,
        "runs_days": None, "visibilities": "public", "analyst_file": "released",
    }  # fmt: skip
    assert not {"P007", "Ada L.", "Zed", "both"} & set(map(str, row.values()))
    assert agreement_row(None, load_settings(drop), today=TODAY).row(0, named=True)["version"] is None


def test_texts_cannot_add_lines_or_reach_the_terminal(agree):
    hostile = POLICY.replace("the pages", "a\\u001b[31m\\tb\\nExtra\\tall")
    drop = agree(approved(hostile))
    row = agreement_row(admit(drop), load_settings(drop), today=TODAY).row(0, named=True)
    assert row["roles"] == "Leadership\ta [31m b Extra all"
    assert "\x1b" not in "".join(described(drop, today=TODAY)[0])


def test_the_command_says_what_is_agreed_and_what_departs(agree, tmp_path):
    lines, is_admitted = described(agree(POLICY), today=TODAY)
    text = "\n".join(lines)
    assert not is_admitted
    given = re.search(r'approved = "([0-9a-f]{64})"', text)
    assert given
    drop = agree(f'{POLICY}\n[approval]\napproved_by = "both"\napproved_on = 2026-01-01\n{given[0]}\n',
                 "[release]\nmin_group = 12\n")  # fmt: skip
    tiny.slack_zip(drop / "slack.zip", [tiny.slack_user("U1")], {"c": [tiny.slack_message(TODAY, "U1")]})
    lines, is_admitted = described(drop, today=TODAY)
    assert is_admitted
    assert "stricter: release.min_group is 12, agreed is 10" in lines
    assert "stricter: platforms is slack, agreed is roster, slack" in lines
    assert "Kept for 13 months at most: what single people did, and usage reports" in lines
    (drop / "turnout.toml").write_text("[release]\nmin_group = 9\n", encoding="utf-8")
    lines, is_admitted = described(drop, today=TODAY)
    assert not is_admitted
    assert "looser: release.min_group is 9, agreed is 10" in lines


def test_the_command_exits_1_where_a_run_would_be_stopped(agree, drop, capsys):
    assert main(["policy", "--exports", str(drop)]) == 0
    assert "No agreement is recorded" in capsys.readouterr().out
    assert main(["policy", "--exports", str(agree(POLICY))]) == 1
    assert "PPL-AGR-004" in capsys.readouterr().out


def test_release_says_under_which_agreement_it_was_made(company, company_out):
    recorded = load_agreement(company)
    assert recorded is not None
    run = json.loads((company_out / "latest" / "run.json").read_text(encoding="utf-8"))
    assert run["agreement"] == {"version": "1.0", "content_hash": recorded.content_hash}
    for page in (company_out / "latest" / "site").glob("*.html"):
        assert f"Agreement 1.0 ({recorded.content_hash[:8]}), valid until" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("day", [date(2025, 10, 1), TODAY, date(2099, 12, 31)])
def test_the_agreement_of_the_sample_company_holds_whenever_it_is_run(day):
    lines, is_admitted = described(SAMPLES / "acme", today=day)
    assert is_admitted, lines
    assert not [line for line in lines if line.startswith("looser")]


def test_a_stopped_run_exits_1_and_is_in_the_trail_and_the_old_release_stands(my_company, my_out, capfd):
    before = (my_out / "latest").resolve()
    policy = my_company / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("2099", "2026", 1), encoding="utf-8")
    assert main(["run", "--exports", str(my_company), "--out", str(my_out), "--quiet"]) == 1
    assert "PPL-AGR-005 policy.toml" in capfd.readouterr().err
    assert (my_out / "latest").resolve() == before
    last = json.loads((my_out / "work" / "state" / "trail.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["outcome"], last["code"]) == ("refused", "PPL-AGR-005")


def test_an_agreement_that_changes_during_a_run_publishes_nothing(my_company, my_out):
    before = sorted((my_out / "releases").iterdir())
    policy = my_company / "policy.toml"
    text = policy.read_text(encoding="utf-8").partition("\n[approval]")[0]
    policy.write_text(approved(text.replace('version = "1.0"', 'version = "1.1"')), encoding="utf-8")
    workspace = Workspace(exports=str(my_company), out=str(my_out))
    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize(
            [release_asset], instance=instance, resources={"workspace": workspace}, raise_on_error=False
        )
    (failed,) = done.get_step_failure_events()
    assert "PPL-AGR-008" in str(failed.step_failure_data.error)
    assert sorted((my_out / "releases").iterdir()) == before
