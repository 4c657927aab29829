"""What was odd in the exports, on the page of data and definitions."""

import re
from collections.abc import Callable
from pathlib import Path


def section(site: Path) -> str:
    text = (site / "data.html").read_text(encoding="utf-8")
    found = re.search(r'<section[^>]*aria-labelledby="notes-title">(.*?)</section>', text, re.DOTALL)
    assert found
    return found[1]


def test_notes_stand_by_platform_the_most_frequent_first(sites: Callable[[str], Path]) -> None:
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">(.*?)</th>(.*?)</tr>", section(sites("full")))
    cells = [(name, *re.findall(r"<td[^>]*>(.*?)</td>", rest)) for name, rest in rows]
    odd = [("1,201", "Revisions older than the one they changed; order by time", "2", "PPL-TIM-007"),
           ("1,200", "Keys that Slack is not known to write; not read", "2", "PPL-JSN-008")]  # fmt: skip
    assert cells == [(name, *one) for name in ("MediaWiki", "Slack", "Yammer") for one in odd]


def test_a_release_without_notes_says_so(sites: Callable[[str], Path]) -> None:
    text = section(sites("empty"))
    assert "Nothing odd was found." in text
    assert "<table" not in text
