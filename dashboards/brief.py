"""The brief: one file for a mail or a phone, with four numbers, one thing that works and one thing to do.

It asks for nothing beside itself: styles and lines stand in it, and there is no script.
"""

from typing import Any

from dashboards import actions, tokens, words
from dashboards.page import Page, agreement
from dashboards.released import Released
from models.metrics import MINIMUM_EXECUTIVES

FILE = "brief.html"


def brief(released: Released, overview: Page) -> dict[str, Any]:
    """What the template shows, all of it as on the overview."""
    return {
        "title": overview.title, "lead": overview.lead, "facts": overview.facts, "kpis": overview.kpis,
        "works": actions.working(released)[:1], "todo": actions.actions(released, overview.slug)[:1],
        "as_of": words.day(released.as_of), "agreement": agreement(released),
        "style": tokens.style_sheet(), "min_group": released.min_group,
        "min_executives": MINIMUM_EXECUTIVES,
    }  # fmt: skip
