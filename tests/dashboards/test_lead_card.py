"""The card about executives' own people: an estimate with its checks, or why there is none."""

from collections.abc import Callable
from pathlib import Path

from tests.dashboards.test_site import read


def test_an_effect_is_shown_with_its_checks_and_a_blank_one_with_its_reason(sites: Callable[[str], Path]) -> None:
    def card(name: str) -> str:
        page = read(sites(name), "executives")
        return page.split('id="card-lead"')[1].split("</section>")[0]

    shown, flagged, refused = (card(name) for name in ("full", "outnumbered", "silent_platform"))
    assert 'data-column="difference_pp"' in shown
    assert "Checked, and nothing found: the eight weeks before the start and platforms where" in shown
    assert "Checked, and a difference found: a rise just before the start." in shown
    assert "Could not be checked: start dates" in shown
    assert "does not prove" in shown
    for text in (flagged, refused):
        assert "difference_pp" not in text
        assert "data-chart" not in text
    assert "already before the executive did" in flagged
    assert "needs 10 executives who begin" in refused
