"""Asking for a figure and where it comes from: only what is released is told, and what is not is said."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from models.asking import Period, metric_named, shown
from models.problems import SettingsRefused
from pipelines.ask import answer, as_text
from pipelines.cli import main
from pipelines.explain import explain, published
from pipelines.warehouse import Warehouse
from tests.pipelines.runs import Run


@pytest.fixture(scope="module")
def live(acme_out: Path) -> Warehouse:
    return Warehouse(acme_out / "work" / "turnout.duckdb", read_only=True)


@pytest.fixture(scope="module")
def released(acme_out: Path) -> Warehouse:
    return published(acme_out)


def test_an_answer_by_unit_is_the_released_rows_of_the_newest_whole_month(acme: Run, released):
    rows, lines = answer(released, metric_named("contributor_ratio"), by="unit", period=None)
    newest = acme.one(
        "select max(period_start) from rel_contributor_ratios where period_kind = 'month' and is_complete"
    )
    expected = acme.rows(
        "select unit, n_eligible, contributor_ratio from rel_contributor_ratios where period_kind = 'month' "
        "and platform = 'all' and period_start = $start order by unit", start=newest,
    )
    assert rows.select("unit", "n_eligible", "contributor_ratio").rows() == expected
    assert len(expected) > 2
    assert lines[0].startswith(f"Share of people who contribute, by unit, {newest:%Y-%m}: ")
    assert "Withheld: small units merged (minimum 10)" in lines
    assert any(line.startswith("Told in fives: ") for line in lines)
    _, lines = answer(released, metric_named("contributor_ratio"), by="month", period=None)
    assert not any(line.startswith("Told in fives: ") for line in lines)


@pytest.mark.parametrize(("by", "kind"), [("month", "month"), ("week", "week")])
def test_an_answer_over_time_is_of_the_organisation(acme: Run, released, by, kind):
    rows, _ = answer(released, metric_named("contributors"), by=by, period=None)
    assert rows.select(by, "n_contributors").rows() == acme.rows(
        "select period_start, n_contributors from rel_active_users where period_kind = $kind and platform = 'all' "
        "and unit = 'all' order by 1", kind=kind,
    )


def test_a_period_cuts_an_answer_over_time(released):
    rows, _ = answer(released, metric_named("contributors"), by="week", period=Period("month", date(2026, 8, 1)))
    assert rows["week"].to_list() == [date(2026, 8, day) for day in (3, 10, 17, 24, 31)]


def test_an_answer_by_platform_has_no_units(acme: Run, released):
    rows, _ = answer(released, metric_named("gini"), by="platform", period=Period("month", date(2026, 8, 1)))
    assert rows.select("platform", "gini_ratio").rows() == acme.rows(
        "select platform, gini_ratio from rel_contributor_ratios where period_kind = 'month' and unit = 'all' "
        "and period_start = date '2026-08-01' order by 1"
    )


def test_no_answer_has_a_group_below_the_minimum(released):
    for by in ("unit", "platform", "week", "month"):
        for metric in ("contributor_ratio", "contributors", "gini"):
            rows, _ = answer(released, metric_named(metric), by=by, period=None)
            assert rows.filter(pl.col("n_eligible").is_between(1, 9)).is_empty()


def test_a_figure_of_no_release_is_refused_with_where_it_is(released, live):
    metric = metric_named("retention")
    with pytest.raises(SettingsRefused, match=r"^PPL-ASK-003 retention: .*mart_retention"):
        answer(released, metric, by="month", period=None)
    text = explained(live, released, "retention", period=None)
    for part in ("in no release yet; its values are in the analyst's full file, table mart_retention",
                 "mart_retention.sql", "export files behind it"):
        assert part in text
    assert "retention_ratio =" not in text


def test_figures_of_a_large_organisation_are_told(acme_live: Run, live, released):
    text = explained(live, released, "usage_segments", period=None)
    rows = acme_live.rows(
        "select habit, n_eligible, n_none from mart_usage_segments where period_kind = 'week' "
        "and period_start = date '2026-08-31' and platform = 'all' and unit = 'all'"
    )
    assert "2026-W36, platform all" in text
    assert len(rows) == 2
    for habit, n_people, n_none in rows:
        assert n_people >= 200
        assert f"people {n_people}, observed days" in text
        assert f"habit {habit}" in text
        assert f"n_none = {shown(n_none)}  (" in text


def test_an_estimate_over_the_whole_history_is_told(acme: Run, live, released):
    value = acme.one("select effect_pp from rel_lead_effect where platform = 'all'")
    text = explained(live, released, "lead_effect", period=None)
    assert f"effect_pp = {value:.4f}  (" in text
    assert "all observed days, platform all" in text
    assert "models/analyses/lead_effect.py" in text
    rows, lines = answer(released, metric_named("lead_effect"), by="platform", period=None)
    assert rows.filter(pl.col("platform") == "all")["effect_pp"].to_list() == [value]
    assert ", all observed days: " in lines[0]


def test_what_no_single_month_tells_is_told_of_all(acme: Run, live, released):
    (counts,) = acme.rows(
        "select n_answered_old_enough, n_second_post_answered from rel_newcomer_replies "
        "where period_kind = 'history' and platform = 'all'"
    )
    text = explained(live, released, "second_posts", period=None)
    assert "all observed days, platform all" in text
    assert f"n_answered_old_enough = {counts[0]}  (" in text
    rows, _ = answer(released, metric_named("second_posts"), by="platform", period=None)
    assert rows.filter(pl.col("platform") == "all")["n_second_post_answered"].to_list() == [counts[1]]


def test_an_answer_of_nothing_is_an_empty_table(released):
    rows, lines = answer(released, metric_named("gini"), by="unit", period=Period("month", date(1999, 1, 1)))
    assert rows.is_empty()
    assert len(list(as_text(rows))) == 1
    assert lines


def explained(live, released, metric: str, **choice) -> str:
    chosen = {"unit": "all", "platform": "all", "period": Period("month", date(2026, 8, 1))} | choice
    return "\n".join(explain(live, released, metric_named(metric), **chosen))


def test_an_explanation_has_definition_value_interval_counts_sql_and_files(acme: Run, acme_live: Run, live, released):
    text = explained(live, released, "contributor_ratio")
    ratio, low, high, n, k = acme.rows(
        "select contributor_ratio, contributor_ratio_low, contributor_ratio_high, n_eligible, n_contributors "
        "from rel_contributor_ratios where period_kind = 'month' and period_start = date '2026-08-01' "
        "and unit = 'all' and platform = 'all'"
    )[0]
    for part in (f"contributor_ratio = {ratio:.4f}", f"_low = {low:.4f}", f"_high = {high:.4f}", f"people {n},",
                 f"n_contributors = {k}", "leaves out: bots", "mart_contributor_ratios.sql", "with by_unit as"):
        assert part in text
    files = acme_live.rows(
        "select f.path, count(*), count(*) filter (where e.is_contribution), count(distinct e.account_id) "
        "from fct_event e join export_file f using (file_id) "
        "where e.occurred_on between date '2026-08-01' and date '2026-08-31' group by 1"
    )
    assert {n_accounts < 10 for *_, n_accounts in files} == {True, False}
    for path, n_records, n_contributions, n_accounts in files:
        assert (f"{path}: {n_records} records, {n_contributions} contributions" in text) == (n_accounts >= 10)
    few = [one for one in files if one[3] < 10]
    assert f"{len(few)} files with fewer than 10 accounts each, together: {sum(one[1] for one in few)} records" in text


def test_an_explanation_of_a_platform_names_its_files_only(live, released):
    text = explained(live, released, "gini", platform="slack")
    files = text.partition("export files behind it")[2].partition("SQL")[0]
    assert "slack/" in files
    assert "yammer/" not in files


def test_an_explanation_of_a_unit_that_is_merged_says_so(live, released):
    with pytest.raises(SettingsRefused, match=r"^PPL-ASK-004 gini: .*small units"):
        explained(live, released, "gini", unit="Nowhere", period=None)
    assert "not released: " in explained(live, released, "gini", unit="Nowhere")


def test_executives_are_explained_as_two_groups(live, released):
    text = explained(live, released, "broadcast")
    assert text.count("broadcast_ratio = ") == 2
    assert "is_executive True" in text
    assert text.count("people about ") == 2
    assert "Told in fives: " in text


def test_a_band_is_printed_as_one():
    rows = pl.DataFrame({
        "unit": ["Finance"], "is_complete": [True], "n_eligible": [70], "n_contributors": [None],
        "contributor_ratio": [None], "contributor_ratio_low": [0.0], "contributor_ratio_high": [0.1],
    })
    _, line = as_text(rows)
    assert line.split("  ")[0] == "Finance"
    assert "not told" in line
    assert "at most 0.1000" in line


def test_without_a_release_there_is_nothing_to_ask(tmp_path):
    with pytest.raises(SettingsRefused, match=r"^PPL-ASK-005 --out: "):
        published(tmp_path)


@pytest.mark.parametrize("by", ["department", "layer", "location", "tenure"])
def test_an_answer_by_where_people_stand_is_of_large_enough_groups(acme: Run, released, by):
    rows, lines = answer(released, metric_named("contributor_ratio"), by=by, period=Period("month", date(2026, 8, 1)))
    assert rows.select(by, "n_eligible", "contributor_ratio").rows() == acme.rows(
        "select value, n_eligible, contributor_ratio from rel_breakdown where dimension = $by "
        "and period_start = date '2026-08-01' order by value", by=by,
    )
    assert rows["n_eligible"].min() >= 10
    assert f"by {by}, 2026-08: " in lines[0]


def test_a_figure_that_no_breakdown_has_is_refused(released):
    with pytest.raises(SettingsRefused, match=r"^PPL-ASK-006 gini: is not told by location"):
        answer(released, metric_named("gini"), by="location", period=None)


def test_the_command_prints_an_answer_and_writes_a_workbook(acme_out: Path, tmp_path, capsys):
    assert main(["ask", "contributor_ratio", "--by", "unit", "--out", str(acme_out)]) == 0
    printed = capsys.readouterr().out
    assert "contributor_ratio_low" in printed
    assert "Engineering" in printed
    book = tmp_path / "answer.xlsx"
    assert main(["ask", "contributor_ratio", "--by", "unit", "--out", str(acme_out), "--xlsx", str(book)]) == 0
    assert book.read_bytes().startswith(b"PK")
    assert main(["explain", "contributor_ratio", "--out", str(acme_out), "--period", "2026-08"]) == 0
    assert "export files behind it" in capsys.readouterr().out
    assert main(["explain", "contributor_rate", "--out", str(acme_out)]) == 2
    assert "perhaps: contributor_ratio" in capsys.readouterr().err
