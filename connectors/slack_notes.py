"""What is odd in a Slack export and kept all the same: counted over the export and said in its notes.

Texts hold no value of the export.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from connectors.csvtext import Notes
from connectors.jsontext import Findings

KNOWN_KEYS: Final = frozenset((  # noqa: SIM905  # a list of these would be 120 lines
    "app_id assistant_app_thread attachments blocks bot_id bot_link bot_profile canvas_update_ai_summary_blocks "
    "canvas_update_section_ids canvas_update_user_ids channel channels client_msg_id color comment connected_team_ids "
    "context_team_id conversation_host_id created creator deleted deleted_ts display_as_bot document_comment edited "
    "enterprise_user event_ts file files has_2fa hidden icons id internal_team_ids inviter is_admin is_app_user "
    "is_archived is_bot is_channel is_email_confirmed is_ext_shared is_forgotten is_general is_group is_im is_intro "
    "is_invited_user is_locked is_member is_mpim is_non_threadable is_open is_org_shared is_owner "
    "is_pending_ext_shared is_primary_owner is_private is_read_only is_restricted is_shared is_starred is_stranger "
    "is_thread_only is_ultra_restricted is_user_deleted item item_type language last_read latest latest_reply members "
    "message metadata name name_normalized no_notifications num_members old_name old_tab_name parent_conversation "
    "parent_user_id pending_connected_team_ids pending_shared permalink pinned_info pinned_to pins previous_message "
    "previous_names priority profile properties purpose reactions real_name replies reply_count reply_users "
    "reply_users_count room root shared_team_ids source_team status subscribed subtype tab_added_user_id tab_id team "
    "team_id text thread_ts topic ts type tz tz_label tz_offset unlinked unread_count unread_count_display updated "
    "upload user user_profile user_team username welcome_party_user_id who_can_share_contact_card x_files "
).split())
"""Keys that Slack is known to write in users, conversations and messages, read or not."""

_DAY: Final = 86_400 * 1_000_000
_EARLIEST, _LATEST = -14 * 3_600 * 1_000_000, _DAY + 12 * 3_600 * 1_000_000
_EPOCH: Final = date(1970, 1, 1)


@dataclass(slots=True)
class Oddities:
    """Counts over one export."""

    notes: Notes
    _strange_keys: set[str] = field(default_factory=set)
    _days: set[date] = field(default_factory=set)
    _tones: Counter[str] = field(default_factory=Counter)
    _reactions: Counter[str] = field(default_factory=Counter)
    n_unknown_subtypes: int = 0
    n_unlisted_folders: int = 0

    def add_findings(self, shown: str, findings: Findings) -> None:
        """What reading the JSON of one member showed."""
        self._strange_keys |= findings.keys - KNOWN_KEYS
        for place in findings.repaired:
            self.notes.add(shown, "PPL-JSN-007", "has invalid Unicode; replaced in what is kept", line=place)
        self.notes.add(shown, "PPL-JSN-009", "text of more than 1 MiB; passed over, the record was kept",
                       n_records=findings.n_long)

    def add_day(self, shown: str, day: date, numbers: Iterable[int]) -> None:
        """The messages of a file, whose name is a day in whatever zone: on that day somewhere on Earth?"""
        start = (day - _EPOCH).days * _DAY
        earliest, latest = start + _EARLIEST, start + _LATEST
        n_outside = sum(not earliest <= number < latest for number in numbers)
        self.notes.add(shown, "PPL-SLK-004", f"{n_outside} messages outside the file date; each kept at its own time",
                       n_records=n_outside)

    def add_file_day(self, day: date) -> None:
        """A day that has a file."""
        self._days.add(day)

    def add_reactions(self, shown: str, *, n_reactions: int, n_tones: int) -> None:
        """How often a person gave an emoji to a message of a file, and how often again in another skin tone."""
        self._reactions[shown] += n_reactions
        self._tones[shown] += n_tones

    def conclude(
        self, *, n_unlisted: int, n_unlisted_users: int, n_direct: int, n_private: int, n_wrapped: int
    ) -> None:
        """The notes on the export as a whole."""
        add = self.notes.add
        add("", "PPL-SLK-006", f"{n_unlisted} messages by {n_unlisted_users} unknown users; kept as external",
            n_records=n_unlisted)
        add("", "PPL-SLK-007", "unknown message subtype; kept, and no contribution", n_records=self.n_unknown_subtypes)
        add("", "PPL-SLK-008", "folder without metadata has no channel entry; kept by its name",
            n_records=self.n_unlisted_folders)
        add("", "PPL-SLK-015", "file in a folder whose name is wrapped as b'...'; read under the name inside",
            n_records=n_wrapped)
        for shown, n_tones in self._tones.items():
            add(shown, "PPL-SLK-016",
                f"{n_tones} reactions are another skin tone of an emoji that the same person already gave to the same "
                f"message; each person counts once per emoji, the raw number is {self._reactions[shown] + n_tones}",
                n_records=n_tones)
        add("", "PPL-PRV-001", "direct messages present and not read", n_records=n_direct)
        add("", "PPL-PRV-001", "messages of private channels present and not read", n_records=n_private)
        add("", "PPL-JSN-008", "keys that Slack is not known to write; not read", n_records=len(self._strange_keys))
        if self._days:
            n_missing = (max(self._days) - min(self._days)).days + 1 - len(self._days)
            add("", "PPL-COV-001", f"no files for {n_missing} days between the first and the last", n_records=n_missing)
