"""Initiation, organic activity and critical mass of a company, straight from the definitions of their marts."""

from datetime import timedelta

from tests.oracle.bottom import SPACE_KINDS, Led, Piece, is_top_on, known_from, knows_top, openings, pieces, starts
from tests.oracle.definitions import (
    ALL,
    Period,
    eligible_people,
    people_in,
    period_of,
    periods_of,
    platforms_of,
    remembered,
    roster_of,
    spell_on,
    unit_on,
    units_of,
)
from tests.oracle.marts import Row, head, is_seen, ratio
from tests.oracle.threads import rows_per_unit, shares, shows_targets


def blank_unless(is_known: bool, figures: Row) -> Row:
    """The figures, or none of them."""
    return figures if is_known else dict.fromkeys(figures)


# ---- mart_initiation -------------------------------------------------------------------------------------------------


def initiation(led: Led) -> list[Row]:
    """The rows of `mart_initiation`."""
    return [
        start | {"what": what} | _initiation(led, period, platform, unit, what)
        for period, platform, unit, start in rows_per_unit(led.company)
        for what in ("thread", "page", "space")
    ]


def _is_shown(led: Led, period: Period, platform: str, what: str) -> bool:
    if not is_seen(led.company, period, platform):
        return False
    if what == "space":
        is_listed = any(
            one.kind in SPACE_KINDS and one.visibility == "public" and platform in (ALL, one.platform)
            for one in led.spaces
        )
        return is_listed and known_from(led, platform) <= period.start
    return any(one.what == what and platform in (ALL, one.platform) for one in openings(led).values())


def _initiation(led: Led, period: Period, platform: str, unit: str, what: str) -> Row:
    own = [
        one for one in starts(led)
        if one.what == what and platform in (ALL, one.platform) and unit in (ALL, one.unit)
        and period.start <= one.day <= period.end
    ]  # fmt: skip
    employed = [one for one in own if one.origin != "elsewhere"]
    drew = [one for one in employed if one.is_decided and one.n_drawn >= 2]
    n_bottom = sum(one.origin == "bottom" for one in drew)
    n_undecided = sum(not one.is_decided for one in employed)
    people = people_in(eligible_people(led.company, period, platform), unit)
    ordinary = [person for person in people if not _is_top_at_last(led, person, period)]
    is_shown = _is_shown(led, period, platform, what)
    is_known = is_shown and bool(roster_of(led.company))
    can_draw = is_known and (not employed or n_undecided < len(employed))
    headcount = ratio(len(ordinary), len(people))
    share = ratio(n_bottom, len(drew))
    return {
        "n_started": len(employed) if is_known else None,
        "n_bottom_started": sum(one.origin == "bottom" for one in own) if is_known and knows_top(led) else None,
        "n_elsewhere_started": len(own) - len(employed) if is_shown and unit == ALL else None,
        "n_undecided": n_undecided if is_known else None,
        "n_drew": len(drew) if can_draw else None,
        **blank_unless(can_draw and knows_top(led), {
            "n_bottom_drew": n_bottom,
            **shares("bottom_up_ratio", n_bottom, len(drew)),
            "bottom_up_index": share / headcount if share is not None and headcount else None,
        }),
        "headcount_ratio": headcount if is_known and knows_top(led) else None,
    }  # fmt: skip


def _is_top_at_last(led: Led, person: str, period: Period) -> bool:
    employed = [day for day in period.days() if spell_on(led.company, person, day)]
    return bool(employed) and is_top_on(led, person, employed[-1])


# ---- mart_organic ----------------------------------------------------------------------------------------------------


def organic(led: Led) -> list[Row]:
    """The rows of `mart_organic`."""
    return [
        start | _organic(led, period, platform, unit)
        for period, platform, unit, start in rows_per_unit(led.company)
    ]


@remembered
def written(led: Led, period: Period, platform: str) -> list[Piece]:
    """What eligible people contribute in the period."""
    people = eligible_people(led.company, period, platform)
    return [
        one for one in pieces(led)
        if one.person in people and platform in (ALL, one.event.platform) and period.start <= one.day <= period.end
    ]  # fmt: skip


def _ties(written_by_eligible: list[Piece], people: set[str]) -> set[frozenset[str]]:
    return {
        frozenset((one.person, one.target))
        for one in written_by_eligible
        if one.target in people and one.target != one.person and one.target
    }


