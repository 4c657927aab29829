"""Data and definitions: what was loaded, what is missing, what was withheld, and what every number means."""

from collections.abc import Iterator

import polars as pl

from dashboards import headlines, words
from dashboards.cards import Card, Key, describe_rows
from dashboards.figures.coverage import strip
from dashboards.other_definitions import multiverse
from dashboards.page import Page
from dashboards.relation import Cell, Column, Relation
from dashboards.release_rules import release_rules
from dashboards.released import ALL, ROSTER, Released, Row
from dashboards.workbook import WORKBOOK
from models.metrics import MARTS, MINIMUM_DAILY, MINIMUM_EXECUTIVES

REASONS = {
    "small_units_merged": "Units under {minimum} people are merged into \u201cOther units\u201d",
    "too_few_executives": "Executives are shown as a group of {minimum} or more",
    "open_period": "A week or month is shown once it is over",
    "organisation_too_small": "The organisation has fewer than {minimum} people",
    "ends_as_bands": "Where fewer than {minimum} people of a group did it, or fewer than {minimum} did not, only "
    "\u201cat most\u201d or \u201cat least\u201d is told",
    "follows_from_total": "What other figures would give away of fewer than {minimum} people is not told",
    "one_person_dominates": "A sum that would tell one person\u2019s part to within {minimum}% is not told",
}
TABLES = {mart.released_as: mart.metrics[0].title for mart in MARTS.values()} | {
    "rel_active_users": "Active people",
    "rel_contributor_ratios": "Contributors",
    "rel_executive_participation": "Executives",
}
STATE_ORDER = ("missing", "partial", "observed")


def build(released: Released) -> Page:
    """The page."""
    sources = released.sources
    metrics = released.metrics
    title = headlines.data_title(len(sources), has_faults=any(row["n_quarantined"] for row in sources))
    lead = "Which days the exports cover, what became of every record, what is withheld, and what every number means."
    extra = {
        "sources": _source_table(released) if sources else None,
        "notes": _note_table(released),
        "declared": _declared(released),
        "multiverse": multiverse(released),
        "workbook": WORKBOOK,
        "withheld": _withheld(released),
        "told_anew": _told_anew(released),
        "metrics": list(_definitions([row for row in metrics if MARTS[row["mart"]].released_as])),
        "n_unshown": sum(not MARTS[row["mart"]].released_as for row in metrics),
        "thresholds": [
            ("A unit on its own", released.min_group, "people"),
            ("Executives as a group", MINIMUM_EXECUTIVES, "executives"),
            ("Daily series of the organisation", MINIMUM_DAILY, "people"),
        ],
        "rules": list(release_rules(released.min_group)),
        "zone": released.zone,
    }
    return Page("data", title, lead, [_coverage(released)], extra=extra, extra_template="data.html.j2")


def _definitions(metrics: list[Row]) -> Iterator[Row]:
    """The newest version of each definition, which its id links to, and after it the earlier ones."""
    for name in dict.fromkeys(row["id"] for row in metrics):
        newest, *earlier = sorted((row for row in metrics if row["id"] == name), key=lambda row: -row["version"])
        yield newest | {"anchor": name, "is_earlier": False}
        for row in earlier:
            yield row | {"anchor": f"{name}-{row['version']}", "is_earlier": True}


def _coverage(released: Released) -> Card:
    runs = coverage_runs(released.tables["coverage_day"])
    subtitle = f"Days of each platform to {words.day(released.as_of)}, in days of the zone {released.zone}"
    if runs.is_empty():
        return Card(
            "coverage", "No day is covered by an export", subtitle, (), note="No export has been loaded.", wide=True
        )
    relation = Relation(
        "Days covered by exports",
        (
            Column("platform_name", "Platform", "text"),
            Column("state", "State", "text"),
            Column("first_on", "From", "day"),
            Column("last_on", "To", "day"),
        ),
        runs,
        newest_first=False,
    )
    behind = [row for row in released.sources if released.as_of and row["last_on"] and row["last_on"] < released.as_of]
    names = words.listed([words.platform(row["platform"]) for row in behind])
    headline = f"{names} {'ends' if len(behind) == 1 else 'end'} before {words.day(released.as_of)}"
    if not behind:
        headline = f"Every platform is covered to {words.day(released.as_of)}"
    keys = (
        Key("c1", "box", "observed"),
        Key("c1", "striped", "partly: an export begins or ends"),
        Key("soft", "hatch", "missing"),
    )
    return Card(
        "coverage", headline, subtitle, (), relation, strip(relation), describe_rows("Timeline", relation),
        "A day without data is missing, never a day on which nobody contributed.", keys, True,
    )  # fmt: skip


def coverage_runs(coverage: pl.DataFrame) -> pl.DataFrame:
    """Runs of days with one state per platform. A platform of several workspaces is observed where all of them are."""
    days = (
        coverage.group_by("platform", "occurred_on")
        .agg(pl.col("state").n_unique().alias("n_states"), pl.col("state").first())
        .with_columns(pl.when(pl.col("n_states") == 1).then("state").otherwise(pl.lit("partial")).alias("state"))
        .sort("platform", "occurred_on")
    )
    is_new = (
        (pl.col("state") != pl.col("state").shift())
        | (pl.col("occurred_on") != pl.col("occurred_on").shift() + pl.duration(days=1))
    ).over("platform").fill_null(value=True)  # fmt: skip
    return (
        days.with_columns(run=is_new.cum_sum().over("platform"))
        .group_by("platform", "run", maintain_order=True)
        .agg(pl.col("state").first(), first_on=pl.col("occurred_on").first(), last_on=pl.col("occurred_on").last())
        .with_columns(platform_name=pl.col("platform").map_elements(words.platform, return_dtype=pl.String))
        .sort("platform", "run")
    )


