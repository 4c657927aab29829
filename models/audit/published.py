"""The audit of a release: from its tables, the earlier ones that stand, and the true people, to findings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import blake2b
from typing import Final

import numpy as np
import polars as pl

from models.audit.atoms import NOBODY, PANEL, Panel, panels
from models.audit.cohorts import of_cohorts
from models.audit.columns import FEW_OF_A_CROWD, RELEASED, ROUNDED_TO, Count, Some
from models.audit.dominance import of_totals
from models.audit.figures import Figure, Row, figures_of
from models.audit.findings import Finding, Limits, added_up
from models.audit.groups import ALL, EXECUTIVE, NAMED, Placed, placed
from models.audit.linked import TABLE as CROSS_TAB
from models.audit.linked import follow_together
from models.audit.measures import CONTRIBUTORS, MEASURES
from models.audit.revisions import changed
from models.audit.solved import Counts, Telling, follows
from models.audit.spaces import NOTHING, of_spaces

Tables = Mapping[str, pl.DataFrame]
OF_PARTS: Final = tuple(name for name, of in RELEASED.items() if of.rows not in ("whole", "cohort"))
"""Tables with rows about parts of the organisation."""
OF_PEOPLE: Final = (*OF_PARTS, "rel_control_chart")
"""Tables whose figures become equations."""
_BY_UNIT: Final = ("rel_active_users", CROSS_TAB)
"""Tables that tell how many of a unit contributed in the period before."""


@dataclass(frozen=True, slots=True)
class Known:
    """What audits have looked at before: panels by digest, with what there was, and tables of a panel by digest.

    A panel that is published again as it was tells nothing new. Closed periods keep their figures when data come late,
    so that a table that was true when it was first published need not be true of the people as they are known now.
    """

    panels: Mapping[str, Counts] = field(default_factory=dict)
    tables: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Audited:
    """Findings, how much was looked at, and what a later audit need not look at again.

    `objected` are the panels (period_kind, period_start, platform) of which too much follows from all that is told.
    """

    findings: Sequence[Finding]
    objected: frozenset[tuple[object, ...]]
    counts: Counts
    known: Known


def audit(
    atoms: pl.DataFrame, amounts: pl.DataFrame, releases: Sequence[Tables], limits: Limits, known: Known | None = None,
    *, spaces: pl.DataFrame = NOTHING,
) -> Audited:  # fmt: skip
    """What can be worked out of the first of `releases`, with all that the others, earlier ones that stand, tell.

    `atoms` are the true people (`atoms.ATOM_SCHEMA`), `amounts` what each of them did (`dominance.AMOUNT_SCHEMA`),
    `spaces` who contributed to which public space (`spaces.SPACE_SCHEMA`).
    """
    before = known or Known()
    new, *earlier = releases
    findings = [*of_cohorts(new, limits)]
    books = [_Book(tables, limits) for tables in releases]
    told: dict[str, Telling] = {}
    looked_at: dict[str, Counts] = {}
    everybody = dict(panels(atoms))
    of_panel = dict(everybody)
    digests = {key: books[0].digest(key) for key in books[0].rows}
    for key, digest in digests.items():
        # of a period whose people have expired nothing can be worked out, and as long as it is told as it was, need not
        if digest in before.panels or (key not in of_panel and books[0].is_known(key, before)):
            looked_at[digest] = before.panels.get(digest, Counts(0, 0, 0))
            of_panel.pop(key, None)
            continue
        panel = of_panel.get(key, NOBODY)
        figures, faults = _figures(books[0], key, panel, limits, before)
        findings += [*faults, *_small(figures, panel, key, limits)]
        for book in books[1:]:
            # what an earlier release said of people who have changed since is looked at as a change
            figures += _figures(book, key, panel, limits, before)[0]
        told[digest] = Telling(str(key[0]), panel, _each_once(figures))
    solved = follows(told, limits)
    findings += solved.findings
    fresh = {key: of_panel[key] for key in books[0].rows if key in of_panel}
    kept = {
        (key, table)
        for key in fresh
        for table, digest in books[0].table_digests[key].items()
        if digest in before.tables
    }
    findings += of_totals(new, amounts, fresh, limits, kept)
    stands = {key for key, of in books[0].table_digests.items() if of.get("rel_spaces") in before.tables}
    findings += of_spaces(new["rel_spaces"], spaces, limits, stands)
    for tables in earlier:
        findings += changed(new, tables, limits)
    looked_at |= solved.counts
    passed = {digest: of for digest, of in looked_at.items() if digest not in solved.objected}
    objected = frozenset(key for key, digest in digests.items() if digest in solved.objected)
    # a month of which a panel fails by itself is looked at together once that does not any more
    months = {
        month: digest for month, digest in books[0].months(books).items()
        if not any(key[:2] == month for key in objected)
    }  # fmt: skip
    fresh_months = {
        digest: {
            str(key[2]): told.get(digests.get(key, "")) or _telling(books, key, panel, limits, before)
            for key, panel in everybody.items() if key[:2] == month
        }
        for month, digest in months.items() if digest not in before.panels
    }  # fmt: skip
    together = follow_together(fresh_months, limits)
    findings += [one for found in together.values() for one in found]
    failed = {month for month, digest in months.items() if together.get(digest)}
    objected |= {key for key in books[0].rows if key[:2] in failed and books[0].tells_units(key)}
    passed |= {digest: Counts(0, 0, 0) for month, digest in months.items() if month not in failed}
    return Audited(
        added_up(findings),
        objected,
        Counts(*(sum(one) for one in zip(*looked_at.values(), strict=True))) if looked_at else Counts(0, 0, 0),
        Known(passed, frozenset(one for key in books[0].rows for one in books[0].table_digests[key].values())),
    )


def panel_digests(tables: Tables, limits: Limits) -> frozenset[str]:
    """The digests of all panels of a release: what `Known` would hold of it."""
    book = _Book(tables, limits)
    return frozenset({*(book.digest(key) for key in book.rows), *book.months([book]).values()})


class _Book:
    """The rows of a release by panel and table, and which columns keep to multiples of five."""

    def __init__(self, tables: Tables, limits: Limits) -> None:
        self._limits = limits
        self.rows: dict[tuple[object, ...], dict[str, list[Row]]] = {}
        self.rounded: dict[str, frozenset[str]] = {}
        for table in OF_PEOPLE:
            frame = tables[table].filter(pl.col("period_kind").is_in(("week", "month")))
            frame = frame.sort(frame.columns)
            self.rounded[table] = _rounded(table, frame, limits)
            for key, rows in frame.partition_by(*PANEL, as_dict=True, maintain_order=True).items():
                self.rows.setdefault(key, {})[table] = list(rows.to_dicts())
        for of_tables in self.rows.values():
            _joined(of_tables)
        self.table_digests = {
            key: {table: _digest(table, _alike(rows)) for table, rows in of_tables.items()}
            for key, of_tables in self.rows.items()
        }
        """A digest of each table's rows of a panel."""

    def units(self, key: tuple[object, ...]) -> frozenset[str]:
        """The units that have a row of their own in a panel."""
        return frozenset(str(row["unit"]) for row in self.rows.get(key, {}).get("rel_active_users", []))

    def before(self, key: tuple[object, ...], table: str) -> list[Row]:
        """The rows of a table by unit in the period before."""
        kind, start, platform = key
        return self.rows.get((kind, _previous(str(kind), start), platform), {}).get(table, [])

    def tells_units(self, key: tuple[object, ...]) -> bool:
        """Whether anything is told of units on the platform of a panel."""
        rows = self.rows.get(key, {}).get(CROSS_TAB, [])
        return any(row[name] is not None for row in rows for name in ("n_contributors", "contributor_ratio_high"))

    def months(self, books: Sequence["_Book"]) -> dict[tuple[object, ...], str]:
        """The months of which any of `books` tells units on platforms, with a digest of all their panels here."""
        told = {key[:2] for book in books for key in book.rows if book.tells_units(key)}
        return {
            month: _digest("together", sorted(self.digest(key) for key in self.rows if key[:2] == month))
            for month in told
        }

    def is_known(self, key: tuple[object, ...], before: Known) -> bool:
        """Whether an audit has looked before at every table of a panel as it is."""
        return before.tables.issuperset(self.table_digests[key].values())

    def digest(self, key: tuple[object, ...]) -> str:
        """A digest of all that the audit reads of a panel, and of how strict it is."""
        rounded = {table: sorted(names) for table, names in self.rounded.items()}
        before = [_alike(self.before(key, table)) for table in _BY_UNIT]
        return _digest(self._limits, sorted(self.table_digests[key].items()), before, sorted(rounded.items()))


