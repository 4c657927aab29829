"""Archives, files and folders as sources: every hostile or damaged archive is refused before it does harm."""

import os
import struct
import warnings
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import source_zip
from connectors.source import Member, Source, open_source
from models.problems import ExportRefused, Problem


def make_zip(path: Path, members: dict[str, bytes] | None = None, *, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in (members or {"users.json": b"[1]", "general/2024-01-01.json": b"[2]"}).items():
            archive.writestr(name, content)
    return path


def refused(path: Path) -> Problem:
    with pytest.raises(ExportRefused) as caught:
        open_source(path, path.name)
    return caught.value.problem


def refused_reading(path: Path) -> Problem:
    source = open_source(path, path.name)
    with pytest.raises(ExportRefused) as caught:
        read_all(source)
    return caught.value.problem


def central_entry(data: bytes) -> int:
    return data.index(b"PK\x01\x02")


def patched(path: Path, *changes: tuple[int, bytes]) -> Path:
    data = bytearray(path.read_bytes())
    for offset, value in changes:
        data[offset : offset + len(value)] = value
    path.write_bytes(bytes(data))
    return path


def test_members_of_a_zip_are_listed_and_read(tmp_path):
    source = open_source(make_zip(tmp_path / "a.zip"), "in/a.zip")
    assert (source.kind, source.file) == ("zip", "in/a.zip")
    assert [(member.name, member.bytes) for member in source.members] == [
        ("users.json", 3), ("general/2024-01-01.json", 3)]
    assert [source.read(member) for member in source.members] == [b"[1]", b"[2]"]
    assert source.notes == ()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_every_usual_compression_is_read(tmp_path, compression):
    source = open_source(make_zip(tmp_path / "a.zip", {"a": b"x" * 100_000}, compression=compression), "a.zip")
    assert source.read(source.members[0]) == b"x" * 100_000


def test_a_zip_is_recognised_by_content_whatever_its_name(tmp_path):
    assert open_source(make_zip(tmp_path / "export.dat"), "x").kind == "zip"


@pytest.mark.parametrize("name", ["../../evil.json", "/abs.json", "C:/x.json", "a\\..\\b.json", "a/../b.json"])
def test_ppl_zip_001_a_member_path_never_leaves_the_archive(tmp_path, name):
    problem = refused(make_zip(tmp_path / "a.zip", {name: b"x"}))
    assert problem.code == "PPL-ZIP-001"
    assert problem.what == "member path leaves the archive"


def test_ppl_zip_001_a_nul_in_a_member_name_is_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"aXb.json": b"x"})
    data = path.read_bytes()
    path.write_bytes(data.replace(b"aXb.json", b"a\0b.json"))
    assert refused(path).code == "PPL-ZIP-001"


def test_ppl_zip_001_a_member_without_a_name_is_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"Q": b"x"})
    path.write_bytes(path.read_bytes().replace(b"Q", b"\0"))
    assert refused(path).code == "PPL-ZIP-001"


@pytest.mark.parametrize("mode", [0o120777, 0o010644, 0o020644])
def test_ppl_zip_002_links_and_devices_are_refused(tmp_path, mode):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("link.json")
        info.external_attr = mode << 16
        archive.writestr(info, "/etc/passwd")
    problem = refused(path)
    assert (problem.code, problem.member, problem.what) == ("PPL-ZIP-002", "link.json", "not a regular file")


def test_ppl_zip_003_a_name_that_occurs_twice_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(path, "w") as archive:
        archive.writestr("users.json", "1")
        archive.writestr("users.json", "2")
    problem = refused(path)
    assert (problem.code, problem.what) == ("PPL-ZIP-003", "2 members with this name")


@pytest.mark.parametrize("names", [("General/x.json", "general/x.json"), ("caf\u00e9.json", "cafe\u0301.json")])
def test_ppl_zip_003_names_equal_after_normalisation_are_refused(tmp_path, names):
    problem = refused(make_zip(tmp_path / "a.zip", dict.fromkeys(names, b"x")))
    assert problem.code == "PPL-ZIP-003"
    assert "same name after normalisation" in problem.what


def test_ppl_zip_004_a_bomb_is_refused_before_it_expands(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.json": bytes(60 << 20)})
    problem = refused_reading(path)
    assert (problem.code, problem.member) == ("PPL-ZIP-004", "a.json")
    assert problem.what.startswith("expands beyond")


def test_ppl_zip_004_many_members_that_expand_together_are_a_bomb_as_well(tmp_path):
    members = {f"{n}.json": bytes(1 << 20) for n in range(40)}
    assert refused_reading(make_zip(tmp_path / "a.zip", members)).code == "PPL-ZIP-004"


def test_ppl_zip_004_an_archive_beyond_the_size_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source_zip, "MAX_BYTES", 1000)
    assert refused_reading(make_zip(tmp_path / "a.zip", {"a": os.urandom(200_000)})).code == "PPL-ZIP-004"


