"""How long pages and public spaces live, straight from the definition of `mart_space_life` and `mart_space_curve`.

Day by day and without any table of silences. The regression of the half-life is the model's, on numbers counted here.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from models.statistics.cannot_tell import CannotTell
from models.statistics.half_life import half_life
from tests.oracle.definitions import ALL, eligible_people, periods_of, platforms_of, remembered, source_states
from tests.oracle.marts import Row, head, is_seen
from tests.oracle.places import Place, Places
from tests.oracle.threads import shares
from tests.oracle.wiki import on, shown_by
from tests.oracle.wikis import Change, space_of

Source = tuple[str, str]
Share = tuple[float, float | None, float | None]
Z = 1.959963984540054
KINDS = ("wiki_space", "page", "channel", "community", "blog")
TOO_FEW = "too few are followed from their launch on"
NAMED = ("survival_90d_ratio", "survival_365d_ratio")


@dataclass(frozen=True, eq=False)
class Thing:
    """A page or space: the days of its contributions, the day of its creation if given, and that of its launch."""

    kind: str
    source: Source
    days: tuple[date, ...]
    created_on: date | None
    launched_on: date | None


# ---- what there is ---------------------------------------------------------------------------------------------------


@remembered
def subject_of(places: Places, place: Place) -> str | None:
    """What a listed space is followed as."""
    if place.visibility != "public" or not any(c.is_contribution and c.revision.source == place.source
                                               for c in places.wiki.changes):
        return None
    has_pages = place.source in shown_by(places.wiki)
    is_whole = has_pages and shown_by(places.wiki)[place.source]["has_history"]
    if place.kind in ("group", "blog", "channel"):
        return {"group": "community", "blog": "blog", "channel": "channel"}[place.kind]
    if place.kind == "space" and not has_pages:
        return "channel"
    return "wiki_space" if place.kind in ("space", "namespace") and is_whole else None


@remembered
def things_of(places: Places) -> list[Thing]:
    """Every page that people have edited and every public space."""
    changes = [one for one in places.wiki.changes if on(one) <= places.company.as_of]
    subject = {place.space_id: subject_of(places, place) for place in places.listed}
    wholes: dict[tuple[str, Source, str], list[Place]] = {}
    for place in places.listed:
        if (kind := subject[place.space_id]) is not None:
            name = "the wiki" if place.kind == "namespace" else place.space_id
            wholes.setdefault((kind, place.source, name), []).append(place)
    things = []
    for (kind, source, name), parts in wholes.items():
        ids = {part.space_id for part in parts}
        own = [one for one in changes if one.revision.space is not None and space_of(one.revision) in ids]
        created = None if name == "the wiki" else parts[0].created_on
        things.append(thing(places, kind, source, own, created))
    by_page: dict[tuple[Source, int], list[Change]] = {}
    for one in changes:
        if one.action in ("create", "edit", "comment") and one.revision.page is not None:
            by_page.setdefault((one.revision.source, one.revision.page), []).append(one)
    for (source, _), own in by_page.items():
        is_inside = all(one.revision.space is not None and subject.get(space_of(one.revision)) == "wiki_space"
                        for one in own)
        found = thing(places, "page", source, own, None)
        if is_inside and any(one.action != "comment" for one in own) and found.days:
            things.append(found)
    return things


def thing(places: Places, kind: str, source: Source, changes: list[Change], created: date | None) -> Thing:
    """What these changes are of."""
    days = tuple(sorted(on(one) for one in changes if one.is_contribution))
    made = [one for one in changes if one.action in ("create", "edit")]
    if created is not None:
        return Thing(kind, source, days, created, min([created, *days]))
    if not days:
        return Thing(kind, source, days, None, None)
    if kind in ("page", "wiki_space"):
        first = min(on(one) for one in made) if made else None
        is_begun = any(one.action == "create" and on(one) == first for one in made)
        return Thing(kind, source, days, None, days[0] if is_begun else None)
    states = source_states(places.company)[source]
    n_seen = sum(state != "missing" for day, state in states.items() if day <= days[0])
    is_covered = days[0] <= max(day for day, state in states.items() if state != "missing")
    return Thing(kind, source, days, None, days[0] if n_seen > 90 and is_covered else None)


# ---- what is seen of one ---------------------------------------------------------------------------------------------


@remembered
def seen_days(places: Places, source: Source) -> list[date]:
    """The days of which exports tell."""
    return sorted(day for day, state in source_states(places.company)[source].items() if state != "missing")


@remembered
def seen_set(places: Places, source: Source) -> frozenset[date]:
    """The same, to look up."""
    return frozenset(seen_days(places, source))


def end_of(places: Places, source: Source) -> date:
    """The last of them."""
    return seen_days(places, source)[-1]


def care(last: date | None, day: date) -> str:
    """By how long ago the last mark was."""
    silence = (day - last).days if last else 10**6
    return "alive" if silence <= 90 else "fading" if silence <= 180 else "forgotten"


def state_on(places: Places, one: Thing, day: date) -> str:
    """The state as of a day, if it is the same whether or not somebody wrote on days of which nothing is known."""
    marks = [mark for mark in (*one.days, one.created_on) if mark is not None and mark <= day]
    last, seen = max(marks, default=None), seen_set(places, one.source)
    unseen = day
    while unseen in seen:
        unseen -= timedelta(days=1)
    possible = {care(last, day), care(max(last or unseen, unseen), day)}
    if "alive" in possible and care(last, day) == "alive":
        return "alive"
    return possible.pop() if len(possible) == 1 else "unknown"


@remembered
def final_state(places: Places, one: Thing) -> str:
    """As of the last day of which exports tell."""
    end = end_of(places, one.source)
    state = state_on(places, one, end)
    marks = sorted({mark for mark in (*one.days, one.created_on) if mark is not None and mark <= end})
    seen = seen_set(places, one.source)
    between = [first + timedelta(days=n) for first, later in pairwise(marks) for n in range(1, (later - first).days)]
    # the longest silences end before a mark, or before a day of which nothing is known
    eves = [day for day in between if (after := day + timedelta(days=1)) in marks or after not in seen]
    was_forgotten = any(state_on(places, one, eve) == "forgotten" for eve in eves)
    return "revived" if state == "alive" and was_forgotten else state


@remembered
def life_of(places: Places, one: Thing) -> tuple[int, bool, list[int]] | None:
    """Days, whether it fell silent, and the contributions in each week of age that is wholly seen."""
    seen = seen_set(places, one.source)
    if one.launched_on not in seen or one.launched_on is None:
        return None
    n_seen = 0
    while one.launched_on + timedelta(days=n_seen) in seen:
        n_seen += 1
    if n_seen - 1 <= 90:
        return None
    ages = [(day - one.launched_on).days for day in one.days]
    used = frozenset(ages)
    weeks = [sum(7 * week <= age < 7 * week + 7 for age in ages) for week in range(n_seen // 7)]
    silent, last = 0, 0
    for age in range(1, n_seen):
        silent = 0 if age in used else silent + 1
        last = age if age in used else last
        if silent > 90:
            return last, True, weeks
    return n_seen - 1 - 91, False, weeks


# ---- the rows --------------------------------------------------------------------------------------------------------


def there(places: Places, platform: str, kind: str) -> list[Thing]:
    """The pages or spaces of a platform that were there by the end of their source."""
    found = []
    for one in things_of(places):
        marks = [mark for mark in (*one.days, one.created_on) if mark is not None]
        source_is_seen = one.source in source_states(places.company) and seen_days(places, one.source)
        is_asked = one.kind == kind and platform in (ALL, one.source[0])
        if is_asked and source_is_seen and (not marks or min(marks) <= end_of(places, one.source)):
            found.append(one)
    return found


def heads(places: Places) -> list[tuple[Row, str, list[Thing]]]:
    """The first columns of every row, and what it is about."""
    world, found = places.company, []
    for platform in platforms_of(world):
        months = periods_of(world, "month", platform)
        each = [head(world, month, platform, ALL) for month in months]
        seen = [month for month in months if is_seen(world, month, platform)]
        row: Row = {
            "period_kind": "history", "period_start": months[0].start, "period_end": world.as_of,
            "platform": platform, "unit": ALL, "is_complete": all(one["is_complete"] for one in each),
            "n_observed_days": sum(int(one["n_observed_days"]) for one in each),  # type: ignore[arg-type]
            "n_eligible": len(eligible_people(world, seen[-1], platform)) if seen else 0,
        }
        found += [(row | {"subject": kind}, kind, own) for kind in KINDS if (own := there(places, platform, kind))]
    return found


def space_life(places: Places) -> list[Row]:
    """The rows of `mart_space_life`."""
    return [
        row | states(places, own) | survival(places, own) | fading(places, own) | continuity(places, own, kind)
        for row, kind, own in heads(places)
    ]


def space_curve(places: Places) -> list[Row]:
    """The rows of `mart_space_curve`."""
    rows = []
    for row, _, own in heads(places):
        lives = tuple(life[:2] for one in own if (life := life_of(places, one)))
        if len(lives) < 10:
            continue
        for day in range(0, 729, 7):
            found = share_after(lives, day)
            if found is None:
                break
            n = sum(days > day for days, _ in lives)
            rows.append(row | dict(zip(("survival_ratio", "survival_ratio_low", "survival_ratio_high"), found,
                                       strict=True)) | {"age_days": day, "n_followed": n})
            if found[0] == 0:
                break
    return rows


def states(places: Places, own: list[Thing]) -> Row:
    """How many are in which state."""
    found = [final_state(places, one) for one in own]
    n_known = len(found) - found.count("unknown")
    row: Row = {"n_spaces": len(own), "n_unknown": found.count("unknown")}
    for state in ("alive", "revived", "fading", "forgotten"):
        row[f"n_{state}"] = found.count(state) if n_known >= 10 else None
        row[f"{state}_ratio"] = found.count(state) / n_known if n_known >= 10 else None
    return row | few_shares("forgotten_ratio", found.count("forgotten"), n_known)


def few_shares(name: str, k: int, n: int) -> Row:
    """A share with its bounds, of at least ten."""
    return dict.fromkeys((name, f"{name}_low", f"{name}_high")) if n < 10 else shares(name, k, n)


@remembered
def shares_after(lives: tuple[tuple[int, bool], ...]) -> list[Share]:
    """Kaplan and Meier's share beyond 0, 1, 2 ... days with its log-log interval, as far as somebody is followed."""
    share, variance, found = Fraction(1), Fraction(0), list[Share]()
    for day in range(max(life for life, _ in lives) + 1):
        n, d = sum(life >= day for life, _ in lives), lives.count((day, True))
        share *= Fraction(n - d, n)
        variance += Fraction(d, n * (n - d)) if n > d else 0
        if share in (0, 1):
            found.append((float(share), None, None))
        else:
            theta = math.exp(Z * math.sqrt(variance) / abs(math.log(share)))
            found.append((float(share), float(share) ** theta, float(share) ** (1 / theta)))
    return found


