"""The sentences about trials, numbers of platforms and uses of spaces: see `dashboards.headlines` for the rules."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards import words
from models.comparison import Share, compare_groups

_LAST_DAYS: Final = 28
_VERDICTS: Final = {
    "met": "met the target",
    "not_met": "did not meet it",
    "too_close": "too close to call",
    "too_early": "too early to say",
    "cannot_tell": "cannot be told",
    "no_target": "without a target",
}


def no_trial(*, is_declared: bool) -> str:
    """Where no trial can be told of."""
    return "A trial is declared and cannot be shown" if is_declared else "No trial is declared"


def end_of(row: Mapping[str, Any]) -> str:
    """The days at the end of a trial over which it is judged."""
    return "in its last four weeks" if (row["ended_on"] - row["started_on"]).days >= _LAST_DAYS - 1 else "while it ran"


def trial(row: Mapping[str, Any]) -> str:
    """Whether a trial met its target; met or not only as its verdict says, which allows for chance."""
    name = f"The {words.platform(row['platform'])} trial"
    if row["verdict"] == "no_target":
        return f"{name} has no target, so it can neither succeed nor fail"
    if row["verdict"] == "too_early":
        target = words.percent(row["target_ratio"])
        return f"{name} runs to {words.day(row['ended_on'])}: too early to say whether it meets its target of {target}"
    said = {"met": "met its target", "not_met": "did not meet its target", "too_close": "is too close to call"}
    if row["end_ratio"] is None:
        share = words.band(row["end_ratio_low"], row["end_ratio_high"])
    else:
        share = words.told(row["end_ratio"])
    if row["verdict"] not in said or not share:
        return f"Whether the {words.platform(row['platform'])} trial met its target cannot be told"
    return (
        f"{name} {said[row['verdict']]}: {share} of its people contributed {end_of(row)} "
        f"(target {words.percent(row['target_ratio'])})"
    )


def trials(rows: Sequence[Mapping[str, Any]]) -> str:
    """Several trials, counted by verdict."""
    verdicts = [row["verdict"] if row["verdict"] in _VERDICTS else "cannot_tell" for row in rows]
    parts = [f"{verdicts.count(one)} {text}" for one, text in _VERDICTS.items() if one in verdicts]
    return f"Of {words.count(len(rows), 'trial')}, {words.listed(parts)}"


def tools(few: tuple[int, Share] | None, many: tuple[int, Share] | None, *, noun: str, period: str) -> str:
    """Whether the units that are offered most platforms take part more than those that are offered fewest."""
    if few is None or many is None:
        return "Whether units that use more platforms have more contributors cannot be told yet"
    (n_few, low), (n_many, high) = few, many
    shares = f"{words.told(high.ratio)} of {noun} in units with {n_many}, {words.told(low.ratio)} with {n_few}"
    match compare_groups(high, low):
        case "higher":
            return f"Units that use more platforms also have more contributors: {shares} contributed in {period}"
        case "lower":
            return f"Units that use more platforms have fewer contributors: {shares} contributed in {period}"
        case "alike":
            return f"Units that use more platforms have about as many contributors: {shares} contributed in {period}"
        case _:
            return f"Too few people to tell whether more take part with more platforms: {shares} in {period}"


def purposes(uses: Sequence[tuple[str, Share]], unused: Sequence[str], *, noun: str, period: str) -> str:
    """Which uses most contribute to; one is named alone only if its lead is no chance. `unused` got nothing."""
    silent = f"nobody contributed to those for {words.listed(unused)}" if unused else ""
    if not uses:
        return "Which uses of spaces live cannot be told yet" if not unused else (
            f"Nobody contributed to spaces for {words.listed(unused)} in {period}"
        )  # fmt: skip
    ranked = sorted(uses, key=lambda use: (-use[1].ratio, use[0]))
    name, most = ranked[0]
    near = [(one, share) for one, share in ranked[1:] if compare_groups(most, share) != "higher"]
    if not near:
        lead = "are used most" if len(ranked) > 1 else "are in use"
        said = f"Spaces for {name} {lead}: {words.percent(most.ratio)} of {noun} contributed in {period}"
    else:
        names = words.listed([name, *(one for one, _ in near)])
        low, high = words.percent(near[-1][1].ratio), words.percent(most.ratio)
        between = low if low == high else f"{low} to {high}"
        is_alike = all(compare_groups(most, share) == "alike" for _, share in near)
        start = f"Spaces for {names} are used by about as many {noun}" if is_alike else (
            f"Too few {noun} to tell which of the spaces for {names} are used most"
        )  # fmt: skip
        said = f"{start} ({between} contributed in {period})"
    return f"{said}; {silent}" if silent else said
