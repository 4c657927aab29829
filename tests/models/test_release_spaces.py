"""Public spaces by name: which may be told, what of them, and what an audit finds that a cut would have let through."""

from datetime import date

import polars as pl
import pytest

from models.release import Policy
from models.release.history import nothing, with_release
from models.schemas import TABLES
from models.validation import find_faults
from tests.models.named_spaces import END, Space, findings, released

FEW = [Space(f"few {n}", 9) for n in range(3)]


def rows(told: pl.DataFrame) -> list[tuple[object, ...]]:
    return told.select("label", "state", "n_contributors", "n_unnamed").rows()


def test_only_spaces_of_ten_people_are_named_and_only_ten_contributors_counted() -> None:
    spaces = [Space("large", 120, 48), Space("ten", 10, 10), Space("quiet", 30, 9), *FEW]
    told = released(spaces)
    assert rows(told) == [("large", "alive", 50, 3), ("ten", "alive", 10, 3), ("quiet", "alive", None, 3)]
    assert find_faults(told, TABLES["rel_spaces"]) == []
    assert findings(spaces, told) == []


def test_those_that_live_come_first_and_of_them_the_large_ones() -> None:
    spaces = [Space("gone", 40, 0, "forgotten"), Space("weak", 40, 0, "fading"), Space("small", 40, 11),
              Space("large", 40, 31), Space("who knows", 40, state="unknown"), Space("back", 40, 9, "revived")]
    assert released(spaces)["label"].to_list() == ["back", "large", "small", "weak", "gone", "who knows"]


@pytest.mark.parametrize(("n_few", "named"), [(0, ["a", "b", "c", "d"]), (1, ["c", "d"]), (2, ["b", "c", "d"]),
                                              (3, ["a", "b", "c", "d"])])  # fmt: skip
def test_one_or_two_others_would_be_told_apart_so_the_smallest_join_them(n_few: int, named: list[str]) -> None:
    # of all channels it is told how many are in which state: less those by name that of one other would follow
    spaces = [Space(name, n) for name, n in (("a", 11), ("b", 12), ("c", 13), ("d", 14))]
    told = released([*spaces, *FEW[:n_few]])
    assert sorted(told["label"]) == named
    assert set(told["n_unnamed"]) == {4 + n_few - len(named)}


def test_a_name_that_two_spaces_share_names_neither() -> None:
    spaces = [Space("same", 50, 20), Space("same", 60, 30), Space("same", 70, 40, workspace="other"),
              Space(None, 80, 40)]  # fmt: skip
    told = released(spaces)
    assert told.select("workspace", "label", "n_unnamed").rows() == [("other", "same", 3)]
    assert findings(spaces, told) == []
    assert {one.rule for one in findings(spaces, told.with_columns(workspace=pl.lit("w")))} == {"not_a_group"}


def test_nobody_follows_to_be_the_one_who_did_not_contribute() -> None:
    everybody = [Space("all of us", 30, 28), Space("nearly", 30, 27)]
    told = released(everybody, n_people=30)
    assert dict(told.select("label", "n_contributors").rows()) == {"all of us": None, "nearly": 25}
    exact = released(everybody, "tails", n_people=30)
    assert "tail" in {one.rule for one in findings(everybody, exact, n_people=30, n_contributors=28)}


def test_of_fewer_people_than_a_group_no_space_is_named() -> None:
    assert released([Space("team", 12, 5)], n_people=9).is_empty()


def test_a_count_of_a_month_that_was_told_stays_and_a_change_by_few_is_found() -> None:
    before, now = [Space("large", 120, 47)], [Space("large", 121, 48)]
    first = released(before)
    history = with_release(nothing(), {"rel_spaces": first}, as_of=END, policy=Policy())
    assert released(now, history=history).equals(first)
    anew = released(now, "closed_periods", history=history)
    assert (first["n_contributors"].item(), anew["n_contributors"].item()) == (45, 50)
    assert "changed" in {one.rule for one in findings(now, anew, first)}


def test_an_earlier_month_stands_as_it_was_published_and_is_of_nobody_any_more() -> None:
    # an earlier release would tell it all the same
    spaces = [Space("large", 120, 47)]
    month_before = [pl.col(name).dt.offset_by("-1mo") for name in ("period_start", "period_end")]
    first = released(spaces).with_columns(month_before)
    history = with_release(nothing(), {"rel_spaces": first}, as_of=END, policy=Policy())
    told = released(spaces, history=history)
    assert told.select("period_start", "n_contributors").sort("period_start").rows() == [
        (date(2025, 12, 1), 45), (date(2026, 1, 1), 45),
    ]  # fmt: skip
    assert with_release(history, {"rel_spaces": told}, as_of=END, policy=Policy()).height == 2


def test_a_space_that_is_not_public_any_more_loses_its_name_at_once() -> None:
    spaces = [Space("open", 50, 20), Space("was open", 50, 20)]
    told = released(spaces)
    history = with_release(nothing(), {"rel_spaces": told}, as_of=END, policy=Policy())
    assert released(spaces[:1], history=history)["label"].to_list() == ["open"]
    assert {one.rule for one in findings(spaces[:1], told)} == {"not_a_group"}


def test_a_count_that_is_not_true_is_found() -> None:
    spaces = [Space("large", 120, 48)]
    wrong = released(spaces).with_columns(n_contributors=pl.lit(60, pl.Int64))
    assert {one.rule for one in findings(spaces, wrong)} == {"inconsistent"}


def test_more_contributors_of_a_space_than_of_its_platform_are_found() -> None:
    spaces = [Space("large", 120, 48)]
    told = released(spaces)
    assert {one.rule for one in findings(spaces, told, n_contributors=47)} == {"inconsistent"}
