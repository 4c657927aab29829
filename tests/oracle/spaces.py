"""Public spaces by name, straight from the definition of `mart_spaces`: who ever wrote in each, and who last month."""

from dataclasses import replace

from tests.oracle.definitions import ALL, Period, eligible_people, people_behind, periods_of, platforms_of
from tests.oracle.marts import Row, head, is_seen
from tests.oracle.places import Place, Places
from tests.oracle.space_life import Thing, final_state, subject_of, thing
from tests.oracle.wiki import on
from tests.oracle.wikis import Change, space_of

Whole = tuple[str, tuple[str, str], str]


def last_month(places: Places, platform: str) -> Period | None:
    """The last month that is over and of which some day was seen."""
    world = places.company
    over = [month for month in periods_of(world, "month", platform) if month.end <= world.as_of]
    return next((month for month in reversed(over) if is_seen(world, month, platform)), None)


def wholes_of(places: Places, platform: str) -> dict[Whole, list[Place]]:
    """The public spaces of a platform by kind, source and id; the public namespaces of a wiki are one."""
    wholes: dict[Whole, list[Place]] = {}
    for place in places.listed:
        kind = subject_of(places, place)
        if kind is not None and place.source[0] == platform:
            name = "the wiki" if place.kind == "namespace" else place.space_id
            wholes.setdefault((kind, place.source, name), []).append(place)
    return wholes


def spaces(places: Places) -> list[Row]:
    """The rows of `mart_spaces`, each with `n_people` beside."""
    return [
        row for platform in platforms_of(places.company) if platform != ALL
        if (month := last_month(places, platform)) for row in rows_of_month(places, platform, month)
    ]  # fmt: skip


def rows_of_month(places: Places, platform: str, month: Period) -> list[Row]:
    """The spaces of one platform that have a name of their own."""
    wholes = wholes_of(places, platform)
    names = {
        whole: (whole[0], whole[1], whole[1][1] if whole[2] == "the wiki" else parts[0].label)
        for whole, parts in wholes.items()
    }
    counted = eligible_people(places.company, month, platform)
    # as if it were the day on which the month ended
    then = replace(places, wiki=replace(places.wiki, company=replace(places.company, as_of=month.end)))
    rows = []
    for whole, (kind, source, label) in names.items():
        if label is None or list(names.values()).count((kind, source, label)) > 1:
            continue
        ids = {part.space_id for part in wholes[whole]}
        own = [one for one in places.wiki.changes if one.revision.space is not None and space_of(one.revision) in ids
               and on(one) <= month.end]  # fmt: skip
        wrote = {person for one in own if (person := author(places, one))}
        now = {person for one in own if on(one) >= month.start and (person := author(places, one))}
        created = None if whole[2] == "the wiki" else wholes[whole][0].created_on
        days = sorted(on(one) for one in own if one.is_contribution)
        named_of_kind = [name for name in names.values() if name[0] == kind and name[2] is not None
                         and list(names.values()).count(name) == 1]  # fmt: skip
        rows.append(head(places.company, month, platform, ALL) | {
            "n_eligible": len(counted), "subject": kind, "workspace": source[1], "label": label,
            "state": state_of(then, thing(then, kind, source, own, created)),
            "first_month": days[0].replace(day=1) if days else None,
            "n_unnamed": sum(name[0] == kind for name in names.values()) - len(named_of_kind),
            "n_contributors": len(now & set(counted)), "n_people": len(wrote),
        })  # fmt: skip
    return rows


def author(places: Places, change: Change) -> str | None:
    """Who made a contribution, where that is known."""
    account = change.revision.account
    return people_behind(places.company)[account.account_id] if change.is_contribution and account else None


def state_of(places: Places, one: Thing) -> str:
    """Its state; unknown where nothing of it was there yet, or of its source nothing is seen."""
    marks = [mark for mark in (*one.days, one.created_on) if mark is not None]
    try:
        state = final_state(places, one)
    except (KeyError, IndexError):
        return "unknown"
    is_there = not marks or min(marks) <= places.company.as_of
    return state if is_there else "unknown"
