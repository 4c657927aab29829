"""Rows about newcomers, answers and spaces of a made-up company: monthly counts, cut by the release rules."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from models.release.enabling import further_cut
from models.schemas import TABLES
from models.statistics.intervals import wilson_bounds
from tests.dashboards.companies import Company

Row = dict[str, Any]
STEPS = {"reaction": 9, "reply": 22, "post": 15, "page": 6, "share": 1}


def enabling(company: Company) -> Mapping[str, list[Row]]:
    """The five tables, and two named champions where there is an agreement; nothing of fewer than 200 people."""
    if company.people < 200:
        return {}
    chance = random.Random(f"enabling {company.people} {company.unknown}")
    of = {"rel_newcomer_replies": _newcomers, "rel_responses": _responses, "rel_champions": _champions,
          "rel_first_steps": _first_steps, "rel_stewardship": _stewardship}  # fmt: skip
    made: dict[str, list[Row]] = {table: [] for table in of}
    for platform in ("all", *company.lag):
        for number, head in enumerate(_months(company, platform)):
            is_known = number >= 3 and not _is_outnumbered(company, head)
            for table, rows in of.items():
                made[table] += [head | row for row in rows(chance, number, is_known=is_known)]
        if not company.units:
            for row in made["rel_stewardship"]:
                row.update(dict.fromkeys(("n_left", "left_ratio")))
    told = {table: _forget(_cut(table, rows), chance, company) for table, rows in made.items()}
    since = company.as_of.replace(day=1)
    asked = [{"shown": name, "scope": "wikis", "since_month": since} for name in ("Zoe", "kim")]
    return told | {"rel_named_champions": asked if company.agreed else []}


def _cut(table: str, rows: list[Row]) -> list[Row]:
    columns = TABLES[table].to_schema().columns
    frame = pl.DataFrame(
        [{name: row.get(name) for name in columns} for row in rows],
        schema={name: column.dtype.type for name, column in columns.items()},
    )
    return further_cut(table, frame, least=10).to_dicts()


def _forget(rows: list[Row], chance: random.Random, company: Company) -> list[Row]:
    kept = {"period_kind", "period_start", "period_end", "platform", "unit", "is_complete", "n_observed_days",
            "n_eligible", "step", "space_size", "asked_by"}  # fmt: skip
    return [
        {name: None if name not in kept and chance.random() < company.unknown else value for name, value in row.items()}
        for row in rows
    ]


def _months(company: Company, platform: str) -> list[Row]:
    rows, start = [], company.first.replace(day=1)
    while (end := (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)) <= company.as_of:
        is_whole = start >= company.first and not (company.gap and start <= company.gap[1] and company.gap[0] <= end)
        rows.append({
            "period_kind": "month", "period_start": start, "period_end": end, "platform": platform, "unit": "all",
            "is_complete": is_whole, "n_observed_days": 30 if is_whole else 12, "n_eligible": company.people,
        })  # fmt: skip
        start = end + timedelta(days=1)
    return rows


def _is_outnumbered(company: Company, head: Row) -> bool:
    since: date | None = company.outnumbered.get(head["platform"])
    return since is not None and head["period_start"] >= since


def _share(name: str, k: int, n: int) -> Row:
    low, high = wilson_bounds(k, n)
    return {name: k / n if n else None, f"{name}_low": low, f"{name}_high": high}


def _newcomers(chance: random.Random, number: int, *, is_known: bool) -> list[Row]:
    if not is_known:
        return [{}]
    n = 8 + 3 * (number % 6) + chance.randrange(3)
    unanswered = n // 2 - chance.randrange(3)
    return [{
        "n_newcomer_threads": n + 1, "n_old_enough_2d": n, "n_unanswered_2d": unanswered,
        **_share("answered_2d_ratio", n - unanswered, n),
        "n_answered_old_enough": n - unanswered, "n_second_post_answered": (n - unanswered) // 2,
        "n_unanswered_old_enough": unanswered, "n_second_post_unanswered": unanswered // 4,
    }]  # fmt: skip


def _responses(chance: random.Random, number: int, *, is_known: bool) -> list[Row]:
    if not is_known:
        return [{}]
    n = 420 + 11 * number + chance.randrange(40)
    row: Row = {"n_threads": n, "n_starters": n // 3, "n_answered": n * 2 // 3, "median_hours_to_reply": 51.5}
    for days, part in ((1, 0.3), (2, 0.5), (5, 0.62)):
        k = round(n * (part + 0.006 * number))
        row |= {f"n_old_enough_{days}d": n, f"n_answered_{days}d": k, **_share(f"answered_{days}d_ratio", k, n)}
    return [row]


def _champions(chance: random.Random, number: int, *, is_known: bool) -> list[Row]:
    if not is_known:
        return [{"asked_by": "anybody"}, {"asked_by": "newcomers"}]
    few = 2 + chance.randrange(12)
    return [
        {"asked_by": "anybody", "n_questions": 420, "n_askers": 140, "n_answered": 260, "n_answerers": 120 + few,
         "n_champions": 30 + few},
        {"asked_by": "newcomers", "n_questions": 44, "n_askers": 31, "n_answered": 30, "n_answerers": 12 + few,
         "n_champions": few},
    ]  # fmt: skip


def _first_steps(chance: random.Random, number: int, *, is_known: bool) -> list[Row]:
    counts = {step: n + chance.randrange(3) for step, n in STEPS.items()} if is_known else {}
    sizes = {("any", "any"): sum(counts.values()), ("any", "small"): sum(counts.values()) // 4,
             ("any", "large"): sum(counts.values()) // 2}  # fmt: skip
    rows: list[Row] = []
    for (step, size), n in (sizes | {(step, "any"): n for step, n in counts.items()}).items():
        late = {"n_followed": n - n // 8, "n_on_5_8": n // 3, "n_on_9_12": n // 4, "n_unknown": 0, "n_starters": n}
        rows.append({"step": step, "space_size": size} | (late if is_known else {}))
    return rows


def _stewardship(chance: random.Random, number: int, *, is_known: bool) -> list[Row]:
    if not is_known:
        return [{}]
    n, left, silent, alone = 40 + number, 1 + number // 4, 2 + chance.randrange(3), 6
    return [{
        "n_spaces": n, "n_alive": n - 5, "n_silent": silent, "silent_ratio": silent / n, "n_on_one": alone,
        "on_one_ratio": alone / n, "n_left": left, "left_ratio": left / n,
    }]  # fmt: skip
