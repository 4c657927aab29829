"""No headline on how long spaces live, on what is forgotten, or on wikis contradicts its figures; nobody is named."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.headlines import life, wiki
from dashboards.headlines.wiki import Wrote
from models.comparison import Share, change_of_share
from tests.dashboards.judge import NAMES, counts_in, is_near, is_surely_above, is_told, percentages, shares

Row = dict[str, Any]
NOUNS = {"wiki_space": "wiki spaces", "page": "wiki pages", "channel": "channels", "community": "communities",
         "blog": "blogs"}  # fmt: skip
DAY = date(2026, 9, 30)
TOLD_DAY = "30\u00a0September\u00a02026"
MONTH = 365.25 / 12
STATES = ("alive", "revived", "fading", "forgotten")


@st.composite
def lives(draw: st.DrawFn, subject: str) -> Row:
    """The curve of one kind: days in order, shares that only fall, no ends unless some fell silent and some did not.

    How many fell silent is not told of few; where none is followed there is nothing else.
    """
    n = draw(st.sampled_from((None, 0, 4, 10, 57, 400)))
    ended = None if n is None or 0 < n < 10 else draw(st.integers(0, n))
    row: Row = {"subject": subject, "n_followed": n, "n_ended": ended, "period_end": DAY}
    names = [f"survival_{day}d_ratio_{end}" for day in (90, 365) for end in ("low", "high")]
    row |= dict.fromkeys([*names, *(f"median_life_days{end}" for end in ("", "_low", "_high"))])
    if not n or n < 10 or not ended:
        return row
    if draw(st.booleans()):
        low, median, high = sorted(draw(st.lists(st.integers(0, 900), min_size=3, max_size=3)))
        high_told = draw(st.sampled_from((high, None)))
        row |= {"median_life_days": median, "median_life_days_low": low, "median_life_days_high": high_told}
    late_low, one, other, early_high = sorted(draw(st.lists(st.floats(0, 1), min_size=4, max_size=4)))
    early_low, late_high = draw(st.permutations((one, other)))
    if draw(st.booleans()):
        row |= {"survival_90d_ratio_low": early_low, "survival_90d_ratio_high": early_high}
        if draw(st.booleans()):
            row |= {"survival_365d_ratio_low": late_low, "survival_365d_ratio_high": late_high}
    return row


@st.composite
def states(draw: st.DrawFn, subject: str) -> Row:
    """How many are in which state, or unknown where they are few; and how many were used all year."""
    counts = draw(st.lists(st.integers(0, 60), min_size=4, max_size=4))
    unknown, known = draw(st.integers(0, 3) | st.integers(0, 200)), sum(counts)
    row: Row = {"n_spaces": known + unknown, "n_unknown": unknown, "subject": subject, "period_end": DAY}
    is_known = known >= 10
    row |= {f"n_{state}": n if is_known else None for state, n in zip(STATES, counts, strict=True)}
    row["forgotten_ratio"] = counts[3] / known if is_known else None
    old = draw(st.integers(0, row["n_spaces"]))
    all_year = draw(st.integers(0, old))
    is_wiki = subject == "wiki_space"
    row |= {"published_continuous_ratio": 0.2 if is_wiki else None, "continuity_verdict": None, "n_year_old": old}
    row |= {"continuous_ratio": all_year / old if old >= 10 else None, "n_continuous": all_year if old >= 10 else None}
    if is_wiki and old >= 10:
        far = 1.96 * (0.2 * 0.8 / old) ** 0.5  # the score test of the share of the study
        ratio = all_year / old
        row["continuity_verdict"] = (
            "more than published" if ratio > 0.2 + far else "as few as published" if ratio < 0.2 - far else
            "not told apart from published"
        )  # fmt: skip
    return row


@st.composite
def kinds(draw: st.DrawFn) -> list[Row]:
    subjects = draw(st.lists(st.sampled_from(tuple(NOUNS)), max_size=4, unique=True))
    return [draw(states(one)) | draw(lives(one)) for one in subjects]


def fates_are_true(said: str, rows: Sequence[Row]) -> None:
    """What the sentence says of new ones of each kind."""
    spans = re.findall(r"[Mm]ost new [\w ]+ (?:are used for more than|fall silent within) ([^;]+)", said)
    assert set(spans) <= {"90 days", "a year"}, said
    for row in rows:
        new = f"new {NOUNS[row['subject']]}"
        if found := re.search(rf"[Aa]ll (\d+) {new} are still in use", said):
            assert int(found[1]) == row["n_followed"] > 0 == row["n_ended"], said
        if found := re.search(
            rf"[Hh]alf of {new} fall silent within (\d+) (day|month)s?(?: \(between (\d+) and (\d+)\))?", said
        ):
            length, slack = (1, 0) if found[2] == "day" else (MONTH, 0.51)
            median, low, high = (row[f"median_life_days{end}"] / length for end in ("", "_low", "_high"))
            assert abs(int(found[1]) - median) <= slack, said
            least, most = (int(found[3]), int(found[4])) if found[3] else (int(found[1]), int(found[1]))
            assert abs(least - low) <= slack, said
            assert abs(most - high) <= slack, said
        if found := re.search(rf"[Mm]ost {new} are used for more than (90 days|a year)", said):
            assert row[f"survival_{90 if '90' in found[1] else 365}d_ratio_low"] > 0.5, said
        if found := re.search(rf"[Mm]ost {new} fall silent within (90 days|a year)", said):
            assert row[f"survival_{90 if '90' in found[1] else 365}d_ratio_high"] < 0.5, said


@settings(max_examples=200, deadline=None)
@given(kinds())
def test_what_becomes_of_new_spaces_is_told_as_far_as_is_known(rows: list[Row]) -> None:
    curves = [row for row in rows if row["n_followed"] and row["n_followed"] >= 10]
    said = life.life(curves)
    fates_are_true(said, curves)
    is_told = re.search("still in use|fall silent within|used for more", said)
    assert bool(is_told) != ("cannot be told" in said or said.endswith("cannot be told yet")), said


@settings(max_examples=200, deadline=None)
@given(kinds())
def test_what_is_forgotten_is_counted_of_those_whose_state_is_known(rows: list[Row]) -> None:
    known = [row for row in rows if row["forgotten_ratio"] is not None]
    said = life.states(known)
    if not known:
        assert "cannot be told" in said
        return
    assert TOLD_DAY in said
    silent, _, published = said.partition("; ")
    for row in known:
        n = sum(row[f"n_{state}"] for state in STATES)
        kind = rf"{NOUNS[row['subject']]}(?P<known> whose state is known)?"
        if found := re.search(rf"(?P<part>\d+) of {n} {kind}", silent):
            assert int(found["part"]) == row["n_forgotten"] > 0, said
            assert bool(found["known"]) == bool(row["n_unknown"]), said
        elif "somebody contributed to each" in silent:
            assert row["n_forgotten"] == 0, said
            assert (found := re.search(rf"{n} {kind}", silent)), said
            assert bool(found["known"]) == bool(row["n_unknown"]), said
        else:
            # two kinds with more of them forgotten are told
            ahead = [one for one in known if one["forgotten_ratio"] >= row["forgotten_ratio"] and one is not row]
            assert not row["n_forgotten"] or len(ahead) >= 2, said
    if published:
        (row,) = [one for one in known if one["subject"] == "wiki_space"]
        share = Share(row["n_continuous"], row["n_year_old"])
        assert is_near(percentages(published)[0], share)
        assert ("more than in the published" in published) == (share.ratio > 0.2), said
        assert is_of_all(published, row["n_year_old"] == row["n_spaces"]), said
        assert "more than" in published or share.ratio < 0.2, said


def is_of_all(text: str, is_all: bool) -> bool:
    """Whether a share of only those that are a year old is not told as one of all."""
    return is_all or "a year old" in text


@settings(max_examples=200, deadline=None)
@given(kinds(), st.booleans())
def test_the_page_on_wikis_is_titled_by_what_is_known(rows: list[Row], has_wiki: bool) -> None:
    said = wiki.title(rows, has_wiki=has_wiki)
    if not has_wiki:
        assert said == "No wiki is measured here"
        return
    fates_are_true(said, rows)
    found = re.search(
        r"(?:(\d+(?:\.\d+)?)%|(\w+) in ten|(Half)) (?:of )?(?:all )?([\w ]+?)( whose state is known)? are in use", said
    )
    if found:
        (row,) = [one for one in rows if NOUNS[one["subject"]] == found[4]]
        n = {state: row[f"n_{state}"] for state in STATES}
        ratio = (n["alive"] + n["revived"]) / sum(n.values())
        tenths = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
        if found[1]:
            assert is_told(float(found[1]), ratio), said
        else:
            tenth = 5 if found[3] else tenths.index(found[2].lower()) + 1
            assert abs(ratio - tenth / 10) < 0.0251, said
        assert bool(found[5]) == bool(row["n_unknown"]), said
    else:
        assert all(row["forgotten_ratio"] is None for row in rows), said


@st.composite
def wrote(draw: st.DrawFn) -> tuple[list[Wrote], dict[str, tuple[Share, Share | None]]]:
    """Wikis with who wrote, and then, where there is a month to compare with."""
    names = draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True))
    pairs = {name: (draw(shares(of_group=False)), draw(st.none() | shares(of_group=False))) for name in names}
    found = [
        Wrote(name, now, draw(st.sampled_from(("June", "July"))), change_of_share(now, then) if then else None,
              "May" if then else "")
        for name, (now, then) in pairs.items()
    ]  # fmt: skip
    return found, pairs


@settings(max_examples=200, deadline=None)
@given(wrote())
def test_who_writes_in_wikis_is_told_with_a_change_only_beyond_chance(
    found: tuple[list[Wrote], dict[str, tuple[Share, Share | None]]],
) -> None:
    wikis, pairs = found
    said = wiki.people(wikis, noun="people")
    parts = said.split("; ") if wikis else []
    ratios = []
    period = ""
    for part in parts:
        name = next(name for name in pairs if f" on {name}" in part)
        now, then = pairs[name]
        moved = re.search("(up|down) from", part)
        shown = percentages(part)
        assert is_near(shown[0], now), said
        if moved:
            above, below = (now, then) if moved[1] == "up" else (then, now)
            assert then and is_surely_above(above, below, by=0.01), said  # type: ignore[arg-type]  # noqa: PT018
            assert is_near(shown[1], then), said
        assert len(shown) == 1 + bool(moved), said
        assert then or "May" not in part, said
        (one,) = [one for one in wikis if one.name == name]
        period = next((month for month in ("June", "July") if f"in {month}" in part), period)
        assert one.period == period, said
        ratios.append(now.n_part / now.n_whole)
    most = sorted((now.n_part / now.n_whole for now, _ in pairs.values()), reverse=True)
    assert ratios == most[:2]


@settings(max_examples=100, deadline=None)
@given(wrote(), st.booleans(), st.booleans())
def test_accounts_and_volumes_are_counted_and_not_compared(
    found: tuple[list[Wrote], object], is_coarse: bool, is_volume: bool
) -> None:
    wikis = found[0]
    counts = {one.name: one.share.n_part for one in wikis}
    if is_volume:
        said = wiki.written([(one.name, one.share.n_part, one.period) for one in wikis])
    else:
        coarse = [Wrote(one.name, Share(one.share.n_part, one.share.n_whole, is_coarse), one.period) for one in wikis]
        said = wiki.accounts(coarse, nouns=("account", "accounts"))
        assert not wikis or said.lower().count("about") == (min(2, len(wikis)) if is_coarse else 0)
    assert not re.search(r"%|up from|down from|same", said)
    assert counts_in(said) == sorted(counts.values(), reverse=True)[:2]
    assert ("cannot be told" in said) == (not wikis)
