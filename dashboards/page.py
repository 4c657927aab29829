"""A page, and what every page says: the period, the population, what counts, and what the exports cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from dashboards import words
from dashboards.cards import Card, Kpi
from dashboards.facts import cells
from dashboards.look import Look
from dashboards.numbers import Fact, Facts
from dashboards.released import ALL, Released
from models.release import SMALLEST_COUNT
from models.statistics.intervals import HELD_OF_100

MENU: Final = (
    ("index", "Overview"),
    ("active", "Active people"),
    ("contributors", "Contributors"),
    ("executives", "Executives"),
    ("rooted", "Taking root"),
    ("wiki", "Wiki life"),
    ("enabling", "Enabling people"),
    ("units", "Units"),
    ("measured", "What is measured"),
    ("data", "Data and definitions"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page builder returns. `extra` holds what only this page has, `extra_template` shows it; `facts` are the
    numbers of title and lead; `look` holds the selects that some of the cards follow.

    A page that the menu leaves out has the slug of its `parent` there, and its own `label`.
    """

    slug: str
    title: str
    lead: str
    cards: Sequence[Card]
    kpis: Sequence[Kpi] = ()
    extra: dict[str, Any] | None = None
    extra_template: str = ""
    facts: tuple[Fact, ...] = ()
    parent: str = ""
    label: str = ""
    look: Look | None = None


def agreement(released: Released) -> str:
    """The version of the agreement and the first digits of its hash, by which its parties recognise it."""
    agreed = released.agreement
    if agreed is None:
        return "No agreement is recorded."
    valid = words.day(agreed["valid_until"])
    return f"Agreement {words.clean(agreed['version'])} ({agreed['content_hash'][:8]}), valid until {valid}."


def _marked(released: Released, text: str, column: str) -> Markup:
    return Facts(cells("rel_source", *released.sources, only=column), names=released.platform_names).markup(text)


def notices(released: Released) -> list[str]:
    """What a reader must know before any number: no roster, no data, platforms that lag or went silent."""
    said: list[str] = []
    if not released.sources or released.as_of is None:
        said.append("No export has been loaded yet: there is nothing to show.")
    if not released.has_roster:
        said.append(
            "No roster is loaded: figures are of the accounts seen so far, not of all employees. Units and "
            "executives are not known."
        )
    said += _roster_notices(released)
    for row in released.observed:
        name = words.platform(row["platform"])
        if row["last_on"] is None:
            said.append(f"{name}: no day has been observed.")
        elif not row["is_delivering"]:
            said.append(
                f"{name} has delivered nothing since {words.day(row['last_on'])}. After that day it is no "
                "longer part of \u201call platforms\u201d, which counts those that still deliver."
            )
    return [*said, *_late_notice(released)]


def _late_notice(released: Released) -> list[str]:
    """One sentence for all platforms whose exports end before the data's date, as they lag at every run."""
    late = [
        row for row in released.observed
        if row["is_delivering"] and row["last_on"] and released.as_of and row["last_on"] < released.as_of
    ]  # fmt: skip
    if not late:
        return []
    first, *others = [(words.platform(row["platform"]), words.day(row["last_on"])) for row in late]
    said = words.listed([f"{first[0]} is observed only to {first[1]}", *(f"{name} to {day}" for name, day in others)])
    arrival = "their next exports arrive" if others else "its next export arrives"
    return [f"{said}; later weeks and months are partly observed until {arrival}."]


def _roster_notices(released: Released) -> list[str]:
    """Where the roster cannot carry figures about people."""
    found = released.outnumbered
    if released.has_roster and released.observed and released.tables["rel_contributor_ratios"].is_empty():
        return [
            "No figure about people is shown: no week or month has ended yet in which enough people are on the "
            "roster. If the organisation is larger, the roster is incomplete."
        ]
    if found.is_empty():
        return []
    names = sorted({words.platform(name) for name in found["platform"] if name != ALL}) or [words.platform(ALL).lower()]
    periods = found.select("period_kind", "period_start").unique()["period_kind"]
    counts = {kind: n for kind in ("week", "month") if (n := (periods == kind).sum())}
    spans = [words.count(n, kind) for kind, n in counts.items()]
    facts = Facts(Fact(f"rel_contributor_ratios/rows/{kind}s", n, "count", kind) for kind, n in counts.items())
    first, last = words.day(found["period_start"].min()), words.day(found["period_end"].max())  # type: ignore[arg-type]
    return [facts.markup(
        f"More people were active on {words.listed(names)} than are on the roster, in {words.listed(spans)} between "
        f"{first} and {last}. For these no figure about people is shown, as if they were not observed. The roster is "
        "incomplete, or guests are not known as guests."
    )]  # fmt: skip


