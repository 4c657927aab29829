"""What an agreement says, in words: for `turnout policy`, and as the row of `rel_agreement` that the pages print."""

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path

import msgspec
import polars as pl

from connectors.inventory import find_exports
from models.agreement import Difference, differences
from models.schemas import TABLES
from models.schemas.stored import BY_ITSELF, RECOMMENDED
from pipelines.agreement import (
    NOT_AGREED,
    Agreement,
    Recorded,
    agreed_terms,
    chosen_terms,
    load_agreement,
    standing_fault,
)
from pipelines.config import POLICY_NAME, Settings, load_settings


def agreement_row(recorded: Recorded | None, settings: Settings, *, today: date) -> pl.DataFrame:
    """The only row of `rel_agreement`: what this run keeps to, and what was agreed. No name of a person is in it."""
    chosen = chosen_terms(settings, agreement=recorded.agreement if recorded else None, today=today)
    row: dict[str, object] = {
        "min_group": chosen.min_group,
        "visibilities": _listed(chosen.visibilities),
        "analyst_file": chosen.analyst_file,
        **{f"kept_{kind}": settings.retention.periods.get(kind) for kind in BY_ITSELF},
    }
    if recorded:
        agreement = recorded.agreement
        row |= {
            "version": line(agreement.version),
            "content_hash": recorded.content_hash,
            "approved_on": agreement.approval.approved_on if agreement.approval else None,
            "valid_until": agreement.valid_until,
            "parties": _lines(agreement.parties),
            "purpose": line(agreement.purpose),
            "contact": line(agreement.contact),
            "sources": _lines(agreement.sources),
            "roles": "\n".join(f"{line(role)}\t{line(what)}" for role, what in agreement.roles.items()),
            "agreed_min_group": agreement.min_group,
            **msgspec.structs.asdict(agreement.retention),
        }
    columns = TABLES["rel_agreement"].to_schema().columns
    return pl.DataFrame([row], schema={name: column.dtype.type for name, column in columns.items()})


def described(exports: Path, *, today: date) -> tuple[list[str], bool]:
    """The lines of `turnout policy`, and whether a run of this drop folder would be admitted on the day `today`."""
    recorded, settings = load_agreement(exports), load_settings(exports)
    if recorded is None and settings.release.named:
        return [NOT_AGREED], False
    if recorded is None:
        return [f"No agreement is recorded: there is no {POLICY_NAME}. A run works, and every page says so."], True
    fault = standing_fault(recorded, today=today)
    present = _present(exports, settings)
    chosen = chosen_terms(settings, present, agreement=recorded.agreement, today=today)
    found = differences(agreed_terms(recorded.agreement, today=today), chosen)
    lines = [*_content(recorded.agreement), "", *_approval(recorded, fault), "", *_compared(found)]
    return lines, fault is None and not any(one.direction == "looser" for one in found)


def _content(agreement: Agreement) -> Iterator[str]:
    yield f"Agreement {line(agreement.version)}, valid until {agreement.valid_until}"
    yield f"Between: {'; '.join(map(line, agreement.parties))}"
    yield f"Purpose: {line(agreement.purpose)}"
    yield f"Sources: {', '.join(agreement.sources)}; {', '.join(agreement.include)} spaces"
    yield f"Smallest group: {agreement.min_group} people"
    may_be_full = agreement.analyst_file == "full"
    yield f"The analyst's file holds {'rows about single people, if a run says so' if may_be_full else 'groups only'}"
    yield f"Champions may be named: {'if they ask for it' if agreement.champions else 'no'}"
    for role, what in agreement.roles.items():
        yield f"{line(role)} see: {line(what)}"
    periods = agreement.retention.periods
    for kind, n in periods.items():
        about, _, unit = RECOMMENDED[kind]
        yield f"Kept for {n} {unit} at most: {about}"
    if BY_ITSELF.intersection(periods):
        yield "A run keeps to these periods by [retention] in turnout.toml; exports are deleted by hand"
    if periods.keys() - BY_ITSELF:
        yield "Who left is deleted by hand, see docs/privacy.md"
    for one in agreement.named:
        why = f"{line(one.basis)}, approved by {line(one.approved_by)}"
        yield f"Named: {line(one.shown)}, {line(one.role)}, until {one.valid_until}: {why}"
    yield f"Contact: {line(agreement.contact)}"


def _approval(recorded: Recorded, fault: str | None) -> Iterator[str]:
    approval = recorded.agreement.approval
    yield f"Hash of this content: {recorded.content_hash}"
    if approval and approval.approved == recorded.content_hash:
        yield f"Approved by {line(approval.approved_by)} on {approval.approved_on}: the hash is this one"
    else:
        yield "The hash of the approval is another one" if approval else "It is not approved"
        yield "Once everybody has approved this content, write into the file:"
        yield '[approval]\napproved_by = "..."\napproved_on = YYYY-MM-DD'
        yield f'approved = "{recorded.content_hash}"'
    if fault:
        yield fault


def _compared(found: Collection[Difference]) -> Iterator[str]:
    if not found:
        yield "The settings of this drop folder are those of the agreement."
    for one in found:
        yield f"{one.direction}: {one}"
    if any(one.direction == "looser" for one in found):
        yield "A run of this drop folder is refused until its settings are as strict as the agreement."


def _present(exports: Path, settings: Settings) -> set[str]:
    """The platforms whose exports lie in the drop folder, and the roster."""
    found = find_exports(exports, settings.for_source, ignore=settings.not_exports)
    recognised = [one for one in found if one.connector and one.status == "recognised"]
    return {one.connector.platform_for(settings.for_source(one.file)) for one in recognised if one.connector}


def line(text: str) -> str:
    """A text on one line, so that lines and tabs can separate entries, and a terminal shows nothing but text."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _lines(texts: Collection[str]) -> str:
    return "\n".join(map(line, texts))


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))
