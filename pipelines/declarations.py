"""`[[target]]`, `[[event]]` and `[[trial]]` of turnout.toml: what the organisation wants, did and tries out.

They are checked here and stored as tables; they change no figure, only what a figure is compared with.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from models.metrics import METRICS, Metric
from models.problems import SettingsRefused
from models.schemas.declarations import OccasionKind
from pipelines.keys import KeyRing

ALL: Final = "all"


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[target]]`: the value of a metric to reach by a day, and who set it."""

    metric: str
    value: float
    by: date
    set_by: str
    unit: str = ALL
    platform: str = ALL


class Occasion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[event]]`: something that the organisation did on a day, in some units or everywhere."""

    date: date
    kind: OccasionKind
    title: str = ""
    units: tuple[str, ...] = ()


class Trial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[[trial]]`: a platform tried out by units, or by people listed by their id on the roster."""

    platform: str
    start: date
    end: date
    title: str = ""
    units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


def check(targets: Sequence[Target], trials: Sequence[Trial], *, minimum: int, file: str) -> None:
    """Raises `SettingsRefused` for a declaration that cannot be followed; `minimum` is the smallest list of people."""
    known = {metric.id: metric for metric in METRICS}
    for number, target in enumerate(targets, 1):
        _check_target(target, known.get(target.metric), f"{file}: [[target]] {number}")
    for number, trial in enumerate(trials, 1):
        _check_trial(trial, minimum, f"{file}: [[trial]] {number}")


def _check_target(target: Target, metric: Metric | None, where: str) -> None:
    if metric is None or metric.value is None:
        raise SettingsRefused(
            f"PPL-DEC-001 {where}: metric is not one of docs/metrics.md that has a value; nothing was run; correct it"
        )
    if target.value < 0 or (metric.value.kind == "share" and target.value > 1):
        raise SettingsRefused(
            f"PPL-DEC-002 {where}: value is out of range; nothing was run; a share is 0 to 1, a count 0 or more"
        )
    if not target.set_by.strip():
        raise SettingsRefused(f"PPL-DEC-003 {where}: set_by is empty; nothing was run; say who set the target")


def _check_trial(trial: Trial, minimum: int, where: str) -> None:
    if trial.end < trial.start:
        raise SettingsRefused(f"PPL-DEC-004 {where}: ends before it starts; nothing was run; correct the days")
    if bool(trial.units) == bool(trial.people):
        raise SettingsRefused(f"PPL-DEC-005 {where}: needs either units or people; nothing was run; name one of them")
    if trial.people and len(set(trial.people)) < minimum:
        raise SettingsRefused(
            f"PPL-DEC-006 {where}: lists fewer than {minimum} people; nothing was run; a smaller trial is not measured"
        )


def rows(
    targets: Sequence[Target], occasions: Sequence[Occasion], trials: Sequence[Trial], ring: KeyRing
) -> Mapping[str, list[dict[str, object]]]:
    """The declarations as the rows of their tables, people keyed."""
    return {
        "stg_target": [
            {"metric": one.metric, "platform": one.platform, "unit": one.unit, "value": one.value, "by_on": one.by,
             "set_by": one.set_by.strip()}
            for one in targets
        ],
        "stg_occasion": [
            {"occurred_on": one.date, "kind": one.kind, "title": one.title or one.kind, "unit": unit}
            for one in occasions
            for unit in one.units or (ALL,)
        ],
        "stg_trial": list(_trials(trials)),
        "stg_trial_person": [
            {"trial": number, "person_id": ring.person(person)}
            for number, one in enumerate(trials, 1)
            for person in sorted(set(one.people))
        ],
    }  # fmt: skip


def _trials(trials: Sequence[Trial]) -> Iterator[dict[str, object]]:
    for number, one in enumerate(trials, 1):
        for unit in one.units or (None,):
            yield {
                "trial": number, "title": one.title or f"Trial {number}", "platform": one.platform,
                "started_on": one.start, "ended_on": one.end, "unit": unit,
            }  # fmt: skip
