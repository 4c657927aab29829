"""The sentence on top of each card. Every function takes figures and judgements and says only what they carry.

A change or a difference is named only if `models.comparison` calls it one. What is unknown is said to be unknown. A
unit is named only for a rise; what lags is counted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards import words
from models.comparison import Change, Share, Tally, Verdict
from models.metrics.lead_effect import FLAGGED, REFUSED
from models.release import SMALLEST_COUNT

SIGNIFICANT = 0.05
"""A check with a smaller p found something."""
NOTHING_YET = "No complete {kind} can be shown yet"


def trend(
    share: Share | None, change: Change | None, *, noun: str, period: str, before: str, kind: str = "period",
    band: str = "", on: str = "",
) -> str:  # fmt: skip
    """Share of people who contribute, against an earlier period. `period` and `before` follow the word "in".

    `band` is all that is told where there is no share; `on` is " on" and one platform.
    """
    if share is None:
        nothing = NOTHING_YET.format(kind=kind)
        return f"{words.sentence(band)} of {noun} contributed{on} in {period}" if band else nothing
    moved = change is not None and change.direction != "same"
    who = f"{words.percent(share.ratio)} of {noun}" if moved else words.share(share.ratio, noun)
    return f"{who} contributed{on} in {period}{against(change, before)}"


def against(change: Change | None, before: str) -> str:
    """The tail of a sentence: about the same as, or up or down from, the share then."""
    if change is None:
        return ""
    if change.direction == "same":
        return f", about the same as in {before}"
    return f", {change.direction} from {words.percent(change.then)} in {before}"


def counts(
    now: int | None, then: int | None, *, nouns: tuple[str, str], period: str, before: str, kind: str,
    is_coarse: bool = False, on: str = "",
) -> str:  # fmt: skip
    """Contributors without a roster: accounts only gather, so shares of them fall by themselves. No verdict."""
    if now is None:
        return NOTHING_YET.format(kind=kind)
    start = words.sentence(f"{words.count(now, *nouns, is_coarse=is_coarse)} contributed{on} in {period}")
    return start if then is None else f"{start}; {words.count(then)} in {before}"


def presence(row: Mapping[str, int] | None, platform: str, *, nouns: tuple[str, str], period: str) -> str:
    """Who was there, and who of them wrote."""
    if row is None:
        return f"No complete week shows who is present on {platform} yet"
    there, wrote = (
        words.count(row["n_present"], *nouns, is_coarse=bool(row.get("is_coarse"))),
        words.count(row["n_contributors"], is_coarse=bool(row.get("is_coarse"))),
    )
    verb = "was" if row["n_present"] == 1 else "were"
    return words.sentence(f"{there} {verb} present on {platform} in {period}; {wrote} contributed")


def rolling(share: Share | None, change: Change | None, *, nouns: tuple[str, str], period: str, before: str) -> str:
    """Contributors of the 28 days to a day."""
    if share is None:
        return "No 28 days in a row can be shown yet"
    people = words.count(share.n_part, *nouns)
    return f"{people} contributed in {period}, {words.percent(share.ratio)} of all{against(change, before)}"


def units(changes: Sequence[tuple[str, Change]], judged: Tally, *, before: str) -> str:
    """How the units moved. At most two units are named, and only those that rose."""
    n = judged.n_all
    if n == 0:
        return "No unit can be compared with an earlier month yet"
    if n == judged.n_same:
        return f"No unit moved by more than chance since {before}"
    risen = [words.clean(name) for name, change in changes if change.direction == "up"]
    parts = []
    if len(risen) > 2:
        parts.append(f"{len(risen)} of {words.count(n, 'unit')} contribute more than in {before}")
    elif risen:
        verb = "contributes" if len(risen) == 1 else "contribute"
        parts.append(f"{words.listed(risen)} {verb} more than in {before}")
    if judged.n_down:
        lower = f"{judged.n_down} of {words.count(n, 'unit')}" if not parts else words.count(judged.n_down, "unit")
        verb = "contributes" if judged.n_down == 1 else "contribute"
        parts.append(f"{lower} {verb} less" + ("" if risen else f" than in {before}"))
    if judged.n_same and len(risen) <= 2:
        parts.append(f"{words.count(judged.n_same, 'unit')} about the same")
    return "; ".join(parts)


def unit_range(lowest: float | None, highest: float | None, n_units: int, *, period: str, n_untold: int = 0) -> str:
    """How far the units lie apart; of `n_untold` others no value is told."""
    if lowest is None or highest is None:
        return f"Of no unit a share can be told for {period}" if n_untold else "No unit has a complete month yet"
    if n_units == 1:
        return f"{words.told(highest)} of the one unit shown contributed in {period}"
    among = f" in {n_units} of {words.count(n_units + n_untold, 'unit')}" if n_untold else ""
    between = f"Between {words.told(lowest)} and {words.told(highest)}"
    return f"{between} of a unit\u2019s people contributed in {period}{among}"


def executives(
    verdict: Verdict | None, executive: Share | None, staff: Share | None, *, period: str,
    bands: tuple[str, str] = ("", ""),
) -> str:  # fmt: skip
    """Executives against everybody else in one period. `bands` are told of them where a share is not; no judgement."""
    if any(bands):
        said, other = (
            band or (words.told(share.ratio) if share else "")
            for band, share in zip(bands, (executive, staff), strict=True)
        )
        start = f"{words.sentence(said or other)} of {'executives' if said else 'everybody else'}"
        rest = f"; {other} of everybody else" if said and other else ""
        return f"{start} contributed in {period}{rest}"
    if verdict is None or executive is None or staff is None:
        return "No complete month shows executives beside everybody else yet"
    pair = f"{words.told(executive.ratio)} and {words.told(staff.ratio)}"
    if verdict == "alike":
        return f"Executives contributed about as often as everybody else in {period} ({pair})"
    if verdict == "unclear":
        return f"Too few executives to tell them from everybody else in {period} ({pair})"
    word = "larger" if verdict == "higher" else "smaller"
    return f"A {word} share of executives than of everybody else contributed in {period} ({pair})"


def lead(row: Mapping[str, Any] | None) -> str:
    """Whether people take part more once their executive does. `row` is of `rel_lead_effect`; causes only if it may."""
    if row is None or row["verdict"] == REFUSED:
        return "Whether people take part more once their executive does cannot be told here"
    if row["verdict"] == FLAGGED:
        return "People were moving before their executive did, so no effect can be told"
    size, low, high = (words.rounded(row[f"effect_pp{end}"], 1) for end in ("", "_low", "_high"))
    if row["wording"] == "nothing shown" or size == "0.0":
        return "No clear change in how many people take part once their executive does"
    more = "more" if row["effect_pp"] > 0 else "fewer"
    bounds = f"(between {low} and {high})" if more == "more" else f"(between {high} and {low})"
    if row["wording"] == "caused":
        return f"Executives who join in move {size} {more} in 100 of their people to contribute in a week {bounds}"
    return f"After an executive joins in, {size} {more} in 100 of their people contribute in a week {bounds}"


def executives_title(verdict: Verdict | None) -> str:
    """The title of the page on executives."""
    return {
        "alike": "Executives contribute about as often as everybody else",
        "higher": "A larger share of executives than of everybody else contributes",
        "lower": "A smaller share of executives than of everybody else contributes",
        "unclear": "Executives are too few to tell them from everybody else",
        None: "Do executives lead by example?",
    }[verdict]


def contributors_title(
    share: Share | None, absence_factor: int | None, *, nouns: tuple[str, str], period: str, has_roster: bool
) -> str:
    """The title of the page on contributors; how few made half is never told of fewer than three."""
    if share is None:
        return "How contributing is spread is not known yet"
    who = words.share(share.ratio, nouns[1])
    if not has_roster:
        who = words.sentence(words.count(share.n_part, *nouns, is_coarse=share.is_coarse))
    if absence_factor is None:
        return f"{who} contributed in {period}"
    few = words.count(absence_factor) if absence_factor > SMALLEST_COUNT else f"{SMALLEST_COUNT} or fewer"
    return f"{who} contributed in {period}; {few} of them made more than half of all contributions"


def absence(factor: int | None, *, nouns: tuple[str, str], period: str) -> str:
    """On how few contributing rests; three may be fewer."""
    if factor is None:
        return "On how few people contributing rests is not known yet"
    if factor <= SMALLEST_COUNT:
        return f"{SMALLEST_COUNT} {nouns[1]} or fewer made more than half of all contributions in {period}"
    return f"{words.count(factor, *nouns)} together made more than half of all contributions in {period}"


def platforms(
    first: tuple[str, Share] | None,
    second: tuple[str, Share] | None,
    verdict: Verdict | None,
    *,
    period: str,
    noun: str,
) -> str:
    """Which platform has most contributors; named alone only if its lead is no chance."""
    if first is None:
        return "No platform has a complete month yet"
    name, share = first
    if second is None:
        return f"{words.percent(share.ratio)} of {noun} contributed on {name} in {period}"
    if verdict == "higher":
        return f"Most contribute on {name}: {words.percent(share.ratio)} of {noun} in {period}"
    return f"{name} and {second[0]} are used by about as many {noun} in {period}"


def platform_counts(
    name: str, n_accounts: int, n_platforms: int, *, nouns: tuple[str, str], period: str, is_coarse: bool = False
) -> str:
    """Accounts of the platform with most; without a roster there is no common population to take shares of."""
    accounts = words.count(n_accounts, *nouns, is_coarse=is_coarse)
    if n_platforms == 1:
        return words.sentence(f"{accounts} contributed on {name} in {period}")
    return f"{name} has most contributors: {accounts} in {period}"


def growth(
    new: int | None, returned: int | None, lapsed: int | None, *, noun: str, period: str, is_with_left: bool = False,
    on: str = "", kind: str = "month",
) -> str:  # fmt: skip
    """Where the change comes from; parts that are unknown are left out; those who left may be among the silent."""
    parts = []
    if new is not None:
        parts.append(f"{words.count(new)} new")
    if returned is not None:
        parts.append(f"{words.count(returned)} returning")
    if not parts:
        return f"No complete {kind} shows who joined and who fell silent yet"
    start = f"{' and '.join(parts)} {noun} contributed{on} in {period}"
    went = "fell silent or left" if is_with_left else "fell silent"
    return start if lapsed is None else f"{start}; {words.count(lapsed) if lapsed else 'nobody'} {went}"


def stickiness(ratio: float | None, *, period: str) -> str:
    """Pooled one-day over 28-day contributors."""
    if ratio is None:
        return "How often contributors return is not known yet"
    return f"On an average day of {period}, {words.percent(ratio)} of the contributors of 28 days contributed"


def split(none: float | None, heavy: float | None, *, noun: str, period: str, is_coarse: bool = False) -> str:
    """Who gives nothing and who gives much. In fives, none are three or four: of 12 people 9 are told as 10 of 10."""
    if none is None or heavy is None:
        return "No complete month shows how contributing is split yet"
    if is_coarse and none == 0:
        return f"Fewer than five {noun} made no contribution in {period}; {words.percent(heavy)} made more than ten"
    return f"{words.share(none, noun)} made no contribution in {period}; {words.percent(heavy)} made more than ten"


def measure(start: str, value: str | None, change: Change | None, then: str, *, before: str, missing: str) -> str:
    """A figure without an interval: the earlier value is given, a direction is not claimed."""
    if value is None:
        return missing
    if change is None:
        return start.format(value)
    if change.direction == "same":
        return f"{start.format(value)}, about the same as in {before}"
    return f"{start.format(value)}; {then} in {before}"


def pair(text: str, executive: float | None, staff: float | None, *, missing: str) -> str:
    """A ratio of executives with that of everybody else as context; no judgement, for it has no interval."""
    if executive is None:
        return missing
    start = text.format(words.percent(executive))
    return start if staff is None else f"{start}; among everybody else {words.percent(staff)}"


def data_title(n_platforms: int, *, has_faults: bool) -> str:
    """The title of the page of data and definitions."""
    if n_platforms == 0:
        return "Nothing has been loaded yet"
    return "Every record read is accounted for" + ("; faulty ones are set aside" if has_faults else "")


def overview(share: Share | None, verdict: Verdict | None, *, noun: str, kind: str, band: str = "") -> str:
    """The title of the first page; `band` is all that is told where there is no share."""
    if share is None:
        nothing = NOTHING_YET.format(kind="week or month")
        return f"{words.sentence(band)} of {noun} contributed in a {kind}" if band else nothing
    start = f"{words.share(share.ratio, noun)} contributed in a {kind}"
    if verdict == "alike":
        return f"{start}, executives about as often as everybody else"
    if verdict in ("higher", "lower"):
        return f"{start}, executives {'more' if verdict == 'higher' else 'less'} often than everybody else"
    return start
