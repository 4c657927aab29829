"""Whether executives answer and are answered, and how far down they reach: straight from the definition.

How they take part themselves is in `executive_style`.
"""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.definitions import (
    ALL,
    Period,
    eligible_people,
    has_reactions,
    people_in,
    periods_of,
    platform_states,
    platforms_of,
    remembered,
    roster_of,
    spell_on,
    unit_on,
    units_of,
)
from tests.oracle.executive_style import ENOUGH, stay, with_bounds
from tests.oracle.firm import Firm, Said, above, is_executive_on, said_in
from tests.oracle.marts import Row, head, is_seen, ratio

WORKING_DAYS = 5
Wait = tuple[int, bool]


def executive_answers(firm: Firm) -> list[Row]:
    """The rows of `mart_executive_answers`."""
    return [
        answer_row(firm, period, platform, unit)
        for platform in platforms_of(firm.company)
        for kind in ("week", "month")
        for period in periods_of(firm.company, kind, platform)
        for unit in units_of(firm.company)
    ]


def answer_row(firm: Firm, period: Period, platform: str, unit: str) -> Row:
    """The row of the executives of a unit."""
    company = firm.company
    eligible = eligible_people(company, period, platform)
    n_executives = sum(eligible[person].is_executive for person in people_in(eligible, unit))
    answers = [e for e in company.events if e.action in ("reply", "comment") and platform in (ALL, e.platform)]
    has_targets = any(event.target_account_id is not None for event in answers)
    has_threads = any(event.action == "reply" and event.thread is not None for event in answers)
    of_people = question_columns(firm, period, platform, unit)
    of_people |= pair_columns(firm, period, platform, unit)
    of_people |= reach_columns(firm, period, platform, unit)
    of_threads = wait_columns(firm, period, platform, unit)
    if not has_targets or not is_seen(company, period, platform):
        of_people = dict.fromkeys(of_people)
    if not has_threads or not is_seen(company, period, platform):
        of_threads = dict.fromkeys(of_threads)
    if not has_reactions(company, platform):
        of_people |= dict.fromkeys(name for name in of_people if name == "n_reached" or name.startswith("reach_"))
    return head(company, period, platform, unit) | {"n_eligible": n_executives} | of_people | of_threads


@remembered
def said_then(firm: Firm, period: Period, platform: str) -> list[Said]:
    """What is said in the period: thread starters, replies and comments of people, and reactions."""
    return [
        said
        for said in said_in(firm)
        if platform in (ALL, said.platform)
        and period.start <= said.day <= period.end
        and (said.action == "react" or (said.counts and said.action in ("post", "reply", "comment")))
    ]


# ---- answers from executives -----------------------------------------------------------------------------------------


def question_columns(firm: Firm, period: Period, platform: str, unit: str) -> Row:
    """How many messages to executives of the unit are answered in time."""
    eligible = eligible_people(firm.company, period, platform)
    asked = [
        said
        for said in said_then(firm, period, platform)
        if said.target in eligible and is_question(firm, said)
        and unit in (ALL, unit_on(firm.company, str(said.target), said.day))
    ]  # fmt: skip
    old = [said for said in asked if is_observed(firm, said.platform, said.day, due_on(said.day))]
    n_answered = sum(is_answered(firm, said) for said in old)
    counts: Row = {"n_asked": len(asked), "n_old_enough": len(old), "n_answered_5d": n_answered}
    return counts | with_bounds("answered_5d_ratio", n_answered, len(old))


def is_question(firm: Firm, said: Said) -> bool:
    """Whether an employee who is no executive writes to somebody else who is one."""
    if said.action == "react" or said.target is None or said.target == said.person:
        return False
    asker = spell_on(firm.company, said.person, said.day)
    return asker is not None and not asker.is_executive and is_executive_on(firm.company, said.target, said.day)


def due_on(day: date) -> date:
    """The fifth day from Monday to Friday after the day."""
    n_left = WORKING_DAYS
    while n_left:
        day += timedelta(days=1)
        n_left -= day.weekday() < 5
    return day


def is_observed(firm: Firm, platform: str, first: date, last: date) -> bool:
    """Whether each day was observed at least in part, and none lies after the as-of day."""
    states = platform_states(firm.company, platform)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return last <= firm.company.as_of and all(states.get(day, "missing") != "missing" for day in days)


def is_answered(firm: Firm, question: Said) -> bool:
    """Whether the executive says something later in the thread, themselves and in time."""
    return question.thread[-1] is not None and any(
        said.person == question.target and said.counts and said.is_own and said.action in ("reply", "comment")
        and said.thread == question.thread and said.at > question.at and said.day <= due_on(question.day)
        for said in said_in(firm)
    )  # fmt: skip


# ---- answers to executives -------------------------------------------------------------------------------------------


def wait_columns(firm: Firm, period: Period, platform: str, unit: str) -> Row:
    """How long executives of the unit wait for an answer, and others in the same spaces at the same hours."""
    threads = threads_in(firm, period, platform)
    led = [t for t in threads if is_executive_on(firm.company, t.person, t.day)]
    led = [t for t in led if unit in (ALL, unit_on(firm.company, t.person, t.day))]
    others = [t for t in threads if not is_executive_on(firm.company, t.person, t.day)]
    n_led, n_others = Counter(cell(t) for t in led), Counter(cell(t) for t in others)
    matched = [t for t in others if n_led[cell(t)]]
    weights = [Fraction(n_led[cell(t)], n_others[cell(t)]) for t in matched]
    is_enough = len({t.person for t in led}) >= ENOUGH
    is_enough_of_both = is_enough and len({t.person for t in matched}) >= ENOUGH
    own = median_hours([waited(firm, t) for t in led], [Fraction(1)] * len(led))
    beside = median_hours([waited(firm, t) for t in matched], weights)
    return {
        "n_threads": len(led),
        "median_hours_to_executive": own if is_enough else None,
        "n_matched_threads": len(matched),
        "median_hours_to_matched": beside if is_enough_of_both else None,
    }


