"""What people do first, and whether it lasts, straight from the definitions of `mart_first_steps`.

The companies in which many people begin are in `beginners`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf

from tests.oracle.company import CONTRIBUTIONS, PEOPLE_KINDS, Event
from tests.oracle.definitions import (
    ALL,
    days_from_to,
    eligible_people,
    has_reactions,
    people_behind,
    people_in,
    periods_of,
    platform_states,
    platforms_of,
    remembered,
    roster_of,
    source_states,
    spell_on,
    units_of,
)
from tests.oracle.firm import Firm
from tests.oracle.marts import KNOWN_AFTER_DAYS, Row, head, is_seen
from tests.oracle.threads import shares

STEPS = {
    "react": "reaction", "reply": "reply", "comment": "reply", "share": "share", "upload": "share", "create": "page",
    "edit": "page", "post": "post",
}  # fmt: skip
ORDER = ("post", "page", "share", "reply", "reaction")
"""Which of several steps at the same moment is the first."""
SMALL = 15


@dataclass(frozen=True)
class Act:
    """Something that a person does; `counts` if it is a contribution, `is_own` if no delegate did it."""

    person: str
    platform: str
    workspace: str
    space: str | None
    at: datetime
    step: str
    number: int
    counts: bool
    is_own: bool

    @property
    def day(self) -> date:
        """Its reporting day."""
        return self.at.date()


@remembered
def acts_of(firm: Firm) -> list[Act]:
    """Contributions, and the reactions that exports show and date well enough."""
    accounts = {one.account_id: one for one in firm.company.accounts}
    found = []
    for event in firm.company.events:
        if event.account_id is None or event.occurred_at is None or event.occurred_at.date() > firm.company.as_of:
            continue
        account = accounts[event.account_id]
        person = people_behind(firm.company)[account.account_id]
        counts = event.is_contribution and event.action in CONTRIBUTIONS and account.kind in PEOPLE_KINDS
        reacts = event.action == "react" and account.kind in PEOPLE_KINDS and is_dated(firm, event, person)
        if counts or reacts:
            found.append(
                Act(person, event.platform, event.workspace, event.space_id, event.occurred_at, STEPS[event.action],
                    event.number, counts, event.number not in firm.delegated)
            )  # fmt: skip
    return found


def is_dated(firm: Firm, event: Event, person: str) -> bool:
    """Whether the platform shows reactions, and this one was not possibly given long after its date."""
    assert event.occurred_at is not None
    hired = [spell.valid_from for spell in roster_of(firm.company) if spell.person_id == person]
    is_before = bool(hired) and event.occurred_at.date() < min(hired)
    return has_reactions(firm.company, event.platform) and (event.time_basis == "own" or not is_before)


@remembered
def first_acts(firm: Firm, platform: str) -> dict[str, Act]:
    """The first thing that each person does; of several at once in spaces of a workspace, that in the smallest."""
    found: dict[str, Act] = {}
    for act in sorted(
        (a for a in acts_of(firm) if a.is_own and platform in (ALL, a.platform)),
        key=lambda a: (a.at, ORDER.index(a.step), a.platform, a.workspace, space_people(firm, a), a.number),
    ):
        found.setdefault(act.person, act)
    return found


@remembered
def space_people(firm: Firm, act: Act) -> float:
    """How many contributed to its space in the 28 days before; more than anybody can count where there is none."""
    window = days_from_to(act.day - timedelta(days=28), act.day - timedelta(days=1))
    place = (act.platform, act.workspace, act.space)
    people = {
        a.person for a in acts_of(firm) if a.counts and (a.platform, a.workspace, a.space) == place and a.day in window
    }
    return len(people) if act.space is not None else inf


@remembered
def space_size(firm: Firm, act: Act) -> str | None:
    """Whether few or many contributed to its space in the 28 days before; None if that is unknown."""
    window = days_from_to(act.day - timedelta(days=28), act.day - timedelta(days=1))
    states = source_states(firm.company).get((act.platform, act.workspace), {})
    if act.space is None or any(states.get(day, "missing") == "missing" for day in window):
        return None
    return "small" if space_people(firm, act) <= SMALL else "large"


@remembered
def is_new(firm: Firm, act: Act, platform: str) -> bool:
    """Whether the step comes after the first 90 observed days."""
    states = platform_states(firm.company, platform)
    seen = sorted(day for day, state in states.items() if state != "missing")
    return len(seen) > KNOWN_AFTER_DAYS and seen[KNOWN_AFTER_DAYS] <= act.day


@remembered
def is_followed(firm: Firm, act: Act, platform: str) -> bool:
    """Whether the person was employed, and everything observed, for twelve weeks."""
    days = days_from_to(act.day, act.day + timedelta(days=83))
    states = platform_states(firm.company, platform)
    is_here = not roster_of(firm.company) or all(spell_on(firm.company, act.person, day) for day in days)
    return is_here and all(states.get(day, "missing") != "missing" for day in days)


@remembered
def is_contributing(firm: Firm, act: Act, platform: str, first: int, last: int) -> bool:
    """Whether the person contributes themselves from so many to so many days after."""
    return any(
        a.person == act.person and a.counts and a.is_own and platform in (ALL, a.platform)
        and first <= (a.day - act.day).days <= last
        for a in acts_of(firm)
    )  # fmt: skip


def first_steps(firm: Firm) -> list[Row]:
    """The rows of `mart_first_steps`."""
    world, rows = firm.company, []
    for platform in platforms_of(world):
        seen = sorted(day for day, state in platform_states(world, platform).items() if state != "missing")
        for month in periods_of(world, "month", platform):
            eligible = eligible_people(world, month, platform)
            can_be_new = len(seen) > KNOWN_AFTER_DAYS and seen[KNOWN_AFTER_DAYS] <= month.end
            begun = {
                person: act for person, act in first_acts(firm, platform).items()
                if person in eligible and month.start <= act.day <= month.end
            }  # fmt: skip
            for unit in units_of(world):
                people = people_in(eligible, unit)
                acts = [act for person, act in begun.items() if person in people]
                start = head(world, month, platform, unit) | {"n_eligible": len(people)}
                for step in ("any", *ORDER):
                    is_shown = is_seen(world, month, platform)
                    is_shown = is_shown and (step != "reaction" or has_reactions(world, platform))
                    for size in ("any", "small", "large"):
                        figures = figures_of(firm, acts, platform, step, size)
                        if not is_shown:
                            figures = dict.fromkeys(figures)
                        elif not can_be_new:
                            figures = dict.fromkeys(figures) | {"n_unknown": figures["n_unknown"]}
                        rows.append(start | {"step": step, "space_size": size} | figures)
    return rows


def figures_of(firm: Firm, acts: list[Act], platform: str, step: str, size: str) -> Row:
    """How many began so, and how many of them still contribute."""
    chosen = [
        act for act in acts if step in ("any", act.step) and (size == "any" or size == space_size(firm, act))
    ]  # fmt: skip
    new = [act for act in chosen if is_new(firm, act, platform)]
    followed = [act for act in new if is_followed(firm, act, platform)]
    early = sum(is_contributing(firm, act, platform, 28, 55) for act in followed)
    late = sum(is_contributing(firm, act, platform, 56, 83) for act in followed)
    return {
        "n_starters": len(new),
        "n_unknown": len(chosen) - len(new),
        **shares("start_ratio", len(new), sum(is_new(firm, act, platform) for act in acts)),
        "n_followed": len(followed),
        "n_on_5_8": early,
        **shares("weeks_5_8_ratio", early, len(followed)),
        "n_on_9_12": late,
        **shares("weeks_9_12_ratio", late, len(followed)),
    }