def _joined(of_tables: dict[str, list[Row]]) -> None:
    """Adds to the rows about contributors who was present: it stands in the other table of the same unit."""
    present = {row["unit"]: row["n_present"] for row in of_tables.get("rel_active_users", [])}
    rows = of_tables.get("rel_contributor_ratios", [])
    of_tables["rel_contributor_ratios"] = [{**row, "n_present": present.get(row["unit"])} for row in rows]


def _alike(rows: Iterable[Row]) -> list[Row]:
    """Rows of the workbook and of the tables that it was written from alike: it has a digit less."""
    return [
        {name: float(f"{value:.12g}") if isinstance(value, float) else value for name, value in row.items()}
        for row in rows
    ]


def _digest(*content: object) -> str:
    return blake2b(repr(content).encode(), digest_size=12).hexdigest()


def _rounded(table: str, frame: pl.DataFrame, limits: Limits) -> frozenset[str]:
    if RELEASED[table].rows == NAMED:
        return frozenset()
    is_part = pl.lit(value=True) if RELEASED[table].rows not in ("unit", "whole") else pl.col("unit") != ALL
    parts = frame.filter(is_part | (pl.col("n_eligible") < limits.crowd))
    return frozenset(
        name
        for name, column in RELEASED[table].columns.items()
        if isinstance(column, Count | Some)
        and not ((frame if column.measure in FEW_OF_A_CROWD else parts)[name].drop_nulls() % ROUNDED_TO != 0).any()
    )


