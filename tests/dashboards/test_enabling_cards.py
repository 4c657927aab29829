"""The cards about newcomers, answers and spaces: every branch of their sentences, what is shown and what is not."""

from typing import Any

import polars as pl
import pytest

from dashboards import words
from dashboards.cards.answers import answers_card, champions_card
from dashboards.cards.first_steps import first_steps_card, lasting_starts_card
from dashboards.cards.newcomers import newcomers_card, second_posts_card
from dashboards.cards.stewardship import stewardship_card
from dashboards.headlines import enabling as headlines
from dashboards.pages import enabling as enabling_page
from dashboards.released import Released
from models.comparison import Share, change_of_share, compare_groups

CARDS = (first_steps_card, lasting_starts_card, newcomers_card, second_posts_card, answers_card, champions_card,
         stewardship_card)  # fmt: skip
Tables = dict[str, pl.DataFrame]
ENABLING = ("rel_newcomer_replies", "rel_responses", "rel_champions", "rel_first_steps", "rel_stewardship")
MONTHS = {"period": "June", "before": "May"}


def test_the_title_of_the_page_is_the_share_of_answered_first_posts() -> None:
    said = headlines.title(Share(21, 40), period="July 2026")
    assert said == "53% of newcomers\u2019 first posts of July 2026 got an answer within two working days"
    assert headlines.title(Share(15, 30), period="June").startswith("50% of newcomers\u2019 first posts of June")


@pytest.mark.parametrize("answered", [None, Share(5, 10), Share(15, 29)])
def test_the_title_is_a_question_where_the_share_rests_on_few_posts(answered: Share | None) -> None:
    assert headlines.title(answered, period="June") == "Are people enabled to take part?"


def test_the_title_names_the_last_month_with_a_share(variants: dict[str, Tables]) -> None:
    table = variants["full"]["rel_newcomer_replies"]
    many = table.with_columns(
        pl.when(pl.col("n_old_enough_2d").is_not_null()).then(pl.lit(n, pl.Int64)).alias(name)
        for name, n in (("n_old_enough_2d", 40), ("n_unanswered_2d", 19))
    )
    page = enabling_page.build(Released(variants["full"] | {"rel_newcomer_replies": many}))
    answers = next(card for card in page.cards if card.id == "newcomers")
    assert answers.relation
    shown = answers.relation.frame.filter(pl.col("is_complete")).drop_nulls("answered_2d_ratio")
    month = words.month(shown["period_start"][-1])
    assert page.title == f"53% of newcomers\u2019 first posts of {month} got an answer within two working days"
    assert enabling_page.build(Released(variants["full"])).title == "Are people enabled to take part?"
    assert enabling_page.build(Released(variants["empty"])).title == "Are people enabled to take part?"


@pytest.mark.parametrize(("now", "then", "said"), [
    (None, None, "Whether newcomers are answered cannot be told yet"),
    (Share(20, 40), None, "Half of all first posts of newcomers in June got an answer within two working days"),
    (Share(500, 1000), Share(510, 1000),
     "Half of all first posts of newcomers in June got an answer within two working days, about the same as in May"),
    # four points apart, but the interval of the difference reaches beyond ten
    (Share(200, 400), Share(216, 400),
     "200 of 400 first posts of newcomers in June got an answer within two working days; too few to tell a change "
     "since May"),
    (Share(5, 10), Share(20, 40),
     "5 of 10 first posts of newcomers in June got an answer within two working days; too few to tell a change "
     "since May"),
    (Share(10, 10), Share(40, 40),
     "10 of 10 first posts of newcomers in June got an answer within two working days; too few to tell a change "
     "since May"),
    (Share(32, 40), Share(12, 40),
     "80% of first posts of newcomers in June got an answer within two working days, up from 30% in May"),
    (Share(12, 40), Share(32, 40),
     "30% of first posts of newcomers in June got an answer within two working days, down from 80% in May"),
    (Share(4, 10), Share(6, 10),
     "4 of 10 first posts of newcomers in June got an answer within two working days; too few to tell a change "
     "since May"),
])  # fmt: skip
def test_whether_newcomers_are_answered(now: Share | None, then: Share | None, said: str) -> None:
    change = change_of_share(now, then) if now and then else None
    assert headlines.newcomers(now, change, **MONTHS) == said


