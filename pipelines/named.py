"""Executives who may be shown by name: as the models read them, and what is wrong with an entry of the agreement.

Who may be named is decided in agreement; what is told of them in `models.release.named`.
"""

from collections.abc import Sequence

import duckdb

from pipelines.agreement import Named
from pipelines.agreement_words import line
from pipelines.config import POLICY_NAME
from pipelines.keys import KeyRing


def rows(named: Sequence[tuple[int, Named]], ring: KeyRing) -> list[dict[str, object]]:
    """The rows of `stg_named_executive`: entries of `[[named]]` with their numbers, the person keyed."""
    return [
        {
            "person_id": ring.person(one.person),
            "number": number,
            "shown": line(one.shown),
            "role": line(one.role),
            "basis": line(one.basis),
            "approved_by": line(one.approved_by),
            "valid_until": one.valid_until,
        }
        for number, one in named
    ]


def problems(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """One line per entry whose person the roster does not have, or has as no executive: they are not shown."""
    found = connection.execute(
        "select number, is_on_roster from dim_named_executive where not is_executive order by number"
    ).fetchall()
    return [
        f"PPL-NAM-002 {POLICY_NAME}: [[named]] {number} is no executive by the rule in [roster] exec; they are not "
        "shown by name; correct the rule, or list the others in release.named"
        if is_on_roster
        else f"PPL-NAM-001 {POLICY_NAME}: [[named]] {number} is not on the roster; nobody is shown for it; write the "
        "id as the roster does and have it approved, or list the others in release.named"
        for number, is_on_roster in found
    ]