def _figures(
    book: _Book, key: tuple[object, ...], panel: Panel, limits: Limits, before: Known
) -> tuple[list[Figure], list[Finding]]:
    """The figures of a panel that hold, and a finding for each row and figure that does not."""
    figures: list[Figure] = []
    findings: list[Finding] = []
    kind = str(key[0])
    here = tuple(name for name, of in MEASURES.items() if of.unit == "unit")
    digests = book.table_digests.get(key, {})
    for table, rows in book.rows.get(key, {}).items():
        found = placed(table, rows, panel, limits, named_units=book.units(key))
        told = _of_rows(table, found, panel, book.rounded[table], here)
        if RELEASED[table].rows == "unit":
            earlier = placed(table, rows, panel, limits, by_unit_before=True)
            went = _of_rows(table, earlier, panel, book.rounded[table], ("lapsed", "left", "gone"))
            told += [_of_leavers(figure, panel, limits) if set(figure.terms) == {"left"} else figure for figure in went]
        holding = [figure for figure in told if figure.holds(panel)]
        figures += holding
        if digests[table] not in before.tables:
            nobodys = [one for one in found if one.group is None and _tells_anything(table, one.row)]
            findings += [Finding("not_a_group", table, RELEASED[table].rows, "people", kind) for _ in nobodys]
            findings += [
                Finding("inconsistent", table, figure.group.dimension, figure.measure, kind)
                for figure in told
                if not figure.holds(panel)
            ]
    return [*figures, *_of_period_before(book, key, panel, limits)], findings


def _telling(
    books: Sequence[_Book], key: tuple[object, ...], panel: Panel, limits: Limits, before: Known
) -> Telling:
    """What all releases tell of a panel that was looked at by itself before."""
    figures = [figure for book in books for figure in _figures(book, key, panel, limits, before)[0]]
    return Telling(str(key[0]), panel, _each_once(figures))


def _of_leavers(figure: Figure, panel: Panel, limits: Limits) -> Figure:
    """Those who left a crowd, if anybody did, are one only if they are enough themselves."""
    n = float(panel.size[figure.group.atoms & panel.among(("left",))].sum())
    return replace(figure, group=replace(figure.group, is_crowd=False)) if 0 < n < limits.crowd else figure


def _tells_anything(table: str, row: Row) -> bool:
    """Whether a row holds the size or any figure of its people: of a period without data it may hold neither."""
    of = RELEASED[table]
    return any(row[name] is not None for name in (of.size, *of.columns) if name)


def _of_period_before(book: _Book, key: tuple[object, ...], panel: Panel, limits: Limits) -> list[Figure]:
    """Who contributed in the period before, of the people of this one and those who left since."""
    terms = dict.fromkeys(MEASURES["contributors_before"].parts, 1.0)
    moved = [
        replace(figure, measure="contributors_before", terms=terms)
        for table in _BY_UNIT
        for figure in _of_rows(
            table, placed(table, book.before(key, table), panel, limits, by_unit_before=True), panel,
            book.rounded[table], (CONTRIBUTORS,),
        )
    ]  # fmt: skip
    return [figure for figure in moved if figure.holds(panel)]


def _of_rows(
    table: str, found: Iterable[Placed], panel: Panel, rounded: frozenset[str], measures: tuple[str, ...]
) -> list[Figure]:
    return [
        figure
        for one in found
        if one.group is not None
        for figure in figures_of(table, one.row, one.group, panel, rounded=rounded, measures=measures)
    ]


def _previous(kind: str, start: object) -> date:
    if not isinstance(start, date):
        raise TypeError("a period begins on a day")
    return start - timedelta(days=7) if kind == "week" else (start - timedelta(days=1)).replace(day=1)


def _small(figures: Sequence[Figure], panel: Panel, key: tuple[object, ...], limits: Limits) -> Iterator[Finding]:
    """Figures about fewer people than may be shown, but of those who are named; and executives who are shown as a
    group of which, without the named, too few are left.
    """
    counted = panel.among(("counted",))
    named = [figure.group.atoms for figure in figures if figure.group.dimension == NAMED]
    for figure in figures:
        if figure.group.dimension == NAMED:
            continue
        n = float(panel.size[figure.group.atoms & counted].sum())
        least = limits.smallest_executives if figure.group.dimension == EXECUTIVE else limits.smallest_group
        if 0 < n < least and figure.group.dimension != "previous_unit":
            yield Finding("small_group", figure.table, figure.group.dimension, figure.measure, str(key[0]))
        if named and figure.group.dimension == EXECUTIVE:
            rest = figure.group.atoms & counted & ~np.logical_or.reduce(named)
            if 0 < float(panel.size[rest].sum()) < limits.smallest_executives:
                yield Finding("small_group", figure.table, f"{EXECUTIVE} less {NAMED}", figure.measure, str(key[0]))


def _each_once(figures: Iterable[Figure]) -> list[Figure]:
    once = {
        (
            figure.group.atoms.tobytes(),
            figure.group.is_crowd,
            tuple(sorted(figure.terms.items())),
            figure.low,
            figure.high,
        ): figure
        for figure in figures
    }
    return list(once.values())