def test_ppl_zip_005_a_lying_size_is_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.json": b"x" * 1000})
    problem = refused_reading(patched(path, (central_entry(path.read_bytes()) + 24, struct.pack("<L", 10))))
    assert (problem.code, problem.member) == ("PPL-ZIP-005", "a.json")
    assert problem.what.startswith(("size", "checksum"))


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ppl_zip_005_a_flipped_byte_is_refused(tmp_path, compression):
    path = make_zip(tmp_path / "a.zip", {"a.json": os.urandom(5000)}, compression=compression)
    data = path.read_bytes()
    problem = refused_reading(patched(path, (2500, bytes([data[2500] ^ 0xFF]))))
    assert (problem.code, problem.member) == ("PPL-ZIP-005", "a.json")


def test_ppl_zip_005_a_header_that_contradicts_the_directory_is_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.json": b"x"})
    assert refused_reading(patched(path, (30, b"b"))).code == "PPL-ZIP-005"


def test_ppl_zip_006_overlapping_members_are_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.json": b"x" * 50, "b.json": b"y" * 50}, compression=zipfile.ZIP_STORED)
    data = path.read_bytes()
    second = data.index(b"PK\x01\x02", central_entry(data) + 1)
    assert refused(patched(path, (second + 42, struct.pack("<L", 0)))).code == "PPL-ZIP-006"


def test_ppl_zip_007_too_many_members_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source_zip, "MAX_MEMBERS", 3)
    problem = refused(make_zip(tmp_path / "a.zip", {f"{n}": b"" for n in range(4)}))
    assert (problem.code, problem.what) == ("PPL-ZIP-007", "4 members exceed the limit of 3")


def test_ppl_zip_008_a_password_is_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"users.json": b"x"})
    problem = refused(patched(path, (central_entry(path.read_bytes()) + 8, b"\x01")))
    assert (problem.code, problem.member, problem.what) == ("PPL-ZIP-008", "users.json", "password-protected")


@pytest.mark.parametrize("method", [9, 93, 99])
def test_ppl_zip_009_an_unknown_compression_is_refused_by_number(tmp_path, method):
    path = make_zip(tmp_path / "a.zip", {"a.json": b"x"})
    problem = refused(patched(path, (central_entry(path.read_bytes()) + 10, struct.pack("<H", method))))
    assert problem.code == "PPL-ZIP-009"
    assert problem.what.startswith(f"compression method {method}")


def test_ppl_zip_010_a_truncated_archive_is_called_truncated(tmp_path):
    path = make_zip(tmp_path / "a.zip")
    path.write_bytes(path.read_bytes()[:-30])
    problem = refused(path)
    assert problem.code == "PPL-ZIP-010"
    assert problem.what.startswith("archive is truncated")


def test_ppl_zip_010_something_else_named_zip_is_no_archive(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"hello")
    assert str(refused(path)).startswith("PPL-ZIP-010 a.zip: is not a zip archive")


def test_ppl_zip_010_an_archive_for_future_software_is_refused(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a.json": b"x"})
    assert refused(patched(path, (central_entry(path.read_bytes()) + 6, b"\xff"))).code == "PPL-ZIP-010"


def test_ppl_zip_011_two_joined_archives_are_refused(tmp_path):
    first, second = make_zip(tmp_path / "a.zip"), make_zip(tmp_path / "b.zip")
    first.write_bytes(first.read_bytes() + second.read_bytes())
    problem = refused(first)
    assert problem.code == "PPL-ZIP-011"
    assert "unexpected bytes before" in problem.what


def test_ppl_zip_012_an_archive_inside_is_ignored_with_a_note(tmp_path):
    source = open_source(make_zip(tmp_path / "a.zip", {"a.json": b"x", "inner.zip": b"PK\x03\x04"}), "a.zip")
    assert [(note.code, note.member) for note in source.notes] == [("PPL-ZIP-012", "inner.zip")]
    assert str(source.notes[0]).startswith("PPL-ZIP-012 a.zip!inner.zip: ")


def test_ppl_zip_013_names_that_are_not_utf8_are_noted_and_still_read(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"aXb.json": b"x"})
    path.write_bytes(path.read_bytes().replace(b"aXb", b"a\x81b"))
    source = open_source(path, "a.zip")
    assert source.read(source.members[0]) == b"x"
    assert [note.code for note in source.notes] == ["PPL-ZIP-013"]
    assert "name is not UTF-8" in source.notes[0].what


