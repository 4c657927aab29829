"""The cards about trials, numbers of platforms and uses of spaces: each sentence, and what is shown and hidden."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from dashboards.cards.purposes import purposes_card
from dashboards.cards.tools import tools_card
from dashboards.cards.trial import trial_card
from dashboards.headlines import trials as headlines
from dashboards.released import Released
from models.comparison import Share

Tables = dict[str, pl.DataFrame]
TRIAL: dict[str, Any] = {
    "platform": "confluence", "verdict": "met", "end_ratio": 0.46, "target_ratio": 0.4,
    "end_ratio_low": None, "end_ratio_high": None,
    "started_on": date(2026, 1, 1), "ended_on": date(2026, 3, 31),
}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({}, "The Confluence trial met its target: 46% of its people contributed in its last four weeks (target 40%)"),
        ({"verdict": "not_met", "end_ratio": 0.076},
         "The Confluence trial did not meet its target: 7.6% of its people contributed in its last four weeks "
         "(target 40%)"),
        ({"verdict": "too_close", "end_ratio": 0.39, "ended_on": date(2026, 1, 27)},
         "The Confluence trial is too close to call: 39% of its people contributed while it ran (target 40%)"),
        ({"ended_on": date(2026, 1, 28)},
         "The Confluence trial met its target: 46% of its people contributed in its last four weeks (target 40%)"),
        ({"verdict": "too_early", "end_ratio": None},
         "The Confluence trial runs to 31\u00a0March\u00a02026: too early to say whether it meets its target of 40%"),
        ({"verdict": "no_target", "target_ratio": None},
         "The Confluence trial has no target, so it can neither succeed nor fail"),
        ({"end_ratio": None, "end_ratio_low": 0.7, "end_ratio_high": 1.0},
         "The Confluence trial met its target: at least 70% of its people contributed in its last four weeks (target "
         "40%)"),
        ({"verdict": "cannot_tell", "end_ratio": None}, "Whether the Confluence trial met its target cannot be told"),
        ({"verdict": None, "end_ratio": None}, "Whether the Confluence trial met its target cannot be told"),
        ({"end_ratio": None}, "Whether the Confluence trial met its target cannot be told"),
    ],
)  # fmt: skip
def test_a_trial_is_judged_as_its_verdict_says(row: dict[str, Any], text: str) -> None:
    assert headlines.trial(TRIAL | row) == text


def test_several_trials_are_counted_by_verdict() -> None:
    verdicts = ("met", "too_early", "met", "not_met", None, "no_target", "too_close", "cannot_tell")
    assert headlines.trials([{"verdict": one} for one in verdicts]) == (
        "Of 8 trials, 2 met the target, 1 did not meet it, 1 too close to call, 1 too early to say, 2 cannot be told "
        "and 1 without a target"
    )


@pytest.mark.parametrize(
    ("few", "many", "text"),
    [
        (Share(80, 400), Share(200, 400),
         "Units that use more platforms also have more contributors: 50% of people in units "
         "with 5, 20% with 2 contributed in June"),
        (Share(200, 400), Share(80, 400),
         "Units that use more platforms have fewer contributors: 20% of people in units with "
         "5, 50% with 2 contributed in June"),
        (Share(84, 400), Share(90, 400),
         "Units that use more platforms have about as many contributors: 23% of people in "
         "units with 5, 21% with 2 contributed in June"),
        (Share(4, 20), Share(8, 20),
         "Too few people to tell whether more take part with more platforms: 40% of people in "
         "units with 5, 20% with 2 in June"),
    ],
)  # fmt: skip
def test_platforms_offered_are_compared_beyond_chance(few: Share, many: Share, text: str) -> None:
    assert headlines.tools((2, few), (5, many), noun="people", period="June") == text


def test_platforms_offered_without_two_groups() -> None:
    assert headlines.tools(None, (5, Share(1, 20)), noun="people", period="").endswith("cannot be told yet")


@pytest.mark.parametrize(
    ("uses", "unused", "text"),
    [
        ({"ideas": 300, "events": 100}, [], "Spaces for ideas are used most: 30% of people contributed in June"),
        ({"ideas": 300}, ["events", "learning"],
         "Spaces for ideas are in use: 30% of people contributed in June; nobody contributed to those for events and "
         "learning"),
        ({"documents": 110, "ideas": 120, "events": 20}, [],
         "Spaces for ideas and documents are used by about as many people (11% to 12% contributed in June)"),
        ({"ideas": 120, "documents": 120}, [],
         "Spaces for documents and ideas are used by about as many people (12% contributed in June)"),
        ({}, ["events"], "Nobody contributed to spaces for events in June"),
        ({}, [], "Which uses of spaces live cannot be told yet"),
    ],
)  # fmt: skip
def test_a_use_is_named_alone_only_if_it_leads_beyond_chance(
    uses: dict[str, int], unused: list[str], text: str
) -> None:
    shares = [(purpose, Share(k, 1000)) for purpose, k in uses.items()]
    assert headlines.purposes(shares, unused, noun="people", period="June") == text


def test_uses_by_too_few_people_are_not_ranked() -> None:
    said = headlines.purposes([("ideas", Share(9, 20)), ("events", Share(4, 20))], [], noun="people", period="June")
    assert said.startswith("Too few people to tell which of the spaces for ideas and events are used most (20% to 45% ")


def test_a_trial_stands_beside_everybody_else(variants: dict[str, Tables]) -> None:
    card = trial_card(Released(variants["full"]))
    assert card.relation
    assert card.relation.values("name") == [
        "In its last four weeks", "At any time", "Starters after 2 weeks", "Starters after 4 weeks",
        "Starters after 12 weeks", "On a working day",
    ]  # fmt: skip
    assert card.relation.values("n") == [320, 320, 65, 65, 65, 320]
    assert [value is None for value in card.relation.values("others")] == [False, False, True, True, True, False]
    assert "about 320 people of 2 units and 6 departments, about 10 of them executives." in card.note
    assert card.note.endswith("People of groups are counted in fives, so parts do not add up, by design.")
    assert "between 30% and 42%" in card.note
    assert "Of everybody else 10% did: fewer than in the trial, by more than chance." in card.note
    assert "executives" not in trial_card(Released(variants["few_executives"])).note
    unknown = trial_card(Released(variants["unknowns"]))
    assert unknown.relation
    assert "In its last four weeks" not in unknown.relation.values("name")
    assert "Allowing for chance" not in unknown.note


def test_several_trials_are_numbered(variants: dict[str, Tables]) -> None:
    full = variants["full"]
    second = full["rel_trial"].with_columns(
        pl.lit(2, dtype=pl.Int64).alias("trial"), pl.lit("Another").alias("title"),
        pl.when("is_in_trial").then(pl.lit("not_met")).alias("verdict"),
    )  # fmt: skip
    card = trial_card(Released(full | {"rel_trial": pl.concat([second, full["rel_trial"]])}))
    assert card.headline == "Of 2 trials, 1 met the target and 1 did not meet it"
    assert card.relation
    assert card.relation.values("name")[::6] == ["Trial 1: in its last four weeks", "Trial 2: in its last four weeks"]
    assert "Trial 2, \u201cAnother\u201d" in card.note


def test_a_trial_without_any_share_says_so(variants: dict[str, Tables]) -> None:
    ratios = [name for name in variants["full"]["rel_trial"].columns if "_ratio" in name]
    rows = variants["full"]["rel_trial"].with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in ratios)
    card = trial_card(Released(variants["full"] | {"rel_trial": rows}))
    assert card.figure is None
    assert card.note.startswith("No share can be shown yet.")


def test_without_a_trial_the_card_says_whether_one_is_declared(variants: dict[str, Tables]) -> None:
    none = trial_card(Released(variants["empty"]))
    assert none.headline == "No trial is declared"
    assert none.note == (
        "No trial has been entered in the settings; whoever runs this report can add one: the platform, the days, the "
        "units or people who try it, and the target that it has to reach. Without a target nothing is called a success."
    )
    hidden = trial_card(Released(variants["outnumbered"]))
    assert hidden.headline == "A trial is declared and cannot be shown"
    assert hidden.figure is None
    assert "at least 200 people" in hidden.note


def test_platforms_offered_are_those_of_the_last_known_month(variants: dict[str, Tables]) -> None:
    card = tools_card(Released(variants["outnumbered"]))
    assert "July\u00a02026" in card.headline
    assert card.relation
    assert card.relation.values("group") == ["1 platform", "2 platforms", "3 platforms"]
    assert "does not say that another platform would bring more people in" in card.note
    assert tools_card(Released(variants["no_roster"])).figure is None


def test_uses_stand_beside_an_earlier_month_with_a_roster_only(variants: dict[str, Tables]) -> None:
    card = purposes_card(Released(variants["full"]))
    assert card.relation
    # there is no space for learning
    assert card.relation.values("name") == ["Documents", "Ideas", "Communication", "Events", "No purpose given"]
    assert card.relation.values("n_alive") == [4, 2, 5, 0, 30]
    assert None not in card.relation.values("then")
    assert card.headline.endswith("; nobody contributed to those for events")
    alone = purposes_card(Released(variants["no_roster"]))
    assert alone.relation
    assert set(alone.relation.values("then")) == {None}
    assert [key.shape for key in alone.keys] == ["dot", "band"]


def test_a_partly_observed_month_is_not_the_latest(variants: dict[str, Tables]) -> None:
    partly = pl.col("is_complete") & (pl.col("period_start") < date(2026, 10, 1))
    names = ("rel_tools", "rel_purposes")
    tables = variants["full"] | {name: variants["full"][name].with_columns(is_complete=partly) for name in names}
    assert "September\u00a02026" in tools_card(Released(tables)).headline
    assert "September\u00a02026" in purposes_card(Released(tables)).headline


def test_uses_that_are_dead_are_not_ranked(variants: dict[str, Tables]) -> None:
    full = variants["full"]
    dead = [pl.lit(0, dtype=pl.Int64).alias(name) for name in ("n_alive", "n_contributors")]
    card = purposes_card(Released(full | {"rel_purposes": full["rel_purposes"].with_columns(dead)}))
    assert card.headline == (
        "Nobody contributed to spaces for documents, ideas, communication and events in October\u00a02026"
    )


def test_without_a_labelled_space_nothing_is_ranked(variants: dict[str, Tables]) -> None:
    full = variants["full"]
    rows = full["rel_purposes"].with_columns(
        pl.when(pl.col("purpose") == "unlabelled").then("n_spaces").otherwise(0).alias("n_spaces")
    )
    card = purposes_card(Released(full | {"rel_purposes": rows}))
    assert card.headline == "No space is labelled with a purpose yet"
    assert card.figure is None
    assert card.note == (
        "For no public space that is there do the settings say whether it is for documents, ideas, communication, "
        "events or learning; whoever runs this report can add that."
    )
    assert purposes_card(Released(full)).note.startswith("A purpose is what the settings say of a space by its name")
    assert purposes_card(Released(variants["empty"])).headline == "Which uses of spaces live cannot be told yet"
