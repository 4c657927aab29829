"""The people of Acme: units, departments, layers, joiners, leavers, re-organisation, as dated assignments.

No accounts and no behaviour.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from data_samples.period import Period
from data_samples.words import FIRST, LAST, guid

HOME = "acme.example"
ORG: dict[str, tuple[str, ...]] = {
    "Executive Office": ("Board Office", "Strategy", "Legal"),
    "Communications": ("Press", "Brand", "Internal Communications"),
    "Research": ("Materials", "Tooling", "Patents"),
    "Engineering": ("Software", "Hardware", "Quality"),
    "Manufacturing": ("Assembly", "Paint Shop", "Maintenance"),
    "Supply Chain": ("Purchasing", "Logistics", "Warehouses"),
    "Sales": ("Wholesale", "Retail", "Key Accounts"),
    "Customer Care": ("Hotline", "Field Service", "Warranty"),
    "Finance": ("Accounting", "Controlling", "Treasury"),
    "People": ("Hiring", "Learning", "Payroll"),
}
UNIT_OF = {department: unit for unit, departments in ORG.items() for department in departments}  # at first
MOVED = {
    "Tooling": "Engineering",
    "Retail": "Customer Care",
}  # department -> its unit after the re-organisation
ZONES = {
    "Berlin": "Europe/Berlin", "Lyon": "Europe/Paris", "San Francisco": "America/Los_Angeles",
    "Singapore": "Asia/Singapore", "Bengaluru": "Asia/Kolkata",
}  # fmt: skip
LEVELS = ("Executive", "Executive", "Director", "Manager", "Senior")
_WEIGHTS = {"Research": 9, "Engineering": 18, "Manufacturing": 20, "Supply Chain": 12, "Sales": 16,
            "Customer Care": 14, "Finance": 6, "People": 5}  # fmt: skip
_SYSTEM_SINCE = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Assignment:
    """What holds for a person from a day on: one roster row."""

    valid_from: date
    unit: str
    department: str
    manager: str
    layer: int
    level: str
    email: str
    left: date | None = None


@dataclass(eq=False, slots=True)
class Person:
    """Somebody on the roster, with all assignments in order."""

    id: str
    first: str
    last: str
    object_id: str
    location: str
    hired: date
    left: date | None = None
    assignments: list[Assignment] = field(default_factory=list)
    role: str = "staff"
    rate: float = 1.0  # how much more than others of the unit
    begins: date | None = None  # department heads: the Monday on which they begin to take part

    def on(self, day: date) -> Assignment:
        """The assignment in force (the first one before that)."""
        return next((a for a in reversed(self.assignments) if a.valid_from <= day), self.assignments[0])

    def employed(self, day: date) -> bool:
        """Whether the person is employed on a day."""
        return self.hired <= day and (self.left is None or day <= self.left)

    def change(self, day: date, **values: str) -> None:
        """Begin a new assignment on a day, or alter the one that begins then or later."""
        last = self.assignments[-1]
        if last.valid_from >= day:
            self.assignments[-1] = replace(last, **values)  # type: ignore[arg-type]
        else:
            self.assignments.append(replace(last, valid_from=day, **values))  # type: ignore[arg-type]


@dataclass
class Company:
    """Everybody who is ever employed in the period, and who heads what."""

    period: Period
    people: list[Person] = field(default_factory=list)
    unit_heads: dict[str, Person] = field(default_factory=dict)
    department_heads: dict[str, Person] = field(default_factory=dict)
    movers: list[Person] = field(default_factory=list)
    married: Person | None = None
    locals_: dict[str, int] = field(default_factory=dict)

    @property
    def chief(self) -> Person:
        """The person at the top."""
        return self.people[0]


def build_company(rng: Random, period: Period, *, people: int) -> Company:
    """A company that has about this many people on every day of the period."""
    company = Company(period)
    chief = _hire(company, rng, unit="Executive Office", department="Board Office", manager="", layer=0)
    for unit, departments in ORG.items():
        head = _hire(company, rng, unit=unit, department=departments[0], manager=chief.id, layer=1)
        company.unit_heads[unit] = head
        for department in departments:
            boss = _hire(company, rng, unit=unit, department=department, manager=head.id, layer=2)
            company.department_heads[department] = boss
    for unit, size in _sizes(people - 41).items():
        for index, department in enumerate(ORG[unit]):
            _staff(company, rng, unit=unit, department=department, size=(size + 2 - index) // 3)
    _turn_over(company, rng, people=people)
    _reorganise(company, rng)
    _promote(company, rng)
    _say_goodbye(company)
    return company


def _sizes(others: int) -> dict[str, int]:
    small = min(4, others // 12)
    sizes = {"Executive Office": small, "Communications": min(10, others // 8)}
    rest = others - sum(sizes.values())
    sizes |= {unit: rest * weight // 100 for unit, weight in _WEIGHTS.items()}
    sizes["Manufacturing"] += others - sum(sizes.values())
    return sizes


def _hire(
    company: Company,
    rng: Random,
    *,
    unit: str,
    department: str,
    manager: str,
    layer: int,
    hired: date | None = None,
) -> Person:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    base = f"{first}.{last}".lower().replace("ü", "ue")
    company.locals_[base] = number = company.locals_.get(base, 0) + 1
    email = f"{base}{number if number > 1 else ''}@{HOME}"
    since = hired or company.period.start - timedelta(rng.randint(30, 4000))
    person = Person(
        id=f"E{100001 + len(company.people)}", first=first, last=last, object_id=guid(rng),
        location=rng.choices(list(ZONES), weights=(40, 20, 18, 10, 12))[0], hired=since,
    )  # fmt: skip
    level = LEVELS[layer] if layer < 4 or rng.random() < 0.4 else "Junior"
    person.assignments.append(
        Assignment(max(since, _SYSTEM_SINCE), unit, department, manager, layer, level, email)
    )
    company.people.append(person)
    return person


def _staff(company: Company, rng: Random, *, unit: str, department: str, size: int) -> None:
    boss = company.department_heads[department]
    leads = [
        _hire(company, rng, unit=unit, department=department, manager=boss.id, layer=3)
        for _ in range(size // 10)
    ]
    for number in range(size - len(leads)):
        manager = leads[number % len(leads)] if leads else boss
        _hire(company, rng, unit=unit, department=department, manager=manager.id, layer=4)


def _turn_over(company: Company, rng: Random, *, people: int) -> None:
    """About one per cent of the staff leave every month and are replaced; two team leads leave."""
    period = company.period
    staff = [p for p in company.people if p.on(period.start).layer == 4]
    rng.shuffle(staff)
    for _ in range(min(len(staff) // 3, round(people * 0.011 * period.days / 30.4))):
        leaver = staff.pop()
        leaver.left = period.start + timedelta(rng.randint(3, period.days - 3))
        back_on = leaver.left + timedelta(rng.randint(1, 25))
        if back_on <= period.end - timedelta(3):
            old = leaver.assignments[0]
            _hire(
                company,
                rng,
                unit=old.unit,
                department=old.department,
                manager=old.manager,
                layer=4,
                hired=back_on,
            )
    leads = [p for p in company.people if p.assignments[0].layer == 3]
    for lead in rng.sample(leads, min(2, len(leads))):
        lead.left = period.start + timedelta(rng.randint(period.days // 4, period.days // 3))
        boss = company.department_heads[lead.assignments[0].department]
        for person in company.people:
            if person.assignments[-1].manager == lead.id and (person.left is None or person.left > lead.left):
                person.change(max(lead.left + timedelta(1), person.hired), manager=boss.id)


def _reorganise(company: Company, rng: Random) -> None:
    """Two departments change unit; about one person in a hundred changes department and unit."""
    day = company.period.reorganised_on
    there = [p for p in company.people if p.left is None or p.left >= day]
    for person in there:
        if person.assignments[-1].department in MOVED:
            unit = MOVED[person.assignments[-1].department]
            is_head = person.assignments[-1].layer == 2
            manager = company.unit_heads[unit].id if is_head else person.assignments[-1].manager
            person.change(max(day, person.hired), unit=unit, manager=manager)
    homes = ("Engineering", "Customer Care", "Research")
    candidates = [
        p for p in there
        if p.left is None and p.hired < day and p.assignments[-1].layer == 4
        and p.assignments[-1].unit in homes and p.assignments[-1].department not in MOVED
    ]  # fmt: skip
    for person in rng.sample(candidates, min(len(candidates), 1 + len(company.people) // 100)):
        unit, department = rng.choice(
            (("People", "Learning"), ("Sales", "Key Accounts"), ("Finance", "Treasury"))
        )
        person.change(day, unit=unit, department=department, manager=company.department_heads[department].id)
        company.movers.append(person)


def _promote(company: Company, rng: Random) -> None:
    """Some become senior; one person marries and gets another address."""
    period = company.period
    for person in company.people:
        last = person.assignments[-1]
        if last.level == "Junior" and rng.random() < 0.05:
            day = period.start + timedelta(rng.randint(period.days // 2, period.days - 5))
            if last.valid_from < day and person.employed(day):
                person.change(day, level="Senior")
    day = period.share(120)
    for person in company.people:
        now = person.assignments[-1]
        if now.unit == "Engineering" and now.layer == 4 and now.valid_from < day and person.left is None:
            person.change(day, email=f"{person.first.lower()}.newname@{HOME}")
            company.married = person
            return


def _say_goodbye(company: Company) -> None:
    """The last row of a leaver carries the last day; it begins with the notice, a month before."""
    for person in company.people:
        if person.left is not None:
            notice = person.left - timedelta(30)
            if notice > person.assignments[-1].valid_from:
                person.assignments.append(
                    replace(person.assignments[-1], valid_from=notice, left=person.left)
                )
            else:
                person.assignments[-1] = replace(person.assignments[-1], left=person.left)