def test_whether_threads_are_answered() -> None:
    assert headlines.threads(None, None, **MONTHS) == "How many threads are answered cannot be told yet"
    said = headlines.threads(Share(340, 500), change_of_share(Share(340, 500), Share(280, 500)), **MONTHS)
    assert said == "68% of threads in June got an answer within five working days, up from 56% in May"


@pytest.mark.parametrize(("answered", "others", "said"), [
    (None, None, "Whether newcomers post again once they are answered cannot be told yet"),
    (None, Share(3, 20), "Whether newcomers post again once they are answered cannot be told yet"),
    (Share(10, 20), None, "50% of newcomers who got an answer posted again within four weeks"),
    (Share(40, 80), Share(36, 80), "Newcomers post again about as often with an answer as without (50% and 45%)"),
    (Share(10, 20), Share(6, 20),
     "Too few newcomers to tell whether those with an answer post again more often (50% and 30%)"),
    (Share(60, 80), Share(20, 80), "Newcomers who got an answer post again more often than the others (75% and 25%)"),
    (Share(20, 80), Share(60, 80), "Newcomers who got an answer post again less often than the others (25% and 75%)"),
])  # fmt: skip
def test_whether_newcomers_post_again(answered: Share | None, others: Share | None, said: str) -> None:
    assert headlines.second_posts(answered, others) == said


def steps(n: int, **parts: int) -> list[tuple[str, Share]]:
    return [(name.replace("_", " "), Share(k, n)) for name, k in parts.items()]


@pytest.mark.parametrize(("given", "said"), [
    ([], "What newcomers do first cannot be told yet"),
    (steps(40, a_reply=0), "What newcomers do first cannot be told yet"),
    (steps(40, a_reply=40), "All newcomers that these exports can show began with a reply"),
    (steps(40, a_page=40, a_reply=0), "All newcomers that these exports can show began with a page"),
    (steps(40, a_page=39, a_reply=0), "Newcomers most often begin with a page: 98% of them"),
    (steps(400, a_page=40, a_reply=240, a_post=120), "Newcomers most often begin with a reply: 60% of them"),
    (steps(400, a_page=40, a_reply=190, a_post=170),
     "Newcomers begin about as often with a reply as with a post (48% and 43%)"),
    (steps(20, a_page=10, a_reply=6, a_post=4),
     "Too few newcomers to tell whether more begin with a page or with a reply (50% and 30%)"),
])  # fmt: skip
def test_what_newcomers_do_first(given: list[tuple[str, Share]], said: str) -> None:
    assert headlines.first_steps(given) == said


@pytest.mark.parametrize(("given", "said"), [
    ([], "Which beginnings last cannot be told yet"),
    (steps(40, a_reply=10), "25% of those who begin with a reply still contribute in their second month"),
    (steps(200, a_page=40, a_reply=120, a_post=60),
     "Those who begin with a reply most often still contribute in their second month: 60%, the others 20% to 30%"),
    (steps(200, a_reply=120, a_post=60),
     "Those who begin with a reply most often still contribute in their second month: 60%, the others 30%"),
    # clear of the worst, not of the next
    (steps(200, a_page=40, a_reply=120, a_post=110),
     "Too few newcomers to tell which first step more often lasts into the second month (20% to 60%)"),
    (steps(200, a_page=80, a_reply=90),
     "No clear difference in who still contributes in the second month, however newcomers begin (40% to 45%)"),
    (steps(200, a_page=80, a_reply=80),
     "No clear difference in who still contributes in the second month, however newcomers begin (40%)"),
    # clear of the worst, not of the next, and all of them near
    (steps(9000, a_page=3600, a_reply=4050, a_post=4000),
     "No first step is clearly ahead of all others in who still contributes in the second month (40% to 45%)"),
    (steps(30, a_page=9, a_reply=15),
     "Too few newcomers to tell which first step more often lasts into the second month (30% to 50%)"),
])  # fmt: skip
def test_which_beginning_lasts_is_named_only_if_it_is_clear_of_every_other(
    given: list[tuple[str, Share]], said: str
) -> None:
    assert headlines.lasting_starts(given) == said


def test_sizes_of_spaces_do_not_contradict_the_sentence_about_beginnings() -> None:
    given = steps(100, a_page=36, a_reply=43)
    said = "No clear difference in who still contributes in the second month, however newcomers begin (33% to 43%)"
    assert headlines.lasting_starts(given, [Share(33, 100), Share(40, 100)]) == said
    said = "No first step is clearly ahead of all others in who still contributes in the second month (36% to 43%)"
    assert headlines.lasting_starts(given, [Share(10, 100), Share(60, 100)]) == said


