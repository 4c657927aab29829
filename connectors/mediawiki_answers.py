"""The items of saved answers of MediaWiki's Action API: one answer, a list of them, or one a line.

Both format versions; what the items mean for people is in `mediawiki_api`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec

from connectors.jsontext import BadText, utf8

Json = Mapping[str, object]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
_LISTS: Final = ("allrevisions", "pages")


class Item(msgspec.Struct):
    """The allowed fields of a revision or a recent change; `page` and `ns` of a revision come from its page."""

    timestamp: str = ""
    user: str | None = None
    revid: Count = 0
    parentid: Count | None = None
    size: Count | None = None
    oldlen: Count | None = None
    newlen: Count | None = None
    sha1: str | None = None
    minor: object = None
    bot: object = None
    type: str = ""
    logid: Count = 0
    logtype: str = ""
    pageid: Count = 0
    ns: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of one file."""

    answers: tuple[Json, ...]

    @property
    def wiki(self) -> str | None:
        """Its name, where an answer holds `siprop=general`."""
        found = (_of(_of(answer, "query"), "general").get("wikiid") for answer in self.answers)
        return next((name for name in found if isinstance(name, str)), None)

    @property
    def continues(self) -> bool:
        """Whether the last answer says that there is more."""
        return bool(self.answers) and "continue" in self.answers[-1]

    def recent_changes(self) -> Iterator[object]:
        """Items of `list=recentchanges`."""
        for answer in self.answers:
            yield from _list(_of(answer, "query").get("recentchanges"))

    def revisions(self) -> Iterator[object]:
        """Items of `list=allrevisions` and `prop=revisions`; a page without revisions was deleted meanwhile."""
        for answer in self.answers:
            for name in _LISTS:
                for page in _list(_of(answer, "query").get(name)):
                    if isinstance(page, Mapping):
                        place = {"pageid": page.get("pageid", 0), "ns": page.get("ns", 0)}
                        for revision in _list(page.get("revisions")):
                            yield {**revision, **place} if isinstance(revision, Mapping) else revision


def read_answers(data: bytes) -> Answers:
    """Raises `BadText` for anything but JSON objects."""
    data = utf8(data)
    try:
        try:
            found = msgspec.json.decode(data)
        except msgspec.DecodeError:
            found = [msgspec.json.decode(line) for line in data.splitlines() if line.strip()]
    except RecursionError as error:
        raise BadText("PPL-JSN-003", "nested deeper than the reader allows") from error
    except msgspec.DecodeError as error:
        raise BadText("PPL-JSN-001", "invalid or truncated JSON") from error
    answers = found if isinstance(found, list) else [found]
    if not all(isinstance(answer, Mapping) for answer in answers):
        raise BadText("PPL-JSN-002", "expected answers of the API, found another value")
    return Answers(tuple(answers))


def is_set(flag: object) -> bool:
    """Version 1 writes an empty text where version 2 writes true; both leave out or write false what is not."""
    return flag is not None and flag is not False


def _of(parent: Json, name: str) -> Json:
    found = parent.get(name)
    return found if isinstance(found, Mapping) else {}


def _list(found: object) -> list[object]:
    """Pages are a list in version 2, an object by id in version 1."""
    if isinstance(found, Mapping):
        return list(found.values())
    return found if isinstance(found, list) else []
