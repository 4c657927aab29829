"""The accounts of a Slack export: users.json or org_users.json, with e-mail addresses where the plan gives them.

Names, titles and pictures are never decoded.
"""

from collections import Counter
from typing import Final

import msgspec

from connectors.jsontext import Shape
from connectors.slack_messages import SYSTEM_ACCOUNTS


class Profile(msgspec.Struct):
    """The only allowed field of a profile."""

    email: str | None = None


class User(msgspec.Struct):
    """The allowed fields of a user; a deleted one lacks most of them, which means unknown."""

    id: str
    team_id: str | None = None
    deleted: bool | None = None
    is_bot: bool | None = None
    is_restricted: bool | None = None
    is_ultra_restricted: bool | None = None
    is_stranger: bool | None = None
    profile: Profile | None = None


USER: Final = Shape(User)


def kind_of_user(user: User) -> str:
    """`is_app_user` only says that an app can act for the user, so it makes nobody a bot."""
    if user.id in SYSTEM_ACCOUNTS:
        return "system"
    if user.is_bot:
        return "bot"
    return "external" if user.is_stranger else "human"


def is_guest(user: User) -> bool | None:
    """Guest of one or several channels; `is_restricted` marks both, so that without it nobody is known to be none."""
    return True if user.is_ultra_restricted else user.is_restricted


def home_team(users: list[User]) -> str | None:
    """The workspace that most users who are not known to be guests belong to; the smaller id among equals."""
    teams = Counter(user.team_id for user in users if user.team_id and not is_guest(user))
    return min(teams, key=lambda team: (-teams[team], team)) if teams else None


def account_row(user: User, workspace: str, member: str, line: int) -> dict[str, object]:
    """A row of the `account` frame."""
    return {
        "workspace": workspace, "account": user.id, "kind": kind_of_user(user), "is_guest": is_guest(user),
        "is_deactivated": user.deleted, "is_record": True, "member": member, "line": line,
    }


def identifier_row(user: User, workspace: str) -> dict[str, object] | None:
    """A row of the `account_identifier` frame, if the user has an address."""
    email = user.profile.email if user.profile else None
    if not email or not email.strip():
        return None
    return {"workspace": workspace, "account": user.id, "kind": "email", "identifier": email}
