"""What the audit finds in releases made by hand: each shows one way to tell few people, or that there is none."""


import polars as pl
import pytest

from models.audit import Known, audit
from models.audit.columns import RELEASED, Count, Part, Share, Total
from models.audit.dominance import BY_NAME
from models.metrics import MARTS
from models.schemas import TABLES
from models.statistics.intervals import wilson_bounds
from tests.models.audited import (
    LIMITS,
    MONTH,
    amount,
    amounts,
    atom,
    atoms,
    counted,
    found,
    release,
    rules,
)  # fmt: skip

EIGHT = atoms(atom("Sales", 5, 2), atom("Legal", 3, 1))


SUMS = {
    amount
    for of in RELEASED.values() for column in of.columns.values() if isinstance(column, Total)
    for amount in (column.amount, column.of_all) if amount
}  # fmt: skip


def active(*rows):
    return release(rel_active_users=rows)


def test_a_hidden_unit_is_the_total_less_the_unit_shown():
    findings = found(EIGHT, active(counted("all", 8, 3), counted("Sales", 5, 2)))
    told = {(one.rule, one.dimension, one.n_cells) for one in findings if one.measure == "contributors"}
    # Legal has 3 people, 1 of whom contributes: 3 - 2
    assert ("derivable", "unit", 1) in told


def test_the_total_alone_tells_no_unit():
    assert not [one for one in found(EIGHT, active(counted("all", 8, 4))) if one.rule in ("derivable", "narrow")]


LARGE = atoms(atom("Sales", 60, 21), atom("Finance", 40, 22), atom("Legal", 4, 1))


def test_rounding_hides_what_a_total_would_tell():
    rounded = active(counted("Sales", 60, 20), counted("Finance", 40, 20), counted("all", 105, 45))
    assert found(LARGE, rounded) == []


def test_exact_parts_of_an_exact_total_tell_the_rest():
    exact = active(counted("Sales", 60, 21), counted("Finance", 40, 22), counted("all", 104, 44))
    assert "derivable" in rules(found(LARGE, exact))


def test_what_rounding_leaves_of_a_total_can_give_a_small_group_away():
    # 21 + 23 are told as 20 and 25, so at most 22 + 27; all 49 of the whole but none are theirs
    people = atoms(atom("Sales", 60, 22), atom("Finance", 40, 22), atom("Legal", 4, 4), atom(None, 150, 0))
    hiding = active(counted("Sales", 60, 20), counted("Finance", 40, 20), counted("all", 254, 48))
    told = {(one.rule, one.dimension) for one in found(people, hiding)}
    assert ("narrow", "unit") not in told  # 4 people of 154: many could be the 4
    only = atoms(atom("Sales", 160, 22), atom("Finance", 40, 22), atom("Legal", 4, 4))
    telling = active(counted("Sales", 160, 20), counted("Finance", 40, 20), counted("all", 204, 48))
    assert {(one.rule, one.dimension) for one in found(only, telling)} >= {("narrow", "unit")}


def test_a_department_is_its_unit_less_the_others():
    people = atoms(
        atom("Sales", 30, 12, department="Sales / North", layer="1"),
        atom("Sales", 12, 6, department="Sales / South", layer="1"),
        atom("Sales", 3, 1, department="Sales / East", layer="1"),
        atom("Finance", 160, 70, department="Finance / (none)", layer="1"),
    )
    units = [counted("all", 205, 89), counted("Sales", 45, 19), counted("Finance", 160, 70)]
    of_sales = {"dimension": "department", "unit": "Sales"}
    north = of_sales | {"value": "Sales / North", "n_eligible": 30, "n_contributors": 12}
    south = of_sales | {"value": "Sales / South", "n_eligible": 12, "n_contributors": 6}
    nested = release(rel_active_users=units, rel_breakdown=[north, south])
    assert ("derivable", "department") in {(one.rule, one.dimension) for one in found(people, nested)}
    one_hidden = release(rel_active_users=units, rel_breakdown=[north])
    assert "derivable" not in rules(found(people, one_hidden))


