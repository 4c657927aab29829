"""Who does what when: a week of neutral acts, sorted by time, from the parts that people play.

Nothing here knows a format; the platform modules turn an act into their own records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from data_samples.accounts import Account, Accounts
from data_samples.cast import (
    BROADCAST_WEEKLY,
    CHAMPION_WEEKLY,
    HEAD_WEEKLY,
    UPLIFT,
    WEEKLY,
    Cast,
)
from data_samples.company import UNIT_OF, ZONES, Company, Person
from data_samples.period import (
    DAY,
    PLATFORMS,
    SECOND,
    SLACK,
    WIKI,
    YAMMER,
    day_of,
    micros,
    offset,
    work_weight,
)

GUEST_WEEKLY = 0.2
AURORA_SECTION = "Project Aurora"
_PREFER = {SLACK: 0.56, YAMMER: 0.25, WIKI: 0.19}


@dataclass(slots=True)
class Act:
    """One contribution to make."""

    at: int
    account: Account
    intent: str  # post or reply
    unit: str
    topic: str = ""


@dataclass
class Behaviour:
    """Draws the acts of one week after the other."""

    company: Company
    cast: Cast
    accounts: Accounts
    rng: Random

    def weeks(self) -> Iterator[tuple[date, list[Act]]]:
        """Every week of the period with its acts in order."""
        section = self._aurora()
        for monday in self.company.period.mondays():
            acts = [act for act in self._week(monday) if self._is_possible(act)]
            acts += [act for act in section if monday <= day_of(act.at // DAY) < monday + timedelta(7)]
            acts.sort(key=lambda act: (act.at, act.account.id))
            yield monday, acts

    def _week(self, monday: date) -> Iterator[Act]:
        period, rng = self.company.period, self.rng
        days = [d for d in (monday + timedelta(n) for n in range(7)) if period.start <= d <= period.end]
        weights = [work_weight(d) for d in days]
        season = min(1.0, sum(weights) / 5)
        for person in self.company.people:
            chance = self._chance(person, monday)
            if chance and person.employed(monday) and rng.random() < chance * season:
                yield from self._active_week(person, days, weights)
        for platform in (SLACK, YAMMER):
            for account in self.accounts.humans(platform):
                if account.kind == "guest" and rng.random() < GUEST_WEEKLY * season:
                    for day in rng.choices(days, weights, k=rng.randint(1, 2)):
                        intent = "post" if rng.random() < 0.3 else "reply"
                        yield Act(self._instant(day, "Berlin"), account, intent, "")

    def _chance(self, person: Person, monday: date) -> float:
        now = person.on(monday)
        uplift = UPLIFT if (begins := self.cast.begins.get(now.department)) and monday >= begins else 0.0
        match person.role:
            case "staff":
                return min(0.9, WEEKLY[UNIT_OF[now.department]] * person.rate + uplift)
            case "regular":
                return 0.6
            case "champion":
                return CHAMPION_WEEKLY
            case "broadcaster":
                return BROADCAST_WEEKLY
            case "engaged":
                return 0.7
            case "head":
                return HEAD_WEEKLY if person.begins and monday >= person.begins else 0.0
        return 0.0

    def _active_week(self, person: Person, days: list[date], weights: list[float]) -> Iterator[Act]:
        rng = self.rng
        owned = self.accounts.of.get(person.id, {})
        platforms = [
            p for p in PLATFORMS if p in owned and not (p == WIKI and person.assignments[0].layer < 3)
        ]
        if not platforms:
            return
        count = rng.randint(5, 9) if person.role == "champion" else 1 + _geometric(rng, 0.52)
        for day in rng.choices(days, weights, k=count):
            platform = rng.choices(platforms, [_PREFER[p] for p in platforms])[0]
            usable = [
                a
                for a in owned[platform]
                if (not a.since or a.since <= day) and (not a.until or day <= a.until)
            ]
            if usable:
                yield Act(
                    self._instant(day, person.location), rng.choice(usable), self._intent(person),
                    person.on(day).unit,
                )  # fmt: skip

    def _intent(self, person: Person) -> str:
        share = {"broadcaster": 0.0, "champion": 0.8, "head": 0.5}.get(person.role, 0.55)
        return "reply" if self.rng.random() < share else "post"

    def _instant(self, day: date, location: str) -> int:
        hour = min(20.99, max(6.0, self.rng.gauss(12.5, 2.6)))
        local = int(hour * 3600) * SECOND + self.rng.randrange(SECOND)
        return micros(day) + local - offset(ZONES[location], day)

    def _is_possible(self, act: Act) -> bool:
        """Nobody acts before being hired, after leaving or after the platform's last exported day (UTC)."""
        period, day = self.company.period, day_of(act.at // DAY)
        owner = act.account.owner
        return period.start <= day <= period.ends_on(act.account.platform) and (
            owner is None or owner.employed(day)
        )

    def _aurora(self) -> list[Act]:
        """The wiki section that two weeks of enthusiasm fill and everybody forgets."""
        period, rng = self.company.period, self.rng
        first = period.share(103)  # 12 January in the standard company
        fans = [
            a for a in self.accounts.all[WIKI]
            if a.person and a.person.left is None and a.person.hired < period.start
            and a.person.role == "staff" and a.person.on(first).unit in ("Engineering", "Research")
        ]  # fmt: skip
        acts = []
        for account in rng.sample(fans, min(25, len(fans))):
            for _ in range(rng.randint(2, 6)):
                day = first + timedelta(rng.randrange(14))
                at = micros(day) + rng.randrange(8 * 3600, 18 * 3600) * SECOND
                acts.append(Act(at, account, "reply" if rng.random() < 0.2 else "post", "", AURORA_SECTION))
        return [act for act in acts if self._is_possible(act)]


def _geometric(rng: Random, chance: float) -> int:
    count = 0
    while count < 12 and rng.random() < chance:
        count += 1
    return count
