"""The card about open platforms against e-mail and shared files: its sentences, what it shows, and why it does not."""

from datetime import date

import polars as pl
import pytest

from dashboards.cards.channel_mix import channel_mix_card
from dashboards.headlines import channels as headlines
from dashboards.released import Released
from models.metrics.channel_shift import ADDED, CANNOT_TELL, FELL, NO_CHANGE, NO_SOURCE, REPLACED, TOO_SHORT
from tests.dashboards.companies import VARIANTS
from tests.dashboards.conftest import released_tables
from tests.dashboards.further.channel import shift

MORE = (
    "In the 3 months after 28 February 2026 more people took part in the open than in the 3 months before (41% and 33%)"
)
UNKNOWN = "Whether open platforms replace e-mail and shared files cannot be told"


def row(verdict: str | None, *, email: tuple[float, float] | None = (0.0, 2.0), files=None) -> dict[str, object]:
    told = {"email": email, "files": files}
    figures = {f"{name}_change_pp": found[0] if found else None for name, found in told.items()}
    bounds = {f"{name}_change_pp_high": found[1] if found else None for name, found in told.items()}
    spans = {"compared_by": "month", "n_before": 3, "n_after": 3, "open_before_ratio": 0.33, "open_after_ratio": 0.41}
    return {"verdict": verdict, "started_on": date(2026, 2, 28), **spans, **figures, **bounds}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, UNKNOWN),
        (row(CANNOT_TELL), UNKNOWN),
        (row(None), UNKNOWN),
        (row(REPLACED, email=(-4.0, -0.1)), f"{MORE}, and fewer used e-mail"),
        (row(REPLACED, email=(-4.0, 0.1), files=(-5.0, -2.0)), f"{MORE}, and fewer used shared files"),
        (row(REPLACED, email=(-0.9, -0.2), files=(-1.0, -0.1)), f"{MORE}, and fewer used shared files"),
        (row(REPLACED, email=(-4.0, -1.0), files=(-5.0, -2.0)), f"{MORE}, and fewer used e-mail and shared files"),
        (row(ADDED), f"{MORE}, without giving up e-mail for it"),
        (row(ADDED, files=(1.0, 2.0)), f"{MORE}, without giving up e-mail or shared files for it"),
        (row(NO_CHANGE),
         "In the 3 months after 28 February 2026 about as many people took part in the open as in the 3 months before "
         "(41% and 33%)"),
        (row(FELL),
         "In the 3 months after 28 February 2026 fewer people took part in the open than in the 3 months before "
         "(41% and 33%)"),
    ],
)  # fmt: skip
def test_a_start_is_judged_in_one_sentence(given, said) -> None:
    assert headlines.shift(given).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("open_", "email", "files", "said"),
    [
        (0.31, 0.92, 0.6, "In May 31% of people took part in the open, 92% used e-mail and 60% used shared files"),
        (0.31, 0.92, None, "In May 31% of people took part in the open and 92% used e-mail"),
        (0.031, None, 0.6, "In May 3.1% of people took part in the open and 60% used shared files"),
    ],
)
def test_without_a_start_one_period_is_told(open_, email, files, said) -> None:
    given = {"open_ratio": open_, "email_ratio": email, "files_ratio": files}
    assert headlines.mix(given, period="May") == said
    assert headlines.mix(None, period="") == UNKNOWN


def tables(name: str = "full") -> dict[str, pl.DataFrame]:
    return released_tables(VARIANTS[name])


def with_shift(given: dict[str, pl.DataFrame], *rows: dict[str, object]) -> Released:
    empty = given["rel_channel_shift"].clear()
    named = [{name: row.get(name) for name in empty.columns} for row in rows]
    return Released(given | {"rel_channel_shift": pl.concat([empty, pl.DataFrame(named, schema=empty.schema)])})


