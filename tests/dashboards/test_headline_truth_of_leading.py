"""No headline on executives, layers, units or channels contradicts its figures, and none names a unit that lags."""

import re
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import headlines, words
from dashboards.headlines import beside, channels, leading
from models.comparison import Share, change_of_share, compare_groups
from models.release.coarse import share_of
from models.release.policy import Policy
from models.statistics.intervals import wilson_bounds
from tests.dashboards.judge import NAMES, counts_in, is_near, is_surely_above, is_told, p_value, percentages, shares

Row = dict[str, Any]
RATIOS = st.integers(0, 1000).map(lambda n: n / 1000)
ORDINALS = ("top", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@st.composite
def effects(draw: st.DrawFn) -> Row:
    low, value, high = sorted(draw(st.lists(st.floats(0.001, 30), min_size=3, max_size=3)))
    row: Row = {"verdict": draw(st.sampled_from(("estimated", "flagged", "not estimable"))),
                "wording": draw(st.sampled_from(("nothing shown", "associated", "caused")))}  # fmt: skip
    if row["wording"] == "nothing shown":
        low = -low
    if draw(st.booleans()):
        low, value, high = -high, -value, -low
    ends = {"effect_pp": value, "effect_pp_low": low, "effect_pp_high": high}
    return row | (ends if row["verdict"] == "estimated" else dict.fromkeys(ends))


@settings(max_examples=150, deadline=None)
@given(st.none() | effects())
def test_an_effect_of_executives_has_its_sign_and_causes_only_if_it_may(row: Row | None) -> None:
    said = headlines.lead(row)
    found = re.search(r"([\d.]+) (more|fewer) in 100.*\(between ([\d.]+) and ([\d.]+)\)", said)
    if row is None or row["verdict"] != "estimated" or row["wording"] == "nothing shown":
        assert not found, said
        return
    assert ("No clear change" in said) != bool(found), said
    if found:
        size, low, high = (float(found[place]) for place in (1, 3, 4))
        ends = sorted(abs(row[f"effect_pp_{end}"]) for end in ("low", "high"))
        assert (found[2] == "more") == (row["effect_pp"] > 0), said
        assert size > 0 and low <= size <= high, said  # noqa: PT018
        assert all(abs(a - b) <= 0.0501 for a, b in ((size, abs(row["effect_pp"])), (low, ends[0]), (high, ends[1])))
        assert (" move " in said) == (row["wording"] == "caused"), said


@settings(max_examples=100, deadline=None)
@given(st.none() | st.tuples(
    st.sampled_from(("people follow", "leaders follow", "both", "neither shown", "not estimable")),
    st.sampled_from((None, "a following that matters would have been found", "another reason")),
))  # fmt: skip
def test_somebody_goes_first_only_if_the_verdict_says_so(found: tuple[str, str | None] | None) -> None:
    verdict, reason = found or ("not estimable", None)
    said = leading.direction({"verdict": verdict, "reason": reason} if found else None)
    assert ("Executives go first" in said) == (verdict == "people follow"), said
    assert ("People go first" in said) == (verdict == "leaders follow"), said
    assert ("without regard" in said) <= (verdict == "neither shown" and "would have been found" in (reason or ""))
    assert ("cannot be told" in said) == (verdict in ("both", "not estimable")), said


def told_share(k: int, n: int) -> Row:
    """As a release tells a share of a group: in fives, or as a band where it is of nearly nobody or everybody."""
    hidden = k < 3 or n - k < 3
    told_k, told_n = None if hidden else (k + 2) // 5 * 5, (n + 2) // 5 * 5
    ratio, low, high = share_of(k, told_k, told_n, Policy())
    return {"contributor_ratio": ratio, "contributor_ratio_low": low, "contributor_ratio_high": high}


def drops(here: tuple[int, int], below: tuple[int, int]) -> bool:
    """By the definition: Newcombe's interval above 0, and ten points or half of the layer's share."""
    one, other = here[0] / here[1], below[0] / below[1]
    low, high = wilson_bounds(*here)[0] or 0.0, wilson_bounds(*below)[1] or 0.0
    is_sure = one - other > ((one - low) ** 2 + (high - other) ** 2) ** 0.5
    return is_sure and one - other >= min(0.1, one / 2)


@st.composite
def layers(draw: st.DrawFn) -> tuple[list[Row], dict[int, tuple[int, int]]]:
    """Some layers from the second one on, told as a release tells them, and what was counted."""
    sizes = draw(st.lists(st.integers(10, 24) | st.integers(10, 1500), max_size=4))
    first = draw(st.integers(1, 6))
    counts = {first + place: (draw(st.integers(0, n)), n) for place, n in enumerate(sizes)}
    rows = []
    for number, own in counts.items():
        below = counts.get(number + 1)
        verdict = "cannot tell" if below is None else "drops" if drops(own, below) else draw(
            st.sampled_from(("goes on", "unrelated", "cannot tell"))
        )  # fmt: skip
        rows.append({"layer": number, "verdict": verdict} | told_share(*own))
    stops = min((row["layer"] for row in rows if row["verdict"] == "drops"), default=None)
    return [row | {"stops_at": stops} for row in rows], counts


def said_ends(text: str) -> tuple[float, float]:
    """The lowest and the highest percentage that a share may be as it is told."""
    (told,) = percentages(text)
    return 0 if "at most" in text else told, 100 if "at least" in text else told


@settings(max_examples=150, deadline=None)
@given(layers())
def test_participation_drops_below_the_first_layer_of_which_it_is_shown(
    found: tuple[list[Row], dict[int, tuple[int, int]]],
) -> None:
    rows, counts = found
    said = leading.cascade(rows, period="June")
    stop = re.search(r"drops below the (\w+) layer", said)
    if stop:
        number = ORDINALS.index(stop[1])
        assert drops(counts[number], counts[number + 1]), said
        assert not any(drops(counts[one], counts[one + 1]) for one in counts if one < number), said
        here, _, below = said.partition(" of it contributed")
        # what is told of the layer lies above what is told of the next, also where it is a band
        assert not below or said_ends(here)[0] > said_ends(below)[1], said
    if "goes on below every" in said:
        assert all(row["verdict"] == "goes on" for row in rows[:-1]), said
        assert rows, said
    for number, row in zip(percentages(said), [row for row in rows if stop and row["layer"] in (
        ORDINALS.index(stop[1]), ORDINALS.index(stop[1]) + 1)], strict=False):  # fmt: skip
        ends = [row["contributor_ratio"]] if row["contributor_ratio"] is not None else [
            row["contributor_ratio_low"], row["contributor_ratio_high"]]  # fmt: skip
        assert any(is_told(number, end) for end in ends), said


@st.composite
def starts(draw: st.DrawFn) -> Row:
    """A declared start with the verdict that its definition gives, of whatever is known of e-mail and files."""
    row: Row = {"compared_by": draw(st.sampled_from(("week", "month"))), "n_before": draw(st.integers(2, 13)),
                "n_after": draw(st.integers(2, 13)), "started_on": date(2026, 5, 1)}  # fmt: skip
    known = draw(st.sampled_from((("email",), ("files",), ("email", "files"))))
    for name in ("open", "email", "files"):
        figures = [f"{name}_{one}" for one in ("before_ratio", "after_ratio", "change_pp", "change_pp_low",
                                               "change_pp_high")]  # fmt: skip
        before, after = draw(RATIOS), draw(RATIOS)
        reach = draw(st.floats(0.01, 30))
        change = 100 * (after - before)
        values = (before, after, change, change - reach, change + reach)
        row |= dict(zip(figures, values if name in ("open", *known) else (None,) * 5, strict=True))
    rose, fell = (one * row["open_change_pp"] >= 1 for one in (1, -1))
    fallen = [one for one in known if row[f"{one}_change_pp"] <= -1 and row[f"{one}_change_pp_high"] < 0]
    if fell and row["open_change_pp_high"] < 0:
        verdict = "fell"
    elif rose and row["open_change_pp_low"] > 0:
        is_ruled_out = all(row[f"{one}_change_pp_low"] > -row["open_change_pp"] for one in known)
        verdict = "replaced" if fallen else "added" if is_ruled_out else "cannot_tell"
    else:
        is_narrow = row["open_change_pp_low"] > -10 and row["open_change_pp_high"] < 10
        verdict = "no_change" if is_narrow else "cannot_tell"
    return row | {"verdict": verdict, "fallen": fallen, "known": known}


@settings(max_examples=200, deadline=None)
@given(st.none() | starts())
def test_open_platforms_replace_only_what_fell(row: Row | None) -> None:
    said = channels.shift(row).replace("\u00a0", " ")
    if row is None or row["verdict"] == "cannot_tell":
        assert "cannot be told" in said
        return
    after, before = row["open_after_ratio"], row["open_before_ratio"]
    assert [is_told(one, ratio) for one, ratio in zip(percentages(said), (after, before), strict=True)] == [True, True]
    is_more, is_fewer = (f"{one} people took part in the open than" in said for one in ("more", "fewer"))
    assert is_more <= (after - before > 0.0099) and is_fewer <= (before - after > 0.0099), said  # noqa: PT018
    assert is_more or is_fewer or abs(after - before) < 0.1, said
    numbers = percentages(said)
    assert not is_more or numbers[0] > numbers[1], said
    assert not is_fewer or numbers[0] < numbers[1], said
    names = {"email": "e-mail", "files": "shared files"}
    used = said.partition("fewer used ")[2] if is_more else ""
    assert all((text in used) == (bool(used) and name in row["fallen"]) for name, text in names.items()), said
    kept = said.partition("without giving up ")[2]
    assert bool(kept) == (is_more and not row["fallen"]), said
    assert all((text in kept) == (bool(kept) and name in row["known"]) for name, text in names.items()), said
    assert counts_in(re.sub(r" 1 May 2026|\(.*?\)", "", said)) == [row["n_after"], row["n_before"]], said


@settings(max_examples=100, deadline=None)
@given(RATIOS, RATIOS, st.none() | RATIOS, st.booleans())
def test_channels_of_one_period_are_told_as_far_as_known(
    opened: float, one: float, other: float | None, is_email: bool
) -> None:
    closed = {"email_ratio": one, "files_ratio": other} if is_email else {"email_ratio": other, "files_ratio": one}
    said = channels.mix({"open_ratio": opened} | closed, period="June")
    known = [ratio for ratio in (opened, *closed.values()) if ratio is not None]
    assert all(is_told(a, b) for a, b in zip(percentages(said), known, strict=True)), said
    assert ("e-mail" in said, "shared files" in said) == tuple(ratio is not None for ratio in closed.values())


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.none() | shares(of_group=True)), shares(of_group=False))
def test_units_are_named_beside_the_organisation_only_where_they_are_ahead(
    found: dict[str, Share | None], whole: Share
) -> None:
    verdicts = [(name, compare_groups(share, whole) if share else None) for name, share in found.items()]
    said = beside.units_title(verdicts, has_roster=True)
    known = [share for share in found.values() if share]
    for name, share in found.items():
        assert name not in said or (share and is_surely_above(share, whole, by=0.0)), said
    more = re.search(r"(\d+) of \d+ units? contributes? more", said)
    less = re.search(r"(\d+)(?: of \d+)? units? contributes? less", said)
    n_more, n_less = (sum(is_surely_above(*pair, by=0.0) for pair in pairs) for pairs in (
        [(share, whole) for share in known], [(whole, share) for share in known]))  # fmt: skip
    assert not more or int(more[1]) <= n_more, said
    assert not less or int(less[1]) <= n_less, said
    assert all(int(n) == len(known) for n in re.findall(r" of (\d+) units?", said)), said
    assert not known or (more or less or "No unit differs" in said or any(name in said for name in found)), said