@pytest.mark.parametrize(("row", "said"), [
    (None, "On how few people answers rest cannot be told yet"),
    (("newcomers", 8, 21, 40),
     "More than half of the first answers to newcomers in June came from 8 of the 21 people answering (40 answered "
     "threads)"),
    (("anybody", 4, 21, None), "More than half of the first answers in June came from 4 of the 21 people answering"),
    (("anybody", 3, 21, 40),
     "More than half of the first answers in June came from three people or fewer (40 answered threads)"),
    (("anybody", 3, 4, None), "More than half of the first answers in June came from three people or fewer"),
    (("newcomers", 10, 21, 24),
     "First answers to newcomers in June are spread over many: 21 people gave them (24 answered threads)"),
    (("anybody", 4, 10, None), "First answers in June are spread over many: 10 people gave them"),
    # half of them, and yet few
    (("anybody", 4, 8, None), "More than half of the first answers in June came from 4 of the 8 people answering"),
])  # fmt: skip
def test_on_how_few_people_answers_rest(row: tuple[str, int, int, int | None] | None, said: str) -> None:
    names = ("asked_by", "n_champions", "n_answerers", "n_answered")
    given = dict(zip(names, row, strict=True)) if row else None
    assert headlines.champions(given, nouns=("person", "people"), period="June") == said


@pytest.mark.parametrize(("left", "silent", "said"), [
    (0, 0, "By June none of 40 public spaces had lost all its main contributors"),
    (2, 3, "Of 40 public spaces in use by June, 2 had lost all main contributors because they left and in 3 all main "
     "contributors had fallen silent"),
    (0, 3, "Of 40 public spaces in use by June, in 3 all main contributors had fallen silent"),
    (2, 0, "Of 40 public spaces in use by June, 2 had lost all main contributors because they left"),
    (0, None, "By June none of 40 public spaces had lost all its main contributors to leaving"),
    (2, None, "Of 40 public spaces in use by June, 2 had lost all main contributors because they left"),
    (None, 3, "Of 40 public spaces in use by June, in 3 all main contributors had fallen silent"),
    (None, 0, "By June the main contributors of none of 40 public spaces had all fallen silent"),
    (None, None, "40 public spaces in use by June; who left or fell silent is not known"),
])  # fmt: skip
def test_how_many_spaces_lost_their_main_contributors(left: int | None, silent: int | None, said: str) -> None:
    row: dict[str, Any] = {"n_spaces": 40, "n_left": left, "n_silent": silent}
    assert headlines.stewardship(row, period="June") == said
    assert headlines.stewardship(None, period="").endswith("cannot be told yet")


def test_the_cards_are_shown_for_a_large_organisation_and_say_elsewhere_why_not(variants: dict[str, Tables]) -> None:
    for build in CARDS:
        assert build(Released(variants["full"])).figure
        for name in ("tiny", "small", "empty", "all_outnumbered"):
            card = build(Released(variants[name]))
            assert not card.figure
            assert card.relation is None
            assert card.headline.endswith("cannot be told yet")
            assert card.note


def test_the_size_of_the_organisation_is_a_reason_only_with_a_roster(variants: dict[str, Tables]) -> None:
    none = {name: table.clear() for name, table in variants["full"].items() if name in ENABLING}
    unread = "no export says to which post an answer belongs"
    starts = {
        "newcomers": f"Too few newcomers post, {unread}",
        "second-posts": f"Too few newcomers post, {unread}",
        "answers": f"Too few people ask, {unread}",
        "champions": f"Too few people ask, {unread}",
        "first-steps": "Too few newcomers have begun after the first 90 days of the data",
        "lasting-starts": "Too few newcomers have begun after the first 90 days of the data",
        "stewardship": "Twelve months of data are needed, and at least 10 public spaces in use",
    }
    ends = {"all_outnumbered": "the organisation is too small", "tiny": "too few accounts are seen"}
    for make in CARDS:
        for name, end in ends.items():
            card = make(Released(variants[name] | none))
            assert card.note == f"{starts[card.id]}, or {end}."
        card = make(Released(variants["no_roster"] | none))
        assert card.note == f"{starts[card.id].replace(', no', ', or no')}."


