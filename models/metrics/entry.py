"""What an entry of the metric registry is: a mart, its columns, and the measures that they hold."""

from dataclasses import dataclass
from typing import Final, Literal

MINIMUM_GROUP: Final = 10
MINIMUM_EXECUTIVES: Final = 5
MINIMUM_DAILY: Final = 200

PEOPLE: Final = "bots, system and service accounts, people employed on less than half of the period"
"""Who is in no figure about people."""
OUTSIDE: Final = "n_outside"
"""How many took part who are not counted."""
OUTSIDERS: Final = "Contributors who are not eligible. In a release in fives, if 3 or more."
EXPORTS: Final = "exports of messages, pages and other contributions; the roster for every denominator"
PERIOD: Final = "week or month"
OF_THE_ORGANISATION: Final = (
    f"Closed periods of the organisation and of each platform, while it has at least {MINIMUM_DAILY} people; no units."
)
"""Released rows of marts that count everybody: in so many, a count of few is nobody in particular."""
TOLD_COARSELY: Final = (
    "People of groups, and of organisations that are not large, are told in fives; where fewer than three did it, or "
    "fewer than three did not, as a band."
)
"""How released rows of marts that count groups are told: see `models.release.told`."""
BY_UNIT: Final = "period, platform, unit (of the last employed day)"

Kind = Literal["count", "share", "number", "flag", "text", "day"]
Direction = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a mart. A `share` is 0 to 1, a `count` at least `at_least`, a `number` may be anything."""

    name: str
    kind: Kind
    description: str
    is_nullable: bool = True
    at_least: int = 0
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure. `direction` is which way is better, None where neither is; `reference` where it was published."""

    id: str
    version: int
    title: str
    question: str
    numerator: str
    denominator: str | None
    window: str
    grain: str
    exclusions: str
    sources: str
    minimum_population: int
    columns: tuple[Column, ...]
    direction: Direction | None = None
    reference: str | None = None

    @property
    def value(self) -> Column | None:
        """The one column that answers the question: the first share, else the first quantity; None if there is none."""
        shares = [column for column in self.columns if column.kind == "share"]
        others = [column for column in self.columns if column.kind in ("count", "number") and column.name != OUTSIDE]
        return next(iter((*shares, *others)), None)


@dataclass(frozen=True, slots=True)
class Mart:
    """A table of true figures, filled by the model of its name (SQL or analysis), with the measures that it holds.

    Every mart starts with the columns of a period (`models.schemas.marts.Mart`); `keys` tell its rows of one period,
    platform and unit apart. `released_rows` says which of its rows leadership may see; none if it is empty.
    """

    name: str
    description: str
    metrics: tuple[Metric, ...]
    keys: tuple[Column, ...] = ()
    released_rows: str = ""

    @property
    def released_as(self) -> str:
        """The table of its released rows, empty if there is none."""
        return self.name.replace("mart_", "rel_", 1) if self.released_rows else ""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column after those of the period: the keys, then what the metrics name, each once."""
        named = {column.name: column for metric in self.metrics for column in metric.columns}
        return (*self.keys, *named.values())


def count(name: str, description: str, *, at_least: int = 0) -> Column:
    """How many; NULL where it is not known."""
    return Column(name, "count", description, at_least=at_least)


def share(name: str, description: str) -> Column:
    """A share between 0 and 1; NULL where it is not known or of nothing."""
    return Column(name, "share", description)


def share_with_bounds(name: str, description: str) -> tuple[Column, Column, Column]:
    """A share of people with its interval."""
    return (
        share(name, description),
        share(f"{name}_low", "Wilson 95 % lower bound."),
        share(f"{name}_high", "Wilson 95 % upper bound."),
    )


def number(name: str, description: str) -> Column:
    """Any other quantity."""
    return Column(name, "number", description)


def key(name: str, kind: Kind, description: str, *, at_least: int = 0, one_of: tuple[str, ...] = ()) -> Column:
    """A column that is never NULL and tells rows apart."""
    return Column(name, kind, description, is_nullable=False, at_least=at_least, one_of=one_of)
