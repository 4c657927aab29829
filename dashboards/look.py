"""Look closer: the cards of a page for every unit, platform and period that may be shown, made in advance.

`filter.js` swaps what stands on the page; it makes no sentence and no number. A combination that may not be shown has a
reason instead of cards. Only units with released rows are listed.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

from dashboards import words
from dashboards.cards import Card
from dashboards.events import dated_card
from dashboards.facts import card_facts
from dashboards.relation import Cell
from dashboards.released import ALL, SHOWN, Released
from dashboards.scope import YEAR_OF_WEEKS, Scope, starts_of
from dashboards.source import source
from models.comparison import PeriodKind

CardOf = Callable[[Released, Scope], Card]


@dataclass(frozen=True, slots=True)
class Period:
    """A choice of periods: its name in the address, what it is called, what it holds."""

    id: str
    label: str
    kind: PeriodKind
    n_periods: int


MONTHS: Final = Period("months", "Months", "month", SHOWN["month"])
YEAR: Final = Period("year", "Weeks of the past year", "week", YEAR_OF_WEEKS)
TWO_YEARS: Final = Period("two-years", "Weeks of two years", "week", SHOWN["week"])


@dataclass(frozen=True, slots=True)
class Option:
    """An entry of a select: its value, which an address may name, and its text; `why` it cannot be chosen now."""

    value: str
    label: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """The selects with their options, the cards of the first combination, what it is, and all of it for the script."""

    selects: Sequence[tuple[str, str, Sequence[Option]]]
    cards: Sequence[Card]
    status: str
    cube: dict[str, Any]


def look(released: Released, makers: Sequence[CardOf]) -> Look | None:
    """All combinations of the cards that `makers` make; None where not even the whole organisation can be shown.

    A card follows the selects if it has a chart of the whole organisation; else it stands as it is.
    """
    periods = [one for one in _periods(released) if not _scope(ALL, ALL, one).untold(released)]
    if not periods:
        return None
    units, platforms = [ALL, *released.units], [ALL, *released.platforms]
    first = [make(released, _scope(ALL, ALL, periods[0])) for make in makers]
    following = [make for make, card in zip(makers, first, strict=True) if card.figure]
    whole = [_option(name, f"All {'units' if released.units else released.people}", units) for name in units[:1]]
    selects = (
        ("unit", "Unit", [*whole, *(_option(name, words.clean(name), units) for name in units[1:])]),
        ("platform", "Platform", [_option(name, words.platform(name), platforms) for name in platforms]),
        ("period", "Period", [Option(one.id, one.label) for one in periods]),
    )
    why: list[str] = []
    states: list[list[list[Any]]] = [[[None] * len(periods) for _ in platforms] for _ in units]
    for (u, unit), (p, platform), (t, period) in product(*map(enumerate, (units, platforms, periods))):  # type: ignore[arg-type]
        scope = _scope(unit, platform, period)
        reason = scope.untold(released)
        if reason:
            why += [reason] if reason not in why else []
            states[u][p][t] = why.index(reason)
            continue
        chosen = [options[at] for (_, _, options), at in zip(selects, (u, p, t), strict=True)]
        states[u][p][t] = {
            "status": _status(chosen), "file": _file_name(chosen, (u, p, t)),
            "cards": [as_json(dated_card(_of(platform, make(released, scope)), released), released)
                      for make in following],
        }  # fmt: skip
    cube = {
        "selects": [{"name": name, "labels": [one.label for one in options]} for name, _, options in selects],
        "cards": [card.id for card in first if card.figure], "why": why, "states": states,
    }  # fmt: skip
    offered = tuple(
        (name, label, [_offered(option, _at(states, axis, at), why) for at, option in enumerate(options)])
        for axis, (name, label, options) in enumerate(selects)
    )
    return Look(offered, first, _status([options[0] for _, _, options in selects]), cube)


def _of(platform: str, card: Card) -> Card:
    return card if platform == ALL else replace(card, platforms=(platform,))


def as_json(card: Card, released: Released) -> dict[str, Any]:
    """All that a card shows, as `filter.js` reads it; a card without a chart has no table either."""
    facts = card_facts(card, released)
    shown: dict[str, Any] = {
        "headline": facts.spoken(card.headline), "sub": card.subtitle, "note": facts.spoken(card.note),
        "alt": facts.spoken(card.alt), "events": card.events,
        "source": source(released, card.platforms).spoken(),
        "keys": [[key.shape, key.token, key.text] for key in card.keys],
    }  # fmt: skip
    if card.figure is None or card.relation is None:
        return shown
    relation = card.relation
    heads = [[column.name, column.title, int(column.kind == "text")] for column in relation.columns]
    rows = [[key, *map(_cell, row)] for key, row in relation.keyed()]
    return shown | {"caption": relation.caption, "heads": heads, "rows": rows, "chart": card.figure.spec()}


def _cell(cell: Cell) -> str | list[str | None]:
    """Its text, or with it the value, or else the bounds."""
    if cell.value is not None:
        return [cell.text, cell.value]
    return [cell.text, None, *cell.bounds] if cell.bounds else cell.text


def _periods(released: Released) -> list[Period]:
    reaches_back = len(starts_of(released, "week")) > YEAR_OF_WEEKS
    return [MONTHS, YEAR, TWO_YEARS] if reaches_back else [MONTHS, YEAR]


def _scope(unit: str, platform: str, period: Period) -> Scope:
    return Scope(period.kind, platform=platform, unit=unit, n_periods=period.n_periods)


def _option(name: str, label: str, names: Sequence[str]) -> Option:
    """The value is the name as it is read; of two that read alike the later one is numbered."""
    alike = [words.clean(one) for one in names[: names.index(name)]].count(words.clean(name))
    value = words.clean(name) + (f" ({alike + 1})" if alike else "")
    return Option(value, label + (f" ({alike + 1})" if alike else ""))


def _at(states: list[list[list[Any]]], axis: int, at: int) -> Any:
    """The combination that differs from the first only in this select."""
    place = [at if axis == one else 0 for one in range(3)]
    return states[place[0]][place[1]][place[2]]


def _offered(option: Option, state: Any, why: Sequence[str]) -> Option:
    return Option(option.value, option.label, why[state]) if isinstance(state, int) else option


def _status(chosen: Sequence[Option]) -> str:
    unit, platform, period = (one.label for one in chosen)
    if platform == words.platform(ALL):
        platform = platform.lower()
    return f"Shown: {unit}, {platform}, {period.lower()}."


def _file_name(chosen: Sequence[Option], place: Sequence[int]) -> str:
    """The combination in safe letters: what is added to the name of a file that is taken away."""
    named = []
    for axis, (option, at) in enumerate(zip(chosen, place, strict=True)):
        if axis < 2 and at == 0:
            continue
        plain = unicodedata.normalize("NFKD", option.value).encode("ascii", "ignore").decode().lower()
        named.append(re.sub("[^a-z0-9]+", "-", plain).strip("-")[:40] or f"{('unit', 'platform')[axis]}-{at}")
    return "-".join(named)