def test_the_sentences_are_about_the_rows_that_are_drawn(variants: dict[str, Tables]) -> None:
    released = Released(variants["full"])
    last = newcomers_card(released).relation
    assert last
    row = last.frame.filter(pl.col("is_complete")).drop_nulls("answered_2d_ratio").row(-1, named=True)
    share = Share(row["n_old_enough_2d"] - row["n_unanswered_2d"], row["n_old_enough_2d"])
    assert share.ratio == row["answered_2d_ratio"]
    posts = f"{share.n_part} of {share.n_whole} first posts of newcomers in {words.month(row['period_start'])} got an"
    said = newcomers_card(released).headline
    assert said.startswith(f"{posts} answer within two working days; too few to tell a change since ")
    spaces = stewardship_card(released)
    assert spaces.relation
    newest = words.month(spaces.relation.values("period_start")[-1])
    assert f"{words.count(spaces.relation.values('n_spaces')[-1])} public spaces in use by {newest}" in spaces.headline
    for card in (second_posts_card(released), lasting_starts_card(released)):
        assert card.relation
        assert "does not prove" in card.note
        frame = card.relation.frame
        ratios = frame["ratio" if "ratio" in frame.columns else "weeks_5_8_ratio"]
        assert ratios.null_count() == 0
    groups = second_posts_card(released).relation
    assert groups
    assert groups.values("name") == ["With an answer", "Without"]
    pair = [Share(k, n) for k, n in zip(groups.values("n_again"), groups.values("n"), strict=True)]
    assert ("more often than" in second_posts_card(released).headline) == (compare_groups(*pair) == "higher")


def test_steps_of_too_few_are_in_no_row(variants: dict[str, Tables]) -> None:
    names = ["Reaction", "Reply or comment", "Post of their own", "Page", "Bookmark or file", "In a small space",
             "In a large space"]  # fmt: skip
    blank = [
        pl.when(pl.col("step") == "page").then(None).otherwise(pl.col(name)).alias(name)
        for name in ("n_followed", "n_on_5_8", "weeks_5_8_ratio", "weeks_5_8_ratio_low", "weeks_5_8_ratio_high")
    ]
    table = variants["full"]["rel_first_steps"]
    released = Released(variants["full"] | {"rel_first_steps": table.with_columns(blank)})
    first, lasting = first_steps_card(released).relation, lasting_starts_card(released).relation
    assert first
    assert lasting
    assert first.values("name") == names
    assert lasting.values("name") == [name for name in names if name != "Page"]


def test_what_the_notes_and_columns_of_the_cards_say(variants: dict[str, Tables]) -> None:
    released = Released(variants["full"])
    first = variants["full"]["rel_first_steps"]["period_start"].min()
    begun = f"Newcomers who began from {words.month(first)} on and whose first 84 days are observed. "  # type: ignore[arg-type]
    assert lasting_starts_card(released).note.startswith(begun)
    answers = answers_card(released)
    assert answers.relation
    assert "Half answered after, hours (weekends counted)" in [column.title for column in answers.relation.columns]
    assert answers.note.endswith(
        "Working days leave out Saturdays and Sundays and have 24 hours each; the hours after which half are answered "
        "run on every day."
    )


def test_months_with_few_first_posts_are_gaps(variants: dict[str, Tables]) -> None:
    relation = newcomers_card(Released(variants["full"])).relation
    assert relation
    cells = [row[1].text for row in relation.rows()]
    assert "not shown" in cells
    assert any("%" in text for text in cells)


def test_newcomers_come_first_in_the_sentence_about_helpers_if_they_are_as_recent(variants: dict[str, Tables]) -> None:
    table = variants["full"]["rel_champions"]
    assert " to newcomers in October" in champions_card(Released(variants["full"])).headline
    newest = table["period_start"].max()
    late = table.filter((pl.col("asked_by") == "anybody") | (pl.col("period_start") < newest))
    card = champions_card(Released(variants["full"] | {"rel_champions": late}))
    assert "first answers in October" in card.headline
    assert card.relation
    assert [card.relation.values(f"n_champions_{who}")[-1] is None for who in ("anybody", "newcomers")] == [False, True]


def test_without_a_roster_nothing_is_compared_and_nobody_leaves(variants: dict[str, Tables]) -> None:
    released = Released(variants["no_roster"])
    for build in (newcomers_card, answers_card):
        assert build(released).headline.endswith("working days")
    assert "accounts" in champions_card(released).subtitle
    assert "because they left" not in stewardship_card(released).headline
