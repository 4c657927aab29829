"""The audit trail: whatever is changed, removed or moved in it shows, and no run starts until that is acknowledged."""

import json
import multiprocessing
import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.problems import SettingsRefused
from pipelines import trail, trail_check
from pipelines.keys import KeyRing
from pipelines.trail import Event, Head
from pipelines.trail_check import Break, find_breaks

AT = datetime(2027, 3, 4, 5, 6, 7)


def told(state: Path, n_lines: int) -> list[Head]:
    """A trail of so many lines, and the head after each."""
    return [
        trail.record(state, Event("run", "started", "0" * 16, f"r{n}", {"n": n, "codes": ["a", "b"]}),
                     now=AT + timedelta(days=n), who="ann")
        for n in range(n_lines)
    ]  # fmt: skip


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "work" / "state"


def test_a_line_says_when_who_what_and_with_which_key_and_holds_the_hash_of_the_line_before(state):
    first, second = told(state, 2)
    lines = [json.loads(line) for line in trail.read(state).decode().splitlines()]
    assert {name: lines[1][name] for name in ("number", "at", "who", "what", "outcome", "key_id", "run", "n")} == {
        "number": 2, "at": "2027-03-05T05:06:07Z", "who": "ann", "what": "run", "outcome": "started",
        "key_id": "0" * 16, "run": "r1", "n": 1,
    }  # fmt: skip
    assert [line["before"] for line in lines] == ["", first.hash]
    assert [line["hash"] for line in lines] == [first.hash, second.hash]
    assert trail.head_of(state) == second == Head(2, second.hash)


def test_only_its_owner_can_read_the_trail(state):
    told(state, 1)
    assert stat.S_IMODE((state / trail.FILE_NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


def test_no_trail_and_an_untouched_one_are_whole(state):
    assert find_breaks(b"", []) == []
    heads = told(state, 3)
    assert find_breaks(trail.read(state), heads) == []


def test_any_changed_byte_of_any_line_shows(state):
    told(state, 3)
    whole = trail.read(state)
    for at, byte in enumerate(whole):
        # a bit, the case of a letter, a blank
        for other in {byte ^ 1, byte ^ 32, 32} - {byte}:
            assert find_breaks(whole[:at] + bytes([other]) + whole[at + 1 :], []), (at, other)


def test_any_byte_taken_out_or_put_in_shows(state):
    told(state, 3)
    whole = trail.read(state)
    for at in range(len(whole)):
        assert find_breaks(whole[:at] + whole[at + 1 :], []), at
        assert find_breaks(whole[:at] + b" " + whole[at:], []), at


@pytest.mark.parametrize(
    ("kept", "first_fault"),
    [((1, 2, 3), 1), ((0, 2, 3), 2), ((0, 1, 3), 3), ((0, 2, 1, 3), 2), ((1, 0, 2, 3), 1), ((0, 1, 1, 2, 3), 3)],
)
def test_lines_that_are_removed_moved_or_repeated_show(state, kept, first_fault):
    told(state, 4)
    lines = trail.lines_of(trail.read(state))
    found = find_breaks(b"".join(lines[n] + b"\n" for n in kept), [])
    assert found[0] == Break(
        first_fault, "it does not follow the line before: lines were removed, added or moved"
    )


def test_a_line_that_is_forged_with_its_own_hash_shows_in_the_next(state):
    told(state, 3)
    lines = trail.lines_of(trail.read(state))
    fields = json.loads(lines[1])
    del fields["hash"]
    fields["who"] = "bo"
    lines[1] = trail.encoded(fields | {"hash": trail.hash_of(fields)})
    assert find_breaks(b"\n".join(lines) + b"\n", []) == [
        Break(3, "it does not follow the line before: lines were removed, added or moved")
    ]


def test_a_forged_line_without_what_a_line_has_is_a_break_and_no_fault(state):
    told(state, 1)
    for fields in ({}, {"what": "trail", "outcome": trail_check.ACCEPTED}):
        forged = trail.encoded(fields | {"hash": trail.hash_of(fields)})
        (state / trail.FILE_NAME).write_bytes(trail.read(state) + forged + b"\n")
    assert [one.line for one in trail_check.breaks(state)] == [2, 3]
    assert not trail_check.told(state)[1]


@pytest.mark.parametrize("n_left", [0, 1, 2])
def test_a_tail_that_is_cut_off_shows_by_the_release_that_knows_a_later_line(state, n_left):
    heads = told(state, 3)
    lines = trail.lines_of(trail.read(state))[:n_left]
    content = b"".join(line + b"\n" for line in lines)
    assert find_breaks(content, []) == []
    assert find_breaks(content, heads[2:]) == [Break(3, "a release was recorded on it, and it is gone or another")]


def release(out: Path, name: str, head: Head) -> None:
    (out / "releases" / name).mkdir(parents=True)
    known = {"trail": {"number": head.number, "hash": head.hash}}
    (out / "releases" / name / "run.json").write_text(json.dumps(known), encoding="utf-8")


def cut(state: Path, n_left: int) -> None:
    lines = trail.lines_of(trail.read(state))[:n_left]
    (state / trail.FILE_NAME).write_bytes(b"".join(line + b"\n" for line in lines))


def test_no_run_is_admitted_on_a_broken_trail_until_somebody_acknowledges_it(state, tmp_path):
    heads = told(state, 3)
    release(tmp_path, "20270304T050607Z-01234567", heads[2])
    (tmp_path / "releases" / "20260101T000000Z-older").mkdir()
    trail_check.admit(state)
    cut(state, 2)
    with pytest.raises(SettingsRefused, match=r"^PPL-TRL-001 work/state/trail.jsonl:3: .*; nothing was run"):
        trail_check.admit(state)
    assert trail_check.accept(state, "disk was restored", now=AT, who="bo") == 1
    trail_check.admit(state)
    line = json.loads(trail.lines_of(trail.read(state))[-1])
    assert (line["who"], line["what"], line["outcome"]) == ("bo", "trail", "break accepted")
    assert (line["reason"], line["n_breaks"], line["heads_gone"]) == ("disk was restored", 1, [heads[2].hash])
    # nothing else is acknowledged with it
    told(state, 2)
    cut(state, 4)
    trail_check.admit(state)
    release(tmp_path, "20270305T050607Z-01234567", Head(5, "0" * 64))
    with pytest.raises(SettingsRefused, match="PPL-TRL-001"):
        trail_check.admit(state)


def test_what_was_acknowledged_must_stay_as_it_is(state):
    told(state, 3)
    path = state / trail.FILE_NAME
    path.write_bytes(path.read_bytes().replace(b'"n": 1', b'"n": 7'))
    # the next line holds the hash of what it followed
    assert [one.line for one in trail_check.breaks(state)] == [2, 3]
    trail_check.accept(state, "by mistake", now=AT, who="bo")
    told(state, 1)
    assert trail_check.breaks(state) == []
    whole = path.read_bytes()
    for at in range(len(whole)):
        assert find_breaks(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], []), at


def test_a_line_that_was_torn_shows_and_the_next_stands_on_its_own(state):
    told(state, 2)
    path = state / trail.FILE_NAME
    for n_bytes in (1, 2, 50):
        whole = path.read_bytes()
        path.write_bytes(whole[:-n_bytes])
        assert trail_check.breaks(state)[0].line == 2
        path.write_bytes(whole)
    path.write_bytes(path.read_bytes()[:-50])
    told(state, 1)
    assert [one.line for one in trail_check.breaks(state)] == [2]
    trail_check.accept(state, "power failed", now=AT, who="bo")
    told(state, 1)
    assert trail_check.breaks(state) == []
    assert trail.head_of(state).number == 5


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_break_is_acknowledged_with_a_reason_only(state, reason):
    told(state, 2)
    cut(state, 1)
    (state / trail.FILE_NAME).write_bytes(b"{}\n")
    with pytest.raises(SettingsRefused, match="PPL-TRL-003"):
        trail_check.accept(state, reason, now=AT, who="bo")
    assert trail.read(state) == b"{}\n"


def test_a_whole_trail_has_nothing_to_acknowledge(state):
    told(state, 1)
    with pytest.raises(SettingsRefused, match="PPL-TRL-003"):
        trail_check.accept(state, "to be safe", now=AT, who="bo")
    assert trail.head_of(state).number == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_trail_that_others_can_read_or_change_is_refused(state, mode):
    told(state, 1)
    (state / trail.FILE_NAME).chmod(mode)
    with pytest.raises(SettingsRefused, match="PPL-TRL-002"):
        trail_check.admit(state)


@pytest.mark.parametrize(
    "content",
    [b"\n", b"\n\n", b"null\n", b"[]\n", b"7\n", b'{"hash": 1}\n', b'{"hash": null}\n', b"\xff\xfe\n",
     b"[" * 5000 + b"\n", b'{"what": 1, "outcome": [], "hash": "x"}\n'],
)  # fmt: skip
def test_anything_else_in_the_file_is_a_break_and_no_fault(state, content):
    assert find_breaks(content, [])[0] == Break(1, "it is not as it was written")
    state.mkdir(parents=True)
    (state / trail.FILE_NAME).write_bytes(content)
    told(state, 1)
    assert find_breaks(trail.read(state), [])[-1].line < len(trail.lines_of(trail.read(state)))


def add_ten(state: Path, who: str) -> None:
    for n in range(10):
        trail.record(state, Event("run", "started", details={"n": n}), now=AT, who=who)


def test_several_processes_may_add_lines_at_the_same_time(state):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=add_ten, args=(state, f"w{n}")) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert trail_check.breaks(state) == []
    assert trail.head_of(state).number == 30