def share_after(lives: tuple[tuple[int, bool], ...], day: int) -> Share | None:
    """The share beyond a day; None where nobody is followed so far, unless none is left."""
    curve = shares_after(lives)
    return curve[day] if day < len(curve) else curve[-1] if curve[-1][0] == 0 else None


def survival(places: Places, own: list[Thing]) -> Row:
    """The curve at 90 and 365 days, and the median."""
    lives = tuple(life[:2] for one in own if (life := life_of(places, one)))
    names = [f"{name}{end}" for name in NAMED for end in ("", "_low", "_high")]
    row: Row = {"n_followed": len(lives), "n_ended": sum(is_ended for _, is_ended in lives), "survival_reason": None}
    row |= dict.fromkeys((*names, "median_life_days", "median_life_days_low", "median_life_days_high"))
    if len(lives) < 10:
        return row | {"survival_reason": TOO_FEW}
    for name, day in zip(NAMED, (90, 365), strict=True):
        found = share_after(lives, day) or (None, None, None)
        row |= {name: found[0], f"{name}_low": found[1], f"{name}_high": found[2]}
    for name, place in (("", 0), ("_low", 1), ("_high", 2)):
        # where all have fallen silent there are no bounds, and the lower one is 0 as well
        curve = [0.0 if place < 2 and one[0] == 0 else one[place] for one in shares_after(lives)]
        days = [day for day, share in enumerate(curve) if share is not None and round(share, 9) <= 0.5]
        row[f"median_life_days{name}"] = days[0] if days else None
    if row["median_life_days"] is None:
        row |= {"median_life_days_low": None, "median_life_days_high": None}
    return row


