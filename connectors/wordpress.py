"""WordPress exports (WXR 1.0 to 1.2): which files they are, and their frames.

What is in an export is read in `wordpress_items`, what of it counts is in `wordpress_rules`.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from connectors.collected import coverage
from connectors.contract import Connector, Frame, frame
from connectors.settings import SourceSettings
from connectors.source import Member, Source
from connectors.streams import documents, head, opened
from connectors.wordpress_items import Part
from connectors.xmltext import Sanitised, parse, root_name


def detect(source: Source, /) -> str | None:
    """A lone export, or a zip all of whose .xml members are parts of one."""
    members = documents(source, ".xml")
    return "wordpress-wxr" if members and all(_is_wxr(source, member) for member in members) else None


def read(source: Source, settings: SourceSettings, /) -> Iterator[Frame]:
    """Frames of all parts of the export."""
    days: dict[str, set[date]] = {}
    for member in documents(source, ".xml"):
        part = Part(member, settings)
        with opened(source, member) as raw:
            stream = Sanitised(raw)
            for _ in parse(stream, part.elements(), partial(source.refuse, member=member.name)):
                if part.rows.is_full:
                    yield from part.rows.frames(part.workspace)
        if stream.n_replaced:
            part.rows.add("note", rule="PPL-XML-007", n_records=stream.n_replaced,
                          message="characters that XML does not allow; replaced by ?")
        yield from part.closing_frames()
        days.setdefault(part.workspace, set()).update(part.rows.days)
    yield from coverage(days, settings)
    yield frame("capability", [{"has_reactions": False, "has_reading": False, "has_direct": False, "has_edits": False,
                                "has_history": True}])


def _is_wxr(source: Source, member: Member) -> bool:
    start = head(source, member)
    return root_name(start) == "rss" and (b"wordpress.org/export/" in start or b"wxr_version" in start)


CONNECTOR: Final = Connector(
    platform="wordpress", version=2, detect=detect, read=read,
    uses=lambda settings: (settings.workspace, settings.zone, settings.home_domains, settings.include,
                           settings.window_from, settings.window_to))
