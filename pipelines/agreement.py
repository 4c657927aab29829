"""`policy.toml` beside the exports: the agreement under which a run may publish, read and held against its settings.

A run may be stricter than the agreement, never looser. What its parties see of it is in agreement_words.
"""

import json
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec
import polars as pl

from models.agreement import Terms, content_hash, looser
from models.problems import SettingsRefused
from models.schemas.stored import BY_ITSELF
from pipelines.config import FILE_NAME, HARD_FLOOR, POLICY_NAME, Retention, Settings, folder_of

_STANDS: Final = "nothing was published, the last release stands"
NOT_AGREED: Final = (
    f"PPL-CFG-004 {FILE_NAME}: release.named needs an agreement that says who may be named, and there is no "
    f"{POLICY_NAME}; nothing was run; agree on it, or remove the key"
)


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[approval]`: who approved which content, and when; `approved` is the hash that `turnout policy` prints."""

    approved_by: str
    approved_on: date
    approved: str


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[named]]`: an executive who may be shown by name, and on which basis. `person` is an id of the roster."""

    person: str
    shown: str
    role: str
    basis: str
    approved_by: str
    valid_until: date


class Agreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of policy.toml. What may be left out is, where it is left out, as strict as it can be."""

    version: str
    purpose: str
    parties: tuple[str, ...]
    contact: str
    sources: tuple[str, ...]
    min_group: int
    roles: dict[str, str]
    valid_until: date
    include: tuple[Literal["public", "private", "direct"], ...] = ("public",)
    analyst_file: Literal["released", "full"] = "released"
    champions: bool = False
    retention: Retention = Retention()
    named: tuple[Named, ...] = ()
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An agreement as it is recorded, and the hash of its content."""

    agreement: Agreement
    content_hash: str


class NotInForce(Exception):
    """The agreement does not hold, so that nothing may be published: `CODE file: what; what was done; what to do`."""


def load_agreement(exports: Path) -> Recorded | None:
    """The agreement of a drop folder, None if none is recorded; raises `SettingsRefused` if it cannot be read."""
    path = folder_of(exports) / POLICY_NAME
    if not path.is_file():
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        agreement = msgspec.convert(content, Agreement, strict=True)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise SettingsRefused(
            f"PPL-AGR-002 {POLICY_NAME}: {error}; nothing was run; correct the file, see the README for all keys"
        ) from error
    _check(agreement)
    return Recorded(agreement, content_hash(content))


def agreed_terms(agreement: Agreement, *, today: date) -> Terms:
    """What the agreement allows; who was named until a day that is over is no longer.

    Periods that nothing but a hand can keep to are not asked of a run.
    """
    return Terms(
        min_group=agreement.min_group,
        visibilities=frozenset(agreement.include),
        platforms=frozenset(agreement.sources),
        analyst_file=agreement.analyst_file,
        champions=agreement.champions,
        named=frozenset(one.person for one in agreement.named if one.valid_until >= today),
        retention={kind: n for kind, n in agreement.retention.periods.items() if kind in BY_ITSELF},
    )


def chosen_terms(
    settings: Settings, platforms: Collection[str] = (), *, agreement: Agreement | None = None, today: date
) -> Terms:
    """What a run is about to do; without `platforms` whatever the drop folder holds, which is judged once it is known.

    Whom turnout.toml names and the agreement does not is among the named; whose naming is over is not. Where it says
    nothing of champions, they are named if the agreement allows it.
    """
    champions = settings.release.champions
    listed = settings.release.named
    entries = agreement.named if agreement else ()
    wanted = {one.person for one in entries} if listed is True else set(listed or ())
    over = {one.person for one in entries if one.valid_until < today}
    return Terms(
        min_group=settings.release.min_group,
        visibilities=frozenset({"public"}.union(*(source.include for source in settings.source.values()))),
        platforms=frozenset(platforms) or None,
        analyst_file=settings.analyst.file,
        champions=bool(agreement and agreement.champions) if champions is None else champions,
        named=frozenset(wanted - over),
        retention=settings.retention.periods,
    )


def may_be_named(recorded: Recorded | None, settings: Settings, *, today: date) -> list[tuple[int, Named]]:
    """Whom turnout.toml and the agreement name, while the basis holds, each with the number of the entry."""
    if recorded is None:
        return []
    chosen = chosen_terms(settings, agreement=recorded.agreement, today=today).named
    return [(number, one) for number, one in enumerate(recorded.agreement.named, 1) if one.person in chosen]


def naming_over(recorded: Recorded | None, settings: Settings, *, today: date) -> list[str]:
    """A line for each entry that turnout.toml asks for and whose basis is over."""
    listed = settings.release.named
    return [
        f"PPL-NAM-003 {POLICY_NAME}: [[named]] {number} was valid until {one.valid_until}; the executive is no longer "
        "shown by name; agree on a later valid_until and have it approved, or list the others in release.named"
        for number, one in enumerate(recorded.agreement.named if recorded else (), 1)
        if one.valid_until < today and (listed is True or (listed and one.person in listed))
    ]


def admit(
    exports: Path, out: Path, settings: Settings, *, platforms: Collection[str] = (), today: date
) -> Recorded | None:
    """The agreement under which this run goes on; None if none was ever recorded for this output folder.

    Raises `SettingsRefused` if a setting is looser than agreed, and `NotInForce` if the agreement does not hold on
    the day `today` (UTC), or is gone.
    """
    recorded = load_agreement(exports)
    if recorded is None:
        if _published_under(out):
            raise NotInForce(
                f"PPL-AGR-009 {POLICY_NAME}: the last release was made under an agreement, and now there is none; "
                f"{_STANDS}; put the file back, or start with an empty output folder"
            )
        if settings.release.named:
            raise SettingsRefused(NOT_AGREED)
        return None
    fault = standing_fault(recorded, today=today)
    if fault:
        raise NotInForce(fault)
    agreed = recorded.agreement
    chosen = chosen_terms(settings, platforms, agreement=agreed, today=today)
    found = looser(agreed_terms(agreed, today=today), chosen)
    if found:
        raise SettingsRefused(
            f"PPL-AGR-001 {POLICY_NAME}: the run is looser than agreed: {'; '.join(map(str, found))}; nothing was run; "
            "make the settings as strict as the agreement, or agree on a new one"
        )
    return recorded


def standing_fault(recorded: Recorded, *, today: date) -> str | None:
    """Why the agreement does not hold on a day; None if it does."""
    approval = recorded.agreement.approval
    if approval is None or approval.approved_on > today:
        return (
            f"PPL-AGR-004 {POLICY_NAME}: the agreement is not approved; {_STANDS}; have it approved and write the "
            "[approval] that `turnout policy` prints"
        )
    if approval.approved != recorded.content_hash:
        return (
            f"PPL-AGR-005 {POLICY_NAME}: the agreement was changed after its approval; {_STANDS}; undo the change, or "
            "have it approved again: `turnout policy` prints the hash"
        )
    if recorded.agreement.valid_until < today:
        return (
            f"PPL-AGR-006 {POLICY_NAME}: the agreement was valid until {recorded.agreement.valid_until}; {_STANDS}; "
            "agree anew, with a later valid_until, and have it approved"
        )
    return None


def admit_platforms(recorded: Recorded | None, found: pl.DataFrame, wanted: Collection[str] = ()) -> None:
    """Raises `NotInForce` if there are exports that this run would use and nobody agreed on.

    `found` are those of the drop folder (`stg_found`), or those that figures are made from (`export_file`): the lake
    keeps what was taken out of the drop folder.
    """
    if recorded is None:
        return
    present = set(found.filter(pl.col("status") == "loaded")["platform"].to_list())
    others = sorted(name for name in present - set(recorded.agreement.sources) if not wanted or name in wanted)
    if others:
        raise NotInForce(
            f"PPL-AGR-007 {POLICY_NAME}: exports of {', '.join(others)} are in the drop folder or the lake, and the "
            f"agreement does not name them; {_STANDS}; take them out and delete OUT/work/lake, or agree on them"
        )


def admit_release(recorded: Recorded | None, written: pl.DataFrame, loaded: pl.DataFrame) -> None:
    """Raises `NotInForce` unless `rel_agreement` was made under this agreement, which names all of `export_file`."""
    admit_platforms(recorded, loaded)
    was = written["content_hash"].to_list()
    if was != [recorded.content_hash if recorded else None]:
        raise NotInForce(
            f"PPL-AGR-008 {POLICY_NAME}: the agreement changed while the run went on; {_STANDS}; run again"
        )


def _check(agreement: Agreement) -> None:
    texts = (agreement.version, agreement.purpose, agreement.contact, *agreement.parties, *agreement.roles.values())
    entries = agreement.named
    faults = {
        f"min_group is below {HARD_FLOOR}": agreement.min_group < HARD_FLOOR,
        "version, purpose, contact, parties or roles say nothing": not all(map(str.strip, texts)),
        "parties is empty": not agreement.parties,
        "roles is empty": not agreement.roles,
        "sources is empty": not agreement.sources,
        "an entry of named says nothing": not all(
            text.strip() for one in entries for text in (one.person, one.shown, one.role, one.basis, one.approved_by)
        ),
        "two entries of named are of one person, or shown alike": any(
            len(set(of)) < len(entries) for of in zip(*((one.person, _shown(one)) for one in entries), strict=True)
        ),
        "a period of retention is below 1": any(
            n < 1 for n in agreement.retention.periods.values()
        ),
    }
    wrong = [what for what, is_wrong in faults.items() if is_wrong]
    if wrong:
        raise SettingsRefused(f"PPL-AGR-003 {POLICY_NAME}: {'; '.join(wrong)}; nothing was run; correct the file")


def _shown(one: Named) -> str:
    return " ".join(one.shown.split()).casefold()


def _published_under(out: Path) -> bool:
    """Whether the release that stands names an agreement."""
    try:
        run = json.loads((out / "latest" / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(run.get("agreement"))
