"""Every model stays within the SQL that DuckDB and Spark read alike; what is outside it is named with its file."""

from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from models.queries import queries

CLAUSES = {
    "Alias", "Between", "Boolean", "Bracket", "CTE", "Column", "DPipe", "DataType", "Distinct", "EQ", "Except",
    "Filter", "From", "GT", "GTE", "Group", "Having", "Identifier", "In", "Intersect", "Interval", "Is", "Join", "LT",
    "LTE", "Lateral", "Like", "Literal", "Mod", "Mul", "NEQ", "Neg", "Not", "Null", "NullSafeEQ", "NullSafeNEQ",
    "Order", "Ordered", "Paren", "Select", "Star", "Sub", "Subquery", "Table", "TableAlias", "Tuple", "Union",
    "Var", "Where", "Window", "WindowSpec", "With", "Add", "Div", "IntDiv",
}
FUNCTIONS = {
    "Abs", "And", "ArgMax", "ArgMin", "Array", "ArrayAppend", "ArrayContains", "ArraySize", "Case", "Cast",
    "Ceil", "Coalesce", "Concat", "Count", "CountIf", "DateDiff", "DenseRank", "Exists", "Exp", "Extract", "FirstValue",
    "Floor", "GenerateSeries", "Greatest", "If", "Lag", "LastValue", "Lead", "Least", "Ln", "LogicalAnd", "LogicalOr",
    "Lower", "Max", "Median", "Min", "Nullif", "Or", "Pow", "Rank", "Round", "RowNumber", "Sqrt", "StartsWith",
    "Sum", "TimestampTrunc", "Unnest", "Year", "Month", "Day",
}
"""Found equal on both engines, or the same arithmetic on both; a new one is compared there first.

No average and no deviation: of fractions they depend on the order of rows, of whole numbers a sum is as short.
"""
RANKED = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue)
UNALIKE_PARTS = {"dow", "dayofweek", "isodow", "weekday"}


def parsed(sql: str) -> exp.Expr:
    (tree,) = sqlglot.parse(sql, read="duckdb")
    assert tree is not None
    return tree


def faults(sql: str) -> Iterator[str]:
    """What in a model is outside the subset."""
    for node in parsed(sql).walk():
        kind = type(node).__name__
        if kind not in (FUNCTIONS if isinstance(node, exp.Func) else CLAUSES):
            yield f"{kind} is not in the subset: {node.sql('duckdb')}"
        if isinstance(node, exp.Sum) and not node.find_ancestor(exp.Cast):
            yield f"a sum of a type of the engine's choice: {node.sql('duckdb')}"
        if isinstance(node, exp.Sum) and _is_fraction(node.this):
            yield f"a sum of fractions, whose last digit depends on the order of rows: {node.sql('duckdb')}"
        if isinstance(node, exp.Window) and isinstance(node.this, RANKED) and not _is_ordered(node):
            yield f"an order of the engine's choice: {node.sql('duckdb')}"
        if isinstance(node, exp.Cast) and node.to.this in exp.DataType.INTEGER_TYPES and _is_fraction(node.this):
            yield f"a fraction cast to a whole number, rounded here and cut there: {node.sql('duckdb')}"
        yield from _other_meaning(node)


def _other_meaning(node: exp.Expr) -> Iterator[str]:
    """What both engines accept and understand differently."""
    if isinstance(node, exp.Extract) and node.name.lower() in UNALIKE_PARTS:
        yield f"weekdays have other numbers elsewhere: {node.sql('duckdb')}"
    if isinstance(node, exp.DateDiff) and str(node.args["unit"]).lower() != "day":
        yield f"other units than days count boundaries here and full units there: {node.sql('duckdb')}"
    if isinstance(node, exp.Table) and not node.name.isidentifier() and not isinstance(node.this, exp.Func):
        yield f"a file instead of a table: {node.sql('duckdb')}"
    if isinstance(node, exp.Distinct) and node.args.get("on"):
        yield f"DISTINCT ON takes another row elsewhere: {node.sql('duckdb')}"


def _is_ordered(window: exp.Window) -> bool:
    return bool(window.args.get("order") or window.args.get("alias"))


def _is_fraction(node: exp.Expr) -> bool:
    bare = node.unnest()
    return isinstance(bare, (exp.Div, exp.Avg, exp.Median)) or (isinstance(bare, exp.Literal) and not bare.is_int)


@pytest.mark.parametrize("table", queries())
def test_a_model_is_within_the_subset(table: str) -> None:
    assert not list(faults(queries()[table]))


@pytest.mark.parametrize("table", queries())
def test_a_model_reads_the_same_as_spark_sql(table: str) -> None:
    (spark,) = sqlglot.transpile(queries()[table], read="duckdb", write="spark", unsupported_level="RAISE")
    assert sqlglot.parse_one(spark, read="spark")


@pytest.mark.parametrize("sql", [
    "select today() as d",
    "select now() as d",
    "select current_date as d",
    "select current_timestamp as d",
    "select x from read_csv('a.csv')",
    "select x from 'a.parquet'",
    "select quantile_cont(x, 0.9) as q from t",
    "select percentile_cont(0.9) within group (order by x) as q from t",
    "select distinct on (a) a, b from t order by a, b",
    "select row_number() over (partition by a) as r from t",
    "select lag(a) over (partition by b) as r from t",
    "select cast(a / b as integer) as r from t",
    "select cast(2.5 as bigint) as r from t",
    "select sum(a) as r from t",
    "select extract(dow from a) as r from t",
    "select dayofweek(a) as r from t",
    "select date_diff('month', a, b) as r from t",
    "select cast(unnest(generate_series(a, b, interval 1 day)) as date) as r from t",
    "select unnest(a) as r from t",
    "select hash(a) as r from t",
    "select upper(a) as r from t",
    "select columns(*) from t",
    "select random() as r",
    "select avg(a) as r from t",
    "select stddev_samp(a) as r from t",
    "select sum(a / b) as r from t",
    "pivot t on a using sum(b)",
])
def test_what_engines_read_differently_is_refused(sql: str) -> None:
    assert list(faults(sql))
