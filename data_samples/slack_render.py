"""How one message looks in one export, field by field as in real exports.

Which messages exist is `slack`'s business.
"""

from data_samples.accounts import TEAM, Account
from data_samples.period import SECOND
from data_samples.slack_model import Export, Json, Message


def render(message: Message, export: Export) -> Json | None:
    """The message as this export shows it, if it does."""
    if not export.covers(message.at):
        return None
    replies = [r for r in message.replies if r.at < export.until and not export.knows(r.deleted_at)]
    if export.knows(message.deleted_at):
        return _tombstone(message, replies) if replies else None  # only the head of a thread leaves one
    content: Json = {"type": "message", "ts": message.ts, **_author(message), **_content(message, export)}
    if message.root:
        content |= _position(message, message.root)
    elif replies:
        content |= _thread(message, replies)
    if reactions := _reactions(message, export):
        content["reactions"] = reactions
    return content


def _tombstone(message: Message, replies: list[Message]) -> Json:
    return {
        "type": "message", "subtype": "tombstone", "ts": message.ts, "user": "USLACKBOT", "hidden": True,
        "text": "This message was deleted.", **_thread(message, replies),
    }  # fmt: skip


def _author(message: Message) -> Json:
    account = message.account
    content: Json = {"subtype": message.subtype} if message.subtype else {}
    if message.subtype == "bot_message":
        return content | {"username": account.name if account else "", "bot_id": message.bot_id}
    content["user"] = account.id if account else "USLACKBOT"
    if message.client_id and account:
        content |= {"client_msg_id": message.client_id, "team": TEAM, "user_profile": _profile(account)}
    if message.bot_id:
        app_id = "A" + message.bot_id[1:]
        content |= {"bot_id": message.bot_id, "app_id": app_id}
        content["bot_profile"] = {"id": message.bot_id, "app_id": app_id, "name": "app", "team_id": TEAM}
    return content


def _profile(account: Account) -> Json:
    first = account.name.partition(" ")[0]
    return {
        "avatar_hash": "", "image_72": "", "first_name": first, "real_name": account.name,
        "display_name": first,
        "team": TEAM, "name": account.email.partition("@")[0].lower(),
        "is_restricted": account.kind == "guest",
        "is_ultra_restricted": False,
    }  # fmt: skip


def _content(message: Message, export: Export) -> Json:
    is_edited = export.knows(message.edited_at)
    text = message.edited_text if is_edited else message.text
    content: Json = {"text": text, **message.extra}
    if message.client_id:
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        content["blocks"] = [{"type": "rich_text", "elements": [section]}]
    if is_edited and message.account:
        content["edited"] = {"user": message.account.id, "ts": f"{message.edited_at // SECOND}.000000"}
    if message.file_id and message.account:
        content |= {"files": [_file(message, message.account)], "upload": True, "display_as_bot": False}
    return content


def _position(message: Message, root: Message) -> Json:
    if message.subtype == "thread_broadcast":
        parent: Json = {
            "type": "message",
            "ts": root.ts,
            **_author(root),
            "text": root.text,
            "thread_ts": root.ts,
        }
        return {"thread_ts": root.ts, "root": parent}
    return {"thread_ts": root.ts, **({"parent_user_id": root.account.id} if root.account else {})}


def _thread(message: Message, replies: list[Message]) -> Json:
    shown: list[Json] = [{"user": r.account.id if r.account else "USLACKBOT", "ts": r.ts} for r in replies]
    users = list(dict.fromkeys(reply["user"] for reply in shown))
    return {
        "thread_ts": message.ts, "reply_count": len(shown), "reply_users_count": len(users),
        "latest_reply": max(replies, key=lambda reply: reply.at).ts, "reply_users": users, "replies": shown,
        "is_locked": False, "subscribed": False,
    }  # fmt: skip


def _reactions(message: Message, export: Export) -> list[Json]:
    shown: list[Json] = []
    for name, users in message.reactions.items():
        ids = [account_id for account_id, (_, at) in users.items() if export.knows(at)]
        if ids:
            shown.append({"name": name, "users": ids, "count": len(ids)})
    return shown


def _file(message: Message, account: Account) -> Json:
    return {
        "id": message.file_id, "created": message.at // SECOND, "timestamp": message.at // SECOND,
        "name": "notes.pdf", "title": "notes", "mimetype": "application/pdf", "filetype": "pdf",
        "pretty_type": "PDF",
        "user": account.id, "size": 4096 + message.at % 9973, "mode": "hosted", "is_external": False,
        "is_public": True,
    }  # fmt: skip
