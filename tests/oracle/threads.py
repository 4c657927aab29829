"""Threads, and the marts about answers, computed straight from their definitions: the second opinion on the SQL.

Giving, ties and spaces are in `ties`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from math import inf

from tests.oracle.company import Company, Event
from tests.oracle.definitions import (
    ALL,
    Period,
    eligible_people,
    people_behind,
    people_in,
    periods_of,
    platform_states,
    platforms_of,
    remembered,
    source_states,
    spell_on,
    unit_on,
    units_of,
)
from tests.oracle.marts import KNOWN_AFTER_DAYS, Row, head, is_seen, ratio, wilson
from tests.oracle.talk import Talk

DAY = 86400


def rows_per_unit(world: Company) -> list[tuple[Period, str, str, Row]]:
    """Every week or month, platform and unit, with the columns with which its row starts."""
    return [
        (period, platform, unit, head(world, period, platform, unit)
         | {"n_eligible": len(people_in(eligible_people(world, period, platform), unit))})
        for platform in platforms_of(world)
        for kind in ("week", "month")
        for period in periods_of(world, kind, platform)
        for unit in units_of(world)
    ]  # fmt: skip


def dated(world: Company) -> list[Event]:
    """The events that are read."""
    return [event for event in world.events if event.occurred_at and event.occurred_at.date() <= world.as_of]


def shares(name: str, k: int, n: int) -> Row:
    """A share and its bounds."""
    low, high = wilson(k, n)
    return {name: ratio(k, n), f"{name}_low": low, f"{name}_high": high}


@remembered
def shows_threads(world: Company, platform: str) -> bool:
    """Whether a reply says to which thread it belongs."""
    return any(e.action == "reply" and e.thread is not None for e in dated(world) if platform in (ALL, e.platform))


@remembered
def shows_targets(world: Company, platform: str) -> bool:
    """Whether an answer or reaction says to whom."""
    return any(
        e.action in ("reply", "comment", "react") and e.target_account_id is not None
        for e in dated(world)
        if platform in (ALL, e.platform)
    )


@remembered
def persons(world: Company) -> dict[str, tuple[str, str]]:
    """Per account its person and kind."""
    people = people_behind(world)
    return {one.account_id: (people[one.account_id], one.kind) for one in world.accounts}


# ---- threads ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Thread:
    """A thread with the whole seconds to its first answer (None: not seen) and to the end of observation."""

    platform: str
    workspace: str
    number: int
    space_id: str | None
    at: datetime
    person: str
    unit: str | None
    is_executive: bool
    reply: tuple[int, int] | None
    observed: tuple[int, int]


@remembered
def threads_of(world: Company) -> list[Thread]:
    """The threads that people start."""
    found = []
    for post in dated(world):
        is_own = post.is_contribution and post.time_basis == "own" and post.account_id is not None
        if post.action != "post" or not is_own or post.thread != post.number or post.occurred_at is None:
            continue
        person = persons(world)[post.account_id or ""][0]
        at = post.occurred_at
        last, end = followed_until(world, post)
        answers = [
            e.occurred_at
            for e in dated(world)
            if e.platform == post.platform
            and e.thread == post.number
            and e.action in ("reply", "comment")
            and e.is_contribution
            and e.account_id
            and e.occurred_at
            and persons(world)[e.account_id][0] != person
            and e.occurred_at >= at
            and last is not None
            and e.occurred_at.date() <= last
        ]
        spell = spell_on(world, person, at.date())
        found.append(
            Thread(
                post.platform,
                post.workspace,
                post.number,
                post.space_id,
                at,
                person,
                unit_on(world, person, at.date()),
                bool(spell and spell.is_executive),
                clocks(at, min(answers)) if answers else None,
                clocks(at, end),
            )
        )
    return found


def followed_until(world: Company, post: Event) -> tuple[date | None, datetime]:
    """The last day on which an answer would have been seen, and its end."""
    states = source_states(world)[post.platform, post.workspace]
    assert post.occurred_at is not None
    day = post.occurred_at.date()
    if states.get(day, "missing") == "missing":
        return None, post.occurred_at
    while states.get(day + timedelta(days=1), "missing") != "missing":
        day += timedelta(days=1)
    if states[day] == "observed":
        return day, datetime.combine(day + timedelta(days=1), time())
    own = [
        e.occurred_at
        for e in dated(world)
        if (e.platform, e.workspace, e.time_basis) == (post.platform, post.workspace, "own")
        and e.occurred_at
        and e.occurred_at.date() == day
    ]
    return day, max(own, default=datetime.combine(day, time()))


def clocks(first: datetime, last: datetime) -> tuple[int, int]:
    """Whole seconds between two moments: all of them, and those that fall on Mondays to Fridays."""
    first, last = first.replace(microsecond=0), last.replace(microsecond=0)
    working, day = timedelta(0), datetime.combine(first.date(), time())
    while day <= last:
        if day.weekday() < 5:
            working += max(min(last, day + timedelta(days=1)) - max(first, day), timedelta(0))
        day += timedelta(days=1)
    return round((last - first).total_seconds()), round(working.total_seconds())


def product_limit_median(spans: list[tuple[int, bool]]) -> int | None:
    """The first time at which the Kaplan-Meier estimate of (time, did it happen?) is a half or less."""
    left = Fraction(1)
    for moment in sorted({span for span, happened in spans if happened}):
        at_risk = sum(span >= moment for span, _ in spans)
        left *= 1 - Fraction(sum(happened for span, happened in spans if span == moment), at_risk)
        if left <= Fraction(1, 2):
            return moment
    return None


def responses(talk: Talk) -> list[Row]:
    """The rows of `mart_responses`."""
    world, rows = talk.company, []
    for period, platform, unit, row in rows_per_unit(world):
        eligible = eligible_people(world, period, platform)
        threads = [
            one for one in threads_of(world)
            if platform in (ALL, one.platform) and shows_threads(world, one.platform) and one.person in eligible
            and period.start <= one.at.date() <= period.end and unit in (ALL, one.unit)
        ]  # fmt: skip
        figures: Row = {
            "n_threads": len(threads),
            "n_starters": len({one.person for one in threads}),
            "n_answered": sum(one.reply is not None for one in threads),
        }
        for n in (1, 2, 5):
            old = [one for one in threads if one.observed[1] >= n * DAY]
            k = sum(one.reply is not None and one.reply[1] <= n * DAY for one in old)
            figures |= {f"n_old_enough_{n}d": len(old), f"n_answered_{n}d": k}
            figures |= shares(f"answered_{n}d_ratio", k, len(old))
        for clock, name in enumerate(("median_hours_to_reply", "median_working_hours_to_reply")):
            spans = [((one.reply or one.observed)[clock], one.reply is not None) for one in threads]
            seconds = product_limit_median(spans)
            figures[name] = None if seconds is None else seconds / 3600
        is_known = is_seen(world, period, platform) and shows_threads(world, platform)
        rows.append(row | (figures if is_known else dict.fromkeys(figures)))
    return rows


# ---- newcomers -------------------------------------------------------------------------------------------------------


@remembered
def known_from(world: Company, platform: str) -> date | None:
    """The first day on which somebody may be new."""
    seen = sorted(day for day, state in platform_states(world, platform).items() if state != "missing")
    return seen[KNOWN_AFTER_DAYS] if len(seen) > KNOWN_AFTER_DAYS else None


@remembered
def first_posts(world: Company, platform: str) -> list[Thread]:
    """The threads that are the first contribution of a newcomer."""
    first: dict[str, datetime] = {}
    for e in dated(world):
        if e.is_contribution and e.account_id and e.occurred_at and platform in (ALL, e.platform):
            person = persons(world)[e.account_id][0]
            first[person] = min(first.get(person, e.occurred_at), e.occurred_at)
    found: dict[str, Thread] = {}
    start = known_from(world, platform)
    # of several at the same moment the one that is answered first
    for one in sorted(
        threads_of(world),
        key=lambda one: (one.platform, one.workspace, one.reply[1] if one.reply else inf, one.number),
    ):
        is_here = platform in (ALL, one.platform) and shows_threads(world, one.platform)
        if is_here and first[one.person] == one.at and start is not None and one.at.date() >= start:
            found.setdefault(one.person, one)
    return list(found.values())


def posts_again(world: Company, first: Thread) -> bool:
    """Whether the person starts another thread in the same workspace within 28 days."""
    home = (first.platform, first.workspace, first.person)
    return any(
        (one.platform, one.workspace, one.person) == home and one != first
        and timedelta(0) <= one.at - first.at <= timedelta(days=28)
        for one in threads_of(world)
    )  # fmt: skip


def newcomer_replies(talk: Talk) -> list[Row]:
    """The rows of `mart_newcomer_replies`."""
    world, rows = talk.company, []
    for period, platform, unit, row in rows_per_unit(world):
        eligible = eligible_people(world, period, platform)
        posts = [
            one for one in first_posts(world, platform)
            if one.person in eligible and period.start <= one.at.date() <= period.end and unit in (ALL, one.unit)
        ]  # fmt: skip
        old = [one for one in posts if one.observed[1] >= 2 * DAY]
        answered = {one for one in posts if one.reply is not None and one.reply[1] <= 2 * DAY}
        figures: Row = {
            "n_newcomer_threads": len(posts),
            "n_old_enough_2d": len(old),
            "n_unanswered_2d": sum(one not in answered for one in old),
            **shares("answered_2d_ratio", sum(one in answered for one in old), len(old)),
        }
        for name in ("answered", "unanswered"):
            group = [o for o in posts if o.observed[0] >= 28 * DAY and (o in answered) == (name == "answered")]
            again = sum(posts_again(world, one) for one in group)
            figures |= {f"n_{name}_old_enough": len(group), f"n_second_post_{name}": again}
            figures |= shares(f"second_post_{name}_ratio", again, len(group))
        start = known_from(world, platform)
        is_known = is_seen(world, period, platform) and shows_threads(world, platform)
        is_known = is_known and start is not None and start <= period.end
        rows.append(row | (figures if is_known else dict.fromkeys(figures)))
    return rows
