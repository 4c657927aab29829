"""Authors, items and comments of a WordPress export as accounts and events.

Titles, texts, names and network addresses are never read; the mail address of a commenter only says who it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from connectors.collected import Collected
from connectors.contract import Frame, number_of
from connectors.settings import SourceSettings
from connectors.source import Member
from connectors.wordpress_rules import ACTIONS, REASONS, reason_against_comment, reason_against_item
from connectors.wordpress_times import time_of
from connectors.xmltext import Attributes, Elements
from models.schemas.base import PEOPLE_KINDS

_ITEM: Final = "rss/channel/item"
_ITEM_FIELDS: Final = ("creator", "guid", "pubDate", "post_id", "post_date", "post_date_gmt", "post_modified_gmt",
                       "status", "post_type")
_COMMENT_FIELDS: Final = ("comment_id", "comment_author_email", "comment_date", "comment_date_gmt", "comment_approved",
                          "comment_type", "comment_parent", "comment_user_id")
_AUTHOR_FIELDS: Final = ("author_id", "author_login", "author_email")


@dataclass(slots=True)
class Entry:
    """An author, an item or a comment as it is written."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    comments: list["Entry"] = field(default_factory=list)


class Part:
    """One document while it is read. An author is known by login, else by the address that a comment states."""

    def __init__(self, member: Member, settings: SourceSettings) -> None:
        self.rows = Collected(member, REASONS)
        self._settings = settings
        self._home = {domain.casefold() for domain in settings.home_domains}
        self._site: dict[str, str] = {}
        self._author = self._item = self._comment = Entry(1)
        self._logins: dict[str, str] = {}  # by id and by address
        self._known: set[str] = set()  # accounts that have their row
        self._space = "blog"
        self._spaces = {"blog"}
        self._n_read = 0

    @property
    def workspace(self) -> str:
        """The blog's host, unless the settings name it otherwise."""
        for name in ("base_blog_url", "link", "base_site_url"):
            try:
                host = urlsplit(self._site.get(name, "").strip()).hostname
            except ValueError:
                host = None
            if host and not self._settings.workspace:
                return host
        return self._settings.workspace or "blog"

    def elements(self) -> Elements:
        """What matters in the document; `author` is `wp:author`, whatever the prefix."""
        author, comment = "rss/channel/author", f"{_ITEM}/comment"
        texts = {f"rss/channel/{name}": partial(self._site.__setitem__, name)
                 for name in ("link", "base_blog_url", "base_site_url", "title")}
        for path, names, attribute in ((author, _AUTHOR_FIELDS, "_author"), (_ITEM, _ITEM_FIELDS, "_item"),
                                       (comment, _COMMENT_FIELDS, "_comment")):
            texts |= {f"{path}/{name}": partial(self._take, attribute, name) for name in names}
        return Elements(
            begins={author: partial(self._begin, "_author"), _ITEM: partial(self._begin, "_item"),
                    comment: partial(self._begin, "_comment")},
            texts=texts, ends={author: self._end_author, _ITEM: self._end_item})

    def _begin(self, attribute: str, _attributes: Attributes, line: int) -> None:
        self._n_read += 1
        setattr(self, attribute, Entry(line))
        if attribute == "_comment":
            self._item.comments.append(self._comment)

    def _take(self, attribute: str, name: str, text: str) -> None:
        getattr(self, attribute).fields[name] = text.strip()

    def _end_author(self) -> None:
        number, login, email = (self._author.fields.get(name, "") for name in _AUTHOR_FIELDS)
        if not login:
            self.rows.put_aside(self._author.line, "PPL-WXR-001", "author without login")
            return
        self._logins |= {key: login for key in (number, email.casefold()) if key not in {"", "0"}}
        self._known.add(login)
        self.rows.add("account", account=login, kind="human", is_record=True, line=self._author.line)
        self._identify(login, login=login, email=email)

    def _identify(self, account: str, **identifiers: str) -> None:
        for kind, text in identifiers.items():
            if text:
                self.rows.add("account_identifier", account=account, kind=kind, identifier=text)

    def _end_item(self) -> None:
        item = self._item
        if (rule := reason_against_item(item.fields, self._settings.include)) is not None:
            self.rows.exclude(rule, 1 + len(item.comments))
            return
        self._space = "private" if item.fields.get("status") == "private" else "blog"
        self._spaces.add(self._space)
        number = _number(item.fields.get("post_id") or item.fields.get("guid"))
        account = item.fields.get("creator") or None
        action = ACTIONS[item.fields["post_type"]]
        self._add_event(item, "post", number, (account, "human" if account else "unknown"), action=action,
                        thread_number=number)
        answered = {comment.fields.get("comment_id"): self._who(comment)[0] for comment in item.comments}
        for comment in item.comments:
            if (rule := reason_against_comment(comment.fields)) is not None:
                self.rows.exclude(rule)
                continue
            self._add_event(comment, "comment", _number(comment.fields.get("comment_id")), self._who(comment),
                            action="comment", thread_number=number,
                            target_account=answered.get(comment.fields.get("comment_parent"), account))

    def _who(self, comment: Entry) -> tuple[str | None, str]:
        """Members comment under an id or their address; everybody else is external, unless the domain is our own."""
        email, user = (comment.fields.get(name, "") for name in ("comment_author_email", "comment_user_id"))
        email, is_member = email.casefold(), user not in {"", "0"}
        if login := (self._logins.get(user) if is_member else None) or self._logins.get(email):
            return login, "human"
        if "@" not in email:
            return (f"#{user}", "human") if is_member else (None, "unknown")
        return email, "human" if is_member or email.rpartition("@")[2] in self._home else "external"

    def _add_event(self, entry: Entry, scope: str, number: int | None, who: tuple[str | None, str],
                   **rest: object) -> None:
        at, code = time_of(entry.fields, self._settings.zone)
        if number is None:
            self.rows.put_aside(entry.line, "PPL-WXR-001", f"{scope} without id")
        elif at is None:
            self.rows.put_aside(entry.line, code or "PPL-TIM-004", f"{scope} without a sure time (is its zone set?)")
        else:
            if code:
                self.rows.add("note", line=entry.line, rule=code, message="local time occurs twice; the first was kept")
            account, kind = who
            modified, _ = time_of({"post_date_gmt": entry.fields.get("post_modified_gmt", "")}, None)
            if account and "@" in account and account not in self._known:
                self._known.add(account)
                self.rows.add("account", account=account, kind=kind, is_record=False)
                self._identify(account, email=account)
            self.rows.add("event", space=self._space, event_scope=scope, event_number=number, thread_scope="post",
                          occurred_at=at, is_contribution=kind in PEOPLE_KINDS, account=account, actor_kind=kind,
                          version_at=modified if modified and modified > at else None, line=entry.line, **rest)

    def closing_frames(self) -> Iterator[Frame]:
        """The rest, and the blog as a space; what only members read is another."""
        for space in sorted(self._spaces):
            label, visibility = (self._site.get("title"), "public") if space == "blog" else (None, "private")
            self.rows.add("space", space=space, kind="blog", label=label or None, visibility=visibility)
        yield from self.rows.closing_frames(self.workspace, self._n_read)


def _number(native: str | None) -> int | None:
    """The id itself; theme data give an address only."""
    if not native:
        return None
    return int(native) if native.isascii() and native.isdigit() and len(native) < 19 else number_of(native)
