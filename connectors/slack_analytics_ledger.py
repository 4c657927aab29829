"""The rows of Slack's figures while they are collected: few large frames, whatever the number of files.

What a line or a table row means is not known here.
"""

from collections.abc import Iterator
from typing import Final

from connectors.collected import Collected
from connectors.contract import Frame
from connectors.settings import SourceSettings

REASONS: Final = {
    "channel_metadata": "names and topics of channels; they hold no figures",
    "no_channel_id": "a channel without its id; counted in the total of the file only",
    "private_space": "a private channel; not read",
}


class Rows(Collected):
    """Figures by account, channel or day; an account has one row for all files."""

    def __init__(self, settings: SourceSettings) -> None:
        super().__init__(None, REASONS)
        self.settings = settings
        self._accounts: dict[tuple[str, str], dict[str, object]] = {}
        self._identifiers: dict[tuple[str, str, str, str], None] = {}

    def usage(self, line: int | None, *, is_further: bool = False, **row: object) -> None:
        """Figures; of a total that the reader made, `line` is null. No record stands for it, nor for further ones."""
        is_record = line is not None and not is_further
        self.add("usage", used_platform="slack", is_record=is_record, line=line, **row)

    def account(self, line: int, workspace: str, account: str, *, is_guest: bool | None,
                is_deactivated: bool | None = None, **identifiers: str | None) -> None:
        """Whom figures are about; the last row says what the account is."""
        self._accounts[workspace, account] = {
            "workspace": workspace, "account": account, "kind": "human", "is_guest": is_guest,
            "is_deactivated": is_deactivated, "is_record": False, "member": self.member.name, "line": line}
        for kind, identifier in identifiers.items():
            if identifier and identifier.strip():
                self._identifiers[workspace, account, kind, identifier.strip()] = None

    def finish(self) -> int:
        """The file is read to its end; one without a row is noted."""
        n_read = super().finish()
        self.note("PPL-CSV-007", "no rows", n_records=n_read == 0)
        return n_read

    def closing(self) -> Iterator[Frame]:
        """All that is left."""
        for row in self._accounts.values():
            self.add("account", **row)
        for workspace, account, kind, identifier in self._identifiers:
            self.add("account_identifier", workspace=workspace, account=account, kind=kind, identifier=identifier)
        yield from self.rest("")