def test_two_partitions_that_differ_by_few_people_tell_of_them():
    people = atoms(
        atom("Sales", 20, 9, location="Oslo"), atom("Sales", 3, 2, location="Rome"),
        atom("Finance", 180, 80, location="Rome"),
    )  # fmt: skip
    units = [counted("all", 203, 91), counted("Sales", 23, 11), counted("Finance", 180, 80)]
    places = [
        {"dimension": "location", "value": "Oslo", "n_eligible": 20, "n_contributors": 9},
        {"dimension": "location", "value": "Rome", "n_eligible": 183, "n_contributors": 82},
    ]
    both = found(people, release(rel_active_users=units, rel_breakdown=places))
    # Rome less Finance is the part of Sales that is in Rome
    assert {one.dimension for one in both if one.rule == "derivable"} == {"location less unit"}
    assert "derivable" not in rules(found(people, release(rel_active_users=units)))


@pytest.mark.parametrize(
    ("n_contributors", "is_found"), [(0, True), (2, True), (3, False), (27, False), (28, True), (30, True)]
)
def test_the_ends_of_a_group_are_told_by_its_count(n_contributors, is_found):
    people = atoms(atom("Sales", 30, n_contributors), atom("Finance", 200, 60))
    told = active(counted("Sales", 30, n_contributors), counted("all", 230, 60 + n_contributors))
    assert ("tail" in rules(found(people, told))) is is_found


def test_few_of_a_crowd_are_nobody_in_particular():
    people = atoms(atom("Sales", 100, 0), atom("Finance", 150, 1))
    assert found(people, active(counted("all", 250, 1))) == []


def test_a_band_keeps_the_ends_open_and_a_narrower_one_does_not():
    people = atoms(atom("Sales", 30, 1), atom("Finance", 200, 60))
    row = counted("Sales", 30, None, contributor_ratio_low=0.0, contributor_ratio_high=0.1)
    whole = counted("all", 230, 61)
    assert found(people, release(rel_contributor_ratios=[whole, row, counted("Finance", 200, None)])) == []
    narrower = row | {"contributor_ratio_high": 0.05}
    assert "tail" in rules(found(people, release(rel_contributor_ratios=[whole, narrower])))


def test_bounds_of_the_true_count_tell_it():
    people = atoms(atom("Sales", 30, 12), atom("Finance", 190, 60), atom("Legal", 4, 2))
    rounded = [counted("all", 224, 74), counted("Sales", 30, 10), counted("Finance", 190, 60)]
    low, high = wilson_bounds(12, 30)
    exact = counted("Sales", 30, 10, contributor_ratio=0.35, contributor_ratio_low=low, contributor_ratio_high=high)
    of_finance = dict(zip(("contributor_ratio_low", "contributor_ratio_high"), wilson_bounds(60, 190), strict=True))
    ratios = [rounded[0], exact, counted("Finance", 190, 60, contributor_ratio=0.32, **of_finance)]
    assert rules(found(people, release(rel_contributor_ratios=rounded))) == set()
    # 74 - 12 - 60: Legal has 2 in 4
    assert "derivable" in rules(found(people, release(rel_contributor_ratios=ratios)))


def test_columns_of_one_row_tell_a_hidden_count():
    people = atoms(atom("Sales", 30, 8, some=7, heavy=1), atom("Finance", 200, 60, some=50, heavy=10))
    whole = counted("all", 230, 68, n_some=57, n_heavy=11)
    # 8 contribute and 7 of them some: 1 contributes much
    told = release(rel_contributor_ratios=[whole, counted("Sales", 30, 8, n_some=7)])
    assert {(one.rule, one.measure) for one in found(people, told)} >= {("tail", "heavy")}
    hidden = release(rel_contributor_ratios=[whole, counted("Sales", 30, 8)])
    assert not [one for one in found(people, hidden) if one.measure == "heavy"]


@pytest.mark.parametrize(
    ("n_active", "whole", "is_found"),
    [(0, 10, True), (10, 10, False), (5, 10, False), (11, 12, True), (12, 12, True), (9, 12, False)],
)
def test_the_ends_of_a_cohort_are_found_as_far_as_rounding_leaves_them(n_active: int, whole: int, is_found: bool):
    # 10 of 10, told to the nearest five, may be 9 of 12
    told = release(rel_definitions=[{"definition": "any", "n_eligible": whole, "n_active": n_active}])
    assert ("tail" in rules(found(EIGHT, told))) == is_found


