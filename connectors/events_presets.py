"""Mappings that come with Turnout, as data: `preset = "teams"` in `[[events]]` stands for one of these.

What they cannot show is said in docs/mappings.md, next to how to get each file.
"""

from collections.abc import Mapping
from typing import Any, Final

from models.problems import SettingsRefused

_GRAPH_POSTS: Final[Mapping[str, Any]] = {
    "format": "json",
    "items": "data",
    "columns": {"actor": "from.id", "at": "created_time", "id": "id", "edited_at": "updated_time"},
    "constants": {"action": "post", "space": "group"},
    "nested": [
        {"path": "comments.data", "constants": {"action": "comment"},
         "columns": {"actor": "from.id", "at": "created_time", "id": "id"},
         "nested": [{"path": "comments.data", "constants": {"action": "comment"},
                     "columns": {"actor": "from.id", "at": "created_time", "id": "id"}}]},
        {"path": "reactions.data", "constants": {"action": "react"}, "columns": {"actor": "id", "emoji": "type"}},
    ],
}

_MATTERMOST_REACTIONS: Final[Mapping[str, Any]] = {
    "path": "reactions", "constants": {"action": "react"},
    "columns": {"actor": "user", "at": "create_at", "emoji": "emoji_name"},
}

PRESETS: Final[Mapping[str, Mapping[str, Any]]] = {
    "sharepoint": {
        "platform": "sharepoint",
        "zone": "UTC",
        "columns": {
            "actor": "AuditData.UserId", "at": "AuditData.CreationTime", "action": "AuditData.Operation",
            "target": "AuditData.ObjectId", "space": "AuditData.SiteUrl", "id": "AuditData.Id",
        },
        "actions": {
            "FileUploaded": "upload", "FileModified": "edit", "FileModifiedExtended": "edit",
            "CommentCreated": "comment", "ListItemCreated": "create", "ListItemUpdated": "edit",
            "SharingSet": "share", "SharingInvitationCreated": "share", "CompanyLinkCreated": "share",
            "AnonymousLinkCreated": "share", "SecureLinkCreated": "share",
            "FolderCreated": "other", "FileAccessed": "other", "FileAccessedExtended": "other",
            "FileDownloaded": "other", "FilePreviewed": "other", "FileDeleted": "other", "FileRecycled": "other",
            "FileRenamed": "other", "FileMoved": "other", "FileCopied": "other", "FileCheckedIn": "other",
            "FileCheckedOut": "other", "PageViewed": "other", "PageViewedExtended": "other",
            "FileSyncDownloadedFull": "other", "FileSyncUploadedFull": "upload",
        },
        "bots": ["app@sharepoint", "SHAREPOINT\\system", "ServicePrincipal_*"],
        "rows": [{"column": "AuditData.SiteUrl", "values": ["*-my.sharepoint.com/personal/*"],
                  "rule": "personal_space"}],
    },
    "fileshare": {
        "platform": "fileshare",
        "columns": {"actor": "User", "login": "User", "at": "Time", "action": "Operation", "target": "Path",
                    "space": "Share"},
        "actions": {"Create": "create", "Write": "edit", "Read": "other", "Delete": "other", "Rename": "other"},
        "rows": [{"column": "User", "values": ["*$"]}],
    },
    "workplace": {"platform": "workplace", **_GRAPH_POSTS},
    "facebook": {"platform": "facebook", **_GRAPH_POSTS},
    "twitter": {
        "platform": "twitter",
        "format": "json",
        "members": "*data/tweets*.js",
        "time_format": "%a %b %d %H:%M:%S %z %Y",
        "columns": {"at": "tweet.created_at", "id": "tweet.id_str", "reply_to": "tweet.in_reply_to_status_id_str"},
        "constants": {"action": "post"},
        "rows": [{"column": "tweet.in_reply_to_status_id_str", "values": ["*"], "kind": "event",
                  "constants": {"action": "reply"}}],
    },
    "mattermost": {
        "platform": "mattermost",
        "format": "ndjson",
        "members": "*.jsonl",
        "time_format": "epoch_ms",
        "columns": {"actor": "post.user", "at": ["post.create_at", "direct_post.create_at"],
                    "space": "post.channel", "space_parent": "post.team", "edited_at": "post.edit_at"},
        "constants": {"action": "post"},
        "rows": [
            {"column": "type", "values": ["direct_post"], "rule": "direct_message"},
            {"column": "type", "values": ["user"], "kind": "account",
             "columns": {"account": "user.username", "login": "user.username", "email": "user.email",
                         "deleted_at": "user.delete_at"}},
            {"column": "type", "values": ["bot"], "kind": "account", "constants": {"actor_kind": "bot"},
             "columns": {"account": "bot.username", "deleted_at": "bot.delete_at"}},
            {"column": "type", "values": ["channel"], "kind": "space", "private": ["P"],
             "columns": {"space": "channel.name", "space_parent": "channel.team", "visibility": "channel.type",
                         "label": "channel.display_name"}},
            {"column": "type", "unless": ["post"]},
            {"column": "post.type", "values": ["system_*"], "kind": "event", "constants": {"action": "other"}},
        ],
        "nested": [
            {"path": "post.replies", "constants": {"action": "reply"},
             "columns": {"actor": "user", "at": "create_at", "edited_at": "edit_at"},
             "nested": [_MATTERMOST_REACTIONS]},
            {**_MATTERMOST_REACTIONS, "path": "post.reactions"},
        ],
    },
    "teams": {
        "platform": "teams",
        "format": "json",
        "items": "value",
        "columns": {
            "actor": ["from.user.id", "from.application.id"], "directory_id": "from.user.id", "at": "createdDateTime",
            "id": "id", "thread": "replyToId", "space": "channelIdentity.channelId",
            "space_parent": "channelIdentity.teamId", "edited_at": "lastEditedDateTime",
            "deleted_at": "deletedDateTime",
        },
        "constants": {"action": "post"},
        "rows": [
            {"column": "chatId", "values": ["*"], "rule": "direct_message"},
            {"column": "messageType", "unless": ["message"], "kind": "event",
             "constants": {"action": "other", "actor_kind": "system"}},
            {"column": "from.application.id", "values": ["*"], "kind": "event", "constants": {"actor_kind": "bot"}},
            {"column": "replyToId", "values": ["*"], "kind": "event", "constants": {"action": "reply"}},
        ],
        "nested": [{"path": "reactions", "constants": {"action": "react"},
                    "columns": {"actor": "user.user.id", "at": "createdDateTime", "emoji": "reactionType"}}],
    },
    "email": {
        "platform": "email",
        "kind": "trace",
        "zone": "UTC",
        "columns": {"actor": ["sender_address", "SenderAddress"], "at": ["origin_timestamp_utc", "Received"],
                    "id": ["message_id", "MessageId"]},
    },
}


def completed(entries: Any) -> Any:
    """Every `[[events]]` with its preset filled in; tables are merged key by key, whatever else is given overrules."""
    if not isinstance(entries, list):
        return entries
    return [_completed(entry, number) if isinstance(entry, dict) else entry for number, entry in enumerate(entries, 1)]


def _completed(entry: dict[str, Any], number: int) -> dict[str, Any]:
    name = entry.get("preset")
    if name is None:
        return entry
    if name not in PRESETS:
        raise SettingsRefused(f"PPL-CFG-020 turnout.toml: [[events]] number {number}, preset is not known; nothing was "
                              f"run; use one of {', '.join(sorted(PRESETS))}")
    preset = PRESETS[name]
    merged = {key: {**preset[key], **value} if isinstance(value, dict) and isinstance(preset.get(key), dict) else value
              for key, value in entry.items()}
    return {**preset, **merged}
