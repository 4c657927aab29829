"""`turnout object`: leaves a person out of every figure that is computed from now on, until they take it back."""

from datetime import datetime
from pathlib import Path

from models.problems import SettingsRefused
from pipelines.erasure.request import left_out, mapped_accounts, noted, opened, remove_warehouse
from pipelines.erasure.subject import keys_of, requests_of
from pipelines.erasure.sweep import keep_out, read_again


def object_to(out: Path, text: str, *, exports: Path | None, now: datetime) -> list[str]:
    """Enters the objection, rewrites the lake and removes the warehouse; the next run makes it and the release anew.

    Raises `SettingsRefused` if there is no such person, or the folder or its key is not the right one.
    """
    output = opened(out)
    mapped = mapped_accounts(output, exports)
    with output.warehouse.held():  # no run may read or write meanwhile
        request = left_out(output, text, mapped, kind="object", today=now.date())
        changed = keep_out(output.lake)
    remove_warehouse(output)
    noted(output, "object", "entered", request.known_as, now)
    if not request.subject.pseudonyms:
        return ["The person is left out already."]
    return [
        "The person is left out of every figure from the next run on, of numerators and denominators; "
        f"{len(changed)} exports in the lake held them.",
        "Published figures of closed periods stay. Releases with an approved full analyst's file still hold rows about "
        "the person: delete these in releases/, or use `turnout forget`.",
    ]


def withdraw(out: Path, text: str, *, now: datetime) -> list[str]:
    """Takes the objection back; raises `SettingsRefused` (PPL-ERA-006) if none stands, or it became an erasure."""
    output = opened(out)
    with output.warehouse.held():
        ledger = output.lake.ledger()
        known_as = [one for one in keys_of(output.lake, text) if ledger.number_of(one) is not None]
        numbers = {one for one in requests_of(ledger, known_as) if ledger.kind_of(one) == "object"}
        if not numbers:
            raise SettingsRefused(
                "PPL-ERA-006 PERSON: no objection stands that could be taken back; nothing was done; write the roster "
                "id or address as when objecting; an erasure is for good"
            )
        ledger.withdraw(numbers)
        again = read_again(output.lake)
    remove_warehouse(output)
    noted(output, "object", "withdrawn", known_as, now)
    return [
        "The objection is taken back.",
        f"{len(again)} exports are read again by the next run, if they are in the drop folder; of the others the "
        "person's records stay out.",
    ]