def _source_table(released: Released) -> Relation:
    frame = released.tables["rel_source"].sort(pl.col("platform") == ROSTER, "platform").with_columns(
        platform=pl.col("platform").map_elements(words.platform, return_dtype=pl.String),
        shows=pl.when(pl.col("platform") == ROSTER).then(None)
        .when(pl.col("has_reactions") & pl.col("has_reading")).then(pl.lit("reactions, presence"))
        .when("has_reactions").then(pl.lit("reactions"))
        .when("has_reading").then(pl.lit("presence")),
    )  # fmt: skip
    return Relation(
        "Records of each platform\u2019s exports",
        (
            Column("platform", "Platform", "text"),
            Column("first_on", "From", "day", missing="\u2013"),
            Column("last_on", "To", "day", missing="\u2013"),
            Column("n_files", "Exports", "count"),
            Column("n_read", "Read", "count"),
            Column("n_accepted", "Accepted", "count"),
            Column("n_duplicate", "Duplicate", "count"),
            Column("n_excluded", "Excluded", "count"),
            Column("n_quarantined", "Faulty", "count"),
            Column("n_contributions", "Contributions", "count"),
            Column("matched_ratio", "On the roster", "ratio", missing="\u2013"),
            Column("in_scope_ratio", "In scope", "ratio", missing="not known"),
            Column("shows", "Shows also", "text", missing="\u2013"),
        ),
        frame,
        newest_first=False,
    )


def _note_table(released: Released) -> Relation | None:
    found = released.tables["rel_note"]
    if found.is_empty():
        return None
    frame = found.sort(
        pl.col("platform") == ROSTER, "platform", "n_records", "rule", "message",
        descending=[False, False, True, False, False],
    ).with_columns(
        platform=pl.col("platform").map_elements(words.platform, return_dtype=pl.String),
        message=pl.col("message").str.head(1).str.to_uppercase() + pl.col("message").str.slice(1),
    )  # fmt: skip
    columns = (
        Column("platform", "Platform", "text"),
        Column("n_records", "Records", "count"),
        Column("message", "What was found", "text"),
        Column("n_exports", "Exports", "count"),
        Column("rule", "Code", "text"),
    )
    return Relation("What is odd in each platform\u2019s exports", columns, frame, newest_first=False)


def _declared(released: Released) -> Relation | None:
    found = released.tables["rel_declared"]
    if found.is_empty():
        return None
    titles = {row["id"]: row["title"] for row in released.metrics}
    is_target = pl.col("kind") == "target"
    frame = found.sort("kind", "to_on", "title", "unit").with_columns(
        kind=pl.col("kind").str.to_titlecase(),
        title=pl.when(is_target).then(pl.col("title").replace(titles)).otherwise("title"),
        where=pl.when(pl.col("unit") == ALL).then(pl.lit("everywhere")).otherwise("unit"),
        platform=pl.col("platform").map_elements(words.platform, return_dtype=pl.String),
        detail=pl.when(is_target).then(pl.format("set by {}", "detail")).otherwise("detail"),
    )
    columns = (
        Column("kind", "Declared", "text"),
        Column("title", "What", "text"),
        Column("where", "Where", "text"),
        Column("platform", "Platform", "text"),
        Column("from_on", "From", "day", missing="\u2013"),
        Column("to_on", "To", "day"),
        Column("value", "Value", "decimal", missing="\u2013"),
        Column("detail", "More", "text", missing="\u2013"),
    )
    return Relation("Targets, events and trials of the organisation", columns, frame, newest_first=False)


def _withheld(released: Released) -> list[list[Cell]]:
    rows = []
    for row in released.tables["rel_withheld"].sort("released_table", "reason", "n_units", nulls_last=True).to_dicts():
        reason = REASONS.get(row["reason"], words.clean(row["reason"])).format(minimum=row["minimum"])
        table = TABLES.get(row["released_table"], words.clean(row["released_table"]))
        n = row["n_figures"] if row["n_units"] is None else row["n_units"]
        rows.append([Cell(table, None), Cell(reason, None), Cell(_concerned(row), None if n is None else str(n))])
    return rows


def _told_anew(released: Released) -> list[list[Cell]]:
    """How many closed periods of each kind were restated, when last, and the days of which they are."""
    restated = released.tables["rel_revision"].group_by("metric", "period_kind").agg(
        pl.struct("period_start", "platform").n_unique().alias("n_periods"),
        pl.col("period_start").min(), pl.col("period_end").max(), pl.col("first_release").max(),
    )  # fmt: skip
    rows = []
    for row in restated.sort("metric", "period_kind").to_dicts():
        table = TABLES.get(row["metric"], words.clean(row["metric"]))
        periods = words.count(row["n_periods"], row["period_kind"])
        between = f"{words.day(row['period_start'])} to {words.day(row['period_end'])}"
        days = words.day(row["first_release"])
        rows.append([Cell(table, None), Cell(periods, str(row["n_periods"])), Cell(between, None), Cell(days, None)])
    return rows


def _concerned(row: Row) -> str:
    """How many units or figures a rule held back; which ones is not told."""
    if row["n_units"] is not None:
        return words.count(row["n_units"], "unit")
    return "\u2013" if row["n_figures"] is None else words.count(row["n_figures"], "figure")
