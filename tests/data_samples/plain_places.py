"""A plain, slow reading of Confluence, the blog and bookmarks, independent of the generator and of the connectors."""

import re
import tomllib
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from .plain_reader import Event, People

Found = tuple[list[Event], Counter[str]]  # contributions, records by kind
Properties = dict[str, str]  # scalars as text, references as the id that they name


def confluence_objects(folder: Path) -> dict[str, list[Properties]]:
    """All objects by class, with their own id as `id`."""
    (path,) = (folder / "confluence").iterdir()
    with zipfile.ZipFile(path) as archive:
        descriptor = archive.read("exportDescriptor.properties").decode()
        root = ElementTree.fromstring(archive.read("entities.xml"))
    assert {"exportType=site", "source=cloud", "timezoneId=UTC"} <= set(descriptor.splitlines())
    objects: dict[str, list[Properties]] = {}
    for element in root:
        found = {"id": element.findtext("id") or ""}
        for entry in element.iter("property"):
            found[entry.attrib["name"]] = (entry.findtext("id") or entry.text or "").strip()
        objects.setdefault(element.attrib["class"], []).append(found)
    return objects


def space_of(content: Properties, contents: dict[str, Properties]) -> str:
    """The space of a page, or of the page to which a version, comment, file or like belongs."""
    for name in ("content", "containerContent", "originalVersion"):
        if name in content:
            return space_of(contents[content[name]], contents)
    return content["space"]


def confluence(folder: Path, people: People) -> Found:
    objects = confluence_objects(folder)
    users = {user["id"]: user for user in objects["ConfluenceUserImpl"]}
    personal = {space["id"] for space in objects["Space"] if space["spaceType"] == "personal"}
    contents = {found["id"]: found for kind in ("Page", "Comment") for found in objects.get(kind, [])}
    events: list[Event] = []
    kinds: Counter[str] = Counter({"personal": len(personal), "internal": len(objects["CustomContentEntityObject"])})

    def add(content: Properties, kind: str, author: str = "creator", at: str = "creationDate") -> None:
        if space_of(content, contents) in personal:
            kinds["personal"] += 1
            return
        user = users.get(content.get(author, ""))
        kinds[kind if user else "anonymous"] += 1
        if user and kind in ("create", "edit", "comment", "upload"):
            person = people.of("confluence", user["atlassianAccountId"], user["email"])
            events.append((f"confluence:{user['id']}", person, content[at][:10], kind))

    for page in objects["Page"]:
        if page.get("isFolder") == "true" or page["contentStatus"] == "draft":
            add(page, "draft" if page["contentStatus"] == "draft" else "folder")
        elif page["version"] == "1":
            add(page, "create")
        else:
            add(page, "edit", "lastModifier", "lastModificationDate")
    for name, kind, author in (
        ("Comment", "comment", "creator"),
        ("Attachment", "upload", "creator"),
        ("LikeEntity", "like", "user"),
    ):
        for content in objects.get(name, []):
            add(content, kind, author)
    return events, kinds


def blog(folder: Path, people: People) -> Found:
    (path,) = (folder / "wordpress").iterdir()
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        channel = ElementTree.fromstring(archive.read(name)).find("channel")
    assert channel is not None
    wp, creator = "{http://wordpress.org/export/1.2/}", "{http://purl.org/dc/elements/1.1/}creator"

    def text(element: ElementTree.Element, name: str) -> str:
        return element.findtext(f"{wp}{name}") or ""

    logins = {text(author, "author_login"): text(author, "author_email") for author in channel.iter(f"{wp}author")}
    events: list[Event] = []
    kinds: Counter[str] = Counter()
    for item in channel.iter("item"):
        kind, status = text(item, "post_type"), text(item, "status")
        action = {"post": "create", "page": "create", "attachment": "upload"}.get(kind, kind)
        kinds[status if status == "draft" else action] += 1
        kinds["pages"] += kind == "page"
        assert (text(item, "post_date_gmt") == "0000-00-00 00:00:00") == (status == "draft")
        if status != "draft" and kind != "nav_menu_item":
            email = logins[item.findtext(creator) or ""]
            day = text(item, "post_date_gmt")[:10]
            events.append((f"wordpress:{email}", people.of("wordpress", email, email), day, action))
        for comment in item.iter(f"{wp}comment"):
            approved, form = text(comment, "comment_approved"), text(comment, "comment_type")
            if approved != "1" or form != "comment":
                kinds[{"0": "unapproved", "1": form}.get(approved, approved)] += 1
                continue
            kinds["comment"] += 1
            email = text(comment, "comment_author_email")
            assert text(comment, "comment_date_gmt") > text(item, "post_date_gmt")
            day = text(comment, "comment_date_gmt")[:10]
            events.append((f"wordpress:{email}", people.of("wordpress", email, email), day, "comment"))
    return events, kinds


def bookmarks(folder: Path, people: People) -> Found:
    owners = tomllib.loads((folder / "turnout.toml").read_text(encoding="utf-8"))["source"]
    events: list[Event] = []
    kinds: Counter[str] = Counter()
    for path in sorted((folder / "bookmarks").iterdir()):
        owner = owners[f"bookmarks/{path.name}"]["owner"]
        text = path.read_text(encoding="utf-8")
        assert text.startswith("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n")
        for seconds, private in re.findall(r'<DT><A HREF="[^"]+" ADD_DATE="(\d+)" PRIVATE="([01])"', text):
            kinds["private" if private == "1" else "share"] += 1
            if private == "0":
                day = datetime.fromtimestamp(int(seconds), UTC).date().isoformat()
                events.append((f"bookmarks:{owner}", people.of("bookmarks", owner, owner), day, "share"))
    return events, kinds