def test_who_gives_the_command_is_whom_the_login_in_front_names_else_the_user_of_the_process(monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setenv("USER", "somebody-else")
    assert trail.current_user({"TURNOUT_USER": " ann "}) == "ann"
    assert trail.current_user({"TURNOUT_USER": " "}) == trail.current_user({}) != "somebody-else"


def test_the_subject_of_an_access_can_be_told_with_the_key_only():
    ring, other = KeyRing(bytes(range(32))), KeyRing(bytes(32))
    assert trail.subject(ring, "p1") == trail.subject(ring, "p1") != trail.subject(ring, "p2")
    assert trail.subject(ring, "p1") not in ("p1", trail.subject(other, "p1"))


def test_what_is_printed_is_every_line_and_the_hash_to_note(state):
    trail.record(state, Event("access", "done", details={"file": "a\x1b[31m"}), now=AT, who="ann\x1b[2J")
    head = trail.record(state, Event("run", "started"), now=AT, who="ann")
    lines, is_whole = trail_check.told(state)
    assert is_whole
    assert len(lines) == 3
    assert lines[0].startswith("1: 2027-03-04T05:06:07Z ann\\u001b[2J access done {")
    assert "\x1b" not in "".join(lines)
    assert head.hash in lines[-1]
    assert trail_check.told(state, noted=head.hash)[1]
    cut(state, 1)
    assert trail_check.told(state)[1]
    lines, is_whole = trail_check.told(state, noted=head.hash)
    assert not is_whole
    assert any(line.startswith("PPL-TRL-001 work/state/trail.jsonl:1:") for line in lines)