def _organic(led: Led, period: Period, platform: str, unit: str) -> Row:
    world = led.company
    everybody = set(eligible_people(world, period, platform))
    here = people_in(eligible_people(world, period, platform), unit)
    is_known = is_seen(world, period, platform)
    figures = dict[str, int]()
    for suffix in ("", "_without"):
        own = [one for one in written(led, period, platform) if one.is_organic or not suffix]
        ties = {tie for tie in _ties(own, everybody) if tie & here}
        figures |= {
            f"n_contributions{suffix}": sum(unit in (ALL, unit_on(world, one.person, one.day)) for one in own),
            f"n_contributors{suffix}": len({one.person for one in own} & here),
            f"n_ties{suffix}": len(ties),
            f"n_tied{suffix}": len(here & {person for tie in ties for person in tie}),
        }
    row: Row = dict(figures)
    for what in ("contributions", "ties"):
        row[f"{what}_left_ratio"] = ratio(figures[f"n_{what}_without"], figures[f"n_{what}"])
    for what in ("contributors", "tied"):
        row |= shares(f"{what}_left_ratio", figures[f"n_{what}_without"], figures[f"n_{what}"])
    for name in row:
        needs_top, is_of_ties = "without" in name or "left" in name, name.startswith(("n_tie", "tie"))
        if (
            not is_known or (needs_top and not knows_top(led))
            or (is_of_ties and not shows_targets(world, platform))
        ):  # fmt: skip
            row[name] = None
    return row


# ---- mart_critical_mass ----------------------------------------------------------------------------------------------


@remembered
def unseeded(led: Led, week: Period, platform: str) -> set[str]:
    """The eligible people with an unseeded contribution in the week; none in one of which nothing was seen."""
    if not is_seen(led.company, week, platform):
        return set()
    return {one.person for one in written(led, week, platform) if not one.is_leading and not one.is_led}


def critical_mass(led: Led) -> list[Row]:
    """The rows of `mart_critical_mass`."""
    world, rows = led.company, []
    for platform in platforms_of(world):
        for unit in units_of(world):
            verdicts = list[bool | None]()
            for week in periods_of(world, "week", platform):
                figures, verdict = _week(led, week, platform, unit)
                verdicts.append(verdict)
                run = 0
                while run < len(verdicts) and verdicts[-1 - run]:
                    run += 1
                judged = [one for one in verdicts[-6:] if one is not None]
                state = "sustained" if run >= 6 else "not_yet" if len(judged) == 6 else "cannot_tell"
                rows.append(head(world, week, platform, unit) | figures | {
                    "is_self_sustaining_week": verdict,
                    "n_weeks_in_a_row": None if verdict is None else run,
                    "state": state,
                })  # fmt: skip
    return rows


def _week(led: Led, week: Period, platform: str, unit: str) -> tuple[Row, bool | None]:
    """The figures of a week, and whether it sustains itself (None: not judged)."""
    world = led.company
    weeks = periods_of(world, "week", platform)
    earlier = [one for one in weeks if one.start < week.start]
    before = period_of("week", week.start - timedelta(days=7))
    eligible = eligible_people(world, week, platform)
    here = people_in(eligible, unit)
    active = unseeded(led, week, platform)
    returning = {person for person in active & here if any(person in unseeded(led, one, platform) for one in earlier)}
    was_active = unseeded(led, before, platform) if before in weeks else set[str]()
    of_unit_before = people_in(eligible_people(world, before, platform), unit)
    lapsing = (was_active & of_unit_before & set(eligible)) - active
    ever = {one.person for one in pieces(led) if platform in (ALL, one.event.platform) and one.day <= week.end}
    is_known = is_seen(world, week, platform)
    is_adoption_known = is_known and known_from(led, platform) <= week.end
    adoption: Row = {"n_adopted": len(ever & here), **shares("adoption_ratio", len(ever & here), len(here))}
    figures: Row = {
        "n_eligible": len(here),
        **blank_unless(is_adoption_known, adoption),
        **blank_unless(is_known and knows_top(led), {
            "n_unseeded_contributors": len(active & here),
            "n_returning": len(returning),
            "n_reviving": len(returning - was_active),
        }),
        "n_lapsing": len(lapsing)
        if is_known and knows_top(led) and before in weeks and is_seen(world, before, platform)
        else None,
    }  # fmt: skip
    is_observed = all(one in weeks and head(world, one, platform, unit)["is_complete"] for one in (week, before))
    if not (is_observed and knows_top(led)) or len(returning) + len(lapsing) < 5:
        return figures, None
    if len(returning) >= len(lapsing):
        return figures, True
    return figures, False if known_from(led, platform) <= week.start else None
