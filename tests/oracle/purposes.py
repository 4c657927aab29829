"""Uses of spaces straight from the definition of `mart_purposes`, and how to stage names and what they are for."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import duckdb

from tests.oracle.definitions import ALL, Period, eligible_people, periods_of, platform_states, platforms_of
from tests.oracle.marts import Row, head, is_seen
from tests.oracle.stewardship import visits
from tests.oracle.talk import Space, Talk, stage_talk
from tests.oracle.threads import shares

PURPOSES = ("documents", "ideas", "communication", "events", "learning", "unlabelled")


@dataclass(frozen=True, eq=False)
class Named:
    """A company with names and birthdays of its spaces, and a purpose of some platforms' names."""

    talk: Talk
    labels: dict[str, str]
    created: dict[str, date]
    purposes: dict[tuple[str, str], str]


def stage_named(connection: duckdb.DuckDBPyConnection, named: Named) -> None:
    """Stages the company; each purpose stands twice, as two entries would name it, beside an entry without a match."""
    stage_talk(connection, named.talk)
    for space, label in named.labels.items():
        connection.execute("update stg_space set label = ? where space_id = ?", [label, space])
    for space, day in named.created.items():
        connection.execute("update stg_space set created_at = ?::date + interval 23 hour where space_id = ?",
                           [day, space])  # fmt: skip
    for (platform, label), purpose in named.purposes.items():
        for entry, name in enumerate((label, label, None), 1):
            connection.execute("insert into stg_purpose by name select ? as purpose, ? as entry, ? as platform, "
                               "? as label", [purpose, entry, platform, name])  # fmt: skip


def purpose_of(named: Named, space: Space) -> str:
    """What the space is for."""
    label = named.labels.get(space.space_id)
    return "unlabelled" if label is None else named.purposes.get((space.platform, label), "unlabelled")


def birthday(named: Named, space: Space) -> date | None:
    """When the space was first heard of."""
    days = [day for _, day in visits(named.talk, space)]
    if space.space_id in named.created:
        days.append(named.created[space.space_id])
    return min(days, default=None)


def uses(named: Named) -> list[Row]:
    """The rows of `mart_purposes`."""
    world, rows = named.talk.company, []
    for platform in platforms_of(world):
        for month in periods_of(world, "month", platform):
            observed = [one for one in platforms_of(world)
                        if one != ALL and platform in (ALL, one) and is_seen(world, month, one)]  # fmt: skip
            eligible = set(eligible_people(world, month, platform))
            for purpose in PURPOSES:
                figures = figures_of(named, observed, month, purpose, eligible)
                if not observed:
                    figures = dict.fromkeys(figures)
                start = head(world, month, platform, ALL) | {"n_eligible": len(eligible), "purpose": purpose}
                rows.append(start | figures)
    return rows


def figures_of(named: Named, platforms: list[str], month: Period, purpose: str, eligible: set[str]) -> Row:
    """What happens in the public spaces with the purpose."""
    n_spaces = n_alive = n_contributions = 0
    people = set[str]()
    for space in named.talk.spaces:
        if space.visibility != "public" or space.platform not in platforms or purpose_of(named, space) != purpose:
            continue
        born = birthday(named, space)
        if born is None or born > min(month.end, named.talk.company.as_of):
            continue
        now = [person for person, day in visits(named.talk, space) if month.start <= day <= month.end]
        n_spaces += 1
        n_alive += bool(now)
        n_contributions += len(now)
        people |= set(now)
    k = len(people & eligible)
    return {
        "n_spaces": n_spaces, "n_alive": n_alive, **shares("alive_ratio", n_alive, n_spaces),
        "n_contributions": n_contributions, "n_contributors": k, **shares("contributor_ratio", k, len(eligible)),
    }  # fmt: skip


def named_at_random(talk: Talk, seed: int) -> Named:
    """Names and birthdays for most spaces, and purposes for some names: spaces share names, platforms do not."""
    random = Random(seed)
    days = sorted(platform_states(talk.company, ALL))
    labels = {one.space_id: random.choice(("main", "Ideas", "help")) for one in talk.spaces if random.random() < 0.8}
    created = {one.space_id: days[0] + timedelta(days=random.randrange(-5, len(days) + 5))
               for one in talk.spaces if random.random() < 0.6}  # fmt: skip
    purposes = {
        (platform, label): random.choice(PURPOSES[:5])
        for platform in ("alpha", "beta")
        for label in ("main", "Ideas", "help", "nowhere")
        if random.random() < 0.7
    }
    return Named(talk, labels, created, purposes)
