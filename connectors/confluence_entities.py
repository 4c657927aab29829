"""The objects of a Confluence XML export (`entities.xml`, 3.x to Cloud) as they are written, one by one.

What they amount to is decided in the sibling modules. Bodies, titles, passwords and all other classes are skipped.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from connectors.xmltext import MAX_TEXT, Attributes, Elements, Readable, Refuse, Sink, parse

ROOT: Final = "hibernate-generic"
SPACE: Final = "Space"
PAGES: Final = frozenset({"Page", "BlogPost"})
CONTENT: Final = PAGES | {"Comment", "Attachment", "CustomContentEntityObject"}
"""Classes that number their objects together: an id of one is never an id of another."""
USERS: Final = frozenset({"ConfluenceUserImpl", "InternalUser", "DefaultHibernateUser"})
RECORDS: Final = CONTENT | USERS | {SPACE, "LikeEntity", "PageTemplate", "Draft"}
"""Every object of these classes is one record."""
_HELPERS: Final = frozenset({"ContentPermissionSet", "ContentProperty"})
_OBJECT: Final = f"{ROOT}/object"
_WANTED: Final = frozenset({
    "active", "atlassianAccountId", "attachmentVersion", "containerContent", "content", "contentStatus", "created",
    "creationDate", "creator", "creatorName", "email", "emailAddress", "isFolder", "key", "lastModificationDate",
    "lastModifier", "lastModifierName", "liked", "lowerName", "name", "originalVersion", "originalVersionId", "owner",
    "owningContent", "parent", "space", "spaceType", "stringValue", "type", "user", "userName", "version",
})
_LIST: Final = "historicalVersions"


class Reference(NamedTuple):
    """Another object, by class and id."""

    kind: str
    key: str


@dataclass(slots=True)
class Entity:
    """One object: its own texts and the objects that it names, by property."""

    kind: str
    line: int
    key: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)  # ids of its historical versions, as far as it lists them

    def reference(self, *names: str) -> Reference | None:
        """The first of these properties that names an object."""
        return next((self.references[name] for name in names if name in self.references), None)

    def text(self, *names: str) -> str:
        """The first of these properties that is not empty."""
        return next((self.texts[name] for name in names if self.texts.get(name)), "")


class Document:
    """One `entities.xml` while it is read: the time in its header and the number of records met."""

    def __init__(self) -> None:
        self.header = ""
        self.n_records = 0
        self._refuse: Refuse | None = None
        self._done: list[Entity] = []
        self._entity: Entity | None = None
        self._property = ""
        self._kind = ""
        self._pieces: list[str] = []
        self._size = 0

    def read(self, stream: Readable, refuse: Refuse) -> Iterator[list[Entity]]:
        """The objects of the document, some at a time."""
        self._refuse = refuse
        for _ in parse(stream, self._elements(), refuse):
            if self._done:
                done, self._done = self._done, []
                yield done

    def _elements(self) -> Elements:
        return Elements(
            begins={ROOT: self._begin_document, _OBJECT: self._begin_object,
                    f"{_OBJECT}/property": self._begin_property, f"{_OBJECT}/collection": self._begin_collection},
            texts={f"{_OBJECT}/id": self._take_key, f"{_OBJECT}/property/id": self._take_reference,
                   f"{_OBJECT}/collection/element/id": self._take_version},
            ends={f"{_OBJECT}/property": self._end_property, _OBJECT: self._end_object},
        )

    def _begin_document(self, attributes: Attributes, _line: int) -> None:
        self.header = attributes.get("datetime", "")

    def _begin_object(self, attributes: Attributes, line: int) -> None:
        kind = attributes.get("class", "").rpartition(".")[2]
        self.n_records += kind in RECORDS
        self._entity = Entity(kind, line) if kind in RECORDS or kind in _HELPERS else None

    def _begin_property(self, attributes: Attributes, _line: int) -> Sink | None:
        name = attributes.get("name", "")
        self._property = name if self._entity is not None and name in _WANTED else ""
        if not self._property:
            return None
        self._kind = attributes.get("class", "").rpartition(".")[2]
        self._pieces, self._size = [], 0
        return self._take_piece

    def _begin_collection(self, attributes: Attributes, _line: int) -> None:
        self._property = _LIST if attributes.get("name") == _LIST else ""

    def _take_piece(self, text: str) -> None:
        self._size += len(text)
        if self._size > MAX_TEXT and self._refuse is not None:
            raise self._refuse("PPL-XML-003", "a name, attribute, comment or short text exceeds 1 MiB",
                               "Export again; do not edit the file by hand.",
                               line=self._entity.line if self._entity else None)
        self._pieces.append(text)

    def _take_key(self, text: str) -> None:
        if self._entity is not None:
            self._entity.key = text.strip()

    def _take_reference(self, text: str) -> None:
        if self._entity is not None and self._property and text.strip():
            self._entity.references[self._property] = Reference(self._kind, text.strip())

    def _take_version(self, text: str) -> None:
        if self._entity is not None and self._property == _LIST:
            self._entity.versions.append(text.strip())

    def _end_property(self) -> None:
        if self._entity is not None and self._property:
            text = "".join(self._pieces).strip()
            if text:
                self._entity.texts[self._property] = text
        self._pieces = []

    def _end_object(self) -> None:
        if self._entity is not None:
            self._done.append(self._entity)
        self._entity = None
