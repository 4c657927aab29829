"""The card that sets who was present on a platform beside who contributed there."""

from dashboards import headlines, words
from dashboards.cards import Card
from dashboards.cards.time import time_card
from dashboards.figures.lines import Series
from dashboards.periods import when
from dashboards.relation import Column
from dashboards.released import Released, latest

TABLE = "rel_active_users"


def presence_cards(released: Released) -> list[Card]:
    """One card for each platform whose usage reports show at least one whole week."""
    return [_card(released, name) for name in released.platforms if _is_known(released, name)]


def _is_known(released: Released, platform: str) -> bool:
    weeks = released.series(TABLE, "week", platform=platform)
    return bool(weeks.height) and not weeks["n_present"].is_null().all()


def _card(released: Released, platform: str) -> Card:
    weeks = released.series(TABLE, "week", platform=platform)
    name = words.platform(platform)
    now = latest(weeks, "n_present", "n_contributors")
    return time_card(
        f"present-{released.platforms.index(platform)}",
        headlines.presence(now, name, nouns=released.nouns, period=when("week", now)),
        f"{released.people.capitalize()} present on {name}, and those who contribute there, by week",
        ("presence", "contributors"), weeks,
        columns=(
            Column("n_present", "Present", "count", missing="not known", complete="is_complete"),
            Column("n_contributors", "Contribute", "count", complete="is_complete"),
            Column("n_eligible", released.people.capitalize(), "count"),
        ),
        series=[Series("n_present", "Present", "c3"), Series("n_contributors", "Contribute", "c1", 2)],
        kind="week", axis="count", missing="No whole week is covered by usage reports.",
        note="Present: active by the platform\u2019s own usage report, which counts reading, or contributing. Known "
        "only for weeks of which the reports cover each day, in the vendor\u2019s days (UTC).",
    )  # fmt: skip