def fading(places: Places, own: list[Thing]) -> Row:
    """The half-life of contributions per page or space and week, from the second week on."""
    lives = [life for one in own if (life := life_of(places, one))]
    row: Row = dict.fromkeys(("half_life_weeks", "half_life_weeks_low", "half_life_weeks_high", "half_life_reason"))
    if len(lives) < 10:
        return row | {"half_life_reason": TOO_FEW}
    n, seen = [], []
    for week in range(1, 52):
        counts = [weeks[week] for _, _, weeks in lives if len(weeks) > week]
        n.append(sum(counts))
        seen.append(len(counts))
    if len({Fraction(k, m) for k, m in zip(n, seen, strict=True) if m}) == 1:
        return row | {"half_life_reason": "the rate does not fall with age"}
    found = half_life(list(range(1, 52)), n, seen)
    if isinstance(found, CannotTell):
        return row | {"half_life_reason": found.reason}
    return row | {
        "half_life_weeks": found.time, "half_life_weeks_low": found.low, "half_life_weeks_high": found.high,
    }  # fmt: skip


def continuity(places: Places, own: list[Thing], kind: str) -> Row:
    """Who has a contribution in each of the last 12 whole months."""
    is_wiki = kind == "wiki_space"
    row: Row = {"n_year_old": None, "n_continuous": None, "continuity_verdict": None,
                "published_continuous_ratio": 0.2 if is_wiki else None}
    old: list[bool] = []
    is_any_seen = False
    for one in own:
        seen = seen_days(places, one.source)
        after = seen[-1] + timedelta(days=1)
        months = [(after.year * 12 + after.month - 1 - n) for n in range(12, 0, -1)]
        year = [date(m // 12, m % 12 + 1, 1) for m in (*months, months[-1] + 1)]
        if not set(days_between(year[0], year[-1])) <= set(seen):
            continue
        is_any_seen = True
        marks = [mark for mark in (*one.days, one.created_on) if mark is not None]
        if marks and min(marks) < year[1]:
            old.append(all(any(a <= day < b for day in one.days) for a, b in pairwise(year)))
    row["n_year_old"] = len(old) if is_any_seen else None
    n = len(old)
    row |= few_shares("continuous_ratio", sum(old), n)
    if n >= 10:
        low, high = row["continuous_ratio_low"], row["continuous_ratio_high"]
        verdict = "not told apart from published"
        if low > 0.2:  # type: ignore[operator]
            verdict = "more than published"
        elif high < 0.2:  # type: ignore[operator]
            verdict = "as few as published"
        row |= {"n_continuous": sum(old), "continuity_verdict": verdict if is_wiki else None}
    return row


def days_between(first: date, end: date) -> list[date]:
    """Every day from the first to the one before the end."""
    return [first + timedelta(days=n) for n in range((end - first).days)]
