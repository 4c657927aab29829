"""On how few people first answers rest, straight from the definition of `mart_champions`."""

from collections import Counter

from tests.oracle.company import PEOPLE_KINDS
from tests.oracle.definitions import ALL, eligible_people, remembered
from tests.oracle.firm import Firm
from tests.oracle.first_steps import first_acts, is_new
from tests.oracle.marts import Row, is_seen
from tests.oracle.order import order_of
from tests.oracle.threads import (
    Thread,
    dated,
    followed_until,
    known_from,
    persons,
    rows_per_unit,
    shows_threads,
    threads_of,
)

NEW_DAYS = 28


@remembered
def first_replier(firm: Firm, thread: Thread) -> str | None:
    """The other person whose answer comes first; of several at the same moment the first in `order_of`."""
    world = firm.company
    post = next(e for e in dated(world) if (e.platform, e.number) == (thread.platform, thread.number))
    last, _ = followed_until(world, post)
    answers = [
        (e.occurred_at, order_of(world)[persons(world)[e.account_id][0]], persons(world)[e.account_id][0])
        for e in dated(world)
        if e.platform == thread.platform and e.thread == thread.number and e.action in ("reply", "comment")
        and e.is_contribution and e.account_id and e.occurred_at and persons(world)[e.account_id][1] in PEOPLE_KINDS
        and persons(world)[e.account_id][0] != thread.person and e.occurred_at >= thread.at
        and last is not None and e.occurred_at.date() <= last
    ]  # fmt: skip
    return min(answers)[-1] if answers else None


@remembered
def is_by_newcomer(firm: Firm, thread: Thread, platform: str) -> bool:
    """Whether the starter did something for the first time at most 28 days before, on the platform or anywhere."""
    first = first_acts(firm, platform).get(thread.person)
    return (
        first is not None and is_new(firm, first, platform) and 0 <= (thread.at.date() - first.day).days <= NEW_DAYS
    )  # fmt: skip


def fewest_with_more_than_half(answers: Counter[str]) -> int | None:
    """How many of the most busy it takes; None of nobody."""
    so_far = 0
    for n, total in enumerate(sorted(answers.values(), reverse=True), 1):
        so_far += total
        if 2 * so_far > answers.total():
            return n
    return None


def champions(firm: Firm) -> list[Row]:
    """The rows of `mart_champions`."""
    world, rows = firm.company, []
    for period, platform, unit, row in rows_per_unit(world):
        eligible = eligible_people(world, period, platform)
        threads = [
            one for one in threads_of(world)
            if platform in (ALL, one.platform) and shows_threads(world, one.platform) and one.person in eligible
            and period.start <= one.at.date() <= period.end and unit in (ALL, one.unit)
        ]  # fmt: skip
        start = known_from(world, platform)
        for asked_by in ("anybody", "newcomers"):
            asked = [one for one in threads if asked_by == "anybody" or is_by_newcomer(firm, one, platform)]
            repliers = [first_replier(firm, one) for one in asked]
            answers = Counter(person for person in repliers if person is not None)
            is_known = is_seen(world, period, platform) and shows_threads(world, platform)
            if asked_by == "newcomers":
                is_known = is_known and start is not None and start <= period.end
            figures: Row = {
                "n_questions": len(asked),
                "n_askers": len({one.person for one in asked}),
                "n_answered": answers.total(),
                "n_answerers": len(answers),
                "n_champions": fewest_with_more_than_half(answers),
            }
            rows.append(row | {"asked_by": asked_by} | (figures if is_known else dict.fromkeys(figures)))
    return rows
