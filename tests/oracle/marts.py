"""The facts and marts of a company, computed straight from their definition: the second opinion on the SQL.

What the words mean (eligible, observed, deed) is in `definitions`.
"""

import math
from datetime import date, timedelta

from tests.oracle.company import CONTRIBUTIONS, PEOPLE_KINDS, Company
from tests.oracle.definitions import (
    ALL,
    Deed,
    Period,
    Standing,
    deeds_of,
    eligible_people,
    has_reactions,
    people_in,
    periods_of,
    platform_states,
    platforms_of,
    remembered,
    source_states,
    spell_on,
    standing_in,
    unit_on,
    units_of,
)
from tests.oracle.inequality import (
    absence_factor,
    elephant_factor,
    gini,
    gini_corrected,
    person_week_gini,
    top_share,
)
from tests.oracle.returning import PRESENT, QUICK, RETURNS, day_of, quick, returns

Value = str | date | bool | int | float | None
Row = dict[str, Value]

Z = 1.959963984540054
HEAVY = {"week": 3, "month": 10}
KNOWN_AFTER_DAYS = 90
PLURALS = {
    "post": "n_posts",
    "reply": "n_replies",
    "create": "n_creates",
    "edit": "n_edits",
    "comment": "n_comments",
    "share": "n_shares",
    "upload": "n_uploads",
}


# ---- facts -----------------------------------------------------------------------------------------------------------


def coverage_days(world: Company) -> list[Row]:
    """The rows of `coverage_day`."""
    return [
        {"platform": platform, "workspace": workspace, "occurred_on": day, "state": state}
        for (platform, workspace), days in source_states(world).items()
        for day, state in days.items()
    ]


def person_days(world: Company) -> list[Row]:
    """The rows of `fct_person_day`."""
    kept: dict[tuple[str, bool, str, date], list[Deed]] = {}
    for deed in deeds_of(world):
        is_own_reaction = deed.action == "react" and deed.has_own_time and deed.kind in PEOPLE_KINDS
        if deed.counts or is_own_reaction:
            kept.setdefault((deed.person, deed.is_matched, deed.platform, deed.day), []).append(deed)
    rows: list[Row] = []
    for (person, is_matched, platform, day), deeds in kept.items():
        row: Row = {"person_id": person, "is_matched": is_matched, "platform": platform, "occurred_on": day}
        for action in CONTRIBUTIONS:
            row[PLURALS[action]] = sum(deed.action == action for deed in deeds)
        row["n_contributions"] = sum(deed.counts for deed in deeds)
        row["n_reacts"] = sum(deed.action == "react" for deed in deeds)
        rows.append(row)
    return rows


# ---- what all marts share --------------------------------------------------------------------------------------------


@remembered
def is_seen(world: Company, period: Period, platform: str) -> bool:
    """Whether some day of the period is observed or partial."""
    states = platform_states(world, platform)
    return any(states.get(day, "missing") != "missing" for day in period.days())


def head(world: Company, period: Period, platform: str, unit: str) -> Row:
    """The columns with which every mart starts, without n_eligible."""
    states = platform_states(world, platform)
    n_observed = sum(states.get(day) == "observed" for day in period.days())
    return {
        "period_kind": period.kind,
        "period_start": period.start,
        "period_end": period.end,
        "platform": platform,
        "unit": unit,
        "is_complete": period.end <= world.as_of and n_observed == len(period.days()),
        "n_observed_days": n_observed,
    }


def contributions_of(world: Company, platform: str, first: date, last: date) -> list[Deed]:
    """The contributions on a platform on the days from first to last."""
    return [deed for deed in deeds_of(world, platform) if deed.counts and first <= deed.day <= last]


@remembered
def contributors_of(world: Company, platform: str, first: date, last: date) -> set[str]:
    """The people with such a contribution, eligible or not."""
    return {deed.person for deed in contributions_of(world, platform, first, last)}


def outsiders(world: Company, period: Period, platform: str, unit: str) -> int:
    """Contributors of a week or month who are not eligible; in a unit those whose last employed day is there."""
    everybody = contributors_of(world, platform, period.start, period.end)
    people = everybody - set(eligible_people(world, period, platform))
    if unit == ALL:
        return len(people)
    standings = [standing_in(world, person, period) for person in people]
    return sum(standing is not None and standing.unit == unit for standing in standings)


