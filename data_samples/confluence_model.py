"""Spaces, pages, comments, files and likes of Confluence: what `confluence` fills and `confluence_files` writes.

No decisions and no formats.
"""

from dataclasses import dataclass, field

from data_samples.accounts import Account


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a page; the newest has the page's own id."""

    id: int
    at: int
    account: Account
    comment: str


@dataclass(frozen=True, slots=True)
class Like:
    """Somebody likes a page or a comment."""

    id: int
    at: int
    account: Account


@dataclass(eq=False, slots=True)
class Comment:
    """A comment on a page. Without an account nobody was logged in."""

    id: int
    at: int
    account: Account | None
    text: str
    answered: "Comment | None"
    likes: list[Like] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file attached to a page."""

    id: int
    at: int
    account: Account
    title: str


@dataclass(eq=False, slots=True)
class Space:
    """A space; a personal one has an owner."""

    id: int
    key: str
    name: str
    creator: Account
    kind: str
    pages: "list[Page]" = field(default_factory=list)

    @property
    def owner(self) -> Account | None:
        """Whose personal space it is."""
        return self.creator if self.kind == "personal" else None


@dataclass(eq=False, slots=True)
class Page:
    """A page with all its versions, oldest first."""

    space: Space
    title: str
    versions: list[Version]
    comments: list[Comment] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    likes: list[Like] = field(default_factory=list)
    draft: Version | None = None
    is_folder: bool = False

    @property
    def id(self) -> int:
        """The id of the live page."""
        return self.versions[-1].id
