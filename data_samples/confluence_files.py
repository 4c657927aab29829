"""The XML export of Confluence Cloud: `entities.xml` and `exportDescriptor.properties` in a zip; times are UTC.

What stands in it is `confluence`'s business.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from data_samples.accounts import Account
from data_samples.archive import Archive
from data_samples.confluence_model import Comment, Like, Page, Space, Version
from data_samples.period import SECOND

_PACKAGES = {
    "Space": "com.atlassian.confluence.spaces", "Page": "com.atlassian.confluence.pages",
    "Comment": "com.atlassian.confluence.pages", "Attachment": "com.atlassian.confluence.pages",
    "LikeEntity": "com.atlassian.confluence.like", "ConfluenceUserImpl": "com.atlassian.confluence.user",
    "BodyContent": "com.atlassian.confluence.core", "Notification": "com.atlassian.confluence.mail.notification",
    "CustomContentEntityObject": "com.atlassian.confluence.content",
}  # fmt: skip
_HISTORY = "java.util.Collection(com.atlassian.confluence.core.ContentEntityObject.historicalVersions)"


def write_export(
    path: Path, spaces: list[Space], users: list[Account], day: date, new_id: Callable[[], int]
) -> None:
    """The export of a whole site, made in the night of `day`."""
    archive = Archive(path, day)
    archive.add("exportDescriptor.properties", _descriptor(day))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<hibernate-generic datetime="{day.isoformat()} 02:00:00.123">']
    for user in users:
        lines.append(_user(user))
    for space in spaces:
        lines.append(_space(space))
        for page in space.pages:
            lines += _page(page, new_id)
    lines.append(_internal(spaces[0], new_id()))
    archive.add("entities.xml", "\n".join([*lines, "</hibernate-generic>", ""]))
    archive.close()


def _descriptor(day: date) -> str:
    return (
        f"#{day:%a %b %d} 02:00:00 UTC {day.year}\nexportType=site\nsource=cloud\ntimezoneId=UTC\n"
        "buildNumber=6452\ncreatedByBuildNumber=6452\ncreatedByVersionNumber=1000.0.0-0c59c72a16bc\n"
        "backupAttachments=false\ndefaultUsersGroup=confluence-users\n"
    )


def _user(account: Account) -> str:
    return _object(
        "ConfluenceUserImpl", _key(account), text("name", account.id), text("lowerName", account.id.lower()),
        text("email", account.email), text("atlassianAccountId", account.id), id_name="key",
    )  # fmt: skip


def _space(space: Space) -> str:
    at = space.pages[0].versions[0].at - 600 * SECOND
    return _object(
        "Space", space.id, text("key", space.key), text("lowerKey", space.key.lower()), text("name", space.name),
        _made(space.creator, at), plain("spaceType", space.kind),
        '<property name="spaceStatus" enum-class="SpaceStatus" package="com.atlassian.confluence.spaces">'
        "CURRENT</property>",
        _link("homePage", "Page", space.pages[0].id),
    )  # fmt: skip


def _page(page: Page, new_id: Callable[[], int]) -> Iterator[str]:
    newest, first = page.versions[-1], page.versions[0]
    history = "".join(f"{_element(v.id)}\n" for v in page.versions[:-1])
    rest = (
        _link("space", "Space", page.space.id),
        plain("isFolder", "true") if page.is_folder else "",
        f'<collection name="historicalVersions" class="{_HISTORY}">{history}</collection>' if history else "",
    )
    yield _version(page, newest, len(page.versions), "current", *rest)
    for number, version in enumerate(page.versions[:-1], start=1):
        yield _version(page, version, number, "current", _link("originalVersion", "Page", page.id))
    if page.draft:
        links = (_link("originalVersion", "Page", page.id), _link("space", "Space", page.space.id))
        yield _version(page, page.draft, len(page.versions), "draft", *links)
    yield _object(
        "BodyContent", new_id(), text("body", f"<p>{page.title}</p>"), _link("content", "Page", page.id),
        plain("bodyType", "2"),
    )  # fmt: skip
    yield _object(  # authors watch their pages
        "Notification", new_id(), _link("content", "Page", page.id), _user_link("receiver", first.account),
        _made(first.account, first.at), plain("digest", "false"),
    )  # fmt: skip
    for comment in page.comments:
        yield _comment(page, comment)
        yield from (_like(like, "Comment", comment.id) for like in comment.likes)
    for upload in page.uploads:
        yield _object(
            "Attachment", upload.id, text("title", upload.title), plain("version", "1"),
            _made(upload.account, upload.at), plain("contentStatus", "current"),
            _link("containerContent", "Page", page.id), _link("space", "Space", page.space.id),
        )  # fmt: skip
    yield from (_like(like, "Page", page.id) for like in page.likes)


def _version(page: Page, version: Version, number: int, status: str, *rest: str) -> str:
    first = page.versions[0]
    return _object(
        "Page", version.id, text("title", page.title), text("lowerTitle", page.title.lower()),
        plain("version", str(number)), _user_link("creator", first.account),
        plain("creationDate", _time(first.at)), _user_link("lastModifier", version.account),
        plain("lastModificationDate", _time(version.at)),
        text("versionComment", version.comment) if version.comment else '<property name="versionComment"/>',
        plain("contentStatus", status), *rest,
    )  # fmt: skip


def _comment(page: Page, comment: Comment) -> str:
    return _object(
        "Comment", comment.id, '<property name="title"/>', plain("version", "1"), _made(comment.account, comment.at),
        plain("contentStatus", "current"), _link("containerContent", "Page", page.id),
        _link("parent", "Comment", comment.answered.id) if comment.answered else "",
    )  # fmt: skip


def _like(like: Like, kind: str, content: int) -> str:
    return _object(
        "LikeEntity", like.id, _link("content", kind, content), _user_link("user", like.account),
        plain("creationDate", _time(like.at)), plain("sequenceNumber", str(like.id)), plain("liked", "true"),
    )  # fmt: skip


def _internal(space: Space, number: int) -> str:
    """What Cloud keeps for itself."""
    first = space.pages[0].versions[0]
    return _object(
        "CustomContentEntityObject", number, text("title", "content-appearance-draft"), plain("version", "1"),
        _made(first.account, first.at), plain("contentStatus", "current"), _link("space", "Space", space.id),
        text("pluginModuleKey", "com.atlassian.confluence.plugins.content-property-storage:content-property"),
    )  # fmt: skip


def _object(kind: str, key: int | str, *properties: str, id_name: str = "id") -> str:
    shown = f"<![CDATA[{key}]]>" if isinstance(key, str) else str(key)
    lines = (
        f'<object class="{kind}" package="{_PACKAGES[kind]}">', f'<id name="{id_name}">{shown}</id>',
        *(line for line in properties if line), "</object>",
    )  # fmt: skip
    return "\n".join(lines)


def text(name: str, value: str) -> str:
    """A property that holds free text."""
    return f'<property name="{name}"><![CDATA[{value}]]></property>'


def plain(name: str, value: str) -> str:
    """A property that holds a number, a time or a word of Confluence's own."""
    return f'<property name="{name}">{value}</property>'


