"""For each rule of the release an organisation in which this rule alone prevents a disclosure.

With it off the independent audit finds something, with all on nothing.
"""

import polars as pl
import pytest

from models.release import RULES, Rule
from models.release.history import nothing, with_release
from models.release.policy import Policy
from tests.models.named_spaces import Space, released
from tests.models.named_spaces import findings as findings_of_spaces
from tests.models.organisations import AS_OF, Group, findings, organisation, release

ONE_EACH = [1] * 300
ORGANISATIONS: dict[Rule, pl.DataFrame] = {
    # a unit of four, beside others it can hide among
    "minimum_group": organisation(
        Group(4, "A", ONE_EACH[:2]), Group(8, "B", ONE_EACH[:4]), Group(120, "C", ONE_EACH[:50]),
        Group(100, "D", ONE_EACH[:40]),
    ),
    # a unit in which one of thirty contributes; so few are in all that no total is told exactly
    "tails": organisation(Group(30, "A", ONE_EACH[:1]), Group(50, "B", ONE_EACH[:31]), Group(60, "C", ONE_EACH[:24])),
    # a place that is two units and three people of a third, one of whom contributes
    "rounding": organisation(
        Group(50, "A", ONE_EACH[:20], location="Rome"), Group(60, "B", ONE_EACH[:30], location="Rome"),
        Group(3, "C", ONE_EACH[:1], location="Rome"), Group(60, "C", ONE_EACH[:30]),
        Group(60, "C", ONE_EACH[:20], location="Oslo"),
    ),
    # one small unit, all of whom contribute: everybody less the other unit
    "partition": organisation(Group(4, "A", ONE_EACH[:4]), Group(216, "B", ONE_EACH[:50])),
    # a place that is a unit without three people, all of whom contribute
    "overlap": organisation(
        Group(47, "A", ONE_EACH[:37]), Group(3, "A", ONE_EACH[:3], location="Rome"),
        Group(100, "B", ONE_EACH[:50], location="Rome"), Group(90, "C", ONE_EACH[:40], location="Oslo"),
    ),
    # one person makes nearly everything
    "dominance": organisation(
        Group(40, "A", [900, *ONE_EACH[:14]]), Group(90, "B", ONE_EACH[:40]), Group(90, "C", ONE_EACH[:40]),
    ),
    # three of seven executives are named: what is told of all seven is nearly of the other four
    "named": organisation(
        *(Group(1, "A", [3], is_executive=True, named=name) for name in ("Ada", "Bo", "Cy")),
        Group(4, "A", ONE_EACH[:2], is_executive=True), Group(120, "A", ONE_EACH[:50]), Group(100, "B", ONE_EACH[:40]),
    ),
}  # fmt: skip
FOUND_AS = {
    "minimum_group": "small_group", "tails": "tail", "rounding": "derivable", "partition": "narrow",
    "overlap": "narrow", "dominance": "dominance", "named": "small_group",
}  # fmt: skip


@pytest.mark.parametrize("rule", list(ORGANISATIONS))
def test_the_audit_finds_a_release_without_this_rule_and_passes_it_with_it(rule: Rule):
    people = ORGANISATIONS[rule]
    assert findings(people, release(people)) == []
    assert FOUND_AS[rule] in {one.rule for one in findings(people, release(people, rule))}


def test_a_closed_period_that_is_told_anew_with_one_person_less_is_found():
    people = organisation(Group(120, "A", ONE_EACH[:50]), Group(100, "B", ONE_EACH[:40]))
    fewer = people.filter(pl.col("person_id") != "0-0")
    first = release(people)
    history = with_release(nothing(), first, as_of=AS_OF, policy=Policy())
    second = release(fewer, history=history)
    assert second["rel_active_users"].equals(first["rel_active_users"])
    assert "changed" not in {one.rule for one in findings(fewer, second, first)}
    told_anew = release(fewer, "closed_periods", history=history)
    assert "changed" in {one.rule for one in findings(fewer, told_anew, first)}


def test_concentration_is_told_of_too_few_without_its_rule():
    # not arithmetic: the bytes of the release hold what must not be there
    people = organisation(Group(90, "A", ONE_EACH[:40]), Group(120, "B", ONE_EACH[:50]))
    measures = ["gini_ratio", "top_1_share_ratio", "absence_factor"]
    of_units = pl.col("unit") != "all"
    told = release(people)["rel_contributor_ratios"].filter(of_units).select(measures)
    assert told.null_count().row(0) == (2, 2, 2)
    told = release(people, "concentration")["rel_contributor_ratios"].filter(of_units).select(measures)
    assert told.null_count().row(0) == (0, 0, 0)


def test_a_public_space_of_a_few_colleagues_is_named_without_its_rule():
    spaces = [Space("everybody", 200, 60), Space("night shift", 9, 4), Space("choir", 8), Space("chess", 3)]
    assert findings_of_spaces(spaces, released(spaces)) == []
    found = findings_of_spaces(spaces, released(spaces, "spaces"))
    assert {(one.rule, one.measure) for one in found} == {("small_group", "name"), ("small_group", "n_contributors")}


def test_every_rule_has_its_organisation():
    assert set(ORGANISATIONS) | {"closed_periods", "concentration", "spaces"} == set(RULES)
