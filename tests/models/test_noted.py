"""What is said of notes: counts by platform and text, and no number that differs from file to file."""

import polars as pl

from models.noted import by_platform, lines
from models.schemas import TABLES
from models.validation import find_faults

DUPLICATE = "rows superseded by another version; each record counts once"


def noted(*rows: tuple[str, str, str, str, int]) -> pl.DataFrame:
    """The released rows of notes by platform, export, rule, text and records."""
    names = ["platform", "file_id", "rule", "message", "n_records"]
    return by_platform(pl.DataFrame(rows, schema=names, orient="row"))


def test_one_text_is_one_row_however_many_records_each_export_has():
    table = noted(
        ("slack", "a", "PPL-DUP-001", f"12 {DUPLICATE}", 12), ("slack", "b", "PPL-DUP-001", f"1,203 {DUPLICATE}", 1203),
        ("slack", "b", "PPL-DUP-001", f"7 {DUPLICATE}", 7), ("yammer", "c", "PPL-DUP-001", f"1 {DUPLICATE}", 1),
    )  # fmt: skip
    assert table.rows() == [
        ("slack", "PPL-DUP-001", DUPLICATE, 2, 1222), ("yammer", "PPL-DUP-001", DUPLICATE, 1, 1)]  # fmt: skip
    assert find_faults(table, TABLES["rel_note"]) == []


def test_numbers_go_and_sizes_stay():
    texts = {
        "4 messages by 2 unknown users; kept as external": "messages by unknown users; kept as external",
        "text of more than 1 MiB; passed over": "text of more than 1 MiB; passed over",
        "each person counts once, the raw number is 5": "each person counts once",
        "3 unknown column(s); not read": "unknown column(s); not read",
    }
    assert {noted(("slack", "a", "X", text, 1))["message"].item() for text in texts} == set(texts.values())


def test_a_run_says_each_text_once_the_most_frequent_first():
    table = noted(("slack", "a", "PPL-X-001", "odd", 2), ("yammer", "b", "PPL-X-001", "odd", 3),
                  ("yammer", "b", "PPL-X-002", "odder", 1_000))  # fmt: skip
    assert lines(table) == [
        "PPL-X-002 yammer: odder (1,000 records in 1 export)",
        "PPL-X-001 slack, yammer: odd (5 records in 2 exports)",
    ]


def test_how_many_records_of_people_who_are_left_out_is_never_said():
    left_out = "records of people who are forgotten or object were left out"
    rows = [("slack", "a", "PPL-ERA-004", left_out, 1), ("slack", "b", "PPL-ERA-004", left_out, 1)]
    table = noted(*rows, ("yammer", "c", "PPL-ERA-004", left_out, 1), ("yammer", "c", "PPL-X-001", "odd", 1))
    assert [row[3:] for row in table.rows()] == [(None, None), (None, None), (1, 1)]
    assert find_faults(table, TABLES["rel_note"]) == []
    assert sorted(lines(table)) == [
        f"PPL-ERA-004 slack, yammer: {left_out}", "PPL-X-001 yammer: odd (1 record in 1 export)"]  # fmt: skip


def test_a_run_says_ten_texts_and_how_many_more_there_are():
    letters = "abcdefghijkl"
    table = noted(*(("slack", "a", "PPL-X-001", f"odd {letter}", 1) for letter in letters))
    assert len(lines(table)) == 11
    assert lines(table)[9:] == [
        "PPL-X-001 slack: odd j (1 record in 1 export)", "and 2 more notes, see table rel_note"]  # fmt: skip
    assert lines(table.head(10)) == lines(table)[:10]
    assert lines(table.head(11))[10] == "and 1 more note, see table rel_note"
    assert lines(table.clear()) == []
