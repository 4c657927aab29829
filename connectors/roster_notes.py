"""What is said about a roster that is loaded all the same: its dates, its chain of managers, shared identifiers.

What refuses a row or the whole file is in `roster` and `roster_rows`.
"""

from collections.abc import Iterator, Mapping

from connectors.contract import Frame, frame
from connectors.roster_chart import Chart

Note = dict[str, object]


def note_frames(member: str, chart: Chart, *, n_repeated: int, n_shared: Mapping[str, int]) -> Iterator[Frame]:
    """One frame with every note on the roster, none if there is nothing to say."""
    notes = [{"member": member, **note} for note in _notes(chart, n_repeated, n_shared)]
    if notes:
        yield frame("note", notes)


def _notes(chart: Chart, n_repeated: int, n_shared: Mapping[str, int]) -> Iterator[Note]:
    if n_repeated:
        yield _note("PPL-ROS-011", n_repeated, "rows that repeat another row in full; each person counts once")
    if len(chart.dates) == 1:
        yield _note("PPL-ROS-007", chart.n_rows, "one date only; without rosters of other dates units and managers are "
                    "taken as never changing")
    yield from _notes_on_chart(chart)
    for kind, n_identifiers in sorted(n_shared.items()):
        yield _note("PPL-IDN-002", n_identifiers, f"values of {kind} that belong to several people; accounts are not "
                    "matched by them")


def _notes_on_chart(chart: Chart) -> Iterator[Note]:
    for line, size in sorted(chart.cycles.items()):
        yield {**_note("PPL-ROS-002", 1, f"closes a cycle of {size} managers; the person is kept, without a manager"),
               "line": line}
    if chart.n_rows and not chart.n_managed:
        yield _note("PPL-ROS-010", chart.n_rows, "no row names a manager; nothing can be said by management layer")
        return
    if chart.n_roots > 1:
        yield _note("PPL-ROS-008", chart.n_roots, "people without a manager on the newest date; each is taken as a top")
    if chart.n_orphans:
        yield _note("PPL-ROS-009", chart.n_orphans, "rows whose manager is not on the roster; the chain ends there")


def _note(rule: str, n_records: int, message: str) -> Note:
    return {"rule": rule, "message": message, "n_records": n_records}