@settings(max_examples=200, deadline=None)
@given(st.none() | shares(of_group=True), st.none() | shares(of_group=True), shares(of_group=False), st.booleans())
def test_the_page_of_a_unit_claims_no_change_and_no_difference_that_may_be_none(
    own: Share | None, then: Share | None, whole: Share, has_band: bool
) -> None:
    band = "at most 30%" if has_band and own is None else ""
    change = change_of_share(own, then) if own and then else None
    title = beside.unit_title("Alder", own, change, month="June", before="May", band=band)
    verdict = compare_groups(own, whole) if own else None
    said = beside.beside(verdict, own, whole, month="June", band=band)
    if own is None:
        assert not re.search("than|as in|from", title + said), title + said
        assert band in title or "not told" in title
        assert band[1:] in said or "not told" in said
        return
    if "up from" in title or "down from" in title:
        pair = (own, then) if "up from" in title else (then, own)
        assert is_surely_above(*pair, by=0.01), title  # type: ignore[arg-type]
    assert bool(then) == bool(re.search("(up|down) from|about the same", title)), title
    if "larger share" in said or "smaller share" in said:
        assert is_surely_above(*((own, whole) if "larger" in said else (whole, own)), by=0.0), said
    if "no more than chance" in said:
        assert abs(own.ratio - whole.ratio) < 0.1, said
    for number, share in zip(percentages(said), (own, whole), strict=True):
        assert is_near(number, share), said
    assert is_near(percentages(title)[0], own)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | st.sampled_from(("higher", "lower", "alike", "unclear")), max_size=7))