def cell(thread: Said) -> tuple[object, ...]:
    """Where, and in which hour of the day."""
    return (*thread.thread[:3], thread.at.hour)


@remembered
def threads_in(firm: Firm, period: Period, platform: str) -> list[Said]:
    """The threads that counted employees start themselves on a day that is observed at least in part."""
    eligible = eligible_people(firm.company, period, platform)
    return [
        said
        for said in said_then(firm, period, platform)
        if said.action == "post" and said.is_own and said.thread[-1] is not None and said.person in eligible
        and spell_on(firm.company, said.person, said.day)
        and is_observed(firm, said.platform, said.day, said.day)
    ]  # fmt: skip


@remembered
def waited(firm: Firm, thread: Said) -> Wait:
    """Seconds to the first answer of somebody else who is no executive, or for how long none was seen."""
    until = thread.day
    while is_observed(firm, thread.platform, until, until + timedelta(days=1)):
        until += timedelta(days=1)
    followed = (until - thread.day).days * 86400
    waits = [
        int((said.at.replace(microsecond=0) - thread.at.replace(microsecond=0)).total_seconds())
        for said in said_in(firm)
        if said.thread == thread.thread and said.counts and said.action in ("reply", "comment")
        and said.person != thread.person and said.at >= thread.at
        and not is_executive_on(firm.company, said.person, said.day)
    ]  # fmt: skip
    return (min(waits), True) if waits and min(waits) <= followed else (followed, False)


def median_hours(waits: list[Wait], weights: list[Fraction]) -> float | None:
    """When half are answered by the product-limit estimate; None if that never happens."""
    waiting = Fraction(1)
    for moment in sorted({seconds for seconds, is_answer in waits if is_answer}):
        at_risk = sum(w for (seconds, _), w in zip(waits, weights, strict=True) if seconds >= moment)
        answered = sum(w for wait, w in zip(waits, weights, strict=True) if wait == (moment, True))
        waiting *= 1 - Fraction(answered) / at_risk
        if 2 * waiting <= 1:
            return moment / 3600
    return None


# ---- distance and reach ----------------------------------------------------------------------------------------------


def pair_columns(firm: Firm, period: Period, platform: str, unit: str) -> Row:
    """How far from those with whom they talk the executives of the unit are."""
    eligible = eligible_people(firm.company, period, platform)
    talks = [s for s in said_then(firm, period, platform) if s.action in ("reply", "comment") and s.is_own and s.target]
    ends = {(s.person, str(s.target)) for s in talks} | {(str(s.target), s.person) for s in talks}
    pairs = {
        (one, other)
        for one, other in ends
        if one in people_in(eligible, unit) and other in eligible
        and eligible[one].is_executive and not eligible[other].is_executive
    }  # fmt: skip
    known = [d for one, other in pairs if (d := distance(firm, one, other, period, platform)) is not None]
    return {
        "n_dyads": len(known),
        "mean_tree_distance": ratio(sum(known), len(known)),
        "distant_ratio": ratio(sum(steps >= 3 for steps in known), len(known)),
    }


@remembered
def distance(firm: Firm, one: str, other: str, period: Period, platform: str) -> int | None:
    """Steps up to the nearest common manager and down, on the last day on which both are there."""
    day = min(stay(firm, one, period, platform)[1], stay(firm, other, period, platform)[1])
    ways = [
        above(firm, person, day) | {person: 0} if spell_on(firm.company, person, day) else {} for person in (one, other)
    ]
    return min((ways[0][top] + ways[1][top] for top in ways[0] if top in ways[1]), default=None)


def reach_columns(firm: Firm, period: Period, platform: str, unit: str) -> Row:
    """How many of the unit's people below an executive answer, or react to, one above them."""
    below = below_in(firm, period, platform, unit)
    reached = below & upward_in(firm, period, platform, with_reactions=True)
    return {
        "n_below": len(below),
        "n_reached_by_reply": len(below & upward_in(firm, period, platform, with_reactions=False)),
        "n_reached": len(reached),
        **with_bounds("reach_ratio", len(reached), len(below)),
    }


@remembered
def below_in(firm: Firm, period: Period, platform: str, unit: str) -> set[str]:
    """The people of the unit who stand below an executive on their last employed day."""
    if not roster_of(firm.company):
        return set()
    found = set()
    for person in people_in(eligible_people(firm.company, period, platform), unit):
        day = stay(firm, person, period, platform)[1]
        if any(is_executive_on(firm.company, boss, day) for boss in above(firm, person, day)):
            found.add(person)
    return found


@remembered
def upward_in(firm: Firm, period: Period, platform: str, *, with_reactions: bool) -> set[str]:
    """Who replied, commented or perhaps reacted to somebody who stands above them and is an executive that day."""
    return {
        said.person
        for said in said_then(firm, period, platform)
        if said.action != "post" and said.is_own and (with_reactions or said.action != "react")
        and said.target in above(firm, said.person, said.day)
        and is_executive_on(firm.company, str(said.target), said.day)
    }  # fmt: skip
