"""What the rows of the data pipeline's tables amount to; columns are found by their names only."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from connectors.collected import Collected
from connectors.confluence_entities import Entity
from connectors.confluence_events import SCOPE
from connectors.confluence_items import local_time
from connectors.confluence_items import number as number_in
from connectors.confluence_people import People
from connectors.confluence_site import REASONS as STATES
from connectors.confluence_spaces import PERSONAL_RULE, is_personal, personal_message, space_row
from connectors.confluence_zone import Clock
from connectors.contract import number_of
from connectors.csvtext import Notes, RowFault, non_null
from connectors.instants import utc_time
from connectors.settings import SourceSettings
from models.schemas.base import PEOPLE_KINDS

REASONS: Final = {rule: STATES[rule] for rule in ("personal_space", "draft", "deleted", "archived", "not_current",
                                                  "no_page")} | {"analytics_event": "an event of analytics; not read"}
_REQUIRED: Final = {
    "users": ("user_id", "user_name"), "spaces": ("space_key", "space_type"),
    "pages": ("page_id", "space_key", "creator_id", "created_date"),
    "comments": ("comment_id", "creator_id", "created_date"),
}
_OPTIONAL: Final = {
    "users": ("user_email",), "spaces": ("space_name", "created_date"),
    "pages": ("page_status", "page_version", "last_modifier_id", "updated_date"),
    "comments": ("page_id", "container_id", "content_id", "space_key"),  # where it stands; the first that is filled
}
_UNREAD: Final = frozenset({
    "instance_url", "user_fullname", "space_url", "homepage_url", "space_status", "creator_id", "last_modifier_id",
    "updated_date", "page_url", "page_type", "page_title", "page_content", "page_parent_id", "labels",
    "last_update_description",
})
_STATUS: Final = {"trashed": "deleted"}


class _Page(NamedTuple):
    """What comments need of their page."""

    space: str
    rule: str | None
    creator: str | None


class Tables:
    """The tables of one job, in the order users, spaces, pages, comments."""

    def __init__(self, workspace: str, settings: SourceSettings) -> None:
        self.workspace = workspace
        self.days: set[date] = set()
        self._may_read_private = "private" in settings.include
        self._people = People(settings.home_domains)
        self._clock = Clock(ZoneInfo(settings.zone) if settings.zone else UTC)
        self._has_zone = settings.zone is not None
        self._personal: set[str] = set()
        self._pages: dict[int, _Page] = {}
        self._n_noted = 0  # personal spaces of which a note has told
        self._n_zoneless = 0
        self._n_doubled = 0
        self._n_unknown_edits = 0

    def columns(self, table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns that a table must and may have."""
        return _REQUIRED[table], _OPTIONAL[table]

    def known(self, table: str) -> set[str]:
        """All columns that a table is known to have."""
        return {*_REQUIRED[table], *_OPTIONAL[table], *_UNREAD}

    def add(self, table: str, row: Mapping[str, str], line: int, rows: Collected) -> None:
        """Take one row in; a `RowFault` if it cannot be read."""
        {"users": self._add_user, "spaces": self._add_space, "pages": self._add_page,
         "comments": self._add_comment}[table](row, line, rows)

    def close(self, table: str, rows: Collected, notes: Notes, member: str) -> None:
        """What can be said only when all of a table is read."""
        if table == "users":
            accounts, identifiers = self._people.rows(self.workspace, member)
            for account in accounts:
                rows.add("account", **account)
            for identifier in identifiers:
                rows.add("account_identifier", **identifier)
        if table == "pages":
            n_open = sum(page.rule is None for page in self._pages.values())
            notes.add(member, "PPL-PRV-003", "restricted pages cannot be told from others in such files; all are read",
                      n_records=n_open)
            notes.add(member, "PPL-WIK-002", "only latest revisions: edits do not count", n_records=bool(n_open))
        notes.add(member, PERSONAL_RULE, personal_message(is_read=self._may_read_private),
                  n_records=len(self._personal) - self._n_noted)
        notes.add(member, "PPL-WIK-009", "latest changes without a known time; not counted",
                  n_records=self._n_unknown_edits)
        notes.add(member, "PPL-TIM-008", "times have no zone; they are read as UTC: set zone for this export in "
                                         "turnout.toml", n_records=0 if self._has_zone else self._n_zoneless)
        notes.add(member, "PPL-TIM-006", "times that occurred twice as clocks went back; the first is taken",
                  n_records=self._clock.n_doubled - self._n_doubled)
        self._n_zoneless = self._n_unknown_edits = 0
        self._n_doubled = self._clock.n_doubled
        self._n_noted = len(self._personal)

    def _add_user(self, row: Mapping[str, str], line: int, _rows: Collected) -> None:
        texts = {"name": row["user_name"], "email": non_null(row.get("user_email", "")) or ""}
        key = non_null(row["user_id"])
        if key is None:
            raise RowFault("PPL-WIK-003", "user_id is missing")
        self._people.add(Entity("ConfluenceUserImpl", line, key, texts))

    def _add_space(self, row: Mapping[str, str], line: int, rows: Collected) -> None:
        key = non_null(row["space_key"])
        if key is None:
            raise RowFault("PPL-WIK-003", "space_key is missing")
        personal = is_personal(key, row["space_type"])
        if personal:
            self._personal.add(key)
        if personal and not self._may_read_private:
            rows.exclude("personal_space")
            return
        created = non_null(row.get("created_date", ""))
        rows.add("space", created_at=self._time(created, "created_date") if created else None, is_record=True,
                 line=line, **space_row(self.workspace, key, row.get("space_name", ""), personal=personal))

    def _add_page(self, row: Mapping[str, str], line: int, rows: Collected) -> None:
        number, space = _number(row, "page_id"), row["space_key"]
        creator = non_null(row["creator_id"])
        status = row.get("page_status", "").casefold() or "current"
        page = self._pages[number] = self._page(space, _STATUS.get(status, status), creator)
        if page.rule is not None:
            rows.exclude(page.rule)
            return
        at = self._time(row["created_date"], "created_date")
        self._event(rows, line, space, at, creator, event_scope=SCOPE, event_number=number, thread_number=number,
                    action="create")
        self._add_latest_change(row, line, rows, number)

    def _add_latest_change(self, row: Mapping[str, str], line: int, rows: Collected, page: int) -> None:
        """The latest of all edits; as the others are not known, it is no contribution."""
        version = number_in(row.get("page_version", "")) or 1
        if version == 1:
            return
        try:
            at = self._time(row.get("updated_date", ""), "updated_date")
        except RowFault:
            self._n_unknown_edits += 1
            return
        self._event(rows, line, row["space_key"], at, non_null(row.get("last_modifier_id", "")), action="edit",
                    event_scope="revision", event_number=number_of(f"{page}:{version}"), thread_number=page,
                    is_record=False, is_contribution=False)

    def _add_comment(self, row: Mapping[str, str], line: int, rows: Collected) -> None:
        number = _number(row, "comment_id")
        container = next((row[name] for name in ("page_id", "container_id", "content_id") if row.get(name)), "")
        page_number = number_in(container)
        page = self._pages.get(page_number) if page_number is not None else None
        if page is None and row.get("space_key"):
            page = self._page(row["space_key"], "current", None)
        rule = "no_page" if page is None else page.rule
        if page is None or rule is not None:
            rows.exclude(rule or "no_page")
            return
        at = self._time(row["created_date"], "created_date")
        self._event(rows, line, page.space, at, non_null(row["creator_id"]), action="comment", event_scope=SCOPE,
                    event_number=number, thread_number=page_number,
                    target_account=self._people.actor(page.creator).account)

    def _event(self, rows: Collected, line: int, space: str, at: datetime, user: str | None, **columns: object) -> None:
        actor = self._people.actor(user)
        rows.add("event", **{
            "space": space, "occurred_at": at, "account": actor.account, "actor_kind": actor.kind, "line": line,
            "is_contribution": actor.kind in PEOPLE_KINDS, "thread_scope": SCOPE} | columns)

    def _page(self, space: str, status: str, creator: str | None) -> _Page:
        """The page with the rule by which it is not read."""
        if is_personal(space):
            self._personal.add(space)
        rule = None if status == "current" else status if status in REASONS else "not_current"
        if space in self._personal and not self._may_read_private:
            rule = "personal_space"
        return _Page(space, rule, creator)

    def _time(self, text: str, column: str) -> datetime:
        stated = utc_time(text)
        if stated is not None:
            return stated
        local = local_time(text.replace("T", " "))
        self._n_zoneless += local is not None
        return self._clock.utc(local, column)


def _number(row: Mapping[str, str], column: str) -> int:
    number = number_in(row[column])
    if number is None:
        raise RowFault("PPL-WIK-003", f"{column} is missing or no number")
    return number
