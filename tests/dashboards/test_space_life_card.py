"""The cards on how long spaces live: every branch of their sentences, and what the notes say of what is not shown."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.cards.space_life import space_life_card, space_states_card
from dashboards.headlines.life import life, states
from dashboards.released import Released
from models.metrics.space_life import AS_FEW, MORE, UNDECIDED

Row = dict[str, Any]
SILENT = "By 30 September 2026 nobody had contributed for more than 180 days to"
ALL_USED = "In the 180 days to 30 September 2026 somebody contributed to each of"


def curve(subject: str = "page", n_followed: int = 200, n_ended: int = 90, **figures: object) -> Row:
    names = [f"survival_{day}d_ratio_{end}" for day in (90, 365) for end in ("low", "high")]
    names += [f"median_life_days{end}" for end in ("", "_low", "_high")]
    return dict.fromkeys(names) | {"subject": subject, "n_followed": n_followed, "n_ended": n_ended} | figures


def median(value: int, low: int, high: int | None) -> Row:
    return {"median_life_days": value, "median_life_days_low": low, "median_life_days_high": high}


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([], "How long new pages and spaces stay in use cannot be told yet"),
        ([curve()], "How long most new wiki pages stay in use cannot be told yet"),
        ([curve(), curve("channel")], "How long most new wiki pages and channels stay in use cannot be told yet"),
        ([curve(n_ended=0, n_followed=12)], "All 12 new wiki pages are still in use"),
        ([curve(**median(110, 95, 160))], "Half of new wiki pages fall silent within 4 months (between 3 and 5)"),
        ([curve(**median(110, 107, 120))], "Half of new wiki pages fall silent within 4 months"),
        ([curve(**median(60, 30, 70))], "Half of new wiki pages fall silent within 2 months (between 1 and 2)"),
        ([curve(**median(59, 30, 70))], "Half of new wiki pages fall silent within 2 months (between 1 and 2)"),
        ([curve(**median(1, 0, 3))], "Half of new wiki pages fall silent within 1 day (between 0 and 3)"),
        ([curve(**median(40, 35, 59))], "Half of new wiki pages fall silent within 40 days (between 35 and 59)"),
        ([curve(**median(40, 35, 60))], "Half of new wiki pages fall silent within 1 month (between 1 and 2)"),
        # too wide an interval, or one that begins with no month
        ([curve(**median(61, 8, 852))], "How long most new wiki pages stay in use cannot be told yet"),
        ([curve(**median(61, 15, 100))], "How long most new wiki pages stay in use cannot be told yet"),
        ([curve(**median(100, 16, 160))], "Half of new wiki pages fall silent within 3 months (between 1 and 5)"),
        ([curve(**median(100, 16, 161))], "How long most new wiki pages stay in use cannot be told yet"),
        ([curve(**median(9, 5, 51))], "How long most new wiki pages stay in use cannot be told yet"),
        # an interval without an end tells no median, but perhaps which side of one half
        ([curve(**median(110, 95, None))], "How long most new wiki pages stay in use cannot be told yet"),
        (
            [curve(**median(110, 95, None), survival_90d_ratio_low=0.51)],
            "Most new wiki pages are used for more than 90 days",
        ),
        ([curve(survival_90d_ratio_low=0.5)], "How long most new wiki pages stay in use cannot be told yet"),
        (
            [curve(survival_90d_ratio_low=0.9, survival_365d_ratio_low=0.6)],
            "Most new wiki pages are used for more than a year",
        ),
        ([curve(survival_365d_ratio_high=0.49)], "Most new wiki pages fall silent within a year"),
        (
            [curve(survival_90d_ratio_high=0.49, survival_365d_ratio_high=0.1)],
            "Most new wiki pages fall silent within 90 days",
        ),
        (
            [curve("wiki_space"), curve("page", **median(40, 30, 50)), curve("channel", 17, 0), curve("blog", 9, 0)],
            "Half of new wiki pages fall silent within 40 days (between 30 and 50); all 17 new channels are still in "
            "use",
        ),
    ],
)
def test_how_long_spaces_live_is_said_only_as_far_as_the_interval_tells(rows: list[Row], text: str) -> None:
    assert life(rows) == text


def state(subject: str, n_forgotten: int, n_alive: int, verdict: str | None = None, n_unknown: int = 0) -> Row:
    return {
        "subject": subject, "n_forgotten": n_forgotten, "n_alive": n_alive, "n_revived": 1, "n_fading": 2,
        "n_unknown": n_unknown, "forgotten_ratio": n_forgotten / (n_forgotten + n_alive + 3),
        "continuity_verdict": verdict, "continuous_ratio": 0.05, "published_continuous_ratio": 0.2,
        "period_end": date(2026, 9, 30),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([], "Which pages and spaces are forgotten cannot be told yet"),
        ([state("community", 3, 4)], f"{SILENT} 3 of 10 communities"),
        ([state("channel", 1, 9)], f"{SILENT} 1 of 13 channels"),
        ([state("channel", 1, 9), state("blog", 1, 8)], f"{SILENT} 1 of 12 blogs and 1 of 13 channels"),
        ([state("channel", 3, 4, n_unknown=2)], f"{SILENT} 3 of 10 channels whose state is known"),
        ([state("channel", 0, 15), state("blog", 0, 9)], f"{ALL_USED} 18 channels and 12 blogs"),
        (
            [state("page", 50, 347), state("channel", 3, 4), state("community", 1, 9), state("blog", 0, 9)],
            f"{SILENT} 3 of 10 channels and 50 of 400 wiki pages",
        ),
        (
            [state("wiki_space", 9, 28, AS_FEW)],
            f"{SILENT} 9 of 40 wiki spaces; only 5.0% of wiki spaces that are a year old were used in every month of a "
            "year, as few as in the published study (less than 20%)",
        ),
        (
            [state("wiki_space", 0, 37, MORE)],
            f"{ALL_USED} 40 wiki spaces; 5.0% of wiki spaces that are a year old were used in every month of a year, "
            "more than in the published study (less than 20%)",
        ),
        ([state("wiki_space", 9, 28, UNDECIDED)], f"{SILENT} 9 of 40 wiki spaces"),
    ],
)
def test_what_is_forgotten_is_counted_and_compared_only_beyond_chance(rows: list[Row], text: str) -> None:
    assert states(rows).replace("\u00a0", " ") == text


def test_cards_say_over_what_they_speak_and_what_is_too_little(variants: dict[str, dict[str, pl.DataFrame]]) -> None:
    curves, unknown = (space_life_card(Released(variants[name])) for name in ("full", "unknowns"))
    assert curves.headline == (
        "Half of new wiki pages fall silent within 4 months (between 3 and 4); most new channels are used for more "
        "than 90 days"
    )
    assert curves.note.startswith(
        "The chart reaches 364 days for wiki pages, 294 days for channels and 364 days for communities after the "
        "launch. Over 286 wiki pages, 17 channels and 10 communities whose launch"
    )
    assert "With fewer than 20 the interval is rather too wide" in curves.note
    assert "per new wiki page halve in about 14 weeks (between 13 and 16)" in curves.note
    assert "first week no clear decline of contributions per new channel is seen in the first year." in curves.note
    assert curves.note.endswith("Too few followed from their launch on: no wiki spaces.")
    assert "Wiki pages: 88% after 0 days, 64% after 91 days, 46% after 182 days and 25% after 364 days" in curves.alt
    assert [key.text for key in curves.keys[:3]] == ["Wiki pages", "Channels", "Communities"]
    assert "With fewer than" not in unknown.note
    assert "9 channels" in unknown.note

    three = ("full", "unknowns", "no_roster")
    forgotten, hidden, many = (space_states_card(Released(variants[name])) for name in three)
    assert forgotten.headline == (
        "By 22\u00a0November\u00a02026 nobody had contributed for more than 180 days to 51 of 410 wiki pages and 3 of "
        "28 channels"
    )
    assert forgotten.relation
    assert forgotten.relation.values("n_spaces") == [410, 28, 12]  # no platform on its own
    assert forgotten.note.endswith("Too few, or too little known of them: 4 wiki spaces.")
    assert "here too few wiki spaces are a year old" in forgotten.note
    assert "whose state is known" in hidden.headline
    assert "as few as in the published study (less than 20%)" in many.headline
    assert "less than 20% show continuous activity; here 5.0% of those a year old (between 1.4% and 17%)" in many.note

    for build in (space_life_card, space_states_card):
        for name in ("small", "empty"):
            card = build(Released(variants[name]))
            assert card.figure is card.relation is None
            assert card.headline.endswith("cannot be told yet")


def test_no_half_life_is_told_that_is_longer_than_a_year(variants: dict[str, dict[str, pl.DataFrame]]) -> None:
    full = variants["full"]

    def note(weeks: float, high: float | None) -> str:
        rows = full["rel_space_life"].filter(pl.col("subject") == "page").with_columns(
            pl.lit(weeks).alias("half_life_weeks"), pl.lit(high, pl.Float64).alias("half_life_weeks_high")
        )  # fmt: skip
        return space_life_card(Released(full | {"rel_space_life": rows})).note

    none = "After the first week no clear decline of contributions per new wiki page is seen in the first year."
    for told in (note(53.0, 90.0), note(14.0, None)):
        assert none in told
        assert "halve" not in told
        assert "takes weeks as independent" not in told
    assert "halve in about 52 weeks (between 13 and 90). That takes weeks as independent" in note(52.0, 90.0)