def is_of_unit(world: Company, deed: Deed, unit: str) -> bool:
    """Whether the deed falls on a day on which its person is employed in the unit; every deed is of `all`."""
    return unit in (ALL, unit_on(world, deed.person, deed.day))


def ratio(part: float, whole: float) -> float | None:
    """The share, or None of nothing."""
    return part / whole if whole else None


def wilson(k: int, n: int) -> tuple[float | None, float | None]:
    """The 95 % bounds of k of n."""
    if n == 0:
        return None, None
    share = k / n
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def contributor_columns(n_contributors: int, n_eligible: int) -> Row:
    """How many contribute, their share and its bounds."""
    shares = (ratio(n_contributors, n_eligible), *wilson(n_contributors, n_eligible))
    names = ("contributor_ratio", "contributor_ratio_low", "contributor_ratio_high")
    return {"n_contributors": n_contributors} | dict(zip(names, shares, strict=True))


# ---- mart_active_users -----------------------------------------------------------------------------------------------

GROWTH = ("n_new", "n_unknown", "n_retained", "n_resurrected", "n_lapsed", "n_left")
WINDOWS = {"n_contributors_1d": 1, "n_contributors_7d": 7, "n_contributors_28d": 28}


def active_users(world: Company) -> list[Row]:
    """The rows of `mart_active_users`."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        for unit in units_of(world):
            day_rows = [day_row(world, day, platform, unit) for day in periods_of(world, "day", platform)]
            rows += day_rows
            for kind in ("week", "month"):
                for i, period in enumerate(periods_of(world, kind, platform)):
                    row = head(world, period, platform, unit)
                    row["n_eligible"] = len(people_in(eligible_people(world, period, platform), unit))
                    row |= actives(world, i, period, platform, unit)
                    row |= dict.fromkeys(("n_present", *PRESENT, *WINDOWS))
                    row |= returns([d for d in day_rows if period.start <= day_of(d) <= period.end])
                    if not is_seen(world, period, platform):
                        row |= dict.fromkeys(RETURNS)
                    previous = periods_of(world, kind, platform)[i - 1] if i else None
                    row |= quick(world, period, previous, platform, row)
                    rows.append(row)
    return rows


def day_row(world: Company, period: Period, platform: str, unit: str) -> Row:
    """The row of one day."""
    day = period.start
    eligible = people_in(eligible_people(world, period, platform), unit)
    row = head(world, period, platform, unit) | {"n_eligible": len(eligible)}
    for column, n_days in WINDOWS.items():
        row[column] = in_window(world, eligible, platform, day - timedelta(days=n_days - 1), day)
    row["n_contributors"] = row["n_contributors_1d"]
    strangers = contributors_of(world, platform, day, day) - set(eligible_people(world, period, platform))
    row["n_outside"] = len(strangers) if unit == ALL else 0
    if not is_seen(world, period, platform):
        row["n_outside"] = None
    return row | returns([row]) | dict.fromkeys(("n_reactors", "n_present", *PRESENT, *GROWTH, *QUICK))


def in_window(world: Company, eligible: set[str], platform: str, first: date, last: date) -> int | None:
    """How many of the eligible contributed in the window; None if it holds a day that is missing or before the data."""
    window = Period("window", first, last)
    states = platform_states(world, platform)
    if any(states.get(day, "missing") == "missing" for day in window.days()):
        return None
    return len(eligible & contributors_of(world, platform, first, last))


@remembered
def active_set(world: Company, period: Period, platform: str) -> set[str]:
    """A(t): the eligible people with a contribution; nobody where the period is not seen."""
    if not is_seen(world, period, platform):
        return set()
    return set(eligible_people(world, period, platform)) & contributors_of(world, platform, period.start, period.end)


def actives(world: Company, i: int, period: Period, platform: str, unit: str) -> Row:
    """The counts of week or month number i of the platform, and where the change comes from."""
    if not is_seen(world, period, platform):
        return dict.fromkeys(("n_outside", "n_contributors", "n_reactors", *GROWTH))
    periods = periods_of(world, period.kind, platform)
    eligible = eligible_people(world, period, platform)
    now = active_set(world, period, platform)
    here = now & people_in(eligible, unit)
    previous = active_set(world, periods[i - 1], platform) if i > 0 else set()
    earlier = {person for p in periods[:i] for person in active_set(world, p, platform)}
    first_timers = here - earlier
    unknown = {person for person in first_timers if is_first_seen_early(world, person, platform)}
    row: Row = {
        "n_outside": outsiders(world, period, platform, unit),
        "n_contributors": len(here),
        "n_reactors": None,
        "n_new": len(first_timers - unknown),
        "n_unknown": len(unknown),
        "n_retained": len(here & previous),
        "n_resurrected": len((here & earlier) - previous),
        "n_lapsed": None,
        "n_left": None,
    }
    if has_reactions(world, platform):
        reactors = {
            deed.person
            for deed in deeds_of(world, platform)
            if deed.action == "react" and period.start <= deed.day <= period.end
        }
        row["n_reactors"] = len(reactors & people_in(eligible, unit))
    if i > 0 and is_seen(world, periods[i - 1], platform):
        were_here = previous & people_in(eligible_people(world, periods[i - 1], platform), unit)
        row["n_lapsed"] = len((were_here - now) & set(eligible))
        row["n_left"] = len((were_here - now) - set(eligible))
    return row


def is_first_seen_early(world: Company, person: str, platform: str) -> bool:
    """Whether the first contribution ever is so close to the beginning of the data that it may not be the first."""
    seen_days = sorted(day for day, state in platform_states(world, platform).items() if state != "missing")
    if len(seen_days) < KNOWN_AFTER_DAYS:
        return True
    first = min(deed.day for deed in deeds_of(world, platform) if deed.counts and deed.person == person)
    return first <= seen_days[KNOWN_AFTER_DAYS - 1]


# ---- mart_contributor_ratios -----------------------------------------------------------------------------------------

OF_PRESENT = "contributor_of_present_ratio"
READING = ("n_lurkers", "n_absent", OF_PRESENT, f"{OF_PRESENT}_low", f"{OF_PRESENT}_high")
"""Unknown here, since a company has no usage reports; see `contributors`."""


def contributor_ratios(world: Company) -> list[Row]:
    """The rows of `mart_contributor_ratios`."""
    rows: list[Row] = []
    for platform in platforms_of(world):
        for kind in ("week", "month"):
            for period in periods_of(world, kind, platform):
                for unit in units_of(world):
                    people = people_in(eligible_people(world, period, platform), unit)
                    figures = ratio_columns(world, period, platform, unit)
                    if not is_seen(world, period, platform):
                        figures = dict.fromkeys(figures)
                    rows.append(head(world, period, platform, unit) | {"n_eligible": len(people)} | figures)
    return rows


def ratio_columns(world: Company, period: Period, platform: str, unit: str) -> Row:
    """Which share of the unit contributes, and how unevenly."""
    deeds = contributions_of(world, platform, period.start, period.end)
    eligible = eligible_people(world, period, platform)
    people = people_in(eligible, unit)
    totals = [sum(deed.person == person for deed in deeds) for person in people]
    n_active = sum(total > 0 for total in totals)
    n_heavy = sum(total > HEAVY[period.kind] for total in totals)
    return {
        "n_outside": outsiders(world, period, platform, unit),
        **contributor_columns(n_active, len(people)),
        "n_contributions": sum(deed.person in eligible and is_of_unit(world, deed, unit) for deed in deeds),
        "n_none": len(people) - n_active,
        "n_some": n_active - n_heavy,
        "n_heavy": n_heavy,
        **dict.fromkeys(READING),
        "top_1_share_ratio": top_share(totals, -(-len(totals) // 100)),
        "top_10_share_ratio": top_share(totals, -(-len(totals) // 10)),
        "gini_ratio": gini(totals),
        "gini_corrected_ratio": gini_corrected(totals),
        "gini_person_week_ratio": person_week_gini(world, period, platform, unit),
        "absence_factor": absence_factor(totals),
        "elephant_factor": elephant_factor(world, period, platform, unit),
    }


# ---- mart_executive_participation ------------------------------------------------------------------------------------


def executive_participation(world: Company, delegated: frozenset[int] = frozenset()) -> list[Row]:
    """The rows of `mart_executive_participation`; `delegated` are the numbers of the events that delegates did."""
    return [
        class_row(world, period, platform, unit, is_executive, delegated)
        for platform in platforms_of(world)
        for kind in ("week", "month")
        for period in periods_of(world, kind, platform)
        for unit in units_of(world)
        for is_executive in (True, False)
    ]


def class_row(
    world: Company, period: Period, platform: str, unit: str, is_executive: bool, delegated: frozenset[int]
) -> Row:
    """The row of the executives of a unit, or of everybody else there."""
    eligible = eligible_people(world, period, platform)
    n_eligible = sum(eligible[person].is_executive == is_executive for person in people_in(eligible, unit))
    deeds = contributions_of(world, platform, period.start, period.end)
    figures = class_figures(world, unit, is_executive, eligible, deeds)
    themselves = class_figures(world, unit, is_executive, eligible, [d for d in deeds if d.number not in delegated])
    figures |= {
        f"n_own_{name.removeprefix('n_')}" if name.startswith("n_") else f"own_{name}": value
        for name, value in themselves.items()
    }
    if not is_seen(world, period, platform):
        figures = dict.fromkeys(figures)
    return head(world, period, platform, unit) | {"n_eligible": n_eligible, "is_executive": is_executive} | figures


def class_figures(
    world: Company, unit: str, is_executive: bool, eligible: dict[str, Standing], deeds: list[Deed]
) -> Row:
    """What the deeds of a period say of the executives of a unit, or of everybody else there."""
    of_class = {person for person, standing in eligible.items() if standing.is_executive == is_executive}
    members = of_class & people_in(eligible, unit)
    own = [deed for deed in deeds if deed.person in of_class and is_of_unit(world, deed, unit)]
    n_posts = sum(deed.action == "post" for deed in own)
    replies = [deed for deed in own if deed.action == "reply"]
    n_to_staff = sum(is_to_staff(world, deed) for deed in replies)
    n_two_way, n_pairs = pairs_of(members, {p for p, s in eligible.items() if not s.is_executive}, deeds)
    others = people_in(eligible, unit) - of_class
    active = {deed.person for deed in deeds}
    parity: tuple[float | None, float | None, float | None] = (None, None, None)
    if is_executive:
        parity = katz(len(members & active), len(members), len(others & active), len(others))
    return {
        **contributor_columns(len(members & active), len(members)),
        **dict(zip(("parity_ratio", "parity_ratio_low", "parity_ratio_high"), parity, strict=True)),
        "n_posts": n_posts,
        "n_replies": len(replies),
        "n_replies_to_staff": n_to_staff,
        "broadcast_ratio": ratio(n_posts, n_posts + n_to_staff),
        "n_two_way": n_two_way,
        "two_way_ratio": ratio(n_two_way, n_pairs),
    }


def katz(a: int, m: int, b: int, n: int) -> tuple[float | None, float | None, float | None]:
    """The ratio of the shares a of m and b of n with its 95 % bounds; None where either share is 0 or of nothing."""
    if a == 0 or b == 0:
        return None, None, None
    factor = math.exp(Z * math.sqrt((m - a) / (a * m) + (n - b) / (b * n)))
    parity = (a / m) / (b / n)
    return parity, parity / factor, parity * factor


def is_to_staff(world: Company, reply: Deed) -> bool:
    """Whether the reply goes neither to its own author nor to somebody who is an executive on that day."""
    if reply.target is None:
        return True
    if reply.target == reply.person:
        return False
    row = spell_on(world, reply.target, reply.day)
    return row is None or not row.is_executive


def pairs_of(members: set[str], staff: set[str], deeds: list[Deed]) -> tuple[int, int]:
    """Pairs of a member and a non-executive between whom there is an answer: those with both directions, and all."""
    directions = {(deed.person, deed.target) for deed in deeds if deed.action in ("reply", "comment")}
    answered = {frozenset((a, b)) for a in members for b in staff if a != b and {(a, b), (b, a)} & directions}
    n_two_way = sum(all((a, b) in directions for a in pair for b in pair if a != b) for pair in answered)
    return n_two_way, len(answered)