LEFT = atoms(
    atom("Sales", 30, 11, lapsed=1), atom("Finance", 200, 60),
    atom(None, 2, 0, kind="left", previous_unit="Sales", left=1),
)  # fmt: skip


def test_how_many_of_two_who_left_contributed_before_is_no_figure_of_a_crowd():
    told = active(counted("all", 230, 71, n_retained=71, n_lapsed=1, n_left=1))
    assert ("derivable", "left") in {(one.rule, one.measure) for one in found(LEFT, told)}


def test_who_left_may_be_told_among_those_who_fell_silent():
    # 13 of Sales contributed in March: 11 again in April, and 2 of the one who fell silent and the two who left
    now = [counted("all", 230, 71, n_retained=71, n_lapsed=2), counted("Sales", 30, 11)]
    assert {one.rule for one in found(LEFT, active(*now))} <= {"tail"}
    assert "left" not in {one.measure for one in found(LEFT, active(*now))}
    # who fell silent alone is not what the column says then
    wrong = active(counted("all", 230, 71, n_retained=71, n_lapsed=1))
    assert ("inconsistent", "gone") in {(one.rule, one.measure) for one in found(LEFT, wrong)}


def test_a_figure_that_is_not_true_is_no_figure():
    told = active(counted("all", 230, 71), counted("Sales", 30, 10))
    people = atoms(atom("Sales", 30, 10), atom("Finance", 200, 60))
    assert rules(found(people, told)) == {"inconsistent"}


def test_a_row_of_people_whom_nobody_knows_is_found():
    told = active(counted("all", 230, 70), counted("Somewhere", 99, 45))
    people = atoms(atom("Sales", 30, 10), atom("Finance", 200, 60))
    assert "not_a_group" in rules(found(people, told))


def test_a_name_that_nobody_has_is_of_all_others():
    people = atoms(atom("Sales", 30, 10), atom("Legal", 20, 10), atom("Board", 20, 10), atom("Finance", 200, 60))
    told = active(
        counted("all", 270, 90), counted("Sales", 30, 10), counted("Finance", 200, 60), counted("Other units", 40, 20)
    )
    assert found(people, told) == []


def test_a_group_smaller_than_the_smallest_is_found():
    people = atoms(atom("Sales", 4, 2), atom("Finance", 200, 60))
    told = active(counted("all", 204, 62), counted("Sales", 4, 2))
    assert ("small_group", 1) in {(one.rule, one.n_cells) for one in found(people, told)}


def test_executives_are_a_group_of_their_own_size():
    people = atoms(atom("Sales", 7, 4, is_executive="true"), atom("Sales", 250, 60, is_executive="false"))
    rows = [
        {"is_executive": True, "n_eligible": 7, "n_contributors": 4},
        {"is_executive": False, "n_eligible": 250, "n_contributors": 60},
    ]
    limits = LIMITS.__class__(smallest_group=10, smallest_executives=5)
    assert found(people, release(rel_executive_participation=rows), limits=limits) == []
    stricter = LIMITS.__class__(smallest_group=10, smallest_executives=8)
    assert "small_group" in rules(found(people, release(rel_executive_participation=rows), limits=stricter))


def test_an_own_contribution_is_a_contribution():
    # 34 contribute, of everybody else 33 themselves at least: of the executives at most one does
    people = atoms(
        atom("Sales", 41, 1, is_executive="true", own_contributors=1),
        atom("Sales", 250, 33, is_executive="false", own_contributors=33),
    )
    whole = [counted("all", 291, 34)]
    others = {"is_executive": False, "n_eligible": 250, "n_own_contributors": 35}
    told = release(rel_contributor_ratios=whole, rel_executive_participation=[others])
    assert {(one.rule, one.measure) for one in found(people, told)} >= {("tail", "contributors")}


def persons(unit, *totals):
    first = sum(map(ord, unit)) * 100
    return [amount("contributions_in_unit", first + i, n, unit=unit) for i, n in enumerate(totals)]


