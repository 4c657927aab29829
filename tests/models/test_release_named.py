"""What is told of executives by name, by hand, and that it tells nothing of the others."""

from datetime import date

import polars as pl
import pytest

from models.audit import audit
from models.release.named import release_named
from models.release.withdrawal import withdrawn
from tests.models.audited import LIMITS, amount, amounts, atom, atoms, counted, found, rules
from tests.models.audited import release as given
from tests.models.organisations import Group, auditor, findings, organisation, release

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
ONE_EACH = [1] * 300
STAFF = (Group(120, "A", ONE_EACH[:50]), Group(100, "B", ONE_EACH[:40]))


def person(one: str, shown: str) -> dict[str, object]:
    return {"person_id": one, "number": 1, "shown": shown, "role": "r", "basis": "b", "approved_by": "a",
            "valid_until": JULY, "is_on_roster": True, "is_executive": True}  # fmt: skip


def test_a_closed_month_as_executive_has_a_row_and_what_is_nothing_is_unknown():
    months = pl.DataFrame({
        "period_kind": "month", "period_start": [JUNE, JULY, AUGUST],
        "period_end": [date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31)], "platform": "all", "unit": "all",
        "is_complete": [True, False, True], "n_contributors": [5, 0, 5],
    })  # fmt: skip
    eligible = pl.DataFrame(
        [("month", JUNE, "all", "p", True), ("month", JULY, "all", "p", True), ("month", AUGUST, "all", "p", True),
         ("month", JUNE, "all", "q", True), ("month", JULY, "all", "q", False), ("week", JUNE, "all", "p", True),
         ("month", JUNE, "slack", "p", True)],
        schema=["period_kind", "period_start", "platform", "person_id", "is_executive"], orient="row",
    )  # fmt: skip
    wrote = pl.DataFrame(
        [("p", JUNE, 3, 2, 1, 0), ("q", JUNE, 2, 0, 0, 0), ("q", JULY, 9, 9, 9, 9)],
        schema=["person_id", "month_start", "n_posts", "n_replies", "n_own_posts", "n_own_replies"], orient="row",
    )  # fmt: skip
    named = pl.DataFrame([person("p", "Zoe"), person("q", "Bo")])
    rows = release_named(named, wrote, eligible, months, as_of=date(2026, 8, 30))
    told = rows.select("shown", "period_start", "is_complete", "n_posts", "n_replies", "n_own_posts", "n_own_replies")
    assert told.rows() == [
        ("Bo", JUNE, True, 2, 0, None, None),  # a delegate wrote all of it
        ("Zoe", JUNE, True, 3, 2, 1, 0),
        ("Zoe", JULY, False, None, None, None, None),
    ]


def test_of_a_month_that_nobody_saw_nothing_is_told():
    months = pl.DataFrame({
        "period_kind": "month", "period_start": [JUNE], "period_end": [date(2026, 6, 30)], "platform": "all",
        "unit": "all", "is_complete": False, "n_contributors": pl.Series([None], dtype=pl.Int64),
    })  # fmt: skip
    eligible = pl.DataFrame({
        "period_kind": "month", "period_start": [JUNE], "platform": "all", "person_id": "p", "is_executive": True,
    })  # fmt: skip
    counts = dict.fromkeys(("n_posts", "n_replies", "n_own_posts", "n_own_replies"), 4)
    wrote = pl.DataFrame({"person_id": ["p"], "month_start": [JUNE], **counts})
    rows = release_named(pl.DataFrame([person("p", "Zoe")]), wrote, eligible, months, as_of=date(2026, 8, 30))
    assert rows.select(*counts).rows() == [(None, None, None, None)]


def told_of(tables) -> list[tuple[str, int | None]]:
    return tables["rel_named_executives"].select("shown", "n_posts").rows()


def test_where_one_of_the_others_would_stand_out_nothing_is_told():
    # who made 12 knows the 40 of another to within 17, a quarter of 40 and more; without the 10 of Ada to within 7
    loud = organisation(
        Group(1, "A", [10], is_executive=True, named="Ada"), Group(11, "A", [40, 12, *ONE_EACH[:7]], is_executive=True),
        *STAFF,
    )  # fmt: skip
    assert release(loud)["rel_executive_participation"].filter("is_executive")["n_posts"].to_list() == [69]
    assert told_of(release(loud)) == [("Ada", None)]
    without = findings(loud, release(loud, "named"))
    assert ("dominance", "is_executive less named", "posts") in {(f.rule, f.dimension, f.measure) for f in without}
    even = organisation(
        Group(1, "A", [4], is_executive=True, named="Ada"), Group(11, "A", ONE_EACH[:8], is_executive=True), *STAFF
    )
    assert told_of(release(even)) == [("Ada", 4)]
    assert findings(even, release(even)) == []


