"""Whole-table equality: no row more, no row less, and a difference one can read.

How rows are made is not here.
"""

from collections.abc import Mapping, Sequence

TOLERANCE = 1e-12
SHOWN = 8


def assert_same_rows(
    actual: Sequence[Mapping[str, object]], expected: Sequence[Mapping[str, object]], key: tuple[str, ...]
) -> None:
    """Fail with the first few differences unless both tables hold the same rows, whatever their order."""
    problems = _column_problems(actual, expected, key)
    if not problems:
        got, wanted = _by_key(actual, key, "actual", problems), _by_key(expected, key, "expected", problems)
        problems += [f"row missing: {_show(key, k)}\n    expected {dict(wanted[k])}" for k in wanted if k not in got]
        problems += [f"row too many: {_show(key, k)}\n    actual {dict(got[k])}" for k in got if k not in wanted]
        problems += [
            f"{_show(key, k)}\n    {column}: actual {got[k][column]!r}, expected {wanted[k][column]!r}"
            for k in wanted
            if k in got
            for column in wanted[k]
            if not same_value(got[k][column], wanted[k][column])
        ]
    if problems:
        shown = "\n".join(problems[:SHOWN])
        raise AssertionError(
            f"{len(problems)} differences ({len(actual)} rows, expected {len(expected)}), the first of them:\n{shown}"
        )


def same_value(actual: object, expected: object) -> bool:
    """Whether two values are of the same type and equal; floats may differ by 1e-12, NaN equals nothing."""
    if type(actual) is not type(expected):
        return False
    if isinstance(actual, float) and isinstance(expected, float):
        return abs(actual - expected) <= TOLERANCE
    return actual == expected


def _column_problems(
    actual: Sequence[Mapping[str, object]], expected: Sequence[Mapping[str, object]], key: tuple[str, ...]
) -> list[str]:
    """Columns that some row has and another has not; the key must be among them."""
    rows = [("actual", row) for row in actual] + [("expected", row) for row in expected]
    wanted = set((expected or actual or [dict.fromkeys(key)])[0]) | set(key)
    problems: list[str] = []
    for side, row in rows:
        if set(row) != wanted:
            lacks, extra = sorted(wanted - set(row)), sorted(set(row) - wanted)
            problem = f"{side} columns differ: lacks {lacks}, has besides {extra}"
            problems += [problem] if problem not in problems else []
    return problems


def _by_key(
    rows: Sequence[Mapping[str, object]], key: tuple[str, ...], side: str, problems: list[str]
) -> dict[tuple[object, ...], Mapping[str, object]]:
    found: dict[tuple[object, ...], Mapping[str, object]] = {}
    for row in rows:
        values = tuple(row[column] for column in key)
        if values in found:
            problems.append(f"{side} has the key twice: {_show(key, values)}")
        found[values] = row
    return found


def _show(key: tuple[str, ...], values: tuple[object, ...]) -> str:
    return ", ".join(f"{column}={value}" for column, value in zip(key, values, strict=True))
