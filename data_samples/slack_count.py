"""Counts a Slack message by what the exports show of it.

The latest export that shows a message decides what it is.
"""

from collections.abc import Sequence

from data_samples.period import SLACK
from data_samples.slack_model import Export, Message
from data_samples.slack_render import render
from data_samples.truth import Recorder
from data_samples.usage_log import UsageLog

_BY_SUBTYPE = {"channel_join": "join", "bot_message": "bot"}


def count_message(recorder: Recorder, message: Message, exports: Sequence[Export]) -> None:
    """Add one message to the figures, unless it stands in no export."""
    shown = [(export, content) for export in exports if (content := render(message, export))]
    is_visible = bool(shown) and shown[-1][1].get("subtype") != "tombstone"
    _log_use(recorder.usage, message, is_visible=is_visible)
    if not shown:
        return
    for export, _ in shown:
        recorder.files[export.path]["messages"] += 1
    last, content = shown[-1]
    kind = "deleted" if content.get("subtype") == "tombstone" else kind_of(message)
    covering = sum(export.covers(message.at) for export in exports)
    contributes = kind in ("post", "reply")
    traits = {
        "edited": "edited" in content,
        "via_app": contributes and bool(message.bot_id),
        "in_several_exports": len(shown) > 1,
        "absent_from_a_later_export": len(shown) < covering,
    }
    recorder.record(SLACK, message.at, "messages", kind, *(name for name, has in traits.items() if has))
    if message.account and contributes:
        recorder.contribution(message.account, message.at, kind)
    _count_reactions(recorder, message, last)


def _log_use(usage: UsageLog, message: Message, *, is_visible: bool) -> None:
    """What the vendor's reports count of it: a message when it is posted, each emoji when it is added."""
    kind, account = kind_of(message), message.account
    if account and kind in ("post", "reply", "service"):
        usage.posted(account, message.at, has_file=bool(message.file_id), is_visible=is_visible)
    reactions = [(by, at) for users in message.reactions.values() for by, at in users.values()]
    for by, at in reactions:
        usage.reacted(by, at)
    if kind in ("post", "reply", "service", "bot"):
        usage.posted_in(message.channel.id, message.at, account.id if account and kind != "bot" else "")
    usage.reacted_in(message.channel.id, [at for _, at in reactions])


def kind_of(message: Message) -> str:
    """What sort of record an undeleted message is; only posts and replies contribute."""
    if "room" in message.extra:
        return "huddle"
    if message.subtype.startswith("channel_") or message.subtype == "bot_message":
        return _BY_SUBTYPE.get(message.subtype, "admin")
    if message.account and message.account.kind in ("bot", "service"):
        return message.account.kind
    return "reply" if message.root else "post"


def _count_reactions(recorder: Recorder, message: Message, last: Export) -> None:
    """One reaction per person and emoji, whatever the skin tone."""
    seen = {
        (account_id, name.partition("::")[0]): account
        for name, users in message.reactions.items()
        for account_id, (account, at) in users.items()
        if last.knows(at)
    }
    for account in seen.values():
        recorder.reaction(account, message.at)