def test_what_is_left_of_a_unit_is_of_enough_people():
    # of the twelve of C who are told with a sum, ten made it: without Ada nine
    def company(n: int) -> pl.DataFrame:
        return organisation(
            Group(1, "C", [2], is_executive=True, named="Ada"), Group(20, "C", ONE_EACH[: n - 1]),
            Group(8, "A", ONE_EACH[:6], is_executive=True), *STAFF,
        )  # fmt: skip

    assert told_of(release(company(10))) == [("Ada", None)]
    without = findings(company(10), release(company(10), "named"))
    assert ("dominance", "unit less named") in {(f.rule, f.dimension) for f in without}
    assert told_of(release(company(11))) == [("Ada", 2)]
    assert findings(company(11), release(company(11))) == []


def test_all_executives_may_be_named_for_nobody_is_left():
    everybody = organisation(
        *(Group(1, "A", [n + 1], is_executive=True, named=f"E{n}") for n in range(6)), *STAFF
    )
    assert [n for _, n in told_of(release(everybody))] == [1, 2, 3, 4, 5, 6]
    assert findings(everybody, release(everybody)) == []


def test_where_the_audit_objects_the_named_go_and_no_figure_of_a_group():
    # of ten executives at most four contribute, a band says. If Ada and Bo are two of them, at most two others do
    people = organisation(
        *(Group(1, "A", [1], is_executive=True, named=name) for name in ("Ada", "Bo")),
        Group(8, "A", is_executive=True), *STAFF,
    )  # fmt: skip
    told = release(people)
    assert {(one.rule, one.dimension) for one in findings(people, told)} == {("tail", "is_executive less named")}
    objects = auditor([people])
    allowed, _ = withdrawn(told, lambda tables: objects(tables).objected)
    assert {name for _, name in told_of(told)} == {1}
    assert {name for _, name in told_of(allowed)} == {None}
    assert [table for table in told if not told[table].equals(allowed[table])] == ["rel_named_executives"]
    assert findings(people, allowed) == []


CROWD = atoms(
    atom("A", 1, 1, is_executive="true", named="Ada", own_contributors=1),
    atom("A", 12, 6, is_executive="true"), atom("B", 220, 90, is_executive="false"),
)  # fmt: skip
DID = (amount("public_posts", 1, 3, named="Ada"), amount("posts", 1, 3, is_executive="true", named="Ada"))
ROW = {"shown": "Ada", "role": "r", "basis": "b", "approved_by": "a", "valid_until": JULY, "n_posts": 3, "n_replies": 0}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({}, None), ({"n_posts": 4}, "inconsistent"), ({"n_replies": 1}, "inconsistent"),
     ({"shown": "Bo"}, "not_a_group")],
)
def test_what_is_said_by_name_is_true_of_somebody_who_is_known(changes, rule):
    told = rules(found(CROWD, given(rel_named_executives=[ROW | changes]), done=amounts(*DID)))
    assert rule in told if rule else told == set()


def test_a_count_of_a_unit_less_who_is_named_is_of_the_others():
    people = atoms(atom("A", 1, 1, named="Ada"), atom("A", 5, 2), atom("B", 230, 90))
    units = [counted("all", 236, 93), counted("A", 6, 3), counted("B", 230, 90)]
    assert found(people, given(rel_active_users=units)) == []
    named = given(rel_active_users=units, rel_named_executives=[ROW])
    less = {(one.rule, one.dimension) for one in found(people, named, done=amounts(*DID[:1]))}
    # two of the other five, and fewer than three must not be told
    assert ("tail", "unit less named") in less


def test_a_sum_that_was_published_before_is_held_against_who_is_named_now():
    sums = [amount("posts", n, 3, is_executive="true") for n in range(2, 6)]
    row = {"n_eligible": 13, "is_executive": True, "n_posts": 15}
    before, now = given(rel_executive_participation=[row]), given(
        rel_executive_participation=[row], rel_named_executives=[ROW]
    )
    done = amounts(*DID, *sums)
    first = audit(CROWD, done, [before], LIMITS)
    assert first.findings == []
    again = audit(CROWD, done, [now], LIMITS, first.known)
    # five made them, and without Ada four
    assert {(one.rule, one.dimension) for one in again.findings} == {("dominance", "is_executive less named")}
