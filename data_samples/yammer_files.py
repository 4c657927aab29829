"""The network export of Yammer: one zip per month, as verified readers of real exports describe it.

`Messages.csv` has 24 columns; from April on a 25th, `delegate_id`. `MessageVersions.csv` is reconstructed.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from data_samples.accounts import Account
from data_samples.archive import Archive, quoted_csv
from data_samples.period import SECOND, YAMMER, Period, iso, micros, next_month

_MESSAGE = (
    "id replied_to_id thread_id conversation_id group_id group_name participants in_private_group "
    "in_private_conversation sender_id sender_type sender_name sender_email body api_url attachments "
    "deleted_by_id deleted_by_type created_at "
    "deleted_at title html_body message_type gdpr_delete_url"
)
_USER = (
    "id name email job_title location department api_url deleted_by_id deleted_by_type joined_at deleted_at "
    "suspended_by_id suspended_by_type suspended_at guid state office_user_id"
)
_GROUP = "id name description private external deleted created_at updated_at"
_VERSION = "id message_id thread_id modified_by_id modified_at body html_body"
MESSAGE_COLUMNS, USER_COLUMNS, GROUP_COLUMNS = _MESSAGE.split(), _USER.split(), _GROUP.split()
VERSION_COLUMNS = _VERSION.split()
NETWORK_COLUMNS = ("id", "url", "name", "created_at", "moderated", "usage_policy", "user_count")
_HOST = "https://www.yammer.com"
_ADMIN = "36425000002"


@dataclass(frozen=True, slots=True)
class Group:
    """A community; an empty id is All Company."""

    id: str
    name: str
    unit: str
    is_private: bool = False


@dataclass(eq=False, slots=True)
class Row:
    """One message with everything that will ever happen to it."""

    id: str
    at: int
    account: Account
    group: Group
    root: "Row | None"
    body: str
    title: str = ""
    message_type: str = "update"
    delegate: Account | None = None
    participants: list[str] = field(default_factory=list)
    edited_at: int = 0
    edited_body: str = ""
    deleted_at: int = 0
    deleted_by: str = ""


@dataclass(frozen=True)
class Month:
    """One export zip: from `since` to before `until`."""

    since: date
    until: date
    has_delegates: bool

    @property
    def path(self) -> str:
        """Where the zip lies in the drop folder."""
        return f"yammer/export-{self.since.isoformat()}T00-00-00Z.zip"

    def covers(self, at: int) -> bool:
        """Whether an instant lies in the range of the export."""
        return micros(self.since) <= at < micros(self.until)


def months_of(period: Period) -> list[Month]:
    """The ranges of all exports, without gaps."""
    after = period.ends_on(YAMMER) + timedelta(1)
    months, since = [], period.start
    while since < after:
        until = min(next_month(since), after)
        months.append(Month(since, until, since >= period.reorganised_on))
        since = until
    return months


def write_month(
    out: Path, month: Month, rows: list[Row], accounts: list[Account], groups: list[Group], *, is_first: bool
) -> dict[str, int]:
    """Write one zip; how many records each file holds."""
    archive = Archive(out / month.path, month.until)
    columns = [*MESSAGE_COLUMNS, "delegate_id"] if month.has_delegates else MESSAGE_COLUMNS
    messages = [_message(row, month)[: len(columns)] for row in rows]
    users = [_user(a, month) for a in accounts if _is_listed(a, month, is_first=is_first)]
    shown = [_group(group, month) for group in groups] if is_first else []
    versions = [_version(row) for row in rows if month.covers(row.edited_at)]
    archive.add("Messages.csv", quoted_csv(columns, messages))
    archive.add("MessageVersions.csv", quoted_csv(VERSION_COLUMNS, versions))
    archive.add("Users.csv", quoted_csv(USER_COLUMNS, users))
    archive.add("Groups.csv", quoted_csv(GROUP_COLUMNS, shown))
    network = (
        "1489760",
        f"{_HOST}/acme.example",
        "Acme",
        "2019-03-01T00:00:00Z",
        "false",
        "",
        str(len(accounts)),
    )
    admin = ("It Admin", "it.admin@acme.example", "verified")
    archive.add("Networks.csv", quoted_csv(NETWORK_COLUMNS, [network]))
    archive.add("Admins.csv", quoted_csv(("name", "email", "admin_type"), [admin]))
    counts = {"MESSAGES": len(messages), "OUTBOUND MESSAGES": 0, "USERS": len(users), "GROUPS": len(shown)}
    counts |= {"TOPICS": 0, "FILES": 0, "PAGES": 0}
    archive.add("log.txt", "".join(f"Number of exported {name}: {count}\n" for name, count in counts.items()))
    since, until = (f"{day.isoformat()}T00:00:00+00:00" for day in (month.since, month.until))
    archive.add("request.txt", f"since: {since}\nuntil: {until}\nmodel: Message,User,Group\ninclude: csv\n")
    archive.close()
    return {"messages": len(messages), "versions": len(versions), "users": len(users), "groups": len(shown)}


def _message(row: Row, month: Month) -> list[str]:
    end = micros(month.until)
    is_edited, is_deleted = 0 < row.edited_at < end, 0 < row.deleted_at < end
    body = row.edited_body if is_edited else row.body
    starter = row.root or row
    return [
        row.id, row.root.id if row.root else "", starter.id,
        str(int(row.id) % 10**10) if row.participants else "", row.group.id, row.group.name,
        ",".join(f"user:{user}" for user in row.participants),
        str(row.group.is_private).lower(), str(bool(row.participants)).lower(),
        row.account.id, "bot" if row.account.kind == "bot" else "user", row.account.name, row.account.email,
        body,
        f"{_HOST}/api/v1/messages/{row.id}", "", row.deleted_by if is_deleted else "",
        "user" if is_deleted else "",
        iso(row.at), iso(row.deleted_at) if is_deleted else "", row.title,
        f"<p>{body}</p>" if row.title else "", row.message_type,
        f"{_HOST}/messages/{starter.id}/hard_delete_confirmation", row.delegate.id if row.delegate else "",
    ]  # fmt: skip


def _version(row: Row) -> list[str]:
    return [
        str(int(row.id) + 1),
        row.id,
        (row.root or row).id,
        row.account.id,
        iso(row.edited_at),
        row.body,
        "",
    ]


def _left(account: Account) -> int:
    return micros(account.until + timedelta(1)) + 5 * SECOND if account.until else 0


def _is_listed(account: Account, month: Month, *, is_first: bool) -> bool:
    joins = month.covers(micros(account.since)) if account.since else is_first
    return joins or month.covers(_left(account))


def _user(account: Account, month: Month) -> list[str]:
    joined = iso(micros(account.since)) if account.since else "2025-10-01T00:00:00Z"
    is_deleted = 0 < _left(account) < micros(month.until)
    owner = account.owner
    return [
        account.id, account.name, account.email, "", owner.location if owner else "",
        owner.on(month.since).department if owner else "", f"{_HOST}/api/v1/users/{account.id}",
        _ADMIN if is_deleted else "", "user" if is_deleted else "", joined,
        iso(_left(account)) if is_deleted else "",
        "", "", "", "", "soft_delete" if is_deleted else "active", owner.object_id if owner else "",
    ]  # fmt: skip


def _group(group: Group, month: Month) -> list[str]:
    created = iso(micros(month.since))
    return [group.id, group.name, "", str(group.is_private).lower(), "false", "false", created, created]
