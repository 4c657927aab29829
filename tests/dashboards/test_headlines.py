"""Every branch of every headline: a change is claimed only where there is one, what is unknown is never a number."""

import pytest

from dashboards import headlines
from models.comparison import Change, Share, change_of_share, change_of_value, tally

UP = change_of_share(Share(600, 1000), Share(540, 1000))
DOWN = change_of_share(Share(540, 1000), Share(600, 1000))
SAME = change_of_share(Share(600, 1000), Share(598, 1000))
MONTH = {"period": "June 2026", "before": "June 2025"}


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (UP, "60% of people contributed in June 2026, up from 54% in June 2025"),
        (DOWN, "60% of people contributed in June 2026, down from 60% in June 2025"),
        (SAME, "Six in ten people contributed in June 2026, about the same as in June 2025"),
        (None, "Six in ten people contributed in June 2026"),
    ],
)
def test_trend(change: Change | None, text: str) -> None:
    assert headlines.trend(Share(600, 1000), change, noun="people", **MONTH) == text


def test_trend_without_a_complete_period() -> None:
    assert headlines.trend(None, None, noun="people", **MONTH, kind="week") == "No complete week can be shown yet"


def test_rolling() -> None:
    nouns = ("person", "people")
    said = headlines.rolling(Share(1, 200), None, nouns=nouns, period="the 28 days to 1 June", before="")
    assert said == "1 person contributed in the 28 days to 1 June, 0.5% of all"
    assert headlines.rolling(None, None, nouns=nouns, period="", before="").startswith("No 28 days in a row")


def judged(*pairs: tuple[str, Change]) -> str:
    return headlines.units(pairs, tally(change for _, change in pairs), before="June 2025")


def test_units_are_named_for_a_rise_only() -> None:
    assert judged() == "No unit can be compared with an earlier month yet"
    assert judged(("A", SAME), ("B", SAME)) == "No unit moved by more than chance since June 2025"
    assert judged(("A", UP), ("B", SAME)) == "A contributes more than in June 2025; 1 unit about the same"
    assert (
        judged(("A", UP), ("B", UP), ("C", DOWN))
        == "A and B contribute more than in June 2025; 1 unit contributes less"
    )
    assert judged(("A", DOWN), ("B", SAME)) == "1 of 2 units contributes less than in June 2025; 1 unit about the same"
    assert judged(("A", DOWN), ("B", DOWN)) == "2 of 2 units contribute less than in June 2025"
    many = [(name, UP) for name in "ABC"]
    assert judged(*many, ("D", DOWN)) == "3 of 4 units contribute more than in June 2025; 1 unit contributes less"


def test_unit_range() -> None:
    assert headlines.unit_range(None, None, 0, period="June") == "No unit has a complete month yet"
    assert headlines.unit_range(0.4, 0.4, 1, period="June") == "40% of the one unit shown contributed in June"
    assert "Between 12% and 85%" in headlines.unit_range(0.12, 0.85, 3, period="June")


def test_executives() -> None:
    pair = (Share(30, 100), Share(250, 1000))
    said = {v: headlines.executives(v, *pair, period="June") for v in ("alike", "unclear", "higher", "lower")}
    assert said["alike"] == "Executives contributed about as often as everybody else in June (30% and 25%)"
    assert said["unclear"].startswith("Too few executives")
    assert said["higher"].startswith("A larger share of executives")
    assert said["lower"].startswith("A smaller share of executives")
    assert headlines.executives(None, None, None, period="").startswith("No complete month")
    assert len({headlines.executives_title(v) for v in (*said, None)}) == 5


def test_platform_is_named_alone_only_if_it_leads_beyond_chance() -> None:
    first, second = ("Slack", Share(400, 1000)), ("Yammer", Share(390, 1000))
    names = {"period": "June", "noun": "people"}
    assert headlines.platforms(first, second, "higher", **names) == "Most contribute on Slack: 40% of people in June"
    assert headlines.platforms(first, second, "alike", **names).startswith("Slack and Yammer are used by about as many")
    assert headlines.platforms(first, None, None, **names) == "40% of people contributed on Slack in June"
    assert headlines.platforms(None, None, None, **names) == "No platform has a complete month yet"


def test_platform_counts() -> None:
    nouns = ("account", "accounts")
    assert (
        headlines.platform_counts("Slack", 1, 1, nouns=nouns, period="June") == "1 account contributed on Slack in June"
    )
    said = headlines.platform_counts("Slack", 9, 2, nouns=nouns, period="June")
    assert said == "Slack has most contributors: 9 accounts in June"


def test_growth_leaves_out_what_is_unknown() -> None:
    words = {"noun": "people", "period": "June"}
    assert headlines.growth(3, 4, 5, **words) == "3 new and 4 returning people contributed in June; 5 fell silent"
    assert headlines.growth(3, 4, 5, **words, is_with_left=True).endswith("5 fell silent or left")
    assert headlines.growth(3, None, None, **words) == "3 new people contributed in June"
    assert headlines.growth(None, 4, 0, **words) == "4 returning people contributed in June; nobody fell silent"
    assert headlines.growth(None, None, 5, **words).startswith("No complete month")