def test_measures_and_departments_are_counted_by_verdict(verdicts: list[Any]) -> None:
    known = [one for one in verdicts if one]
    n = {word: known.count(word) for word in ("higher", "lower")}
    both = {"measure": beside.measures(verdicts), "department": beside.departments(verdicts, month="June")}
    for noun, said in both.items():
        if not known:
            assert "can be compared" in said or "be compared" in said
            assert not counts_in(said)
        elif not any(n.values()):
            assert re.search(f"[Nn]o(ne of {len(known)})? {noun}", said), said
        else:
            for word, times in n.items():
                told = re.search(rf"{word}(?: than the whole \w+)? in (\d+)", said.lower())
                assert (int(told[1]) if told else 0) == times, said
            assert f"of {words.count(len(known), noun)}" in said


def test_the_judge_finds_chance_and_what_is_beyond_it() -> None:
    assert p_value((50, 100), (50, 100)) == 1
    assert 0.04 < p_value((57, 100), (43, 100)) < 0.05
    assert not is_surely_above(Share(55, 100), Share(45, 100), by=0)
    assert is_surely_above(Share(57, 100), Share(43, 100), by=0.1)
    assert not is_surely_above(Share(55, 100, is_coarse=True), Share(40, 100, is_coarse=True), by=0)