def _link(name: str, kind: str, number: int) -> str:
    where = f'class="{kind}" package="{_PACKAGES[kind]}"'
    return f'<property name="{name}" {where}><id name="id">{number}</id>\n</property>'


def _element(number: int) -> str:
    return f'<element class="Page" package="{_PACKAGES["Page"]}"><id name="id">{number}</id>\n</element>'


def _user_link(name: str, account: Account) -> str:
    kind = "ConfluenceUserImpl"
    return (
        f'<property name="{name}" class="{kind}" package="{_PACKAGES[kind]}">'
        f'<id name="key"><![CDATA[{_key(account)}]]></id>\n</property>'
    )


def _made(account: Account | None, at: int) -> str:
    """Who made it when; it was never changed since."""
    created, changed = plain("creationDate", _time(at)), plain("lastModificationDate", _time(at))
    if account is None:
        return f"{created}\n{changed}"
    return "\n".join((_user_link("creator", account), created, _user_link("lastModifier", account), changed))


def _key(account: Account) -> str:
    return hashlib.md5(account.id.encode(), usedforsecurity=False).hexdigest()


def _time(at: int) -> str:
    return f"{datetime.fromtimestamp(at // SECOND, UTC):%Y-%m-%d %H:%M:%S}.{at % SECOND // 1000:03d}"