def test_ratios_without_interval_claim_no_direction() -> None:
    text = {"before": "May", "missing": "not known"}
    assert headlines.measure("Gini {}", None, None, "", **text) == "not known"
    assert headlines.measure("Gini {}", "0.85", None, "", **text) == "Gini 0.85"
    assert headlines.measure("Gini {}", "0.85", change_of_value(0.85, 0.8), "0.80", **text) == "Gini 0.85; 0.80 in May"
    same = headlines.measure("Gini {}", "0.85", change_of_value(0.85, 0.84), "0.84", **text)
    assert same == "Gini 0.85, about the same as in May"


def test_pairs_splits_and_stickiness() -> None:
    assert headlines.pair("{} of x", None, 0.3, missing="not known") == "not known"
    assert headlines.pair("{} of x", 0.2, None, missing="") == "20% of x"
    assert headlines.pair("{} of x", 0.2, 0.3, missing="") == "20% of x; among everybody else 30%"
    assert headlines.split(0.46, 0.07, noun="people", period="June").startswith("46% of people made no contribution")
    assert headlines.split(None, 0.07, noun="people", period="June").startswith("No complete month")
    assert headlines.stickiness(None, period="").endswith("not known yet")
    assert "17%" in headlines.stickiness(0.17, period="June")


def test_without_a_roster_accounts_are_counted_and_no_direction_is_claimed() -> None:
    words = {"nouns": ("account", "accounts"), "period": "June", "before": "May", "kind": "month"}
    assert headlines.counts(5, 19, **words) == "5 accounts contributed in June; 19 in May"
    assert headlines.counts(1, None, **words) == "1 account contributed in June"
    assert headlines.counts(None, 3, **words) == "No complete month can be shown yet"
    said = headlines.contributors_title(
        Share(5, 900), 2, nouns=("account", "accounts"), period="June", has_roster=False
    )
    assert said == "5 accounts contributed in June; 3 or fewer of them made more than half of all contributions"
    about = headlines.contributors_title(
        Share(5, 50, is_coarse=True), None, nouns=("account", "accounts"), period="June", has_roster=False
    )
    assert about == "About 5 accounts contributed in June"
    assert headlines.counts(5, 10, **words, is_coarse=True).startswith("About 5 accounts contributed in June")


def test_titles() -> None:
    spread = {"nouns": ("person", "people"), "period": "June"}
    share = Share(600, 1000)
    assert headlines.overview(None, None, noun="people", kind="week") == "No complete week or month can be shown yet"
    plain = "Six in ten people contributed in a week"
    assert headlines.overview(share, "unclear", noun="people", kind="week") == plain
    assert headlines.overview(share, "alike", noun="people", kind="week").startswith(f"{plain}, executives about as")
    assert headlines.overview(share, "lower", noun="people", kind="week").startswith(f"{plain}, executives less")
    assert headlines.contributors_title(share, 9, **spread, has_roster=True).endswith(
        "9 of them made more than half of all contributions"
    )
    untold = headlines.contributors_title(share, None, **spread, has_roster=True)
    assert untold == "Six in ten people contributed in June"
    assert headlines.contributors_title(None, None, **spread, has_roster=True).endswith("not known yet")


@pytest.mark.parametrize("change", [UP, DOWN, SAME])
def test_direction_words_agree_with_the_figures(change: Change) -> None:
    said = headlines.against(change, "May")
    assert ("up from" in said) == (change.now - change.then >= change.margin)
    assert ("down from" in said) == (change.then - change.now >= change.margin)


def test_what_goes_with_an_executive_joining_in() -> None:
    row = {"verdict": "estimated", "wording": "associated", "effect_pp": 6.04, "effect_pp_low": 1.9,
           "effect_pp_high": 10.2}  # fmt: skip
    more = headlines.lead(row)
    assert more == (
        "After an executive joins in, 6.0 more in 100 of their people contribute in a week (between 1.9 and 10.2)"
    )
    fewer = headlines.lead(row | {"effect_pp": -6.0, "effect_pp_low": -10.2, "effect_pp_high": -1.9})
    assert "6.0 fewer in 100" in fewer
    assert "(between 1.9 and 10.2)" in fewer
    assert "move" not in more + fewer
    assert "move 6.0 more" in headlines.lead(row | {"wording": "caused"})
    unclear = headlines.lead(row | {"wording": "nothing shown", "effect_pp_low": -1.0})
    blank = [headlines.lead(one) for one in (None, {"verdict": "not estimable"}, {"verdict": "flagged"})]
    assert unclear.startswith("No clear change")
    assert not any(character.isdigit() for text in (unclear, *blank) for character in text)
    assert len({unclear, *blank}) == 3
