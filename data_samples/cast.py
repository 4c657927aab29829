"""Who plays which part: the planted truths about people.

The parts say how likely somebody contributes; `behaviour` plays them.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from data_samples.company import ORG, Company, Person

WEEKLY = {  # how likely a member of staff contributes in a normal week
    "Executive Office": 0.15, "Communications": 0.32, "Research": 0.22, "Engineering": 0.24,
    "Manufacturing": 0.012,
    "Supply Chain": 0.03, "Sales": 0.10, "Customer Care": 0.17, "Finance": 0.10, "People": 0.14,
}  # fmt: skip
UPLIFT = 0.08  # what the weekly likelihood of the department gains once its head takes part
BEGINS = (0, 3, 6, 1, 2)  # in which month, counted from the third, the heads of successive departments begin
NEVER = {  # departments whose heads never begin
    "Assembly", "Paint Shop", "Maintenance", "Purchasing", "Logistics", "Warehouses", "Accounting",
    "Controlling",
    "Board Office", "Legal",
}  # fmt: skip
CHAMPION_UNITS = ("Engineering", "Research", "Customer Care", "Sales", "People", "Finance", "Manufacturing")
RATES = (0.1, 0.4, 0.8, 1.2, 2.5)
HEAD_WEEKLY, CHAMPION_WEEKLY, BROADCAST_WEEKLY = 0.9, 0.97, 0.5


@dataclass
class Cast:
    """The people with a part of their own."""

    begins: dict[str, date] = field(default_factory=dict)  # department -> Monday on which its head begins
    broadcasters: list[Person] = field(default_factory=list)
    champions: list[Person] = field(default_factory=list)
    react_only: list[Person] = field(default_factory=list)
    two_accounts: list[Person] = field(default_factory=list)


def assign_parts(company: Company, rng: Random) -> Cast:
    """Give everybody a role and a rate."""
    cast = Cast()
    for person in company.people:
        person.rate = rng.choice(RATES)
        if person.assignments[0].layer < 3:
            person.role = "silent"
    _wake_heads(company, cast)
    company.chief.role = "engaged"
    heads = list(company.unit_heads.values())
    for head in heads[:6]:
        head.role = "broadcaster"
        cast.broadcasters.append(head)
    for head in heads[6:8]:
        head.role = "engaged"
    if company.movers:
        cast.two_accounts.append(company.movers[0])
        company.movers[0].role = "regular"
    if company.married:
        company.married.role = "regular"
    _choose_staff(company, cast, rng)
    return cast


def _wake_heads(company: Company, cast: Cast) -> None:
    # eight weeks of silence before the first start; a few late starters, with whom all others can be compared
    months = company.period.months()[2:-2] or company.period.months()[-1:]
    awake = [
        department for departments in ORG.values() for department in departments if department not in NEVER
    ]
    for number, department in enumerate(awake):
        month = months[min(BEGINS[number % len(BEGINS)], len(months) - 1)]
        monday = month + timedelta(-month.weekday() % 7)
        head = company.department_heads[department]
        head.role, head.begins = "head", monday
        cast.begins[department] = monday


def _choose_staff(company: Company, cast: Cast, rng: Random) -> None:
    steady = [
        p for p in company.people
        if p.role == "staff" and p.left is None and p.hired < company.period.start
        and p.assignments[0].layer == 4
    ]  # fmt: skip
    rng.shuffle(steady)
    for unit in CHAMPION_UNITS[: max(1, len(company.people) // 60)]:
        champion = next((p for p in steady if p.assignments[-1].unit == p.assignments[0].unit == unit), None)
        if champion:
            champion.role = "champion"
            cast.champions.append(champion)
    rest = [p for p in steady if p.role == "staff"]
    for person in rest[: max(2, len(company.people) // 34)]:
        person.role = "react_only"
        cast.react_only.append(person)
    others = [p for p in rest if p.role == "staff" and WEEKLY[p.assignments[0].unit] > 0.1]
    for person in others[:2]:
        person.role = "regular"
        cast.two_accounts.append(person)