@pytest.mark.parametrize(
    ("totals", "is_unsafe"),
    [
        ((10, 10, 10, 10, 10), False),
        ((100, 50, 10, 10, 5), False),  # 175 - 100 - 50 = 25 is a quarter of 100
        ((100, 50, 10, 10, 4), True),  # 24 is less
        ((10, 10, 10, 10), True),  # four people are no group
        ((), True),  # nobody: of each of thirty it is told
    ],
)
def test_a_total_is_unsafe_that_its_largest_part_nearly_tells(totals, is_unsafe):
    people = atoms(atom("Sales", 30, len(totals)), atom("Finance", 200, 60))
    told = release(rel_contributor_ratios=[counted("Sales", 30, None, n_contributions=sum(totals))])
    findings = found(people, told, done=amounts(*persons("Sales", *totals), *persons("Finance", *[3] * 60)))
    assert ("dominance" in rules(findings)) is is_unsafe


def test_a_total_that_follows_is_a_total():
    people = atoms(atom("Sales", 30, 8), atom("Finance", 200, 60), atom("Legal", 40, 1))
    done = amounts(*persons("Sales", *[3] * 8), *persons("Finance", *[3] * 60), *persons("Legal", 9))
    rows = [
        counted("all", 270, None, n_contributions=213),
        counted("Sales", 30, None, n_contributions=24),
        counted("Finance", 200, None, n_contributions=180),
    ]
    both = found(people, release(rel_contributor_ratios=rows), done=done)
    assert {(one.rule, one.dimension) for one in both} == {("dominance", "all less all of unit")}
    assert found(people, release(rel_contributor_ratios=rows[:2]), done=done) == []


def test_a_total_that_is_not_the_sum_is_found():
    people = atoms(atom("Sales", 30, 8), atom("Finance", 200, 60))
    told = release(rel_contributor_ratios=[counted("Sales", 30, None, n_contributions=25)])
    assert rules(found(people, told, done=amounts(*persons("Sales", *[3] * 8)))) == {"inconsistent"}


@pytest.mark.parametrize(("then", "is_found"), [(8, False), (7, True), (4, True), (3, False)])
def test_a_closed_period_that_differs_by_few_is_found(then, is_found):
    people = atoms(atom("Sales", 30, 8), atom("Finance", 200, 60))
    new, old = (active(counted("Sales", 30, n)) for n in (8, then))
    assert ("changed" in rules(found(people, new, old))) is is_found


def test_a_period_that_is_said_to_be_told_anew_may_differ():
    people = atoms(atom("Sales", 30, 8), atom("Finance", 200, 60))
    revision = {"metric": "rel_active_users", "revision": 2, "first_release": MONTH}
    new = active(counted("Sales", 30, 8)) | {"rel_revision": release(rel_revision=[revision])["rel_revision"]}
    assert found(people, new, active(counted("Sales", 30, 7))) == []


def test_an_earlier_release_still_tells_what_it_told():
    people = atoms(atom("Sales", 30, 12), atom("Legal", 3, 1), atom("Finance", 200, 60))
    named = active(counted("all", 233, 73), counted("Sales", 30, 12))
    merged = active(counted("all", 233, 73), counted("Other units", 33, 13), counted("Finance", 200, 60))
    assert "derivable" not in rules(found(people, named)) | rules(found(people, merged))
    assert "derivable" in rules(found(people, merged, named))


def test_what_was_looked_at_is_not_looked_at_again():
    people = atoms(atom("Sales", 30, 12), atom("Finance", 200, 60))
    told = active(counted("all", 230, 72), counted("Sales", 30, 12))
    first = audit(people, amounts(), [told], LIMITS)
    assert first.findings == []
    # a record came late: the closed period is told as it was, and no error is seen in that
    later = atoms(atom("Sales", 30, 13), atom("Finance", 200, 60))
    again = audit(later, amounts(), [told], LIMITS, first.known)
    assert (again.findings, again.counts, again.known) == ([], first.counts, first.known)
    assert rules(audit(later, amounts(), [told], LIMITS, Known()).findings) == {"inconsistent"}


