"""The marts about wikis, computed straight from their definition; wikis are described in `wikis`."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.definitions import (
    ALL,
    Period,
    eligible_people,
    people_in,
    period_of,
    periods_of,
    platforms_of,
    remembered,
    source_states,
    unit_on,
    units_of,
)
from tests.oracle.marts import Row, head, is_seen, ratio
from tests.oracle.wikis import STYLES, Change, Revision, Wiki, space_of

Source = tuple[str, str]
ALIVE, FADING = 90, 180
COUNTS = ("n_pages_created", "n_edits", "n_minor_edits", "n_null_edits", "n_sized_edits", "n_bytes_added",
          "n_bytes_removed", "n_reverts", "n_self_reverts", "n_comments")
NEEDS = {
    "has_edits": ("n_edits", "n_editors", "n_edited_pages", "n_co_edited_pages", "co_edited_ratio"),
    "has_minor": ("n_minor_edits",),
    "has_sizes": ("n_null_edits", "n_sized_edits", "n_bytes_added", "n_bytes_removed"),
    "has_reverts": ("n_reverts", "n_self_reverts"),
}


# ---- what both share -------------------------------------------------------------------------------------------------


def person_of(revision: Revision) -> str | None:
    """Who made it: the person of the account, else the account."""
    return None if revision.account is None else revision.account.person_id or revision.account.account_id


def on(change: Change) -> date:
    """Its day."""
    return change.revision.at.date()


def changes_of(wiki: Wiki, *actions: str) -> list[Change]:
    """The changes up to the as-of day."""
    return [one for one in wiki.changes if one.action in actions and on(one) <= wiki.company.as_of]


@remembered
def shown_by(wiki: Wiki) -> dict[Source, dict[str, bool]]:
    """Of every source with pages, what its exports show."""
    shown = {}
    for source, style in wiki.styles.items():
        own = [one for one in changes_of(wiki, "create", "edit") if one.revision.source == source]
        has_edits, has_history = STYLES[style]
        has_edits = has_edits and (has_history or any(one.is_contribution and one.action == "edit" for one in own))
        if own:
            shown[source] = {
                "has_edits": has_edits,
                "has_history": has_edits and has_history,
                "has_sizes": has_edits and any(one.bytes_delta is not None for one in own),
                "has_reverts": has_edits and any(one.is_revert is not None for one in own),
                "has_minor": has_edits and any(one.is_minor is not None for one in own),
            }
    return shown


# ---- mart_wiki_activity ----------------------------------------------------------------------------------------------


def wiki_activity(wiki: Wiki) -> list[Row]:
    """The rows of `mart_wiki_activity`."""
    return [
        activity_row(wiki, period, platform, unit)
        for platform in platforms_of(wiki.company)
        for kind in ("week", "month")
        for period in periods_of(wiki.company, kind, platform)
        for unit in units_of(wiki.company)
    ]


def activity_row(wiki: Wiki, period: Period, platform: str, unit: str) -> Row:
    """What the eligible people of a unit did in a period."""
    world = wiki.company
    eligible = eligible_people(world, period, platform)
    done = [
        one for one in changes_of(wiki, "create", "edit", "comment")
        if platform in (ALL, one.revision.source[0]) and one.revision.source in shown_by(wiki)
        and period.start <= on(one) <= period.end and person_of(one.revision) in eligible
    ]  # fmt: skip
    here = [one for one in done if unit in (ALL, unit_on(world, str(person_of(one.revision)), on(one)))]
    row: Row = {column: sum(amounts(one)[column] for one in here) for column in COUNTS}
    editors = {person_of(one.revision) for one in done if is_work(one) and one.action != "comment"}
    row["n_editors"] = len(editors & people_in(eligible, unit))
    people: dict[tuple[Source, int], set[str | None]] = {}
    for one in here:
        if is_work(one) and one.action != "comment" and one.revision.page is not None:
            people.setdefault((one.revision.source, one.revision.page), set()).add(person_of(one.revision))
    row["n_edited_pages"] = len(people)
    row["n_co_edited_pages"] = sum(len(who) >= 2 for who in people.values())
    row["co_edited_ratio"] = ratio(sum(len(who) >= 2 for who in people.values()), len(people))
    observed = [
        what for source, what in shown_by(wiki).items()
        if platform in (ALL, source[0])
        and any(source_states(world).get(source, {}).get(day, "missing") != "missing" for day in period.days())
    ]  # fmt: skip
    for need, columns in NEEDS.items():
        if not any(what[need] for what in observed):
            row |= dict.fromkeys(columns)
    if not observed or not is_seen(world, period, platform):
        row = dict.fromkeys(row)
    return head(world, period, platform, unit) | {"n_eligible": len(people_in(eligible, unit))} | row


def is_work(change: Change) -> bool:
    """A contribution; not a null edit, not by a bot."""
    return change.is_contribution


def amounts(change: Change) -> dict[str, int]:
    """What one change adds to each count."""
    counts, is_edit, is_page = is_work(change), change.action == "edit", change.action != "comment"
    person, delta = person_of(change.revision), change.bytes_delta
    is_of_people = change.revision.account is not None and change.revision.account.kind in ("human", "external")
    undone = change.undone if is_edit and counts else None
    is_own = undone is not None and all(person_of(one) == person for one in undone)
    return {
        "n_pages_created": int(counts and change.action == "create"),
        "n_edits": int(counts and is_edit),
        "n_minor_edits": int(counts and is_edit and bool(change.is_minor)),
        "n_null_edits": int(change.is_null and is_of_people and delta is not None),
        "n_sized_edits": int(counts and is_page and delta is not None),
        "n_bytes_added": max(delta or 0, 0) if counts and is_page else 0,
        "n_bytes_removed": max(-(delta or 0), 0) if counts and is_page else 0,
        "n_reverts": int(undone is not None and not is_own),
        "n_self_reverts": int(is_own),
        "n_comments": int(counts and not is_page),
    }


# ---- mart_wiki_life --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Subject:
    """A page or a space, the days on which people edited it, with each edit, and whether its creation is known."""

    kind: str
    source: Source
    edits: tuple[date, ...]
    is_begun: bool


@remembered
def subjects_of(wiki: Wiki) -> list[Subject]:
    """Every page and space that people have edited, in wikis whose exports show every edit."""
    touched: dict[tuple[str, Source, object], list[Change]] = {}
    for one in changes_of(wiki, "create", "edit", "comment"):
        names = (("page", one.revision.page), ("space", one.revision.space and space_of(one.revision)))
        for kind, name in names:
            if name is not None and shown_by(wiki).get(one.revision.source, {}).get("has_history"):
                touched.setdefault((kind, one.revision.source, name), []).append(one)
    subjects = []
    for (kind, source, _), changes in touched.items():
        edits = sorted(on(one) for one in changes if is_work(one))
        made = [one for one in changes if one.action != "comment"]
        if edits and made:
            first = min(on(one) for one in made)
            is_begun = any(one.action == "create" and on(one) == first for one in made)
            subjects.append(Subject(kind, source, tuple(edits), is_begun))
    return subjects


@remembered
def last_unseen(wiki: Wiki, source: Source, day: date) -> date:
    """The last day up to this one of which no export of the source tells; the day before the first at the latest."""
    states = source_states(wiki.company)[source]
    while states.get(day, "missing") != "missing":
        day -= timedelta(days=1)
    return day


def end_in(wiki: Wiki, source: Source, month: Period) -> date | None:
    """The day as of which the state at the end of the month is known."""
    states = source_states(wiki.company).get(source, {})
    days = [day for day in month.days() if day in states]
    seen = [day for day in days if states[day] != "missing"]
    return (seen or days or [None])[-1]


def care(last: date, day: date) -> str:
    """By how long ago the last edit was."""
    silence = (day - last).days
    return "alive" if silence <= ALIVE else "fading" if silence <= FADING else "forgotten"


@remembered
def state_on(wiki: Wiki, one: Subject, day: date) -> str:
    """The state, if it is the same whether or not somebody edited on the days of which nothing is known."""
    last = max(edit for edit in one.edits if edit <= day)
    possible = {care(last, day), care(max(last, last_unseen(wiki, one.source, day)), day)}
    return possible.pop() if len(possible) == 1 else "unknown"


def was_forgotten(wiki: Wiki, one: Subject, day: date) -> bool:
    """Whether on some earlier day it was certainly forgotten."""
    days = [edit - timedelta(days=1) for edit in dict.fromkeys(one.edits) if one.edits[0] < edit <= day]
    return any(state_on(wiki, one, earlier) == "forgotten" for earlier in days)


def wiki_life(wiki: Wiki) -> list[Row]:
    """The rows of `mart_wiki_life`."""
    return [
        life_row(wiki, period, platform, kind)
        for platform in platforms_of(wiki.company)
        for period in periods_of(wiki.company, "month", platform)
        for kind in ("page", "space")
    ]


def life_row(wiki: Wiki, month: Period, platform: str, kind: str) -> Row:
    """The pages or spaces that were there at the end of the month."""
    world = wiki.company
    known = {s for s, what in shown_by(wiki).items() if what["has_history"] and platform in (ALL, s[0])}
    ends = {source: end for source in known if (end := end_in(wiki, source, month)) is not None}
    there = [one for one in subjects_of(wiki) if one.kind == kind and one.source in ends
             and one.edits[0] <= ends[one.source]]
    states = [state_on(wiki, one, ends[one.source]) for one in there]
    revived = [state == "alive" and was_forgotten(wiki, one, ends[one.source])
               for one, state in zip(there, states, strict=True)]
    n_known = len(states) - states.count("unknown")
    row: Row = {
        "subject": kind,
        "n_subjects": len(there),
        "n_alive": states.count("alive") - sum(revived),
        "n_revived": sum(revived),
        "n_fading": states.count("fading"),
        "n_forgotten": states.count("forgotten"),
        "n_unknown": states.count("unknown"),
        "forgotten_ratio": ratio(states.count("forgotten"), n_known),
        **survival_columns(wiki, there, ends),
        **continuity_columns(wiki, there, ends, month),
    }
    if not ends or not is_seen(world, month, platform):
        row = dict.fromkeys(row) | {"subject": kind}
    n_eligible = len(eligible_people(world, month, platform))
    return head(world, month, platform, ALL) | {"n_eligible": n_eligible} | row


def survival_columns(wiki: Wiki, there: list[Subject], ends: dict[Source, date]) -> Row:
    """The curve of lives, and how early the edits of the first year were made."""
    lives: list[tuple[int, bool]] = []
    weeks: list[int] = []
    for one in there:
        born, end = one.edits[0], ends[one.source]
        edits = [edit for edit in one.edits if edit <= end]
        if not one.is_begun or last_unseen(wiki, one.source, end) >= born:
            continue
        if (end - born).days >= 364:
            weeks += [(edit - born).days // 7 + 1 for edit in edits if (edit - born).days < 364]
        followed = (end - born).days - ALIVE - 1  # an end on a later day would not be known yet
        if followed >= 0:
            life = (edits[-1] - born).days
            lives.append((life, True) if (end - edits[-1]).days > ALIVE else (followed, False))
    half = next((k for k in range(1, 53) if weeks and 2 * sum(week <= k for week in weeks) >= len(weeks)), None)
    shares = survival(lives)
    return {
        "n_followed": len(lives),
        "n_ended": sum(ended for _, ended in lives),
        **{f"survival_{day}d_ratio": share_beyond(shares, day) for day in (14, 90, 365)},
        "median_life_days": next((day for day, share in enumerate(shares) if 2 * share <= 1), None),
        "half_life_weeks": half,
    }


def survival(lives: list[tuple[int, bool]]) -> list[Fraction]:
    """Kaplan and Meier's share that lives longer than 0, 1, 2 ... days, as far as somebody is followed."""
    share, shares = Fraction(1), []
    for day in range(max((life for life, _ in lives), default=-1) + 1):
        n_at_risk = sum(life >= day for life, _ in lives)
        share *= Fraction(n_at_risk - lives.count((day, True)), n_at_risk)
        shares.append(share)
    return shares


def share_beyond(shares: list[Fraction], day: int) -> float | None:
    """The share on this day, if somebody was followed so far or nobody is left."""
    if day < len(shares):
        return float(shares[day])
    return 0.0 if shares and shares[-1] == 0 else None


def continuity_columns(wiki: Wiki, there: list[Subject], ends: dict[Source, date], month: Period) -> Row:
    """Who has an edit in each of 12 observed months."""
    months = [month]
    while len(months) < 12:
        months.append(period_of("month", months[-1].start - timedelta(days=1)))
    observed = {s for s, end in ends.items()
                if end == month.end and last_unseen(wiki, s, end) < months[-1].start}
    old = [one for one in there if one.source in observed and one.edits[0] <= months[-1].end]
    n_continuous = sum(all(any(m.start <= edit <= m.end for edit in one.edits) for m in months) for one in old)
    if not observed:
        return dict.fromkeys(("n_year_old", "n_continuous", "continuous_ratio"))
    return {"n_year_old": len(old), "n_continuous": n_continuous, "continuous_ratio": ratio(n_continuous, len(old))}
