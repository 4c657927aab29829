"""A second, slow reader of Confluence's entities.xml, written from the format's description to check the connector.

It shares no code with the connector: the whole document as a tree, rules spelled out one by one, times as written.
"""

import re
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

ALLOWED = {9, 10, 13}
RECORDS = {"Page", "BlogPost", "Comment", "Attachment", "CustomContentEntityObject", "Space", "LikeEntity",
           "PageTemplate", "Draft", "ConfluenceUserImpl", "InternalUser", "DefaultHibernateUser"}


def document(path: Path) -> ET.Element:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            data = archive.read("entities.xml")
    else:
        data = (path / "entities.xml").read_bytes()
    text = data.decode("utf-8")
    return ET.fromstring("".join("?" if ord(char) < 32 and ord(char) not in ALLOWED else char for char in text))


class Thing:
    """One object: `ids` of properties that refer to another, `texts` of the others."""

    def __init__(self, element: ET.Element) -> None:
        self.kind = element.get("class")
        own = element.find("id")
        self.id = (own.text or "").strip() if own is not None else ""
        self.ids, self.kinds, self.texts = {}, {}, {}
        for each in element.findall("property"):
            name, inner = each.get("name"), each.find("id")
            if inner is not None:
                self.ids[name], self.kinds[name] = (inner.text or "").strip(), each.get("class")
            elif (each.text or "").strip():
                self.texts[name] = each.text.strip()
        self.older = [(each.text or "").strip() for collection in element.findall("collection")
                      if collection.get("name") == "historicalVersions" for each in collection.iter("id")]

    def when(self, name: str) -> datetime | None:
        match = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d{3})?", self.texts.get(name, ""))
        return datetime.fromisoformat(match[0]) if match else None

    def who(self, reference: str, name: str) -> str | None:
        return self.ids.get(reference) or self.texts.get(name)

    @property
    def version(self) -> str:
        return self.texts.get("version") or self.texts.get("attachmentVersion") or "1"


class Plain:
    """What the export says, in the words of the comparison."""

    def __init__(self, path: Path) -> None:
        things = [Thing(element) for element in document(path) if element.tag == "object"]
        self.n_records = sum(thing.kind in RECORDS for thing in things)
        self.by_kind: dict[str, list[Thing]] = {}
        for thing in things:
            if thing.id or thing.kind in ("ConfluenceUserImpl", "InternalUser"):
                self.by_kind.setdefault(thing.kind, []).append(thing)
        kinds = ("Page", "BlogPost", "Comment", "Attachment", "CustomContentEntityObject")
        self.content: dict[str, Thing] = {}
        for thing in things:
            if thing.kind in kinds and thing.id:
                self.content.setdefault(thing.id, thing)
        self.original = {old: thing.id for thing in self.content.values() for old in thing.older}
        for thing in self.content.values():
            stated = thing.ids.get("originalVersion") or thing.texts.get("originalVersionId")
            if stated:
                self.original[thing.id] = stated
        self.personal = {space.id for space in self.kind("Space")
                         if space.texts["key"].startswith("~") or space.texts.get("spaceType") == "personal"}
        self.hidden = {thing.ids["owningContent"] for thing in self.kind("ContentPermissionSet")
                       if thing.texts.get("type") == "View" and "owningContent" in thing.ids}
        self.names = {}
        for user in (*self.kind("DefaultHibernateUser"), *self.kind("InternalUser")):
            name = user.texts.get("lowerName") or user.texts["name"].lower()
            self.names[name] = name
        self.names |= {(user.texts.get("lowerName") or user.texts["name"]).lower(): user.id
                       for user in self.kind("ConfluenceUserImpl")}

    def kind(self, name: str) -> list[Thing]:
        return self.by_kind.get(name, [])

    def account(self, who: str | None) -> str | None:
        return None if who is None else self.names.get(who.lower(), who)

    def live_page(self, thing: Thing) -> Thing | None:
        """The page to which something belongs, if all on the way is current and nothing hides it."""
        seen = []
        while True:
            seen.append(thing)
            if thing.texts.get("contentStatus", "current") != "current" or thing.kind == "CustomContentEntityObject":
                return None
            above = self.original.get(thing.id)
            if above is None and thing.kind not in ("Page", "BlogPost"):
                above = next((thing.ids[name] for name in ("containerContent", "owner", "content", "parent")
                              if name in thing.ids), "")
            if above is None:
                break
            if above not in self.content:
                return None
            thing = self.content[above]
        page = thing
        if page.texts.get("isFolder") == "true" or page.ids.get("space") in self.personal:
            return None
        up: Thing | None = page
        while up is not None:
            seen.append(up)
            up = self.content.get(up.ids.get("parent", "")) if up.kind == "Page" else None
        return None if any(each.id in self.hidden for each in seen) else page

    def creations(self, *kinds: str) -> set[tuple[object, ...]]:
        pages = (thing for kind in kinds for thing in self.content.values() if thing.kind == kind)
        return {(int(page.id), page.when("creationDate"), self.account(page.who("creator", "creatorName")))
                for page in pages if self.live_page(page) is page and page.when("creationDate")}

    def edits(self) -> Counter[tuple[object, ...]]:
        """Every dated version of a page but the one that created it."""
        versions: dict[str, list[Thing]] = {}
        for thing in self.content.values():
            if thing.kind in ("Page", "BlogPost") and (page := self.live_page(thing)) is not None:
                versions.setdefault(page.id, []).append(thing)
        found: Counter[tuple[object, ...]] = Counter()
        for page, things in versions.items():
            dated = {(thing.when("lastModificationDate"), int(thing.version)): thing for thing in reversed(things)
                     if thing.when("lastModificationDate")}
            ordered = sorted(dated)
            if any(thing.version == "1" and not thing.when("lastModificationDate") for thing in things):
                skipped = 0
            else:
                skipped = 1 if any(version == 1 for _, version in ordered) else 0
            for key in ordered[skipped:]:
                who = self.account(dated[key].who("lastModifier", "lastModifierName"))
                found[int(page), key[0], who] += 1
        return found

    def comments(self) -> set[tuple[object, ...]]:
        return {(int(thing.id), thing.when("creationDate"), self.account(thing.who("creator", "creatorName")),
                 int(self.live_page(thing).id))
                for thing in self.content.values()
                if thing.kind == "Comment" and thing.id not in self.original and self.live_page(thing)
                and thing.when("creationDate")}

    def uploads(self) -> Counter[tuple[object, ...]]:
        return Counter((int(self.live_page(thing).id), thing.when("creationDate"),
                        self.account(thing.who("creator", "creatorName")))
                       for thing in self.content.values()
                       if thing.kind == "Attachment" and self.live_page(thing) and thing.when("creationDate"))

    def likes(self) -> Counter[tuple[object, ...]]:
        return Counter((int(like.ids["content"]), like.when("creationDate"), self.account(like.ids.get("user")))
                       for like in self.kind("LikeEntity")
                       if like.ids.get("content") in self.content and like.texts.get("liked") != "false"
                       and self.live_page(self.content[like.ids["content"]]))

    def spaces(self) -> set[str]:
        return {space.texts["key"] for space in self.kind("Space") if space.id not in self.personal}

    def n_users(self) -> int:
        return sum(len(self.kind(name)) for name in ("ConfluenceUserImpl", "InternalUser", "DefaultHibernateUser"))