def test_a_period_whose_people_have_expired_may_be_told_as_it_was_and_not_otherwise():
    shown = counted("Sales", 30, 10)
    told = release(rel_active_users=[counted("all", 300, 100), shown])
    first = audit(atoms(atom("Sales", 30, 10), atom("Legal", 270, 90)), amounts(), [told], LIMITS)
    assert first.findings == []
    # what was looked at by panel is forgotten: a later release may round in another way
    known = Known(tables=first.known.tables)
    assert audit(atoms(), amounts(), [told], LIMITS, known).findings == []
    other = release(rel_active_users=[counted("all", 300, 101), shown])
    assert rules(audit(atoms(), amounts(), [other], LIMITS, known).findings) == {"not_a_group"}
    assert rules(audit(atoms(), amounts(), [told], LIMITS).findings) == {"not_a_group"}


def test_a_share_with_a_digit_less_is_the_same_share():
    people = atoms(atom("Sales", 30, 10), atom("Legal", 270, 90))
    then, now = (release(rel_active_users=[counted("all", 300, 100, dau_wau_ratio=share)])
                 for share in (0.23659305993690852, 0.2365930599369085))  # fmt: skip
    first = audit(people, amounts(), [then], LIMITS)
    assert audit(people, amounts(), [now], LIMITS, first.known).known == first.known


def test_a_table_of_everybody_is_of_a_crowd():
    row = {"n_eligible": 150, "n_on_1": 30}
    told = release(rel_platform_overlap=[row])
    assert [(one.rule, one.table) for one in found(EIGHT.clear(), told)] == [("small_group", "rel_platform_overlap")]
    assert found(EIGHT.clear(), release(rel_platform_overlap=[row | {"n_eligible": 200}])) == []


def test_a_share_of_few_is_found():
    row = {"n_eligible": 300, "step": "post", "space_size": "all", "n_starters": 40, "n_followed": 4, "n_on_5_8": 3}
    findings = found(EIGHT.clear(), release(rel_first_steps=[row]))
    assert [(one.rule, one.measure) for one in findings] == [("small_group", "n_on_5_8")]


def test_every_count_and_share_of_every_released_table_is_classified():
    tables = {mart.released_as: mart for mart in MARTS.values() if mart.released_as}
    assert {*tables, BY_NAME} == set(RELEASED)
    counts = {name for name in TABLES[BY_NAME].to_schema().columns if name.startswith("n_")}
    assert counts == set(RELEASED[BY_NAME].columns)
    for table, of in RELEASED.items():
        if table == BY_NAME:
            continue
        figures = {column.name for column in tables[table].columns if column.kind in ("count", "share", "number")}
        shares = [name for name, column in of.columns.items() if isinstance(column, Share)]
        named = {*of.columns, *of.others, *(f"{name}{end}" for name in shares for end in ("_low", "_high"))}
        assert named <= figures, table
        assert of.rest or named == figures, (table, figures - named)
        assert all([*of.others.values()]), table


def test_what_a_column_is_a_part_of_is_a_column():
    for table, of in RELEASED.items():
        if table == BY_NAME:
            assert {amount for one in of.columns.values() for amount in one.part_of} <= SUMS
            continue
        mart = next(mart for mart in MARTS.values() if mart.released_as == table)
        names = {"n_eligible", *(column.name for column in mart.columns)}
        assert of.size in names or not of.size
        for column in of.columns.values():
            match column:
                case Share():
                    assert column.count in names
                    assert of.columns[column.count] == Count(column.measure)
                case Part():
                    assert column.of in names
                case Count() | Total():
                    pass


def test_atoms_of_another_shape_are_refused():
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        audit(EIGHT.drop("kind"), amounts(), [active(counted("all", 8, 4))], LIMITS)


def test_a_row_of_a_period_without_data_is_of_nobody():
    people = atoms(atom(None, 230, 70))
    told = release(rel_active_users=[counted("all", 230, 70)], rel_pockets=[{"n_eligible": 230}])
    assert found(people, told) == []
    some = release(rel_active_users=[counted("all", 230, 70)], rel_pockets=[{"n_eligible": 230, "n_contributors": 9}])
    assert rules(found(people, some)) == {"not_a_group"}
