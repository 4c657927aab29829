"""Under each card stands of which platforms' exports it is made, and of no others."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.released import Released
from dashboards.source import source
from tests.dashboards.conftest import Tables


def test_the_source_names_each_export_once_with_how_much_of_it_is_by_people_on_the_roster(
    variants: dict[str, Tables],
) -> None:
    released = Released(variants["full"])
    said = source(released).text
    for name in released.platform_names:
        assert said.count(name) == 1
    assert said.count("of contributions by people on the roster") == 1
    row = next(row for row in released.sources if row["platform"] == "slack")
    assert source(released, ["slack"]).text.startswith(
        f"Source: exports of Slack ({100 * row['matched_ratio']:.0f}% of contributions by people on the roster) and the"
    )
    ((_, value, cell),) = [part for part in source(released, ["slack"]).spoken() if isinstance(part, list)]
    assert (float(value), cell) == (row["matched_ratio"], "rel_source/matched_ratio/slack")


def test_nothing_loaded_has_no_source(variants: dict[str, Tables]) -> None:
    assert source(Released(variants["empty"])).text.startswith("Source: no exports")


@pytest.mark.parametrize(("page", "named", "absent"), [("wiki", "MediaWiki", "Slack"), ("active", "Slack", "")])
def test_cards_of_wikis_are_made_of_wikis(sites: Callable[[str], Path], page: str, named: str, absent: str) -> None:
    html = (sites("full") / f"{page}.html").read_text(encoding="utf-8")
    sources = [re.sub("<.*?>", "", one) for one in re.findall(r'<p class="source">(.*?)</p>', html)]
    assert len(sources) > 3
    assert all(named in one for one in sources)
    assert not [one for one in sources if absent and absent in one]
