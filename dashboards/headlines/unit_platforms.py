"""The sentence on units on platforms: see `dashboards.headlines` for the rules. No unit is named."""

from collections.abc import Mapping, Sequence

from dashboards import words


def unit_platforms(shares: Mapping[str, Sequence[float]], *, period: str) -> str:
    """Where units lie furthest apart. `shares` holds those that are told, by platform."""
    ranges = {name: (min(of), max(of)) for name, of in shares.items() if len(of) > 1}
    if not ranges:
        return f"Of no two units on a platform a share can be told for {period}" if period else (
            "How much units contribute on each platform cannot be told yet"
        )  # fmt: skip
    name = max(sorted(ranges), key=lambda one: ranges[one][1] - ranges[one][0])
    low, high = ranges[name]
    if low == high:
        return f"On each platform the same share of every unit that can be told contributed in {period}"
    return (
        f"Units lie furthest apart on {name}: between {words.told(low)} and {words.told(high)} of a unit\u2019s people "
        f"contributed there in {period}"
    )
