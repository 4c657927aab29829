"""What follows of a month from the figures of all platforms together, and what is withdrawn then.

Rome is unit A, of which over all platforms nothing is told, and three people of unit B: of these nothing may follow.
"""

from collections.abc import Mapping

import polars as pl
import pytest

from models.audit import Known, Limits, audit, panel_digests
from models.release.withdrawal import LINKED, withdrawn
from tests.models.audited import amounts, atom, atoms, counted, found, release, rules

LIMITS = Limits()
BOTH = ("slack", "yammer")


def people(of_a: int, of_three: int, *, on_slack: int, platforms: tuple[str, ...] = BOTH) -> pl.DataFrame:
    """How many of A and of the three contribute, on Slack how many of A; on Yammer whoever of A does not on Slack."""
    on = {"slack": (on_slack, 40 + of_three), "yammer": (of_a - on_slack, 20)}
    return atoms(
        atom("A", 47, of_a, location="Rome"), atom("B", 3, of_three, location="Rome"),
        atom("B", 100, 50, location="Oslo"),
        *(atom(unit, n, k, platform=name) for name in platforms
          for unit, n, k in (("A", 47, on[name][0]), ("B", 103, on[name][1]))),
    )  # fmt: skip


def told(rome: int, a_on_slack: int) -> dict[str, pl.DataFrame]:
    """A release that tells how many contribute in Rome, and of A on Slack."""
    place = counted("all", 50, rome, dimension="location", value="Rome")
    return release(rel_breakdown=[place], rel_unit_platforms=[counted("A", 45, a_on_slack, platform="slack")])


def apart(both: Mapping[str, pl.DataFrame]) -> list[dict[str, pl.DataFrame]]:
    """The same tables, each in a release of its own."""
    return [release() | {name: both[name]} for name in ("rel_breakdown", "rel_unit_platforms")]


def test_whoever_contributes_on_a_platform_contributes() -> None:
    # of A at least 43 on Slack, in Rome at most 47: so at most 4 others, which tells nothing of three; at most 43 does
    world = people(43, 0, on_slack=43)
    assert found(world, told(45, 45), limits=LIMITS) == []
    exact = told(43, 43)
    assert all(found(world, one, limits=LIMITS) == [] for one in apart(exact))
    assert [(one.rule, one.table) for one in found(world, exact, limits=LIMITS)] == [("narrow", "rel_unit_platforms")]


def test_whoever_contributes_does_so_on_some_platform() -> None:
    # of A at most 42, all of them on Slack, and in Rome at least 43: so at least one of the three
    alone = people(40, 3, on_slack=40, platforms=("slack",))
    assert all(found(alone, one, limits=LIMITS) == [] for one in apart(told(45, 40)))
    assert rules(found(alone, told(45, 40), limits=LIMITS)) == {"narrow"}
    # where there is another platform of which nothing is told, they may be there
    assert found(people(40, 3, on_slack=40), told(45, 40), limits=LIMITS) == []


def test_only_units_on_platforms_are_withdrawn_for_what_follows_of_platforms_together() -> None:
    world, tables = people(40, 3, on_slack=40, platforms=("slack",)), told(45, 40)
    known = Known()

    def objects(now: Mapping[str, pl.DataFrame]) -> frozenset[tuple[object, ...]]:
        nonlocal known
        judged = audit(world, amounts(), [now], LIMITS, known)
        known = judged.known
        return judged.objected

    allowed, taken = withdrawn(tables, objects)
    assert {panel[2] for panel in taken} == {"slack"}
    assert allowed["rel_unit_platforms"]["n_contributors"].is_null().all()
    assert allowed["rel_breakdown"].equals(tables["rel_breakdown"])
    assert audit(world, amounts(), [allowed], LIMITS, known).findings == []
    assert "rel_unit_platforms" in LINKED


def test_what_was_looked_at_together_is_not_looked_at_again_and_a_change_of_any_platform_is() -> None:
    world, tables = people(40, 3, on_slack=40), told(45, 40)
    known = audit(world, amounts(), [tables], LIMITS).known
    assert panel_digests(tables, LIMITS) <= set(known.panels)
    changed = tables | {"rel_breakdown": tables["rel_breakdown"].with_columns(n_contributors=pl.lit(40, pl.Int64))}
    assert len(panel_digests(changed, LIMITS) - set(known.panels)) == 2  # the panel of all platforms, and the month
    # nothing but the month is new: that alone is enough
    of_alone = people(40, 3, on_slack=40, platforms=("slack",))
    panels = {name: of for name, of in known.panels.items() if sum(of) > 0}
    assert rules(audit(of_alone, amounts(), [tables], LIMITS, Known(panels, known.tables)).findings) == {"narrow"}


@pytest.mark.parametrize("n_contributors", [None, 40])
def test_an_earlier_release_that_tells_units_on_platforms_is_part_of_it(n_contributors: int | None) -> None:
    alone = people(40, 3, on_slack=40, platforms=("slack",))
    now, earlier = apart(told(45, 40))
    rows = earlier["rel_unit_platforms"].with_columns(n_contributors=pl.lit(n_contributors, pl.Int64))
    found_with = found(alone, now, earlier | {"rel_unit_platforms": rows}, limits=LIMITS)
    assert rules(found_with) == (set() if n_contributors is None else {"narrow"})
