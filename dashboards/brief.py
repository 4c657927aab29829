"""The brief: one file for a mail or a phone, with four numbers, one thing that works and one thing to do.

It asks for nothing beside itself: styles and lines stand in it, and there is no script.
"""

from collections.abc import Sequence
from typing import Any

from dashboards import tokens, words
from dashboards.actions import Sentence, of_page
from dashboards.page import Page, agreement
from dashboards.released import Released
from models.metrics import MINIMUM_EXECUTIVES

FILE = "brief.html"


def brief(
    released: Released, overview: Page, called_for: Sequence[Sentence], working: Sequence[Sentence]
) -> dict[str, Any]:
    """What the template shows, all of it as on the overview."""
    return {
        "title": overview.title, "lead": overview.lead, "facts": overview.facts, "kpis": overview.kpis,
        "works": working[:1], "todo": of_page(called_for, overview.slug)[:1],
        "as_of": words.day(released.as_of), "agreement": agreement(released),
        "style": tokens.style_sheet(), "min_group": released.min_group,
        "min_executives": MINIMUM_EXECUTIVES,
    }  # fmt: skip