def coverage(released: Released) -> Markup:
    """Which platforms, since when, how well."""
    parts = []
    for row in released.observed:
        name = words.platform(row["platform"])
        if row["first_on"] is None or row["last_on"] is None:
            parts.append(f"{name}: nothing observed")
            continue
        part = f"{name} {words.short_day(row['first_on'])} to {words.short_day(row['last_on'])}"
        if row["n_missing_days"]:
            part += f" ({words.count(row['n_missing_days'], 'day')} missing)"
        parts.append(part)
    said = "; ".join(parts) + "." if parts else "No export is loaded."
    return _marked(released, said, "n_missing_days")


def scope(released: Released) -> Markup:
    """Which share of a platform's records is in scope, where its exports hold the others too."""
    known = [row for row in released.observed if row["in_scope_ratio"] is not None]
    parts = [f"{words.percent(row['in_scope_ratio'])} on {words.platform(row['platform'])}" for row in known]
    if not parts:
        return Markup("Only spaces that everybody may read. The exports do not say how much lies in others.")
    text = (
        f"Only spaces that everybody may read: {words.listed(parts)} of the records. Of other platforms the exports "
        "do not say."
    )
    return _marked(released, text, "in_scope_ratio")


def _named(released: Released) -> str:
    who = words.listed(
        ["the executives of whom that was decided"] * released.names_executives
        + ["champions who asked for it"] * released.names_champions
    )
    return f"No person is named but {who}." if who else "No person is named."


def basis(released: Released) -> list[tuple[str, str]]:
    """The terms that hold for all figures of the site."""
    people = (
        "Everybody on the roster who is employed on at least half of the days of the period, counted once, in "
        "the unit of their last day."
        if released.has_roster
        else "The human accounts seen in the exports so far; nobody knows who never appears. Accounts gather "
        "over time, so a share of them falls by itself: trends are counts, and no share is compared over time."
    )
    people += " People who object, or who were forgotten, are in no numerator and no denominator."
    unread = "" if released.shows_presence else ", which these exports do not show"
    return [
        ("Period", "Whole weeks (from Monday) and months, up to the data\u2019s date. A period with a day that "
         "no export covers is marked as partly observed, and no change is judged on it."),
        ("People" if released.has_roster else "Accounts", people),
        ("Counted", "Posts, replies, comments, page creations, page edits, shares and uploads in public spaces."),
        ("Scope", scope(released)),
        ("Not counted", f"Reading{unread}: who contributes nothing may read everything. Reactions, unless a chart "
         "says so. Bots, system and service accounts, private spaces, direct messages."),
        ("Uncertainty", "Bands and bars behind points are 95 % intervals. Those of shares of people hold the truth in "
         f"{HELD_OF_100[0]} of 100 cases on average: in {HELD_OF_100[1]} at least for shares between 10% and 90%, in "
         f"{HELD_OF_100[2]} at least for the rarest things in small groups. Of groups they are wider, by what counting "
         "in fives leaves open. A change within chance, within that, or under one point, is called about the same."),
        ("Privacy", f"Units under {released.min_group} people are never shown on their own. People of groups are "
         f"counted in fives; where fewer than {SMALLEST_COUNT} did something, or fewer than {SMALLEST_COUNT} did not, "
         "only \u201cat most\u201d or \u201cat least\u201d is told, and nothing at all (\u201cnot told\u201d) where "
         f"other figures would give it away. {_named(released)}"),
        ("Coverage", coverage(released)),
    ]  # fmt: skip
