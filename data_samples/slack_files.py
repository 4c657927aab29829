"""The standard export zips of Slack: their ranges, day files and root lists.

How one message looks is `slack_render`'s business.
"""

from datetime import date, timedelta
from pathlib import Path

from data_samples.accounts import TEAM, Account
from data_samples.archive import Archive
from data_samples.company import ZONES
from data_samples.period import DAY, SECOND, Period, day_of, micros
from data_samples.slack_model import Channel, Export, Json, Message
from data_samples.slack_render import render


def open_exports(out: Path, period: Period) -> list[Export]:
    """Three exports that overlap: to the end of March, mid-February to mid-July, July to the end."""
    exports = []
    for first, after in ((0, 182), (137, 288), (273, 365)):
        since, until = period.share(first), period.share(after)
        name = f"slack/Acme Slack export {_spoken(since)} - {_spoken(until - timedelta(1))}.zip"
        exports.append(Export(name, micros(since), micros(until), Archive(out / name, until)))
    return exports


def write_day(exports: list[Export], channel: Channel, day: date, messages: list[Message]) -> None:
    """One day file in every export that shows a message of it."""
    for export in exports:
        content = [shown for message in messages if (shown := render(message, export))]
        if content:
            export.archive.add_json(f"{channel.named(export.until)}/{day.isoformat()}.json", content)


def write_lists(
    export: Export, number: int, channels: list[Channel], accounts: list[Account], *, admin: Account
) -> dict[str, int]:
    """The lists at the root of a zip and the canvases in two channels; how many records each holds."""
    users = [_user(a, export) for a in accounts if not a.since or micros(a.since) < export.until]
    listed = [_channel(channel, export) for channel in channels if channel.unlisted_in != number]
    canvases = [_canvas(channel, index, export) for index, channel in enumerate(channels[:2])]
    logs = [_log(admin, export)]
    root: dict[str, object] = {
        "channels.json": listed, "users.json": users, "integration_logs.json": logs,
        "canvases.json": canvases,
        "file_conversations.json": [], "huddle_transcripts.json": [""], "lists.json": [""],
    }  # fmt: skip
    for name, content in root.items():
        export.archive.add_json(name, content)
    for channel, canvas in zip(channels[:2], canvases, strict=True):
        export.archive.add_json(f"{channel.named(export.until)}/canvas_in_the_conversation.json", [canvas])
    export.archive.close()
    return {
        "users": len(users), "channels": len(listed), "canvas_stubs": len(canvases),
        "canvases": len(canvases),
        "integration_logs": len(logs),
    }  # fmt: skip


def _spoken(day: date) -> str:
    return f"{day:%b} {day.day} {day.year}"


def _channel(channel: Channel, export: Export) -> Json:
    archived = export.knows(channel.archived_at)
    members = [] if archived else [user for user, at in channel.members.items() if export.knows(at)]
    note = {"value": "", "creator": "", "last_set": 0}
    return {
        "id": channel.id, "name": channel.named(export.until), "created": 1700000000,
        "creator": channel.creator.id,
        "is_archived": archived, "is_general": channel.name == "general", "members": members, "topic": note,
        "purpose": note,
    }  # fmt: skip


def _user(account: Account, export: Export) -> Json:
    is_deleted = account.until is not None and account.until < day_of(export.until // DAY)
    is_bot, first = account.kind == "bot", account.name.partition(" ")[0]
    profile: Json = {
        "title": "", "phone": "", "real_name": account.name, "real_name_normalized": account.name,
        "display_name": first, "display_name_normalized": first, "fields": {}, "status_text": "",
        "status_emoji": "",
        "avatar_hash": "", "email": account.email, "first_name": first,
        "last_name": account.name.partition(" ")[2],
        "team": TEAM,
    }  # fmt: skip
    if is_bot:
        profile |= {"bot_id": f"B0{account.name.upper()[:9]}", "api_app_id": f"A0{account.name.upper()[:9]}"}
    content: Json = {
        "id": account.id, "team_id": TEAM, "name": account.email.partition("@")[0].lower(),
        "deleted": is_deleted,
    }  # fmt: skip
    if not is_deleted:  # real exports drop these fields of deleted users
        zone = ZONES[account.owner.location] if account.owner else "Europe/Berlin"
        content |= {
            "color": "4bbe2e", "real_name": account.name, "tz": zone, "tz_label": zone, "tz_offset": 3600,
            "is_admin": False, "is_owner": False, "is_primary_owner": False,
            "is_restricted": account.kind == "guest",
            "is_ultra_restricted": False,
        }  # fmt: skip
    return content | {"profile": profile, "is_bot": is_bot, "is_app_user": False, "updated": 1759276800}


def _canvas(channel: Channel, index: int, export: Export) -> Json:
    return {
        "id": f"F0CANVAS00{index}", "created": export.since // SECOND, "name": "Untitled",
        "title": "Channel notes",
        "mimetype": "application/vnd.slack-docs", "filetype": "quip", "pretty_type": "Canvas",
        "user": channel.creator.id, "editable": True, "size": 61, "mode": "quip", "is_public": True,
        "is_tombstoned": False, "shares": [{"team": TEAM, "channel": channel.id}],
        "permalink": f"https://acme.slack.example/docs/{TEAM}/{index}",
        "export_timestamp": export.until // SECOND,
    }  # fmt: skip


def _log(admin: Account, export: Export) -> Json:
    return {
        "user_id": admin.id, "user_name": admin.email.partition("@")[0].lower(),
        "date": export.since // SECOND + 600,
        "change_type": "added", "app_type": "Deploy Bot", "app_id": "A0DEPLOYBOT", "scope": "chat:write",
    }  # fmt: skip
