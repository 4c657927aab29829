"""Rows of made-up companies: notes, what is declared, other definitions of active, the effect of an executive."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from models.metrics.definitions import DEFINITIONS
from models.statistics.intervals import wilson_bounds

Row = dict[str, Any]
_READING = ("slack_active", "viva", "workplace", "mattermost", "zulip")
_BOUNDS = ("contributor_ratio_low", "contributor_ratio_high")
_NOTES = (
    ("PPL-JSN-008", "keys that Slack is not known to write; not read"),
    ("PPL-TIM-007", "revisions older than the one they changed; order by time"),
)


def notes(platforms: Collection[str]) -> list[Row]:
    """Two notes per platform."""
    return [
        {"platform": platform, "rule": rule, "message": text, "n_exports": 2, "n_records": 1_200 + index}
        for platform in platforms for index, (rule, text) in enumerate(_NOTES)
    ]  # fmt: skip


def declared(units: Collection[str], day: date) -> list[Row]:
    """A target, what was done by all and by the first unit, and its trial; nothing where there are no units."""
    if not units:
        return []
    target = {"kind": "target", "title": "contributor_ratio", "platform": "all", "unit": "all", "value": 0.4,
              "from_on": None, "to_on": day, "detail": "the board"}  # fmt: skip
    unit = next(iter(units))
    of_unit = {"title": unit, "platform": "slack", "unit": unit, "value": None, "from_on": day, "to_on": day}
    of_all = target | {"kind": "event", "value": None, "detail": "campaign"}
    spans = {"Guide to working in the open": (214, 214), "Weeks of open doors": (120, 90)}
    done = [of_all | {"title": title, "from_on": day - timedelta(first), "to_on": day - timedelta(last)}
            for title, (first, last) in spans.items()]  # fmt: skip
    return [target, *done, of_unit | {"kind": "event", "detail": "launch"}, of_unit | {"kind": "trial", "detail": None}]


def departments(months: Iterable[Row]) -> list[Row]:
    """Three departments of a unit in each of its `months`; of the last one too few are left to tell."""
    counts = {"Field": (40, 90), "Key Accounts": (33, 60), "Web Shop": (None, 20)}
    return [
        month | {"dimension": "department", "value": f"{month['unit']} / {name}", "n_eligible": n, "n_contributors": k,
                 "contributor_ratio": k and k / n, **dict(zip(_BOUNDS, wilson_bounds(k, n), strict=True))}
        for month in months for name, (k, n) in counts.items()
    ]  # fmt: skip


def agreement(word: str | None, platforms: Collection[str]) -> list[Row]:
    """What the run keeps to, and if there is a word, an agreement whose texts begin with it."""
    row: Row = {"min_group": 12, "visibilities": "public", "analyst_file": "released", "kept_events_months": 12}
    if word is None:
        return [row]
    return [row | {
        "version": f"{word} 2.1", "content_hash": "feedc0de" * 8, "approved_on": date(2026, 1, 7),
        "valid_until": date(2027, 12, 31), "parties": f"{word} management\n{word} works council",
        "purpose": f"{word} to see whether people take part.", "contact": f"{word} the data protection officer",
        "sources": "\n".join((*platforms, "roster")), "agreed_min_group": 10, "events_months": 13,
        "quarantine_days": 30, "roles": f"{word} leadership\tthese pages\n{word} two analysts\tthe analyst's file",
    }]  # fmt: skip


def definitions(months: Iterable[Row]) -> list[Row]:
    """Every definition in each of the months: contributions are known, reading nowhere, reactions on Slack."""
    rows = []
    for base in months:
        for one in DEFINITIONS:
            reads = one.id.startswith(_READING)
            reacts = one.id.startswith("swoop") and base["platform"] != "slack"
            missing = "reading" if reads else "reactions" if reacts else "none"
            known = {} if missing != "none" else {"n_active": base["n_eligible"] // 4, "active_ratio": 0.25}
            flags = {"counts_reading": reads, "counts_reactions": reads}
            rows.append(base | known | flags | {"definition": one.id, "n_window_days": 28, "missing": missing})
    return rows


def lead_effect(first: date, as_of: date, people: int, verdict: str) -> list[Row]:
    """The answer for all platforms: an estimate of six points, a flag, or what is missing."""
    head: Row = {"period_kind": "history", "period_start": first, "period_end": as_of, "platform": "all", "unit": "all",
                 "is_complete": True, "n_observed_days": 300, "n_eligible": people, "verdict": verdict}  # fmt: skip
    if verdict == "flagged":
        return [head | {"reason": "people were taking part more, or less, already before the executive did"}]
    if verdict == "not estimable":
        need = {"n_needed_starts": 10, "n_needed_later_starts": 10, "n_needed_people": 5}
        return [head | need | {"reason": "too few starts"}]
    return [head | {
        "effect_pp": 6.04, "effect_pp_low": 1.9, "effect_pp_high": 10.2, "effect_p": 0.011, "wording": "associated",
        "n_leaders": 27, "n_starts": 12, "n_later_starts": 10, "n_never_started": 7, "minimum_pp": 4.86,
        "before_p": 0.96, "reverse_p": 0.03, "elsewhere_p": 0.11,
    }]  # fmt: skip


def lead_curve(first: date, as_of: date, people: int, verdict: str) -> list[Row]:
    """Sixteen weeks around the start, where there is an estimate."""
    head = {name: value for name, value in lead_effect(first, as_of, people, verdict)[0].items() if name != "verdict"}
    if verdict != "estimated":
        return []
    weeks = range(-8, 8)
    sizes = [6.0 * (week >= 0) + (week * week % 5 - 2) / 3 for week in weeks]
    return [
        {name: head[name] for name in tuple(head)[:8]}
        | {"week": week, "difference_pp": size, "difference_pp_low": size - 4.1, "difference_pp_high": size + 4.3}
        for week, size in zip(weeks, sizes, strict=True)
    ]
