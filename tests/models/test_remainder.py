"""What a total tells of its parts, against every possibility counted out."""

from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.release.coarse import Family, Groups
from models.release.remainder import Part, hide_what_follows, tells_too_much

TOTAL = {"period_kind": "month"}
GROUPS = Groups((Family("n_contributors"),), {"contributor_ratio": ("n_contributors", "n_eligible")})


def parts(*of: tuple[int, int, int | None]) -> list[Part]:
    """Size, true count, told count."""
    return [Part.of(*one) for one in of]


def test_two_parts_in_fives_do_not_tell_where_their_errors_cancel():
    # 12 and 13 are told as 10 and 15; the total 25 leaves 10 to 12 and 13 to 15: neither end is near
    assert not tells_too_much(parts((30, 12, 10), (30, 13, 15)), (25, 25))


def test_a_hidden_end_follows_from_the_total_of_two_parts():
    # of 30 people 1 contributes, hidden; the other part is 12, told as 10 (8 to 12): 13 - 12 = 1 at least
    assert tells_too_much(parts((30, 1, None), (30, 12, 10)), (13, 13))


def test_several_parts_leave_a_hidden_end_open():
    assert not tells_too_much(parts((30, 1, None), (30, 12, 10), (30, 13, 15), (30, 9, 10)), (35, 35))


def test_nothing_is_held_against_parts_that_the_total_says():
    assert not tells_too_much(parts((30, 0, None), (30, 0, None)), (0, 0))
    assert not tells_too_much(parts((30, 2, None), (30, 0, None)), (2, 2))
    assert not tells_too_much(parts((10, 10, None), (10, 10, None)), (20, 20))


def possible(told: list[Part], total: int) -> list[tuple[int, int]]:
    """The least and the most of each part, by trying everything."""
    ranges = [range(part.told[0], part.told[1] + 1) for part in told]
    fits = [one for one in product(*ranges) if sum(one) == total]
    return [(min(column), max(column)) for column in zip(*fits, strict=True)]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(3, 12), st.floats(0, 1)), min_size=2, max_size=4), st.data())
def test_whatever_passes_leaves_three_people_open_at_the_ends(sizes: list[tuple[int, float]], data: st.DataObject):
    true = [(n, round(n * share)) for n, share in sizes]
    told = [
        Part.of(n, k, None if k < 3 or n - k < 3 or data.draw(st.booleans()) else (k + 2) // 5 * 5) for n, k in true
    ]
    total = sum(k for _, k in true)
    everybody = sum(n for n, _ in true)
    narrow = False
    for (n, k), (least, most) in zip(true, possible(told, total), strict=True):
        floor, ceiling = max(0, total - (everybody - n)), min(n, total)
        few = min(3, n)
        narrow |= most < min(few, ceiling) or least > max(n - few, floor)
        narrow |= (k < few and least > floor) or (n - k < few and most < ceiling)
    assert tells_too_much(told, (total, total)) == narrow


def month(*of: tuple[str, int, int, int | None]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """True and told rows: unit, people, true count, told count."""
    head = {"period_kind": "month", "unit": [one[0] for one in of], "n_eligible": [one[1] for one in of]}
    shares = {f"contributor_ratio{end}": [0.5] * len(of) for end in ("", "_low", "_high")}
    true = pl.DataFrame(head | {"n_contributors": [one[2] for one in of]} | shares)
    counts = pl.Series([one[3] for one in of], dtype=pl.Int64)
    return true.with_row_index("_row"), pl.DataFrame(head | {"n_contributors": counts} | shares)


def whole(n: int, k: int) -> pl.DataFrame:
    return pl.DataFrame({"period_kind": ["month"], "n_eligible": [n], "n_contributors": [k]})


def test_where_a_total_tells_no_part_is_told():
    true, told = month(("a", 30, 1, None), ("b", 170, 12, 10))
    shown = hide_what_follows(told, true, whole(200, 13), GROUPS, ["period_kind"])
    assert shown["n_contributors"].to_list() == [None, None]
    assert shown["contributor_ratio_low"].to_list() == [None, None]


def test_without_a_total_every_part_stays():
    true, told = month(("a", 30, 1, None), ("b", 170, 12, 10))
    shown = hide_what_follows(told, true, whole(200, 13).clear(), GROUPS, ["period_kind"])
    assert shown.equals(told)


@pytest.mark.parametrize(("n_nowhere", "is_told"), [(0, True), (2, True), (400, True)])
def test_people_of_no_part_are_one_more_part(n_nowhere: int, is_told: bool):
    true, told = month(("a", 100, 40, 40), ("b", 100, 52, 50), ("c", 100, 33, 35))
    shown = hide_what_follows(told, true, whole(300 + n_nowhere, 125), GROUPS, ["period_kind"])
    assert (shown["n_contributors"].null_count() == 0) == is_told


def test_one_person_of_no_part_must_not_follow():
    # 42 + 52 + 1 = 95; told 40 and 50: the rest could be 1 to 9 of its one person, so it is 1
    true, told = month(("a", 100, 42, 40), ("b", 100, 52, 50))
    shown = hide_what_follows(told, true, whole(201, 95), GROUPS, ["period_kind"])
    assert shown["n_contributors"].null_count() == 2
