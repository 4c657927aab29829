"""On which days people who already take part also do something on Confluence, the blog or in their bookmarks.

They do so only on days on which they contribute elsewhere, so that these platforms change no share of contributors.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from data_samples.company import Company, Person
from data_samples.period import SECOND, micros
from data_samples.truth import Recorder

USUAL = ("staff",)


@dataclass(frozen=True, slots=True)
class Occasion:
    """A person on a day with a contribution elsewhere."""

    day: date
    person: Person

    def instant(self, rng: Random) -> int:
        """Some time of the working day, UTC, to the millisecond."""
        return micros(self.day) + rng.randrange(8 * 3600, 17 * 3600) * SECOND + rng.randrange(1000) * 1000


def occasions(recorder: Recorder, company: Company, *roles: str) -> list[Occasion]:
    """All of them of people with these roles, by day."""
    found = [
        Occasion(day, person)
        for person in company.people
        if person.role in (roles or USUAL)
        for day in recorder.busy.get(person.id, ())
    ]
    return sorted(found, key=lambda occasion: (occasion.day, occasion.person.id))
