"""Who comes first where several did something at the same instant: by what is known of people, never by their ids."""

from datetime import date, datetime, timedelta

from tests.oracle.company import Company
from tests.oracle.definitions import people_behind, remembered, roster_of

EPOCH = datetime(1970, 1, 1)


@remembered
def order_of(company: Company) -> dict[str, tuple[object, ...]]:
    """What people are ordered by; only equal tuples stand for people who are alike."""
    moments: dict[str, list[datetime]] = {}
    for event in company.events:
        if event.account_id and event.occurred_at and event.occurred_at.date() <= company.as_of:
            moments.setdefault(people_behind(company)[event.account_id], []).append(event.occurred_at)
    found = {}
    for person, at in moments.items():
        spells = [spell for spell in roster_of(company) if spell.person_id == person]
        units = sorted(spell.unit for spell in spells if spell.unit is not None) or ["\uffff"]
        seconds = sum((one - EPOCH) // timedelta(seconds=1) for one in at)
        since = min((spell.valid_from for spell in spells), default=date.max)
        found[person] = (min(at), EPOCH - max(at), -len(at), seconds, since, units[0], units[-1])
    return found
