"""Executives and their own people week by week, straight from the definition: the rows of `prep_lead_week`."""

from datetime import date

from tests.oracle.definitions import ALL, Period, eligible_people, periods_of, platforms_of, remembered
from tests.oracle.executive_style import stay
from tests.oracle.firm import Firm, Said, above, is_executive_on, said_in
from tests.oracle.marts import Row, head
from tests.oracle.order import order_of


def lead_weeks(firm: Firm) -> list[Row]:
    """A row for every week, platform and executive who has people of their own."""
    company = firm.company
    rows: list[Row] = []
    for platform in platforms_of(company):
        for period in periods_of(company, "week", platform):
            own: dict[str, set[str]] = {}
            for person, standing in eligible_people(company, period, platform).items():
                if standing.is_executive:
                    continue
                leader = nearest_executive(firm, person, stay(firm, person, period, platform)[1])
                if leader:
                    own.setdefault(leader, set()).add(person)
            rows += [lead_row(firm, period, platform, leader, people) for leader, people in own.items()]
    return rows


def lead_row(firm: Firm, period: Period, platform: str, leader: str, people: set[str]) -> Row:
    """One executive's week."""
    here = [said for said in said_then(firm, period, platform) if said.is_own]
    unprompted = [said for said in here if said.person in people and not is_answer_to(firm, said, leader)]
    homes = {said.platform for said in said_in(firm) if said.person == leader and said.is_own and said.counts}
    is_somewhere_else = platform == ALL and bool(set(platforms_of(firm.company)) - {ALL} - homes)
    elsewhere = {said.person for said in unprompted if said.platform not in homes}
    return {
        "period_start": period.start,
        "platform": platform,
        "leader_person_id": leader,
        "is_observed": head(firm.company, period, platform, ALL)["is_complete"],
        "n_eligible": len(people),
        "n_contributors": len({said.person for said in unprompted}),
        "n_elsewhere": len(elsewhere) if is_somewhere_else else None,
        "is_leader_active": any(said.person == leader for said in here),
    }


def nearest_executive(firm: Firm, person: str, day: date) -> str | None:
    """The first executive on the way up."""
    steps = above(firm, person, day)
    return next((one for one in sorted(steps, key=steps.__getitem__) if is_executive_on(firm.company, one, day)), None)


def is_answer_to(firm: Firm, said: Said, leader: str) -> bool:
    """Whether it is a reply or comment to the leader, or in a thread that the leader started."""
    return said.action in ("reply", "comment") and leader in (said.target, starters(firm).get(said.thread))


@remembered
def said_then(firm: Firm, period: Period, platform: str) -> list[Said]:
    """The contributions of a week."""
    return [
        said
        for said in said_in(firm)
        if said.counts and platform in (ALL, said.platform) and period.start <= said.day <= period.end
    ]


@remembered
def starters(firm: Firm) -> dict[tuple[str, str, str | None, int | None], str]:
    """Who first posted or created in each thread."""
    firsts = [
        (said.at, order_of(firm.company)[said.person], said.person, said.thread)
        for said in said_in(firm)
        if said.counts and said.action in ("post", "create") and said.thread[-1] is not None
    ]
    found: dict[tuple[str, str, str | None, int | None], str] = {}
    for *_, person, thread in sorted(firsts, key=lambda first: first[:3]):
        found.setdefault(thread, person)
    return found