def test_utf8_names_without_the_flag_are_read_as_utf8(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"aXXb.json": b"x"})
    path.write_bytes(path.read_bytes().replace(b"aXXb", "aéb".encode()))
    source = open_source(path, "a.zip")
    assert [member.name for member in source.members] == ["aéb.json"]
    assert source.read(source.members[0]) == b"x"
    assert source.notes == ()


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><p>", b"\n <html lang='en'>", b"<HTML><head>"])
def test_ppl_fil_001_a_login_page_saved_as_zip_is_recognised(tmp_path, page):
    path = tmp_path / "a.zip"
    path.write_bytes(page)
    assert str(refused(path)).startswith("PPL-FIL-001 a.zip: is an HTML page")


def test_ppl_fil_002_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    path.touch()
    assert str(refused(path)).startswith("PPL-FIL-002 a.zip: empty file (0 bytes)")


@pytest.mark.parametrize("name", ["a.zip", "a.csv"])
def test_ppl_fil_004_a_file_replaced_while_it_is_read_is_refused(tmp_path, name):
    path = make_zip(tmp_path / name) if name == "a.zip" else tmp_path / name
    if name == "a.csv":
        path.write_text("a,b\n")
    source = open_source(path, name)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ExportRefused, match=r"^PPL-FIL-004 \S+: changed while being read"):
        source.read(source.members[0])
    source = open_source(path, name)
    with pytest.raises(ExportRefused, match=r"^PPL-FIL-004 "), source.open(source.members[0]):
        path.write_bytes(path.read_bytes() + b" ")


def test_ppl_fil_004_a_member_of_a_folder_that_grows_while_it_is_read_is_refused_by_name(tmp_path):
    (tmp_path / "a.json").write_text("[]")
    source = open_source(tmp_path, "export")
    with pytest.raises(ExportRefused, match=r"^PPL-FIL-004 export!a\.json: "), source.open(source.members[0]):
        (tmp_path / "a.json").write_text("[1]")


def test_a_zip_without_members_is_listed_as_such(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass
    assert open_source(tmp_path / "a.zip", "a.zip").members == ()


def test_junk_of_operating_systems_is_no_member(tmp_path):
    junk = ("__MACOSX/a.json", "x/.DS_Store", "._a.json", "Thumbs.db", "desktop.ini")
    folders = {"x/": b"", "empty/": b""}
    source = open_source(make_zip(tmp_path / "a.zip", dict.fromkeys(("a.json", *junk), b"x") | folders), "a.zip")
    assert [member.name for member in source.members] == ["a.json"]
    folder = tmp_path / "folder"
    for name in ("b/c.json", "a.json", *junk):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    source = open_source(folder, "folder")
    assert source.kind == "folder"
    assert [member.name for member in source.members] == ["a.json", "b/c.json"]
    assert source.read(source.members[1]) == b"x"


def test_a_lone_file_is_its_own_only_member(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"abc")
    source = open_source(tmp_path / "a.csv", "in/a.csv")
    assert (source.kind, source.members) == ("file", (Member("", 3, 0, ""),))
    assert source.read(source.members[0]) == b"abc"
    assert str(source.refuse("PPL-X", "bad", "Fix it.", line=7)) == (
        "PPL-X in/a.csv:7: bad; nothing of this file was loaded; Fix it.")


def test_many_members_are_read_without_listing_the_archive_each_time(tmp_path, monkeypatch):
    source = open_source(make_zip(tmp_path / "a.zip", {f"{n}": b"x" for n in range(300)}), "a.zip")
    opened = []
    real = zipfile.ZipFile
    monkeypatch.setattr(zipfile, "ZipFile", lambda *args, **kwargs: opened.append(1) or real(*args, **kwargs))
    assert all(source.read(member) == b"x" for member in source.members)
    assert len(opened) <= 1


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_mutation_of_a_zip_raises_anything_but_a_refusal(tmp_path, data):
    path = make_zip(tmp_path / "a.zip", {"users.json": b"[1]" * 50, "é/2024.json": b"[2]"})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        end = data.draw(st.integers(start, min(start + 8, len(content))))
        content[start:end] = data.draw(st.binary(max_size=6))
    path.write_bytes(bytes(content) or b" ")
    with warnings.catch_warnings(action="ignore"), suppress(ExportRefused):
        read_all(open_source(path, "a.zip"))


def read_all(source: Source) -> None:
    for member in source.members:
        source.read(member)
