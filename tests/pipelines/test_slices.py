"""What `turnout check` says of a set of exports together."""

import zipfile
from datetime import date

from pipelines.check import report
from pipelines.slices import Names, Slice, mixed_names, requests, seams
from tests.connectors.test_confluence import entities, page, space, user
from tests.pipelines.runs import NOW


def slices(
    *days: tuple[int, int], platform: str = "yammer", workspace: str = "net", part: str = ""
) -> list[Slice]:
    """Slices of March 2024 by their first and last day."""
    return [Slice(platform, workspace, date(2024, 3, first), date(2024, 3, last), part) for first, last in days]


def test_slices_that_follow_each_other_leave_nothing_to_say():
    assert list(seams(slices((1, 9), (10, 20), (20, 31)))) == []


def test_a_gap_is_named_by_its_own_first_and_last_day_in_any_order_of_the_exports():
    expected = ["yammer: no export covers 2024-03-10 to 2024-03-19 (10 days)"]
    assert list(seams(slices((1, 9), (20, 31)))) == expected
    assert list(seams(slices((20, 31), (1, 9)))) == expected


def test_a_slice_inside_another_hides_no_gap_behind_it():
    assert list(seams(slices((1, 20), (3, 5), (22, 31)))) == [
        "yammer: 2024-03-03 to 2024-03-05 is covered more than once (counted once)",
        "yammer: no export covers 2024-03-21 (1 days)",
    ]


def test_another_workspace_or_platform_fills_no_gap():
    others = slices((1, 31), workspace="other") + slices((1, 31), platform="slack")
    assert len(list(seams(slices((1, 9), (20, 31)) + others))) == 1


def test_slices_of_two_owners_neither_overlap_nor_fill_gaps():
    ann, ben = (slices((1, 9), (20, 31), part=owner) for owner in ("ann", "ben"))
    gap = "yammer: no export covers 2024-03-10 to 2024-03-19 (10 days)"
    assert list(seams(ann + ben)) == [gap, gap]
    assert list(seams(slices((1, 31), part="ann") + slices((5, 9), part="ben"))) == []


def test_overlaps_that_meet_are_one_line():
    days = [(day, day) for day in range(1, 32) if day != 20]
    assert list(seams(slices((1, 31), *days))) == [
        "yammer: 2024-03-02 to 2024-03-19 is covered more than once (counted once)",
        "yammer: 2024-03-21 to 2024-03-30 is covered more than once (counted once)",
    ]


def test_bookmarks_of_two_people_are_no_overlap_and_two_files_of_one_are(tmp_path):
    text = '<posts user="{}">' + "".join(
        f'<post href="https://{day}.example" time="2024-03-{day:02d}T10:00:00Z"/>' for day in (1, 20)) + "</posts>"
    (tmp_path / "ann.xml").write_text(text.format("ann"), encoding="utf-8")
    (tmp_path / "ben.xml").write_text(text.format("ben"), encoding="utf-8")
    assert not [line for line in report(tmp_path, now=NOW, show_identifiers=False)[0] if "more than once" in line]
    (tmp_path / "old.xml").write_text(text.format("ann") + "<!-- an older one -->", encoding="utf-8")
    lines = report(tmp_path, now=NOW, show_identifiers=False)[0]
    assert [line for line in lines if "more than once" in line] == [
        "bookmarks: 2024-03-01 to 2024-03-20 is covered more than once (counted once)"]
    assert not [line for line in lines if "ann" in line.replace("ann.xml", "")]


def test_exports_of_two_confluence_spaces_are_no_overlap_and_two_of_one_are(tmp_path):
    def export(key: str, number: int) -> bytes:
        pages = [page(number + i, created=f"2024-03-{day:02d} 10:00:00.000", changed=f"2024-03-{day:02d} 10:00:00.000")
                 for i, day in enumerate((1, 20))]  # fmt: skip
        return entities(space(key=key), user("u1", "ann"), *pages)

    for name, content in (("dev", export("DEV", 10)), ("ops", export("OPS", 20)), ("dev-later", export("DEV", 12))):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("entities.xml", content)
            archive.writestr("exportDescriptor.properties", "exportType=space\ntimezone=UTC\n")
        overlaps = [line for line in report(tmp_path, now=NOW, show_identifiers=False)[0] if "more than once" in line]
        assert len(overlaps) == (name == "dev-later"), overlaps


def test_what_no_export_shows_is_asked_for_only_where_one_could():
    told = list(requests({"yammer": frozenset({"has_reactions"}), "mediawiki": frozenset({"has_history"})}))
    assert told[0] == "mediawiki: who reads is not known; no export of it can tell"
    assert told[1].startswith("yammer: who reads is not known; ask for the Microsoft 365 usage report")
    assert len(told) == 2


def test_a_platform_that_shows_everything_needs_nothing():
    everything = frozenset({"has_reading", "has_reactions", "has_history"})
    assert list(requests({"slack": everything, "yammer": everything})) == []


def test_a_concealed_report_is_named_only_where_another_of_its_workspace_shows_names():
    concealed = [Names("m365", "acme", "june.csv", True), Names("m365", "acme", "may.csv", True)]
    shown = Names("m365", "acme", "april.csv", False)
    told = [line.split(": ")[0] for line in mixed_names([*concealed, shown])]
    assert told == ["PPL-YAM-004 june.csv", "PPL-YAM-004 may.csv"]
    assert list(mixed_names([shown, *reversed(concealed)])) == list(mixed_names([*concealed, shown]))
    assert list(mixed_names(concealed)) == list(mixed_names([shown])) == []
    assert list(mixed_names([*concealed, Names("m365", "other", "april.csv", False)])) == []
