"""What of a WordPress export counts: which items are content, what is published, which comments are by people."""

from collections.abc import Collection, Mapping
from typing import Final

ACTIONS: Final = {"post": "create", "page": "create", "attachment": "upload"}
_UNPUBLISHED: Final = {"draft": "draft", "auto-draft": "draft", "pending": "draft", "future": "scheduled",
                       "private": "private_post", "trash": "trash"}
_UNAPPROVED: Final = {"0": "unapproved_comment", "spam": "spam", "trash": "trash", "post-trashed": "trash"}
REASONS: Final = {
    "not_content": "an item that is no post, page or upload", "draft": "a draft, or a comment on one",
    "scheduled": "to be published later", "private_post": "private, or a comment on it", "trash": "in the bin",
    "spam": "marked as spam", "unapproved_comment": "a comment that nobody approved",
    "automatic_comment": "written by a program: a pingback, a trackback, a note",
    "unknown_state": "in a state that no blog publishes",
}


def reason_against_item(fields: Mapping[str, str], include: Collection[str]) -> str | None:
    """The rule by which an item is left out together with its comments; null if it counts."""
    status = fields.get("status", "")
    if fields.get("post_type") not in ACTIONS:
        return "not_content"
    if status in {"publish", "inherit"} or (status == "private" and "private" in include):
        return None
    return _UNPUBLISHED.get(status, "unknown_state")


def reason_against_comment(fields: Mapping[str, str]) -> str | None:
    """The same for a comment on an item that counts."""
    approved = fields.get("comment_approved", "1")
    if approved == "1" and fields.get("comment_type", "") in {"", "comment"}:
        return None
    return _UNAPPROVED.get(approved, "automatic_comment")