def test_the_latest_start_that_can_be_judged_is_shown_with_its_numbers() -> None:
    first = shift(VARIANTS["full"])
    second = first | {"started_on": date(2026, 5, 4), "title": "Second", "verdict": FELL, "n_cohort": 903}
    third = first | {"started_on": date(2026, 11, 2), "title": "Third", "verdict": CANNOT_TELL, "reason": TOO_SHORT}
    card = channel_mix_card(with_shift(tables(), third, second, first))
    assert card.headline == (
        "In the 12 weeks after 4\u00a0May\u00a02026 fewer people took part in the open than in the 9 weeks before "
        "(26% and 20%)"
    )
    assert card.figure is not None
    assert card.relation is not None
    assert [line[0].text for line in card.relation.rows()] == ["In the open", "E-mail", "Shared files"]
    assert [cell.text for cell in card.relation.rows()[0][1:4]] == ["20.0%", "26.0%", "+6.0"]
    note = card.note.replace("\u00a0", " ")
    for part in (
        "Start: \u201cSecond\u201d, 4 May 2026. Over 903 people who were there in each of 9 weeks before and 12 after",
        "1 other declared start fell into the same time.",
        "Of 410 people who did nothing in the open before, but used e-mail or shared files, 61 contributed in the open "
        "afterwards, 2 of them without e-mail and shared files. People also stop, so this alone is no gain.",
        "; the week of the start is left out, unless it begins with it. The average hides when the change came: see "
        "the weeks. The interval allows for chance between people, not between weeks.",
        "counts people", "not even the season", "in the open of 3.6 points would have been found",
    ):  # fmt: skip
        assert part in note
    few = {"n_other_starts": 0, "files_change_pp": None, "n_then_only_open": 0}
    alone = channel_mix_card(with_shift(tables(), first | few))
    assert "61 contributed in the open afterwards, none of them without" in alone.note
    assert "other declared" not in alone.note
    assert alone.relation is not None
    assert [line[0].text for line in alone.relation.rows()] == ["In the open", "E-mail"]


def test_without_a_judgement_shares_are_shown_over_time_and_why() -> None:
    start = shift(VARIANTS["full"]) | {"verdict": CANNOT_TELL, "reason": TOO_SHORT}
    card = channel_mix_card(with_shift(tables(), start))
    assert card.figure is not None
    assert card.headline.startswith("In the week of 16\u00a0Nov\u00a02026 26% of people took part in the open, 93%")
    assert f"2\u00a0March\u00a02026 cannot be told: {TOO_SHORT}. It counts people" in card.note
    undeclared = channel_mix_card(with_shift(tables()))
    assert undeclared.headline == card.headline
    assert undeclared.note.startswith(
        "No event and no trial has been entered in the settings, so nothing is compared with before; whoever runs this "
        "report can add one. It counts people"
    )


def test_without_reports_the_card_says_so() -> None:
    given = tables()
    closed = [name for name in given["rel_channel_mix"].columns if name.startswith(("n_closed", "email", "files"))]
    given["rel_channel_mix"] = given["rel_channel_mix"].with_columns(pl.lit(None, pl.Float64).alias(n) for n in closed)
    for rows in ((), (shift(VARIANTS["full"]) | {"verdict": CANNOT_TELL, "reason": NO_SOURCE},)):
        card = channel_mix_card(with_shift(given, *rows))
        assert (card.headline, card.figure, card.relation) == (UNKNOWN, None, None)
        assert card.note.startswith("No export tells of e-mail or file shares.")
    start = shift(VARIANTS["full"]) | {"verdict": CANNOT_TELL, "reason": TOO_SHORT}
    assert channel_mix_card(with_shift(given, start)).note.endswith(f"cannot be told: {TOO_SHORT}.")
    bare = tables("no_roster")
    assert channel_mix_card(Released(bare)).note == "No roster and no usage report is loaded."
    reports = bare["rel_source"].head(1).with_columns(pl.lit("email").alias("platform"))
    told = channel_mix_card(Released(bare | {"rel_source": pl.concat([bare["rel_source"], reports])}))
    assert told.note == "Without a roster nobody knows whose accounts usage reports name."
    assert "many people" in channel_mix_card(Released(tables("small"))).note
